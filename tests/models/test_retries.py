from email.utils import formatdate

import pytest

from agent.errors import (
    DeadlineExceeded,
    ModelInvalid,
    ModelRejected,
    ModelUnavailable,
)
from agent.models.port import Deadline

from .asking import NO_END, VALID, Verdict, impatient, model, request
from .endpoint import Endpoint, Reply, completion, failure


@pytest.mark.parametrize("wait", ["0", formatdate(0, usegmt=True)], ids=["seconds", "date"])
def test_a_rate_limit_is_waited_out_as_asked(endpoint: Endpoint, wait: str) -> None:
    """429 is tried again after Retry-After, in seconds or as a date; every HTTP call is counted."""
    endpoint.plays(failure(429, retry_after=wait), completion(VALID))
    assert model(endpoint).complete(request(), Verdict, NO_END).call.attempts == 2


def test_a_wait_past_the_deadline_is_not_begun(endpoint: Endpoint) -> None:
    """If the server asks to wait longer than the run has left, the run ends at once."""
    endpoint.plays(failure(429, retry_after="30"))
    with pytest.raises(DeadlineExceeded, match="30 s"):
        model(endpoint).complete(request(), Verdict, Deadline(5))


def test_a_very_long_wait_is_left_to_the_user(endpoint: Endpoint) -> None:
    """Without a deadline, a wait of an hour is not slept through."""
    endpoint.plays(failure(503, retry_after="3600"))
    with pytest.raises(ModelUnavailable, match="3600 s"):
        model(endpoint).complete(request(), Verdict, NO_END)


def test_server_faults_are_tried_four_times(endpoint: Endpoint) -> None:
    """A server that keeps failing gets four requests, and the run ends with 'try later'."""
    endpoint.plays(*[failure(500, retry_after="0")] * 4)
    with pytest.raises(ModelUnavailable, match="500") as raised:
        model(endpoint).complete(request(), Verdict, NO_END)
    assert not isinstance(raised.value, DeadlineExceeded)


def test_a_dropped_connection_is_tried_again(endpoint: Endpoint) -> None:
    """A connection that breaks off without an answer counts as a failed transport."""
    endpoint.plays(Reply(drop=True), completion(VALID))
    assert model(endpoint).complete(request(), Verdict, NO_END).call.attempts == 2


def test_an_endpoint_that_nobody_serves_is_unavailable() -> None:
    """A refused connection is a failed transport, tried again while the deadline lasts."""
    closed = Endpoint()
    closed.server_close()
    with pytest.raises(ModelUnavailable):
        model(closed).complete(request(), Verdict, Deadline(0.3))


@pytest.mark.parametrize("reply", [Reply(silent=True), Reply(drip=True, body="x" * 500)], ids=["silent", "drip"])
def test_the_deadline_bounds_a_server_that_never_finishes(endpoint: Endpoint, reply: Reply) -> None:
    """Neither silence nor a byte now and then keeps a run alive past its deadline."""
    endpoint.plays(reply)
    with pytest.raises(DeadlineExceeded):
        model(endpoint).complete(request(), Verdict, Deadline(0.4))


def test_a_slow_call_ends_without_a_deadline_too(endpoint: Endpoint) -> None:
    """Each request has its own longest time; past it the transport has failed, and is tried again."""
    endpoint.plays(Reply(drip=True, body="x" * 500), completion(VALID))
    assert impatient(endpoint).complete(request(), Verdict, NO_END).call.attempts == 2


def test_a_server_that_hangs_gets_two_chances(endpoint: Endpoint) -> None:
    """Four full timeouts in a row would be minutes of silence."""
    endpoint.plays(Reply(silent=True), Reply(silent=True))
    with pytest.raises(ModelUnavailable):
        impatient(endpoint).complete(request(), Verdict, NO_END)


@pytest.mark.parametrize("garbage", ['{"quote": "x", "score": 9}', "I think it is a four.", "", '{"quote": "x'])
def test_an_invalid_answer_is_asked_for_once_more(endpoint: Endpoint, garbage: str) -> None:
    """The model sees its answer and what was wrong with it; tokens and attempts of both are counted."""
    endpoint.plays(completion(garbage), completion(VALID))
    answer = model(endpoint).complete(request(), Verdict, NO_END)
    assert answer.output.score == 4
    assert (answer.call.attempts, answer.call.input_tokens, answer.call.cached_tokens) == (2, 200, 80)
    again = endpoint.received[1].body["messages"]
    assert [message["role"] for message in again] == ["system", "user", "assistant", "user"]
    assert "validation error" in again[3]["content"]


def test_a_second_invalid_answer_ends_the_call(endpoint: Endpoint) -> None:
    """After one re-ask the call fails and names the field; nothing is made up."""
    endpoint.plays(*[completion('{"quote": "secret words", "score": 9}')] * 2)
    with pytest.raises(ModelInvalid, match="score") as raised:
        model(endpoint).complete(request(), Verdict, NO_END)
    assert "secret words" not in str(raised.value)


def test_a_failed_transport_during_the_re_ask_is_its_own_failure(endpoint: Endpoint) -> None:
    """The two kinds of retry do not multiply: what ends a re-ask is reported as what it is."""
    endpoint.plays(completion("garbage"), failure(401))
    with pytest.raises(ModelRejected):
        model(endpoint).complete(request(), Verdict, NO_END)
