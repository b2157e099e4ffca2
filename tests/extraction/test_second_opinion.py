"""A second opinion runs beside the scorer: it never keeps it waiting, costs nothing when it fails, overwrites nothing."""

import threading

import pytest

from agent import intake
from agent.errors import ModelInvalid, ModelRejected, ModelUnavailable, ReplayError
from agent.extraction import second_opinion
from agent.models.port import Deadline
from agent.policy import load_default
from agent.schema import CallRecord
from tests.deciding import ScriptedDecisions

POLICY = load_default()
SITUATION = intake.read_text("The export has failed since Monday.")


def asked(model):
    return second_opinion.begin(model, SITUATION, POLICY, Deadline())


def test_it_answers_with_its_call():
    """Probabilities, model, where the text went, and what the call took."""
    opinion = asked(ScriptedDecisions(silent=("csm_capability",))).collect()
    assert (opinion.model, opinion.remote, opinion.note) == ("decisions/scripted", True, None)
    assert opinion.probabilities.customer_impact.likeliest == 3
    assert opinion.unanswered == ("csm_capability (declined)",)
    assert opinion.surprised == pytest.approx(0.2)
    assert (opinion.call.purpose, opinion.call.input_tokens) == ("second_opinion", 900)


@pytest.mark.parametrize("kind", [ModelInvalid, ModelRejected, ModelUnavailable, ReplayError])
def test_its_failure_is_a_note(kind):
    """Whatever goes wrong there is said, and the call still counts."""
    error = kind("it went wrong")
    error.call = CallRecord(purpose="second_opinion", model="m", prompt="p", input_tokens=7, error="it went wrong")
    opinion = asked(ScriptedDecisions(error=error)).collect()
    assert opinion.note == "it went wrong"
    assert opinion.call.input_tokens == 7
    assert opinion.probabilities.customer_impact is None


def test_one_that_hangs_is_gone_on_without():
    """Where the scorer took its time nobody waits at all, and the note says so."""
    release = threading.Event()
    try:
        hanging = asked(ScriptedDecisions(waits_for=release))
        opinion = hanging.collect(least_seconds=0)
        assert not hanging.outcome.done()
        assert "gone on without it" in opinion.note
        assert opinion.call.error == opinion.note
    finally:
        release.set()


def test_a_bug_is_not_hidden():
    """What is no model error is raised where the opinion is collected."""
    with pytest.raises(ZeroDivisionError):
        asked(ScriptedDecisions(error=ZeroDivisionError())).collect()
