"""The user's own GGUF inside this process, behind the client of every other endpoint."""

import atexit
import json
import secrets
import threading
import time
from pathlib import Path
from typing import Any

import httpx2

from agent.models import llama

_CHARACTERS_PER_TOKEN = 1.4  # of the densest scripts; Latin text has three to four

Json = dict[str, Any]


class LlamaServer:
    """A loaded model. It answers one call at a time, and the process does not end under a call."""

    def __init__(self, native: Any, context_tokens: int) -> None:  # noqa: ANN401 - the bindings carry no types
        self._native, self.context_tokens = native, context_tokens
        self._busy, self._closing = threading.Lock(), False
        # llama.cpp crashes if the interpreter goes while it works: stop what runs and wait for it.
        atexit.register(self.close)

    def close(self) -> None:
        """Stop a running answer at its next token and wait for it."""
        self._closing = True
        with self._busy:
            pass

    def completion(self, body: Json) -> Json:
        """Continue a prompt. An error of the server comes back as {"error": ...}."""
        with self._busy:
            answer: Json = self._native.handle_completions(body)
        return answer

    def chat(self, body: Json, seconds: float | None) -> Json:
        """Answer a chat completion request; {"error": ...} if it is refused or is not done in `seconds`."""
        ends = None if seconds is None else time.monotonic() + seconds
        empty = {"index": 0, "message": {"role": "assistant", "content": ""}}
        answer: Json = {"object": "chat.completion", "choices": [empty]}

        def take(chunk: Json) -> bool:
            """Adds a token to the answer; true stops the model."""
            _add(chunk, answer)
            if ends is not None and time.monotonic() > ends:
                answer["error"] = {"code": 408, "message": "not done in time"}
            return self._closing or "error" in answer

        streamed = {**body, "stream": True, "stream_options": {"include_usage": True}}
        with self._busy:
            self._native.handle_chat_completions(streamed, take)
        return answer


def _add(chunk: Json, answer: Json) -> None:
    choice = answer["choices"][0]
    for part in chunk.get("choices", ()):
        choice["message"]["content"] += part["delta"].get("content") or ""
        choice["finish_reason"] = part.get("finish_reason")
    answer.update({key: value for key, value in chunk.items() if key not in {"choices", "object"}})


def load(path: Path, *, context_tokens: int = 8192) -> LlamaServer:
    """Load a GGUF file for one call at a time. Raises ConfigurationError if it is no model that can be loaded."""
    server = LlamaServer(llama.load(path, context_tokens, secrets.token_urlsafe(32)), context_tokens)
    server.completion({"prompt": "", "n_predict": 0})  # answered once it runs; let go of before that, it never ends
    return server


def thread_characters(context_tokens: int, *, reserved_tokens: int) -> int:
    """How much text of any language fits beside `reserved_tokens` for prompt and answer, in characters."""
    return int((context_tokens - reserved_tokens) * _CHARACTERS_PER_TOKEN)


def http_client(server: LlamaServer) -> httpx2.Client:
    """A client whose every request is answered in this process, for `HostedModel`; no socket is opened."""
    return httpx2.Client(transport=_InProcess(server))


def _without_control(text: str) -> str:
    """The text with control tokens such as <|im_end|> broken up by a space: llama.cpp would obey them anywhere."""
    return text.replace("<|", "< |")


class _InProcess(httpx2.BaseTransport):
    def __init__(self, server: LlamaServer) -> None:
        self._server = server

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.read())
        for message in body.get("messages", ()):
            message["content"] = _without_control(message["content"])
        # Thinking aloud before the answer takes minutes on a CPU; templates without the switch ignore it.
        body["chat_template_kwargs"] = {"enable_thinking": False}
        answer = self._server.chat(body, request.extensions.get("timeout", {}).get("read"))
        status = int(answer["error"].get("code") or 500) if "error" in answer else 200
        return httpx2.Response(status, json=answer)
