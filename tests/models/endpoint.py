"""A real HTTP server on loopback that plays a model's endpoint from a script, and keeps what it was sent."""

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One scripted answer. `drop` hangs up without one, `drip` sends it a byte at a time, `silent` never sends it."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    drop: bool = False
    drip: bool = False
    silent: bool = False

    @property
    def payload(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)


class Endpoint(ThreadingHTTPServer):
    """Answers each request with the next reply; running dry, or keeping replies to itself, fails the test."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: deque[Reply] = deque()
        self.received: list[Received] = []
        self.ran_dry = False
        self.over = threading.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def plays(self, *replies: Reply) -> None:
        self.script.extend(replies)


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, raw))
        if not self.server.script:
            self.server.ran_dry = True
            self._send(Reply(status=418, body={"error": {"message": "the script ran dry"}}))
            return
        reply = self.server.script.popleft()
        if reply.silent:
            self.server.over.wait()
        if not (reply.drop or reply.silent):
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"content-type": reply.content_type, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.payload)))
        self.end_headers()
        if not reply.drip:
            self.wfile.write(reply.payload)
            return
        for byte in reply.payload:
            if self.server.over.wait(0.05):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def log_message(self, *args: object) -> None:
        pass


def completion(content: str | None, *, tokens: tuple[int, int, int] = (100, 40, 10), **choice: Any) -> Reply:
    """A chat completion as OpenAI sends it; `choice` overrides parts of its only choice."""
    message = {"role": "assistant", "content": content, "refusal": choice.pop("refusal", None)}
    return Reply(
        body={
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "played",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}],
            "usage": {
                "prompt_tokens": tokens[0],
                "prompt_tokens_details": {"cached_tokens": tokens[1]},
                "completion_tokens": tokens[2],
                "total_tokens": tokens[0] + tokens[2],
            },
        }
    )


def failure(
    status: int, message: str = "no", *, code: str | None = None, param: str | None = None, **headers: str
) -> Reply:
    """An error as OpenAI sends it; headers in words_with_underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"error": {"message": message, "type": "error", "code": code, "param": param}}
    return Reply(status=status, body=body, headers=named)
