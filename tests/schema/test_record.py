"""What a kept triage says of itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent.schema.follow_up import Due
from agent.schema.record import Rescored, Summary
from tests import builders, filled

NOON = builders.NOW.replace(hour=12, minute=0)  # in Berlin


@pytest.fixture
def case():
    """Open, escalated, without a verdict: the word at noon, the answer in the evening, the update tomorrow."""
    return filled.noun(Summary, lambda _: "x").model_copy(
        update={
            "outcome": None,
            "followed_by": None,
            "rescored": None,
            "customer_word": NOON,
            "owner_answer": NOON.replace(hour=18),
            "customer_update": NOON + timedelta(days=1),
            "escalate_if_unresolved": None,
        }
    )


def test_today_and_what_passed_is_due(case):
    """Late from its very minute on; tomorrow's deadline is not due yet, and then all are late."""
    assert list(case.due(NOON - timedelta(seconds=1))) == [
        (Due.CUSTOMER_WORD, NOON, False),
        (Due.OWNER_ANSWER, NOON.replace(hour=18), False),
    ]
    assert [each.late for each in case.due(NOON)] == [True, False]
    assert [each.late for each in case.due(NOON + timedelta(days=2))] == [True, True, True]


def test_the_day_is_the_readers(case):
    """A deadline late in the evening is tomorrow's where tomorrow has begun, told in that zone."""
    auckland, berlin = ZoneInfo("Pacific/Auckland"), NOON.tzinfo
    moment = datetime(2026, 11, 24, 11, 30, tzinfo=auckland)  # still the 23rd in Berlin
    early = case.model_copy(update={"customer_word": datetime(2026, 11, 24, 8, 0, tzinfo=auckland)})
    assert [each.due for each in early.due(moment)] == [Due.CUSTOMER_WORD]
    assert {each.by.tzinfo for each in early.due(moment)} == {auckland}
    assert list(case.due(moment)) == []  # noon in Berlin is the 25th there
    assert list(case.due(moment.astimezone(berlin))) == []


def test_a_deadline_that_the_band_does_not_ask_for_is_none(case):
    """Where the CSM handles it there is no owner's answer, and the update ends the standing rule's day."""
    handled = case.model_copy(update={"owner_answer": None, "escalate_if_unresolved": NOON.date()})
    told = handled.due(NOON + timedelta(days=1))
    assert [each.due for each in told] == [Due.CUSTOMER_WORD, Due.STANDING_RULE]


def test_a_verdicts_deadlines_stand(case):
    """Once a person decided, the deadlines are those of their decision."""
    moved = filled.noun(Rescored, lambda _: "x").model_copy(update={"customer_word": NOON - timedelta(days=3)})
    told = case.model_copy(update={"rescored": moved}).due(NOON)
    assert next(told).by == NOON - timedelta(days=3)


@pytest.mark.parametrize("closed", [{"outcome": "resolved"}, {"followed_by": "another"}])
def test_nothing_is_due_of_a_closed_case(case, closed):
    """An outcome ends it, and so does a newer triage that goes on from it."""
    assert list(case.model_copy(update=closed).due(NOON + timedelta(days=9))) == []
