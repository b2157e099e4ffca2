"""Do probabilities come true as often as they say? Brier score, expected calibration error, and the bins of a plot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from agent.policy import Policy
from agent.schema import Assessment, Band, Dimension
from evals.cases import Case

BINS = 10
BAND = "band"


@dataclass(frozen=True)
class Told:
    """One distribution and which of its outcomes came true, counted from 0."""

    shares: tuple[float, ...]
    true: int

    @property
    def confidence(self) -> float:
        """The share of the likeliest outcome."""
        return max(self.shares)

    @property
    def right(self) -> bool:
        """True where the likeliest outcome is the one that came true."""
        return self.shares.index(self.confidence) == self.true


@dataclass(frozen=True)
class Bin:
    """Readings of a similar confidence: what they said on average, and how often they were right."""

    said: float
    came_true: float
    n: int


def brier(told: Told) -> float:
    """Squared distance of a distribution from what came true: 0 is certain and right, 2 certain and wrong."""
    return sum((share - (at == told.true)) ** 2 for at, share in enumerate(told.shares))


def calibration_error(told: Sequence[Told]) -> float:
    """By how much confidence and hits differ in a bin, on average over the readings."""
    return sum(one.n * abs(one.said - one.came_true) for one in bins(told)) / len(told)


def bins(told: Iterable[Told]) -> tuple[Bin, ...]:
    """Ten bins of equal width by the likeliest outcome's share; empty ones are left out."""
    filled: dict[int, list[Told]] = {}
    for one in told:
        filled.setdefault(min(int(one.confidence * BINS), BINS - 1), []).append(one)
    return tuple(
        Bin(said=fmean(t.confidence for t in group), came_true=fmean(t.right for t in group), n=len(group))
        for _, group in sorted(filled.items())
    )


def collect(answered: Iterable[tuple[Case, Assessment]], policy: Policy) -> dict[str, list[Told]]:
    """Every distribution of the answers by what it is about: the four dimensions and the band."""
    found: dict[str, list[Told]] = {name: [] for name in (*Dimension, BAND)}
    order = list(Band)
    for case, given in answered:
        for dimension, score in given.scores.items():
            if levels := score.probabilities:
                found[dimension].append(Told(levels.values, case.expected.level(dimension) - 1))
        if (likely := given.likelihood) and not likely.second_opinion:
            right = order.index(policy.band(case.expected.total))
            found[BAND].append(Told(tuple(likely.bands[band] for band in order), right))
    return found
