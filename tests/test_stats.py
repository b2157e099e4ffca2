"""Kappa of counted pairs: the same figure as of the pairs one by one, and an interval that needs no drawing."""

import random
from collections import Counter

import pytest

from agent import stats


def pairs(n, seed):
    """Two raters of that many cases: mostly the same level, sometimes the next."""
    chance = random.Random(seed)
    truth = [chance.choice((1, 2, 3, 3, 4, 5)) for _ in range(n)]
    return [(level, min(5, max(1, level + chance.choice((0, 0, 0, 1, -1))))) for level in truth]


@pytest.mark.parametrize("n", [2, 9, 300])
def test_counted_pairs_have_the_kappa_of_the_pairs(n):
    """Counting first changes nothing."""
    seen = pairs(n, seed=n)
    one_by_one = stats.quadratic_kappa([a for a, _ in seen], [b for _, b in seen], levels=5)
    assert stats.counted_kappa(Counter(seen), levels=5) == pytest.approx(one_by_one)


@pytest.mark.parametrize("n", [60, 400, 2_000])
def test_the_jackknife_is_where_the_bootstrap_is(n):
    """Both intervals of the same pairs agree to a few hundredths, and hold the figure."""
    seen = pairs(n, seed=n)
    drawn = stats.kappa_interval([a for a, _ in seen], [b for _, b in seen], levels=5)
    left_out = stats.counted_kappa_interval(Counter(seen), levels=5)
    assert left_out == pytest.approx(drawn, abs=0.03)
    assert left_out.low <= stats.counted_kappa(Counter(seen), levels=5) <= left_out.high


def test_the_interval_holds_the_true_figure_about_as_often_as_it_says():
    """Of 200 samples of 80 pairs each at 95 %, between 88 and 100 in a hundred hold the figure of the whole population."""
    population = pairs(40_000, seed=1)
    true = stats.counted_kappa(Counter(population), levels=5)
    held = 0
    for start in range(0, 200 * 80, 80):
        interval = stats.counted_kappa_interval(Counter(population[start : start + 80]), levels=5)
        held += interval.low <= true <= interval.high
    assert 176 <= held <= 200


def test_perfect_agreement_has_no_room():
    """Nothing left out makes a difference."""
    assert stats.counted_kappa_interval({(1, 1): 4, (5, 5): 3, (2, 2): 0}, levels=5) == (1.0, 1.0)


def test_one_pair_has_no_interval():
    """Without it nothing is left."""
    with pytest.raises(ValueError, match="two pairs"):
        stats.counted_kappa_interval({(1, 1): 1}, levels=5)
