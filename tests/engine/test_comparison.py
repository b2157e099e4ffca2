"""The second opinion is compared, warned of where it is far off, and moves nothing."""

import pytest

from agent import evidence
from agent.engine import decide
from agent.policy import load_default
from agent.schema import (
    Band,
    Dimension,
    LevelProbabilities,
    Probabilities,
    ProbabilitySource,
    SecondOpinion,
    WarningCode,
)
from tests.builders import NOW, grounded

POLICY = load_default()
IMPACT, VALUE, TIME, CAPABILITY = Dimension


def beside(scores, **levels):
    """The scores with a second opinion that is certain of its levels."""
    known = {
        name: LevelProbabilities(
            values=tuple(float(n == level) for n in range(1, 6)), source=ProbabilitySource.DECISION_MODEL
        )
        for name, level in levels.items()
    }
    second = SecondOpinion(model="decisions/luna", probabilities=Probabilities(**known))
    return grounded(scores).model_copy(update={"second_opinion": second})


def decided(reading):
    return decide(reading, POLICY, NOW)


def warned(reading):
    return [w for w in decided(reading).warnings if w.code is WarningCode.SECOND_OPINION_DIFFERS]


def test_silent_where_nothing_was_answered():
    """Neither no opinion nor an empty one is compared."""
    assert decided(grounded()).comparison is None
    assert decided(beside((3, 3, 3, 3))).comparison is None


def test_what_it_left_open_counts_as_the_score_of_record():
    """Its total takes its own levels where it gave them, and the scores of record elsewhere."""
    comparison = decided(beside((3, 3, 3, 3), customer_impact=4)).comparison
    assert (comparison.total, comparison.band) == (13, Band.ESCALATE_FOR_SUPPORT)
    assert comparison.levels == {IMPACT: 4}
    assert comparison.apart == ()


@pytest.mark.parametrize(
    ("scores", "levels", "words"),
    [
        ((3, 3, 3, 3), {"customer_impact": 4}, None),
        ((3, 3, 3, 3), {"customer_impact": 5, "account_value": 1}, "Customer impact 5 instead of 3"),
        ((3, 3, 3, 4), {"customer_impact": 4}, "'Escalate with urgency' instead of 'Escalate for support'"),
    ],
)
def test_two_levels_or_another_band_are_warned_of(scores, levels, words):
    """One level within the band is no warning; two levels are, and so is another band. A human must look."""
    warnings = warned(beside(scores, **levels))
    if words is None:
        assert not warnings
        return
    (warning,) = warnings
    assert words in warning.message
    assert "decisions/luna" in warning.message
    assert warning.human_must_look


def test_nothing_of_record_moves():
    """Whatever it says, total, band, route and deadlines are the scorer's."""
    plain, with_ = decided(grounded((3, 3, 3, 3))), decided(beside((3, 3, 3, 3), customer_impact=5, csm_capability=5))
    apart = {"comparison", "likelihood", "warnings", "questions"}
    assert with_.model_dump(exclude=apart) == plain.model_dump(exclude=apart)


def test_what_the_csm_set_is_not_doubted():
    """A person's score is neither compared nor warned of."""
    reading = beside((3, 3, 3, 3), customer_impact=5)
    heard = evidence.overrule(reading, {IMPACT: 3})
    assert not warned(heard)
    comparison = decided(heard).comparison
    assert (comparison.levels, comparison.total) == ({IMPACT: 5}, 12)
