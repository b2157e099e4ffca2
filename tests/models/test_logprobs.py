"""The alternatives of a score are read off the token it was written in, however the tokenizer cut the text."""

import math

import pytest

from agent.errors import ModelRejected
from agent.models.client import Client
from agent.models.hosted import HostedModel
from agent.models.logprobs import Token, weights
from agent.models.port import ChatMessage, Deadline, Request
from agent.schema import Noun

from .endpoint import Endpoint, completion, failure


def tokens(*texts: str | tuple[str, dict[str, float]]) -> list[Token]:
    """Tokens; a pair carries the shares of what it might have been."""
    cut = [(text, {text: 1.0}) if isinstance(text, str) else text for text in texts]
    return [Token(text, {other: math.log(share) for other, share in shares.items()}) for text, shares in cut]


def test_each_object_has_its_own() -> None:
    """A key is told apart by the object that carries it, and its shares sum to one."""
    told = tokens(
        '{"impact": {"score":',
        (" 4", {" 4": 0.6, " 3": 0.3, " \n": 0.1}),
        '}, "value": {"why": "as \\"score\\": 9", "score": ',
        ("2", {"2": 0.5, "1": 0.5}),
        "}}",
    )
    found = weights(told, "score")
    assert found["impact"] == pytest.approx({"4": 2 / 3, "3": 1 / 3})
    assert found["value"] == pytest.approx({"2": 0.5, "1": 0.5})
    assert list(found) == ["impact", "value"]


@pytest.mark.parametrize("digit", ["4", " 4", "4}", ": 4"])
def test_whatever_stands_in_the_same_token(digit: str) -> None:
    """Space, colon or brace may belong to the token: only alternatives that differ in the digit alone count."""
    other = digit.replace("4", "5")
    before = '{"a": {"score"' + ("" if ":" in digit else ":")
    found = weights(tokens(before, (digit, {digit: 0.75, other: 0.25, "9999": 0.5}), "}}"), "score")
    assert found == {"a": pytest.approx({"4": 0.75, "5": 0.25})}


def test_nothing_told_nothing_known() -> None:
    """No tokens, no such key, or a key outside any object: no shares."""
    assert weights([], "score") == {}
    assert weights(tokens('{"a": {"b": 1}}'), "score") == {}
    assert weights(tokens('{"score": 4}'), "score") == {}


class Impact(Noun):
    """One level."""

    score: int


class Verdict(Noun):
    """A small answer."""

    impact: Impact


ANSWER = '{"impact": {"score": 4}}'
TOLD = {
    "content": [
        {"token": '{"impact": {"score": ', "logprob": 0.0, "bytes": None, "top_logprobs": []},
        {
            "token": "4",
            "logprob": math.log(0.8),
            "bytes": None,
            "top_logprobs": [
                {"token": "4", "logprob": math.log(0.8), "bytes": None},
                {"token": "5", "logprob": math.log(0.2), "bytes": None},
            ],
        },
        {"token": "}}", "logprob": 0.0, "bytes": None, "top_logprobs": []},
    ]
}


def request(weighed: str | None) -> Request:
    messages = (ChatMessage(role="user", content="It is down."),)
    return Request(
        purpose="extract", prompt="e@1#a", policy="p@1#b", input_digest="d", messages=messages, weighed=weighed
    )


def test_a_provider_that_tells_is_asked_once(endpoint: Endpoint) -> None:
    """The alternatives come with the same answer; a request that wants none does not ask for them."""
    endpoint.plays(completion(ANSWER, logprobs=TOLD), completion(ANSWER))
    model = HostedModel(Client("played", base_url=endpoint.base_url))
    answer = model.complete(request("score"), Verdict, Deadline())
    assert answer.weights == {"impact": pytest.approx({"4": 0.8, "5": 0.2})}
    assert model.complete(request(None), Verdict, Deadline()).weights == {}
    asked, plain = (sent.body for sent in endpoint.received)
    assert (asked["logprobs"], asked["top_logprobs"]) == (True, 5)
    assert "logprobs" not in plain


def test_a_provider_that_keeps_silent_is_no_fault(endpoint: Endpoint) -> None:
    """An answer without log-probabilities has no weights and is an answer all the same."""
    endpoint.plays(completion(ANSWER))
    answer = HostedModel(Client("played", base_url=endpoint.base_url)).complete(request("score"), Verdict, Deadline())
    assert (answer.output.impact.score, answer.weights) == (4, {})


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "Unsupported parameter: 'logprobs' is not supported with this model."), (422, "logprobs: extra fields")],
)
def test_a_provider_that_refuses_is_asked_without(endpoint: Endpoint, status: int, words: str) -> None:
    """The refusal is learnt: neither this call's second request nor a later call asks for alternatives again."""
    endpoint.plays(failure(status, words), completion(ANSWER), completion(ANSWER))
    model = HostedModel(Client("played", base_url=endpoint.base_url))
    assert model.complete(request("score"), Verdict, Deadline()).call.attempts == 2
    assert model.complete(request("score"), Verdict, Deadline()).call.attempts == 1
    assert all("logprobs" not in sent.body and "top_logprobs" not in sent.body for sent in endpoint.received[1:])


def test_another_refusal_stays_one(endpoint: Endpoint) -> None:
    """A 400 about something else is not repeated without the alternatives."""
    endpoint.plays(failure(400, "the context is too long"))
    with pytest.raises(ModelRejected):
        HostedModel(Client("played", base_url=endpoint.base_url)).complete(request("score"), Verdict, Deadline())
