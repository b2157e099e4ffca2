"""The statistics of the evals, each a few lines, proved in tests against recorded values of scipy and scikit-learn."""

import math
from collections.abc import Sequence
from statistics import fmean

from agent.stats import CONFIDENCE, Interval, bootstrap, kappa_interval, kappa_of, quadratic_kappa, wilson, z_score

__all__ = [
    "Interval",
    "bootstrap",
    "clustered",
    "decimals",
    "kappa_difference",
    "kappa_interval",
    "mcnemar",
    "mean_difference",
    "quadratic_kappa",
    "shown",
    "smallest_difference",
    "wilson",
]

LEAST_FOR_INTERVAL = 5  # cases; drawing fewer anew says nothing about others
LEAST_FOR_CHANGE = 10  # cases of both runs; with fewer the bootstrap finds changes that are none
POWER = 0.8  # how often a true difference is to be found
_LEAST_FOR_TWO_DECIMALS, _LEAST_FOR_THREE_DECIMALS = 10, 1_000


def clustered(cases: Sequence[Sequence[bool]]) -> Interval:
    """Wilson's interval of a share that is counted several times per case, such as four levels or ten quotes.

    What hangs together tells less, so n shrinks by the design effect; where every hit agrees, to the number of cases.
    """
    k, n, hits = len(cases), sum(map(len, cases)), sum(map(sum, cases))
    if k in {1, n} or not 0 < hits < n:
        return wilson(hits * k / n, k) if n else wilson(hits, n)
    share = hits / n
    spread = sum((sum(case) - share * len(case)) ** 2 for case in cases) * k / max(1, k - 1)
    effect = max(1.0, spread / (n * share * (1 - share)))
    return wilson(hits / effect, n / effect)


def kappa_difference(truth: Sequence[int], first: Sequence[int], second: Sequence[int], *, levels: int) -> Interval:
    """Interval of how much the second run's kappa exceeds the first's, on the same cases in the same order."""

    def gain(rows: Sequence[tuple[int, int, int]]) -> float:
        return kappa_of([(t, b) for t, _, b in rows], levels) - kappa_of([(t, a) for t, a, _ in rows], levels)

    return bootstrap(list(zip(truth, first, second, strict=True)), gain)


def mean_difference(first: Sequence[float], second: Sequence[float]) -> Interval:
    """Interval of how much the second run's mean exceeds the first's, on the same cases in the same order."""
    gains = [b - a for a, b in zip(first, second, strict=True)]
    return bootstrap(gains, fmean)


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p that two runs are equally often right, from the cases that only one of them got right."""
    n, fewer = only_first + only_second, min(only_first, only_second)
    tail = sum(math.comb(n, k) for k in range(fewer + 1)) / (1 << n)
    return min(1.0, 2 * tail)


def smallest_difference(n: int, *, churn: float = 0.1) -> float:
    """The smallest difference of two shares that n paired cases show with a power of about 0.8; infinite if none is.

    `churn` is the share of cases on which two equally good runs disagree anyway.
    """
    if n < 1 or not 0 <= churn < 1:
        raise ValueError("needs n above 0 and churn from 0 to below 1")
    sure, found = z_score((1 + CONFIDENCE) / 2), z_score(POWER)

    def enough(gain: float) -> bool:
        disagree = churn + gain
        return gain * math.sqrt(n) >= sure * math.sqrt(disagree) + found * math.sqrt(disagree - gain * gain)

    # Below that many cases, all of them going one way, no exact test can tell anything.
    least = next(k for k in range(1, 100) if mcnemar(0, k) <= 1 - CONFIDENCE) / n
    low, high = 0.0, 1 - churn
    if least > 1 or not enough(high):
        return math.inf
    while high - low > 1 / (10 * n):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return max(high, least)


def decimals(n: int) -> int:
    """How many decimals a figure between 0 and 1 may show: no finer than a fraction of one case."""
    if n < _LEAST_FOR_TWO_DECIMALS:
        return 1
    return 2 if n < _LEAST_FOR_THREE_DECIMALS else 3


def shown(value: float | None, n: int) -> str:
    """A figure for readers, no finer than n cases allow; a dash where there is none."""
    return "–" if value is None else f"{value:.{decimals(n)}f}"
