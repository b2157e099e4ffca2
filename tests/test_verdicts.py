"""A verdict is decided by the real engine, under the policy that was in force."""

import pytest
from pydantic import ValidationError

from agent import engine, evidence, verdicts
from agent import policy as policies
from agent.schema import Band, Dimension
from agent.schema.record import Verdict
from agent.store import Store
from tests import builders
from tests.store import kept


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "record.db") as opened:
        yield opened


def test_the_engine_decides_on_the_moved_scores(store):
    """Total, band, owner and deadlines are the engine's own answer, counted from the triage and not from the verdict."""
    run = store.get(kept.keep(store, (3, 3, 3, 3)))
    scores = {Dimension.CSM_CAPABILITY: 5}
    entry = verdicts.give(store, run, Verdict(scores=scores, reason="No access."), by="Ada")
    expected = engine.decide(evidence.overrule(run.grounded, scores), kept.POLICY, builders.NOW)
    got = entry.rescored
    assert (got.total, got.band, got.owner) == (expected.total, expected.band, expected.route.owner)
    assert (got.owner_answer, got.customer_word) == (expected.deadlines.owner_answer, expected.deadlines.customer_word)
    assert verdicts.rescore(run, kept.POLICY, Verdict(scores=scores, reason="x")) == expected


def test_the_policy_of_record_decides(store):
    """A threshold that the company has changed since does not move an old case."""
    document = policies.default_text().replace("from: 14", "from: 13").replace("to: 13", "to: 12")
    strict = policies.parse(document, origin="own")
    run = store.get(kept.keep(store, (3, 3, 3, 3), policy=strict))
    of_record = verdicts.policy_of_record(store, run)
    assert of_record == strict
    assert list(of_record.warnings) == list(strict.warnings)
    moved = Verdict(scores={Dimension.CSM_CAPABILITY: 4}, reason="No access.")
    assert verdicts.rescore(run, of_record, moved).band is Band.ESCALATE_WITH_URGENCY
    assert verdicts.rescore(run, kept.POLICY, moved).band is Band.ESCALATE_FOR_SUPPORT


def test_a_decision_by_hand_brings_its_own_owner_and_deadlines(store):
    """The sum stays what the scores add up to; owner and deadlines are those of the band."""
    run = store.get(kept.keep(store, (2, 2, 2, 2)))
    entry = verdicts.give(store, run, Verdict(decision=Band.ESCALATE_IMMEDIATELY, reason="The board knows."), by="Ada")
    assert (entry.rescored.total, entry.rescored.band) == (8, Band.ESCALATE_IMMEDIATELY)
    assert entry.rescored.owner != "CSM"
    assert entry.rescored.owner_answer is not None
    assert entry.rescored.escalate_if_unresolved is None


def test_what_changes_nothing_is_agreement(store):
    """Setting a score to what it is, or the band to what it is, is no correction."""
    run = store.get(kept.keep(store, (3, 3, 3, 3)))
    same = Verdict(scores={Dimension.CSM_CAPABILITY: 3}, decision=Band.ESCALATE_FOR_SUPPORT, reason="Looked at it.")
    assert verdicts.give(store, run, same, by="Ada").verdict.agrees


@pytest.mark.parametrize("change", [{"scores": {"csm_capability": 5}}, {"decision": "escalate_immediately"}])
@pytest.mark.parametrize("reason", [None, "", "   "])
def test_a_change_needs_a_reason(change, reason):
    """Neither another score nor another decision is taken without one; agreement needs none."""
    with pytest.raises(ValidationError, match="needs a reason"):
        Verdict(**change, reason=reason)
    assert Verdict().agrees
