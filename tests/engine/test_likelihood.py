"""Level probabilities become band probabilities exactly, and never move the decision."""

from itertools import product
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import evidence
from agent.engine import decide
from agent.policy import load_default
from agent.schema import (
    Band,
    Basis,
    Dimension,
    LevelProbabilities,
    Likelihood,
    Probabilities,
    ProbabilitySource,
    SecondOpinion,
)
from tests.builders import NOW, grounded

POLICY = load_default()
IMPACT, VALUE, TIME, CAPABILITY = Dimension


def levels(*values, calibration=None):
    return LevelProbabilities(values=values, source=ProbabilitySource.HEADS, calibration=calibration)


def reading(scores, known):
    return grounded(scores, score_fields={d: {"probabilities": p} for d, p in known.items()})


def measured(scores, known):
    return decide(reading(scores, known), POLICY, NOW).likelihood


@st.composite
def distributions(draw):
    weights = draw(st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(sum))
    return levels(*[weight / sum(weights) for weight in weights])


def by_trying(four):
    """Every one of the 625 combinations, weighed: the totals and the bands."""
    totals, bands = [0.0] * 17, dict.fromkeys(Band, 0.0)
    for combination in product(range(1, 6), repeat=4):
        p = 1.0
        for level, distribution in zip(combination, four, strict=True):
            p *= distribution.of(level)
        totals[sum(combination) - 4] += p
        bands[POLICY.band(sum(combination))] += p
    return totals, bands


def bits(distribution):
    return -sum(p * log2(p) for p in distribution if p > 0)


@given(st.tuples(*[distributions()] * 4))
def test_exact_over_all_combinations(four):
    """Totals and bands are what all 625 combinations of levels give, and the noun proves itself."""
    found = measured((3, 3, 3, 3), dict(zip(Dimension, four, strict=True)))
    totals, bands = by_trying(four)
    assert found.totals == pytest.approx(totals, abs=1e-12)
    assert found.bands == pytest.approx(bands, abs=1e-12)
    assert Likelihood.model_validate_json(found.model_dump_json()) == found


@given(st.tuples(*[distributions()] * 4))
def test_doubt_is_the_entropy_that_knowing_would_take_away(four):
    """A dimension's doubt is the band's entropy less its mean once that dimension's level is known."""
    found = measured((3, 3, 3, 3), dict(zip(Dimension, four, strict=True)))
    whole = bits(by_trying(four)[1].values())
    for index, dimension in enumerate(Dimension):
        left = 0.0
        for level in range(1, 6):
            certain = list(four)
            certain[index] = levels(*[float(other == level) for other in range(1, 6)])
            left += four[index].of(level) * bits(by_trying(certain)[1].values())
        assert found.doubt.get(dimension, 0.0) == pytest.approx(whole - left, abs=1e-7)


@given(st.tuples(*[distributions()] * 4), st.tuples(*[st.integers(1, 5)] * 4))
def test_the_decision_is_that_of_the_scores(four, scores):
    """Whatever the probabilities say, total, band, route and deadlines are those of the scores of record."""
    known = dict(zip(Dimension, four, strict=True))
    with_, without = (decide(reading(scores, given), POLICY, NOW) for given in (known, {}))
    apart = {"likelihood", "questions"}
    assert with_.model_dump(exclude=apart) == without.model_dump(exclude=apart)


def test_nothing_known_nothing_said():
    """Without any level probabilities there is no likelihood, not a certain one."""
    assert measured((3, 3, 3, 3), {}) is None


def test_a_dimension_without_probabilities_is_certain():
    """3 + 3 + 3 and a fourth dimension of 4 or 5: total 13 or 14, nothing else."""
    found = measured((3, 3, 3, 4), {CAPABILITY: levels(0, 0, 0, 0.3, 0.7)})
    assert found.bands[Band.ESCALATE_FOR_SUPPORT] == pytest.approx(0.3)
    assert found.bands[Band.ESCALATE_WITH_URGENCY] == pytest.approx(0.7)
    assert found.most_doubt is CAPABILITY


def test_what_the_csm_set_is_certain():
    """An overruled score no longer carries the model's probabilities; the others do."""
    given = reading((3, 3, 3, 4), {CAPABILITY: levels(0, 0, 0, 0.3, 0.7), IMPACT: levels(0, 0, 0.5, 0.5, 0)})
    found = decide(evidence.overrule(given, {CAPABILITY: 4}), POLICY, NOW).likelihood
    assert found.bands[Band.ESCALATE_FOR_SUPPORT] == pytest.approx(0.5)
    assert list(found.doubt) == [IMPACT]
    assert decide(evidence.overrule(given, {CAPABILITY: 4, IMPACT: 3}), POLICY, NOW).likelihood is None


def test_the_cheapest_band_weighs_too_late_twice():
    """With too mild twice as dear as too severe, 40 % for the severer band already make it the cheaper one."""
    found = measured((3, 3, 3, 4), {CAPABILITY: levels(0, 0, 0, 0.6, 0.4)})
    assert found.cheapest_band is Band.ESCALATE_WITH_URGENCY
    assert measured((3, 3, 3, 4), {CAPABILITY: levels(0, 0, 0, 0.7, 0.3)}).cheapest_band is Band.ESCALATE_FOR_SUPPORT


def test_calibrated_only_if_all_are():
    """One uncalibrated dimension makes the whole a matter of model weights."""
    named, unnamed = levels(0, 0, 0.5, 0.5, 0, calibration="temperature@1"), levels(0, 0, 0.5, 0.5, 0)
    assert measured((3, 3, 3, 3), {IMPACT: named}).calibrated
    assert not measured((3, 3, 3, 3), {IMPACT: named, TIME: unnamed}).calibrated


def test_the_second_opinion_stands_in_where_the_scorer_knows_nothing():
    """Where the scorer gave no probabilities, those of the second opinion are used, and it is said."""
    second = SecondOpinion(model="m", probabilities=Probabilities(csm_capability=levels(0, 0, 0, 0.3, 0.7)))
    alone = grounded((3, 3, 3, 4)).model_copy(update={"second_opinion": second})
    found = decide(alone, POLICY, NOW).likelihood
    assert found.second_opinion
    assert found.bands[Band.ESCALATE_WITH_URGENCY] == pytest.approx(0.7)
    both = reading((3, 3, 3, 4), {IMPACT: levels(0, 0, 1, 0, 0)}).model_copy(update={"second_opinion": second})
    assert not decide(both, POLICY, NOW).likelihood.second_opinion


def test_the_question_whose_answer_changes_most_comes_first():
    """Where probabilities are known, the most doubtful dimension is asked first and a certain one not at all."""
    known = {IMPACT: levels(0, 0.2, 0.8, 0, 0), VALUE: levels(0, 0, 1, 0, 0), CAPABILITY: levels(0.5, 0, 0, 0, 0.5)}
    questions = decide(reading((3, 3, 3, 4), known), POLICY, NOW).questions
    assert questions[0].dimension is CAPABILITY
    assert questions[0].why == "in doubt between 1, 4 and 5"
    assert VALUE not in {q.dimension for q in questions}


def test_what_has_no_probabilities_is_asked_as_ever():
    """A silent dimension of which no probabilities are known comes before every weighed one."""
    fields = {
        TIME: {"basis": Basis.UNSTATED},
        CAPABILITY: {"probabilities": levels(0.5, 0, 0, 0, 0.5), "low_confidence": True},
    }
    questions = decide(grounded((3, 3, 3, 4), score_fields=fields), POLICY, NOW).questions
    assert [q.dimension for q in questions] == [TIME, CAPABILITY]
