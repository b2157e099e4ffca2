"""A small question to a model behind a loopback endpoint, for tests of what lies between the two."""

from typing import Annotated, Any

from pydantic import Field

from agent.models.client import Client
from agent.models.hosted import HostedModel
from agent.models.port import ChatMessage, Deadline, Request
from agent.schema import Noun

from .endpoint import Endpoint

KEY = "sk-test-not-a-real-key"

NO_END = Deadline(None)


class Verdict(Noun):
    """A small answer."""

    quote: str = Field(max_length=40, description="copied from the text")
    score: Annotated[int, Field(ge=1, le=5)]


VALID = '{"quote": "it is down", "score": 4}'


def request(text: str = "It is down.") -> Request:
    messages = (ChatMessage(role="system", content="You judge."), ChatMessage(role="user", content=text))
    return Request(purpose="extract", prompt="extract@1#abc", policy="p@1#def", input_digest="d1", messages=messages)


def model(endpoint: Endpoint, **options: Any) -> HostedModel:
    return HostedModel(Client("played", base_url=endpoint.base_url, api_key=KEY, **options))


def impatient(endpoint: Endpoint) -> HostedModel:
    client = Client("played", base_url=endpoint.base_url)
    client.call_seconds = 0.3
    return HostedModel(client)
