import math
from statistics import fmean

import pytest

from evals import stats

# Labels and answers of 36 made-up cases, and a second, worse run on them.
TRUTH = [5, 4, 4, 5, 3, 4, 5, 2, 1, 2, 2, 5, 5, 1, 3, 5, 1, 4, 1, 3, 5, 2, 2, 2, 4, 2, 5, 3, 3, 3, 3, 3, 3, 5, 5, 4]
GIVEN = [5, 4, 4, 5, 3, 3, 5, 1, 2, 2, 1, 4, 5, 1, 2, 5, 2, 4, 2, 4, 5, 2, 2, 2, 3, 2, 5, 2, 4, 2, 2, 2, 4, 5, 5, 3]
WORSE = [5, 3, 4, 3, 4, 5, 5, 1, 1, 1, 4, 5, 3, 1, 5, 5, 2, 5, 1, 4, 5, 1, 1, 2, 5, 2, 5, 5, 4, 2, 4, 3, 1, 3, 5, 3]


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 12, 0.0, 0.242494),
        (7, 36, 0.097531, 0.35028),
        (36, 36, 0.903581, 1.0),
        (29, 34, 0.698719, 0.935506),
        (100, 1000, 0.082909, 0.120152),
    ],
)
def test_wilson(hits, n, low, high):
    """The interval of a share is Wilson's."""
    # scipy 1.17: binomtest(hits, n).proportion_ci(0.95, method="wilson")
    assert stats.wilson(hits, n) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (3, 2), (-1, 4)])
def test_no_share_no_interval(hits, n):
    """A share of nothing, or above one, is refused."""
    with pytest.raises(ValueError, match="share"):
        stats.wilson(hits, n)


def test_kappa():
    """Kappa is the quadratic weighted one of scikit-learn."""
    # scikit-learn 1.9: cohen_kappa_score(a, b, labels=[1, 2, 3, 4, 5], weights="quadratic")
    assert stats.quadratic_kappa(TRUTH, GIVEN, levels=5) == pytest.approx(0.8725)
    assert stats.quadratic_kappa(TRUTH, WORSE, levels=5) == pytest.approx(0.71875)


@pytest.mark.parametrize(
    ("mine", "low", "high"),
    [
        (lambda: stats.kappa_interval(TRUTH, GIVEN, levels=5), 0.7928, 0.9231),
        (lambda: stats.kappa_difference(TRUTH, WORSE, GIVEN, levels=5), 0.0343, 0.3180),
        (
            lambda: stats.mean_difference(
                [abs(a - b) for a, b in zip(TRUTH, GIVEN, strict=True)],
                [abs(a - b) for a, b in zip(TRUTH, WORSE, strict=True)],
            ),
            0.0833,
            0.6111,
        ),
    ],
)
def test_bootstrap_against_scipy(mine, low, high):
    """The bootstrap is the percentile one, and pairs of two runs stay pairs."""
    # scipy 1.17: bootstrap(data, statistic, paired=True, method="percentile", n_resamples=5000, rng=1)
    assert mine() == pytest.approx((low, high), abs=0.03)


def test_bootstrap_is_repeatable():
    """The same seed gives the same interval, another seed another one."""
    once, again = stats.bootstrap(GIVEN, fmean), stats.bootstrap(GIVEN, fmean)
    assert once == again != stats.bootstrap(GIVEN, fmean, seed=1)


def test_bootstrap_of_nothing():
    """Without cases there is no interval."""
    with pytest.raises(ValueError, match="nothing"):
        stats.bootstrap([], fmean)


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [(0, 5, 0.0625), (0, 6, 0.03125), (1, 9, 0.021484375), (4, 4, 1.0), (3, 12, 0.03515625), (0, 0, 1.0)],
)
def test_mcnemar(first, second, p):
    """McNemar's test is the exact one, on discordant cases alone, and does not care which run is first."""
    # scipy 1.17: binomtest(first, first + second, 0.5).pvalue
    assert stats.mcnemar(first, second) == pytest.approx(p)
    assert stats.mcnemar(second, first) == pytest.approx(p)


@pytest.mark.parametrize(("n", "difference"), [(34, 0.289621), (72, 0.168205), (500, 0.048104)])
def test_smallest_difference(n, difference):
    """What n pairs can show at 95 % confidence with power 0.8, a tenth of the cases differing anyway."""
    # scipy 1.17: brentq(d sqrt(n) - za sqrt(0.1 + d) - zb sqrt(0.1 + d - d^2)), za = norm.ppf(0.975), zb = norm.ppf(0.8).
    # 4000 simulated runs at these differences were found by the exact test 0.75, 0.76 and 0.77 of the time.
    assert stats.smallest_difference(n) == pytest.approx(difference, abs=1 / (10 * n))


def test_few_cases_show_nothing():
    """Six cases that all go one way are the least that can be told from chance; five cases show nothing at all."""
    assert stats.smallest_difference(5, churn=0) == math.inf
    assert stats.smallest_difference(6, churn=0) == 1


@pytest.mark.parametrize(
    ("value", "n", "words"),
    [(0.61111, 36, "0.61"), (0.61111, 6, "0.6"), (0.61111, 2000, "0.611"), (None, 0, "–"), (2.46, 28, "2.46")],
)
def test_no_false_precision(value, n, words):
    """No figure is shown finer than its number of cases allows."""
    assert stats.shown(value, n) == words


@pytest.mark.parametrize(
    ("cases", "low", "high"),
    [
        ([(True,)] * 7 + [(False,)] * 29, 0.097531, 0.35028),  # as Wilson's, one hit a case
        ([(True, True, True, True)] * 18 + [(False, False, False, False)] * 16, 0.367, 0.686),  # 34 cases, not 136
        ([(True, False)] * 20, 0.352, 0.648),  # spread more evenly than by chance: no less than 40 coins
        ([(True, False) * 5], 0.055, 0.945),  # one case, whatever it holds
        ([(True,) * 6] * 34, 0.898, 1.0),  # nothing missed in 34 cases, whatever each holds
    ],
)
def test_what_hangs_together_counts_as_one(cases, low, high):
    """Four levels of one case are not four cases: the interval is about as wide as a bootstrap over cases makes it."""
    # statsmodels: proportion_confint(hits, n, method="wilson") of 7 in 36, 18 in 34, 20 in 40 and 34 in 34
    assert stats.clustered(cases) == pytest.approx((low, high), abs=0.003)
