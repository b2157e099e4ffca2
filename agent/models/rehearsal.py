"""What a hosted model would be sent, to the byte: the real client writes the request, and nothing leaves."""

from contextlib import suppress
from typing import TypeVar

import httpx2
from pydantic import BaseModel

from agent.errors import ModelRejected
from agent.models.choose import OPENAI_URL
from agent.models.client import Client
from agent.models.hosted import HostedModel
from agent.models.port import Deadline, Request

T = TypeVar("T", bound=BaseModel)


class _Catcher(httpx2.BaseTransport):
    """Keeps the first body it is given and turns it down, in words that no client tries again on."""

    body: bytes | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.body = self.body or request.read()
        return httpx2.Response(400, json={"error": {"message": "rehearsed", "type": "rehearsal"}}, request=request)


def body(reference: str, base_url: str | None, request: Request, response_type: type[T], *, remote: bool) -> str:
    """The body of the first request, as the endpoint would receive it."""
    catcher = _Catcher()
    client = Client(
        reference,
        base_url=base_url or OPENAI_URL,
        api_key="none",
        http_client=httpx2.Client(transport=catcher),
        remote=remote,
    )
    with suppress(ModelRejected):
        HostedModel(client).complete(request, response_type, Deadline())
    assert catcher.body is not None
    return catcher.body.decode()
