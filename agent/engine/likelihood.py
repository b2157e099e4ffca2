"""How likely each total and band is, given a probability per level: exact sums, no sampling. Pure.

The four dimensions are taken as independent. That is an assumption: a scorer that reads one dimension too high may
read another too high as well, and then the true distribution is wider than this one. A dimension without
probabilities, or one that the CSM set, counts as certain at its score of record.

The doubt that a dimension carries is the mutual information, in bits, between its level and the band: by so much would
knowing that level lessen the entropy of the band, on average, and by so much would an answer change the bands.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import fsum, log2

from agent.engine.robustness import ScoreOf
from agent.policy import MIN_TOTAL, Policy
from agent.schema import Band, Dimension, Grounded, LevelProbabilities, Likelihood, ScoredBy

Distribution = Sequence[float]

_BANDS = tuple(Band)
_DIMENSIONS = tuple(Dimension)
_NO_BITS = 1e-9  # what rounding leaves of a doubt that is not there
_CERTAIN: tuple[Distribution, ...] = tuple([tuple([float(level == at) for level in range(5)]) for at in range(5)])


def measure(grounded: Grounded, policy: Policy) -> Likelihood | None:
    """Of the scorer's probabilities; where it gave none, of the second opinion's; None where nobody gave any."""
    scores = dict(grounded.scores.items())
    known = {d: score.probabilities for d, score in scores.items() if score.probabilities is not None}
    if known:
        return of(scores, known, policy)
    second = grounded.second_opinion
    heard = {
        dimension: levels
        for dimension, score in scores.items()
        if second and score.scored_by is ScoredBy.MODEL and (levels := second.probabilities.of(dimension))
    }
    return of(scores, heard, policy, second_opinion=True) if heard else None


def of(
    scores: ScoreOf,
    known: Mapping[Dimension, LevelProbabilities],
    policy: Policy,
    *,
    second_opinion: bool = False,
) -> Likelihood:
    """The distribution over totals and bands, the cheapest band, and the doubt that each dimension carries."""
    levels = [known[d].values if d in known else _CERTAIN[scores[d].score - 1] for d in _DIMENSIONS]
    totals = convolve(convolve(levels[0], levels[1]), convolve(levels[2], levels[3]))
    ends = _ends(policy)
    bands = _bands(totals, ends, shift=0)
    return Likelihood.model_construct(  # proven by the parts and by tests: a validation would cost more than the sum
        totals=tuple(totals),
        bands=dict(zip(_BANDS, bands, strict=True)),
        calibrated=all(levels.calibration is not None for levels in known.values()),
        second_opinion=second_opinion,
        cheapest_band=cheapest(bands, policy),
        doubt=_doubts(levels, known, bands, ends),
    )


def convolve(left: Distribution, right: Distribution) -> list[float]:
    """The distribution of the sum of two independent numbers, each counted from its own least."""
    total = [0.0] * (len(left) + len(right) - 1)
    for i, p in enumerate(left):
        if p:
            for j, q in enumerate(right, i):
                total[j] += p * q
    return total


def cheapest(bands: Distribution, policy: Policy) -> Band:
    """The band with the least expected cost by the policy; the more severe one where two cost the same."""
    costs = policy.costs
    under, over = costs.under_per_band, costs.over_per_band
    expected = [
        fsum([p * (under * (true - said) if true > said else over * (said - true)) for true, p in enumerate(bands)])
        for said in range(len(_BANDS))
    ]
    least = min(expected)
    return _BANDS[max([said for said, cost in enumerate(expected) if cost <= least + 1e-12])]


def entropy(distribution: Iterable[float]) -> float:
    """Bits; 0 where one outcome is certain."""
    return -sum([p * log2(p) for p in distribution if p > 0])


def _ends(policy: Policy) -> tuple[int, ...]:
    """How many totals, from the lowest on, belong to each band or a milder one."""
    return tuple([policy.bands[band].to - MIN_TOTAL + 1 for band in _BANDS])


def _bands(totals: Distribution, ends: Sequence[int], *, shift: int) -> list[float]:
    """The bands of totals that are `shift` points higher than they stand."""
    below = [0.0, *accumulate(totals)]
    last = len(totals)
    upto = [below[min(max(end - shift, 0), last)] for end in ends]
    return [min(max(b - a, 0.0), 1.0) for a, b in zip([0.0, *upto], upto, strict=False)]


def _doubts(
    levels: Sequence[Distribution],
    known: Mapping[Dimension, LevelProbabilities],
    bands: Distribution,
    ends: Sequence[int],
) -> dict[Dimension, float]:
    """The bits that each uncertain dimension carries; the band's own entropy less what is left of it, on average."""
    whole = entropy(bands)
    if whole == 0:
        return {}
    halves = convolve(levels[2], levels[3]), convolve(levels[0], levels[1])
    doubts: dict[Dimension, float] = {}
    for index, dimension in enumerate(_DIMENSIONS):
        if dimension in known:
            rest = convolve(halves[index // 2], levels[index ^ 1])
            left = [p * entropy(_bands(rest, ends, shift=level)) for level, p in enumerate(levels[index]) if p]
            if (bits := whole - fsum(left)) > _NO_BITS:
                doubts[dimension] = bits
    return doubts
