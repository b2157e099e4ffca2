import json
from importlib import resources

import pytest

from agent.embedded import judge
from agent.schema import IssueType


def neutral():
    """Signals at the training means: no fact says anything."""
    weights = judge.load()
    return dict(zip(weights.facts.names, weights.facts.means, strict=True))


def test_the_weights_that_ship_belong_to_the_questions_that_ship():
    """A changed question with old weights is refused at load, so what ships must match."""
    document = json.loads(resources.files("agent.embedded").joinpath("weights.json").read_text(encoding="utf-8"))
    assert document["questions"] == judge.questions_digest()
    assert document["facts"]["names"] == [fact.name for fact in judge.facts()]


def test_weights_stay_a_small_file():
    """The wheel carries the weights: under 1 MB."""
    assert len(resources.files("agent.embedded").joinpath("weights.json").read_bytes()) < 1_000_000


@pytest.mark.parametrize(("reading", "level"), [(-3.0, 1), (1.4, 1), (2.6, 3), (4.4, 4), (9.0, 5)])
def test_a_reading_becomes_the_nearest_level(reading, level):
    """Levels are clipped to 1 to 5."""
    assert judge.level(reading) == level


def test_signal_is_the_log_odds_of_yes():
    """Even odds are 0, and certainty is clipped."""
    assert judge.signal((0.5, 0.5)) == 0
    assert judge.signal((1.0, 0.0)) == 8.0


def test_a_blocked_customer_reads_as_higher_impact_than_one_who_is_not():
    """The facts move the dimension in the direction of their meaning."""
    weights, text = judge.load(), "The customer wrote to us."
    calm = weights.read(text, neutral() | {"blocked": -2.0, "minor": 2.0})
    hit = weights.read(text, neutral() | {"blocked": 2.0, "minor": -2.0})
    assert hit["customer_impact"] > calm["customer_impact"]


def test_a_csm_who_can_do_it_alone_reads_as_lower_capability_score():
    """The need for help raises the capability score."""
    weights, text = judge.load(), "The customer wrote to us."
    alone = weights.read(text, neutral() | {"alone": 2.0, "expertise": -2.0})
    stuck = weights.read(text, neutral() | {"alone": -2.0, "expertise": 2.0})
    assert stuck["csm_capability"] > alone["csm_capability"]


def test_issue_types_are_ranked_the_likeliest_first():
    """Every type is ranked, and an invoice question is commercial."""
    weights = judge.load()
    ranked = judge.ranked_types(
        weights.read("They dispute the invoice and the contract.", neutral() | {"commercial": 3.0})
    )
    assert ranked[0][0] is IssueType.COMMERCIAL_DISPUTE
    assert {kind for kind, _ in ranked} == set(IssueType)
