"""llama.cpp inside this process. The one module that imports xllamacpp, and only once a model is loaded."""

import atexit
import json
import os
import secrets
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2

from agent.errors import ConfigurationError, ModelInvalid, ModelNotConfigured, ModelUnusable
from agent.models import questions as closed
from agent.models.port import ClosedAnswer, ClosedAnswers, ClosedQuestion, Deadline
from agent.models.weights import INSTALL
from agent.schema import CallRecord

_CHARACTERS_PER_TOKEN = 1.4  # of the densest scripts; Latin text has three to four
_PIECE_CHARACTERS = 1_500  # read at a time, about ten seconds on two cores
_QUESTION_TOKENS = 192
_LISTED_TOKENS = 40
_TOO_LONG = "exceed_context_size_error"

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
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise ConfigurationError(f"{path} is not a GGUF file")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror})") from error
    # Read when the library is loaded: idle threads sleep instead of taking the cores from everything else.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import xllamacpp  # noqa: PLC0415 - an extra, and only after the line above
    except ImportError as error:
        raise ModelNotConfigured(f"local models need llama.cpp: {INSTALL}") from error
    try:
        return LlamaServer(
            xllamacpp.Server(_parameters(xllamacpp.CommonParams(), path, context_tokens)), context_tokens
        )
    except RuntimeError as error:
        raise ConfigurationError(f"{path} cannot be loaded: it is damaged, or too large for this machine") from error


def _parameters(parameters: Any, path: Path, context_tokens: int) -> Any:  # noqa: ANN401 - the bindings carry no types
    parameters.model.path = str(path)
    parameters.n_ctx, parameters.n_parallel = context_tokens, 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = cores
    parameters.verbosity = -1
    parameters.fit_params = False
    parameters.cache_ram_mib = 0  # else up to 8 GB of old prompts
    parameters.no_extra_bufts = True  # else a second, repacked copy of the weights
    # The bindings always listen on a loopback port. With a key nobody has, no other user of the machine can ask there.
    parameters.api_keys = [secrets.token_urlsafe(32)]
    parameters.endpoint_slots = parameters.endpoint_props = parameters.ui = False
    return parameters


def thread_characters(context_tokens: int, *, reserved_tokens: int) -> int:
    """How much text of any language fits beside `reserved_tokens` for prompt and answer, in characters."""
    return int((context_tokens - reserved_tokens) * _CHARACTERS_PER_TOKEN)


def http_client(server: LlamaServer) -> httpx2.Client:
    """A client whose every request is answered in this process, for `HostedModel`; no socket is opened."""
    return httpx2.Client(transport=_InProcess(server))


class _InProcess(httpx2.BaseTransport):
    def __init__(self, server: LlamaServer) -> None:
        self._server = server

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.read())
        for message in body.get("messages", ()):
            message["content"] = closed.without_control(message["content"])
        # Thinking aloud before the answer takes minutes on a CPU; templates without the switch ignore it.
        body["chat_template_kwargs"] = {"enable_thinking": False}
        answer = self._server.chat(body, request.extensions.get("timeout", {}).get("read"))
        status = int(answer["error"].get("code") or 500) if "error" in answer else 200
        return httpx2.Response(status, json=answer)


class GgufQuestions:
    """The built-in model: it does not write, it says how sure it is of each answer."""

    def __init__(self, server: LlamaServer, reference: str) -> None:
        self._server, self.reference = server, reference

    @property
    def context_characters(self) -> int:
        """How much text fits beside the longest question, in characters."""
        return thread_characters(self._server.context_tokens, reserved_tokens=_QUESTION_TOKENS)

    def ask(
        self, text: str, questions: Sequence[ClosedQuestion], *, input_digest: str, deadline: Deadline
    ) -> ClosedAnswers:
        """The share of each option in the next token. The text is read once, every question adds only itself."""
        del input_digest  # the key of recordings; nothing here depends on it
        started, opening = time.monotonic(), closed.opening(text)
        usages = [
            self._run({"prompt": opening[:end], "n_predict": 0}, deadline)["usage"]
            for end in range(_PIECE_CHARACTERS, len(opening), _PIECE_CHARACTERS)
        ]
        answers = []
        for question in questions:
            body = {"prompt": opening + closed.closing(question), "n_predict": 1, "n_probs": _LISTED_TOKENS}
            answer = self._run(body, deadline)
            usages.append(answer["usage"])
            answers.append(self._read(question, answer))
        call = CallRecord(
            purpose="read",
            model=self.reference,
            prompt=closed.reference(questions),
            input_tokens=sum(usage["prompt_tokens"] for usage in usages),
            cached_tokens=sum(usage["prompt_tokens_details"]["cached_tokens"] for usage in usages),
            output_tokens=sum(usage["completion_tokens"] for usage in usages),
            cost_usd=0.0,
            seconds=time.monotonic() - started,
        )
        return ClosedAnswers(answers=tuple(answers), call=call)

    def _run(self, body: Json, deadline: Deadline) -> Json:
        deadline.remaining()
        answer = self._server.completion({**body, "temperature": 0, "cache_prompt": True})
        if (error := answer.get("error")) is None:
            return answer
        if error.get("type") == _TOO_LONG:
            raise ModelUnusable(
                f"the text is {error['n_prompt_tokens']:,} tokens long and '{self.reference}' reads "
                f"{error['n_ctx']:,}; shorten it or use a larger model"
            )
        raise ModelUnusable(f"'{self.reference}' failed: {error.get('message')}")

    def _read(self, question: ClosedQuestion, answer: Json) -> ClosedAnswer:
        listed = answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        # A token may be listed in several spellings; the most likely one counts.
        logprobs = {entry["token"]: entry["logprob"] for entry in reversed(listed)}
        read = closed.read(question, logprobs)
        if read is None:
            raise ModelInvalid(f"'{self.reference}' gives none of the answers to '{question.text}'")
        return read
