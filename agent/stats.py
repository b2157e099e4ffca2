"""How far two raters agree, each figure a few lines, proved in tests against recorded values of other libraries."""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist
from typing import NamedTuple, TypeVar

T = TypeVar("T")

CONFIDENCE = 0.95
DRAWS = 1_000
SEED = 20261124


class Interval(NamedTuple):
    """Where the true figure lies, at 95 % confidence."""

    low: float
    high: float


def quadratic_kappa(truth: Sequence[int], given: Sequence[int], *, levels: int) -> float:
    """Agreement beyond chance with squared distance as the cost: 1 is perfect, 0 is chance. Levels run from 1."""
    if len(truth) != len(given) or not truth:
        raise ValueError("truth and given must be of the same length, and not empty")
    return counted_kappa(Counter(zip(truth, given, strict=True)), levels=levels)


def counted_kappa(pairs: Mapping[tuple[int, int], int], *, levels: int) -> float:
    """The quadratic weighted kappa of pairs that are counted already: (truth, given) and how often."""
    rows, columns = Counter[int](), Counter[int]()
    for (truth, given), count in pairs.items():
        rows[truth] += count
        columns[given] += count
    span = range(1, levels + 1)
    observed = sum((a - b) ** 2 * count for (a, b), count in pairs.items())
    expected = sum((a - b) ** 2 * rows[a] * columns[b] for a in span for b in span) / rows.total()
    return 1.0 if expected == 0 else 1 - observed / expected


def counted_kappa_interval(pairs: Mapping[tuple[int, int], int], *, levels: int) -> Interval:
    """Interval of the kappa of counted pairs by the jackknife: as quick for a million pairs as for ten.

    Leaving out one pair or its twin gives the same figure, so each kind of pair is left out once.
    """
    known = {pair: count for pair, count in pairs.items() if count}
    n = sum(known.values())
    if n < 2:  # noqa: PLR2004 - without one of two, one is left
        raise ValueError("an interval needs two pairs or more")
    kappa = counted_kappa(known, levels=levels)
    without = {pair: counted_kappa({**known, pair: count - 1}, levels=levels) for pair, count in known.items()}
    mean = sum(count * without[pair] for pair, count in known.items()) / n
    spread = sum(count * (without[pair] - mean) ** 2 for pair, count in known.items())
    reach = z_score((1 + CONFIDENCE) / 2) * math.sqrt(spread * (n - 1) / n)
    return Interval(max(-1.0, kappa - reach), min(1.0, kappa + reach))


def wilson(hits: float, n: float) -> Interval:
    """Interval of a share; sound at the edges and for few cases, where the plain one is not.

    Both may be fractions, where observations that hang together count for less than one each.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError("a share needs 0 <= hits <= n, and n above 0")
    z, share = z_score((1 + CONFIDENCE) / 2), hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(0.0, centre - reach), min(1.0, centre + reach))


def bootstrap(
    items: Sequence[T], statistic: Callable[[Sequence[T]], float], *, seed: int = SEED, draws: int = DRAWS
) -> Interval:
    """Percentile interval of a figure over cases, by drawing the cases anew. The same seed gives the same interval.

    For the difference of two runs an item holds what both made of one case, so that pairs stay pairs.
    """
    if not items:
        raise ValueError("nothing to draw from")
    chance = random.Random(seed)  # noqa: S311 - repeatable draws, no secrets
    figures = sorted(statistic(chance.choices(items, k=len(items))) for _ in range(draws))
    return Interval(_quantile(figures, (1 - CONFIDENCE) / 2), _quantile(figures, (1 + CONFIDENCE) / 2))


def kappa_interval(truth: Sequence[int], given: Sequence[int], *, levels: int, draws: int = DRAWS) -> Interval:
    """Interval of the quadratic weighted kappa."""
    return bootstrap(list(zip(truth, given, strict=True)), lambda pairs: kappa_of(pairs, levels), draws=draws)


def kappa_of(pairs: Sequence[tuple[int, int]], levels: int) -> float:
    """The quadratic weighted kappa of pairs."""
    return quadratic_kappa([a for a, _ in pairs], [b for _, b in pairs], levels=levels)


def z_score(probability: float) -> float:
    return NormalDist().inv_cdf(probability)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear between the two nearest, as numpy does it."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
