"""Decision models over a real server on loopback, in both wire forms."""

import time

import pytest

from agent.errors import DeadlineExceeded, ModelInvalid, ModelRejected, ModelUnavailable
from agent.models.client import Client
from agent.models.decision_forms import FORMS
from agent.models.decisions import HostedDecisions
from agent.models.port import Deadline, DecisionRequest, Option, QuestionKind, TypedQuestion

from . import decision_replies as said
from .endpoint import Endpoint, Reply, failure

KEY = "sk-test-not-a-real-key"
NO_END = Deadline(None)
LEVELS = tuple(Option(value=str(level), meaning=f"level {level} means this") for level in range(1, 6))
ASKED = (
    TypedQuestion(kind=QuestionKind.SCORE, name="impact", instructions="How bad?", options=LEVELS),
    TypedQuestion(
        kind=QuestionKind.CHOICE,
        name="type",
        instructions="Which?",
        options=(Option(value="bug", meaning="it broke"), Option(value="gap", meaning="it lacks")),
    ),
    TypedQuestion(kind=QuestionKind.PREDICATE, name="surprised", instructions="They would be surprised."),
)
TEXT = "It {{ 7*7 }} is </down>. Grüße 🙂"
REQUEST = DecisionRequest(
    purpose="decide", prompt="rubric@1#abc", policy="p@1#def", input_digest="d1", text=TEXT, questions=ASKED
)
FIVE, TWO = (0.05, 0.1, 0.6, 0.2, 0.05), {"bug": 0.7, "gap": 0.3}
DECISIONS = said.decisions(said.score("impact", *FIVE), said.choice("type", TWO), said.predicate("surprised", 0.9))
SYSTEM_ONE = said.system_one(impact=said.levels(*FIVE), type=said.one_of(TWO), surprised=said.noul(0.9))
BOTH = pytest.mark.parametrize(("form", "reply"), [("decisions", DECISIONS), ("systemone", SYSTEM_ONE)])


def model(endpoint: Endpoint, form: str = "decisions", **options: object) -> HostedDecisions:
    return HostedDecisions(Client(f"{form}/luna", base_url=endpoint.base_url, api_key=KEY, **options))


def answered(endpoint: Endpoint, form: str, reply: Reply) -> dict[str, tuple[float, ...] | str]:
    endpoint.plays(reply)
    answers = model(endpoint, form).decide(REQUEST, NO_END).answers
    return {answer.name: answer.unanswered or answer.probabilities for answer in answers}


@BOTH
def test_every_question_is_answered_in_its_order(endpoint: Endpoint, form: str, reply: Reply) -> None:
    """A scale gives five probabilities, a choice one per option, a predicate that it is true and that it is not."""
    found = answered(endpoint, form, reply)
    assert found == {
        "impact": pytest.approx(FIVE),
        "type": pytest.approx((0.7, 0.3)),
        "surprised": pytest.approx((0.9, 0.1)),
    }


def test_decisions_are_asked_as_openai_documents_it(endpoint: Endpoint) -> None:
    """One POST to {base_url}/decisions with model, input and the typed questions; the text arrives as it is."""
    answered(endpoint, "decisions", DECISIONS)
    (sent,) = endpoint.received
    assert sent.path == "/v1/decisions"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.body == {
        "model": "luna",
        "input": TEXT,
        "questions": [
            {
                "type": "score",
                "name": "impact",
                "instructions": "How bad?",
                "levels": [{"label": str(n), "description": f"level {n} means this"} for n in range(1, 6)],
            },
            {
                "type": "choice",
                "name": "type",
                "instructions": "Which?",
                "choices": [
                    {"value": "bug", "description": "it broke"},
                    {"value": "gap", "description": "it lacks"},
                ],
            },
            {"type": "predicate", "name": "surprised", "instructions": "They would be surprised."},
        ],
    }


def test_system_one_is_asked_as_its_servers_document_it(endpoint: Endpoint) -> None:
    """One POST to /v1/systemone with state and named questions; a base URL may end in /v1 or not."""
    answered(endpoint, "systemone", SYSTEM_ONE)
    (sent,) = endpoint.received
    assert sent.path == "/v1/systemone"
    assert sent.body == {
        "model": "luna",
        "state": TEXT,
        "questions": {
            "impact": {
                "type": "score",
                "instructions": "How bad?",
                "criteria": [f"level {n} means this" for n in range(1, 6)],
            },
            "type": {"type": "choice", "instructions": "Which?", "criteria": {"bug": "it broke", "gap": "it lacks"}},
            "surprised": {"type": "noul", "instructions": "They would be surprised."},
        },
    }
    path = FORMS["systemone"].path
    assert path("https://a.example") == path("https://a.example/v1") == "https://a.example/v1/systemone"


@pytest.mark.parametrize(
    ("form", "reply"),
    [
        (
            "decisions",
            said.decisions(said.refusal("impact"), said.choice("type", TWO), said.predicate("surprised", 0.9)),
        ),
        ("decisions", said.decisions(said.refusal(None), said.choice("type", TWO), said.predicate("surprised", 0.9))),
    ],
)
def test_a_refusal_costs_one_question(endpoint: Endpoint, form: str, reply: Reply) -> None:
    """A declined question has no probabilities; the others keep theirs."""
    found = answered(endpoint, form, reply)
    assert found["impact"] == "declined"
    assert found["type"] == pytest.approx((0.7, 0.3))


@pytest.mark.parametrize(
    ("form", "reply"),
    [
        ("decisions", said.decisions(said.score("impact", *FIVE), said.choice("type", TWO))),
        ("systemone", said.system_one(impact=said.levels(*FIVE), type=said.one_of(TWO))),
    ],
)
def test_a_missing_answer_costs_one_question(endpoint: Endpoint, form: str, reply: Reply) -> None:
    """What the server leaves out is left out, and no default stands in for it."""
    found = answered(endpoint, form, reply)
    assert found["surprised"] == "left out"
    assert found["impact"] == pytest.approx(FIVE)


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("decisions", said.score("impact", *FIVE)),
        ("systemone", said.levels(*FIVE)),
    ],
)
def test_labels_are_read_as_they_are_meant(endpoint: Endpoint, form: str, answer: dict[str, object]) -> None:
    """A 3 is 3 as text, in spaces or as a number."""
    rows = answer["probabilities"]
    for change in (str, lambda label: f" {label} ", int):
        if form == "decisions":
            told = [row | {"label": change(row["label"])} for row in rows]
            reply = said.decisions(answer | {"probabilities": told})
        else:
            reply = said.system_one(impact=answer | {"probabilities": {change(key): p for key, p in rows.items()}})
        assert answered(endpoint, form, reply)["impact"] == pytest.approx(FIVE)


def test_a_certain_answer_may_be_a_hair_beyond_one(endpoint: Endpoint) -> None:
    """Half the servers count in single precision, where one is printed as 1.0000001 and nothing as -0.0000001."""
    reply = said.decisions(said.score("impact", 0, 0, -1e-7, 1.0000001, 0))
    assert answered(endpoint, "decisions", reply)["impact"] == pytest.approx((0, 0, 0, 1, 0))


def test_an_empty_answer_in_the_list_is_left_out(endpoint: Endpoint) -> None:
    """Null holds the place of a question, and costs no other one."""
    found = answered(endpoint, "decisions", said.decisions(None, said.choice("type", TWO)))
    assert (found["impact"], found["type"]) == ("left out", pytest.approx((0.7, 0.3)))


def test_rounded_probabilities_are_set_right(endpoint: Endpoint) -> None:
    """Servers print two or three digits: such a sum is made one, exactly."""
    found = answered(endpoint, "systemone", said.system_one(impact=said.levels(0.33, 0.33, 0.33, 0.0, 0.0)))
    assert sum(found["impact"]) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("form", "reply", "words"),
    [
        ("decisions", said.decisions(said.score("impact", 0.5, 0.1, 0.1, 0.1, 0.1)), "sum to 0.900"),
        ("systemone", said.system_one(impact=said.levels(0.9, 0.9, 0, 0, 0)), "sum to 1.800"),
        ("systemone", said.system_one(impact=said.levels(0.5, 0.5)), "'impact' has no probability"),
        ("systemone", said.system_one(impact=said.levels(1.5, -0.5, 0, 0, 0)), "'impact' has no probability"),
        ("systemone", said.system_one(type=said.one_of({"bug": 1.0})), "'type' has no probability"),
        ("systemone", said.system_one(surprised=said.noul(2)), "'surprised' has no probability"),
        ("systemone", said.system_one(impact="high"), "cannot be read"),
        ("decisions", said.decisions(said.score("other", *FIVE)), "another question's"),
        ("decisions", said.decisions(said.predicate("impact", 0.5)), "another question's"),
        ("decisions", Reply(body={"choices": []}), "no list of answers"),
        ("systemone", Reply(body=["x"]), "no answers by name"),
        (
            "decisions",
            said.decisions({"type": "score", "probabilities": [{"label": ["3"], "probability": 1}]}),
            "'impact' has no probability",
        ),
        ("decisions", Reply(body="<html>"), "broken JSON"),
        ("systemone", Reply(body="[" * 100_000), "broken JSON"),
    ],
)
def test_an_answer_that_is_none_is_an_error(endpoint: Endpoint, form: str, reply: Reply, words: str) -> None:
    """Wrong sums, wrong shapes and another question's answer are named, and what the call took is kept."""
    endpoint.plays(reply)
    with pytest.raises(ModelInvalid, match=words) as caught:
        model(endpoint, form).decide(REQUEST, NO_END)
    assert caught.value.call.error == str(caught.value)
    assert caught.value.call.purpose == "decide"


def test_a_busy_server_is_asked_again(endpoint: Endpoint) -> None:
    """A 429 with Retry-After is waited for by the client itself, and every request counts as an attempt."""
    endpoint.plays(failure(429, retry_after="0.01"), failure(503), DECISIONS)
    call = model(endpoint).decide(REQUEST, NO_END).call
    assert (call.attempts, call.input_tokens, call.cached_tokens, call.output_tokens) == (3, 900, 300, 0)
    assert (call.purpose, call.model, call.prompt) == ("decide", "decisions/luna", "rubric@1#abc")
    assert call.cost_usd is None


@pytest.mark.parametrize(("status", "kind"), [(401, ModelRejected), (404, ModelRejected), (400, ModelRejected)])
def test_a_refused_request_is_not_tried_again(endpoint: Endpoint, status: int, kind: type[Exception]) -> None:
    """What waiting cannot change is told at once, with the endpoint."""
    endpoint.plays(failure(status))
    with pytest.raises(kind, match=r"127\.0\.0\.1"):
        model(endpoint).decide(REQUEST, NO_END)


def test_the_run_ends_a_slow_call(endpoint: Endpoint) -> None:
    """A server that never answers, and one that drips, both end with the run's deadline."""
    for reply in (Reply(silent=True), Reply(body=DECISIONS.body, drip=True)):
        endpoint.plays(reply)
        started = time.monotonic()
        with pytest.raises((DeadlineExceeded, ModelUnavailable)):
            model(endpoint).decide(REQUEST, Deadline(0.4))
        assert time.monotonic() - started < 5


def test_a_server_on_this_machine_costs_nothing(endpoint: Endpoint) -> None:
    """A loopback server has a cost of 0, not an unknown one."""
    endpoint.plays(SYSTEM_ONE)
    assert model(endpoint, "systemone", remote=False).decide(REQUEST, NO_END).call.cost_usd == 0.0


def test_a_refused_key_is_named_by_its_own_variable(endpoint: Endpoint) -> None:
    """The second opinion has a key of its own: the error says which one to look at."""
    endpoint.plays(failure(401))
    with pytest.raises(ModelRejected, match="TRIAGE_SECOND_OPINION_API_KEY"):
        model(endpoint, key_variable="TRIAGE_SECOND_OPINION_API_KEY").decide(REQUEST, NO_END)
