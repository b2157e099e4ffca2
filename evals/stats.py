"""The statistics of the evals, each a few lines, proved in tests against recorded values of scipy and scikit-learn."""

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import NormalDist, fmean
from typing import NamedTuple, TypeVar

T = TypeVar("T")

CONFIDENCE = 0.95
POWER = 0.8  # how often a true difference is to be found
DRAWS = 1_000
SEED = 20261124
_LEAST_FOR_TWO_DECIMALS, _LEAST_FOR_THREE_DECIMALS = 10, 1_000


class Interval(NamedTuple):
    """Where the true figure lies, at 95 % confidence."""

    low: float
    high: float


def quadratic_kappa(truth: Sequence[int], given: Sequence[int], *, levels: int) -> float:
    """Agreement beyond chance with squared distance as the cost: 1 is perfect, 0 is chance. Levels run from 1."""
    if len(truth) != len(given) or not truth:
        raise ValueError("truth and given must be of the same length, and not empty")
    pairs, rows, columns = Counter(zip(truth, given, strict=True)), Counter(truth), Counter(given)
    span = range(1, levels + 1)
    observed = sum((a - b) ** 2 * pairs[a, b] for a in span for b in span)
    expected = sum((a - b) ** 2 * rows[a] * columns[b] for a in span for b in span) / len(truth)
    return 1.0 if expected == 0 else 1 - observed / expected


def wilson(hits: int, n: int) -> Interval:
    """Interval of a share; sound at the edges and for few cases, where the plain one is not."""
    if not 0 <= hits <= n or n == 0:
        raise ValueError("a share needs 0 <= hits <= n, and n above 0")
    z, share = _z((1 + CONFIDENCE) / 2), hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(0.0, centre - reach), min(1.0, centre + reach))


def bootstrap(items: Sequence[T], statistic: Callable[[Sequence[T]], float], *, seed: int = SEED) -> Interval:
    """Percentile interval of a figure over cases, by drawing the cases anew. The same seed gives the same interval.

    For the difference of two runs an item holds what both made of one case, so that pairs stay pairs.
    """
    if not items:
        raise ValueError("nothing to draw from")
    chance = random.Random(seed)  # noqa: S311 - repeatable draws, no secrets
    figures = sorted(statistic(chance.choices(items, k=len(items))) for _ in range(DRAWS))
    return Interval(_quantile(figures, (1 - CONFIDENCE) / 2), _quantile(figures, (1 + CONFIDENCE) / 2))


def kappa_interval(truth: Sequence[int], given: Sequence[int], *, levels: int) -> Interval:
    """Interval of the quadratic weighted kappa."""
    return bootstrap(list(zip(truth, given, strict=True)), lambda pairs: _kappa(pairs, levels))


def kappa_difference(truth: Sequence[int], first: Sequence[int], second: Sequence[int], *, levels: int) -> Interval:
    """Interval of how much the second run's kappa exceeds the first's, on the same cases in the same order."""

    def gain(rows: Sequence[tuple[int, int, int]]) -> float:
        return _kappa([(t, b) for t, _, b in rows], levels) - _kappa([(t, a) for t, a, _ in rows], levels)

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
    sure, found = _z((1 + CONFIDENCE) / 2), _z(POWER)

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


def _z(probability: float) -> float:
    return NormalDist().inv_cdf(probability)


def _kappa(pairs: Sequence[tuple[int, int]], levels: int) -> float:
    return quadratic_kappa([a for a, _ in pairs], [b for _, b in pairs], levels=levels)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear between the two nearest, as numpy does it."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
