"""A decision model as the only scorer: its levels, quotes by code, and no score that it did not give."""

import pytest

from agent import evidence, intake
from agent.embedded.decisions import DecisionScorer
from agent.errors import ModelRefused
from agent.models.port import Deadline
from agent.policy import load_default
from agent.schema import AccountContext, Basis, Dimension, IssueType
from tests.deciding import ScriptedDecisions

POLICY = load_default()
TEXT = (
    "Since Monday the nightly export is broken and nobody in the warehouse can work. "
    "We have no workaround and lose orders every hour. We need it today."
)
SHARES = {
    "customer_impact": (0, 0, 0.1, 0.3, 0.6),
    "account_value": (0.1, 0.2, 0.6, 0.1, 0),
    "issue_type": (0.5, 0.3, 0.2, 0, 0, 0, 0),
}


def read(model, **context):
    situation = intake.read_text(TEXT, context=AccountContext(**context))
    return DecisionScorer(model).extract(situation, POLICY, Deadline()), situation


def test_levels_and_reasons_are_the_models():
    """The likeliest level with the policy's definition, and what the model weighs."""
    reading, _ = read(ScriptedDecisions(SHARES))
    impact = reading.extraction.customer_impact
    assert impact.score == 5
    assert POLICY.dimensions[Dimension.CUSTOMER_IMPACT].levels[5] in impact.rationale
    assert "5 at 60%, 4 at 30%" in impact.rationale
    assert reading.probabilities.customer_impact.values == SHARES["customer_impact"]
    assert [call.purpose for call in reading.calls] == ["decide"]


def test_quotes_stand_in_the_text():
    """Every passage is the text's own, for every dimension that has one."""
    reading, situation = read(ScriptedDecisions(SHARES))
    grounded = evidence.ground(reading, situation)
    quotes = [e for d in Dimension for e in grounded.scores.of(d).evidence]
    assert quotes
    assert all(quote.found for quote in quotes)


def test_a_stated_amount_decides_the_account_value():
    """An amount is a fact: it is certain, whatever the model weighs."""
    reading, _ = read(ScriptedDecisions(SHARES, silent=("account_value",)), arr="EUR 80k")
    value = reading.extraction.account_value
    assert (value.score, value.basis, reading.probabilities.account_value) == (5, Basis.STATED, None)


def test_a_runner_up_is_named_where_it_is_nearly_as_likely():
    """Half as likely as the best type is near enough to name."""
    reading, _ = read(ScriptedDecisions(SHARES))
    assert reading.extraction.issue_type is IssueType.PRODUCT_DEFECT
    assert reading.extraction.issue_type_runner_up is IssueType.FEATURE_GAP


@pytest.mark.parametrize("silent", ["customer_impact", "account_value", "issue_type"])
def test_what_it_declines_is_no_score(silent):
    """Without a level or a type there is no triage: the refusal is told, and nothing is filled in."""
    with pytest.raises(ModelRefused, match=silent) as refused:
        read(ScriptedDecisions(SHARES, silent=(silent,)))
    assert refused.value.call.error


def test_a_silent_surprise_test_is_said_to_be_silent():
    """The predicate alone is no reason to end a triage."""
    reading, _ = read(ScriptedDecisions(SHARES, silent=("surprised",)))
    assert reading.extraction.surprise_test.reason == "The model did not answer it."
