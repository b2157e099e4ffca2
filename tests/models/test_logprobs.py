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
    """Space, colon or brace may belong to the token; an alternative of several digits is no level."""
    other = digit.replace("4", "5")
    before = '{"a": {"score"' + ("" if ":" in digit else ":")
    found = weights(tokens(before, (digit, {digit: 0.6, other: 0.2, "42": 0.1, "4.5": 0.1}), "}}"), "score")
    assert found == {"a": pytest.approx({"4": 0.75, "5": 0.25})}


def test_the_same_level_in_another_token_counts() -> None:
    """Spaced, or with a comma or a brace, a 3 is a 3: a level's share is that of every token that would have begun with it."""
    found = weights(tokens('{"a": {"score": ', ("3", {"3": 0.4, " 3": 0.2, "4,": 0.3, "4}}": 0.1}), "}}"), "score")
    assert found == {"a": pytest.approx({"3": 0.6, "4": 0.4})}


@pytest.mark.parametrize("shares", [{"4": 0.7}, {"4": 0.5, "5": 0.3}, {"4": 0.9, "5": 0.9}])
def test_what_is_told_in_part_is_not_known(shares: dict[str, float]) -> None:
    """Alternatives that leave much of the weight unnamed, or name more than there is, make nobody certain."""
    assert weights(tokens('{"a": {"score":', ("4", shares), "}}"), "score") == {}


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


def told(token: object = "4", logprob: object = math.log(0.8), **fields: object) -> dict[str, object]:
    """The answer's tokens with one that is told in an odd way."""
    other = {"token": "5", "logprob": math.log(0.2)}
    opening, _, end = TOLD["content"]
    return {"content": [opening, {"token": token, "logprob": logprob, "top_logprobs": [other]} | fields, end]}


@pytest.mark.parametrize(
    "logprobs",
    [
        told(logprob=math.nan),
        told(logprob=1000.0),
        told(logprob=math.inf),
        told(logprob=-math.inf),
        told(logprob=None),
        told(logprob="likely"),
        told(token=None),
        told(top_logprobs=None),
        told(top_logprobs=[]),
        told(top_logprobs="none"),
        told(top_logprobs={"5": -1.0}),
        told(top_logprobs=[{"token": "5"}]),
        told(top_logprobs=[{"token": "5", "logprob": math.nan}]),
        {"content": [{"token": ANSWER}]},
        {"content": None},
        {"content": "none"},
        {"tokens": ["4"], "token_logprobs": [-0.1]},
        "none",
        [1],
    ],
)  # fmt: skip
def test_odd_log_probabilities_never_cost_the_answer(endpoint: Endpoint, logprobs: object) -> None:
    """NaN, positive or missing numbers and other shapes are taken as not told; the answer stands, without weights."""
    endpoint.plays(completion(ANSWER, logprobs=logprobs))
    answer = HostedModel(Client("played", base_url=endpoint.base_url)).complete(request("score"), Verdict, Deadline())
    assert (answer.output.impact.score, answer.weights, answer.call.attempts) == (4, {}, 1)


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
