"""How near a decision is to another one, and what is not certain about it.

A total is a plain sum, so open dimensions reach every total between the lowest and the highest they can give.
"""

from collections.abc import Collection, Iterator, Mapping

from agent.policy import LEVELS, Policy
from agent.schema import Band, Dimension, DimensionScore, Robustness, TippingPoint

LOWEST, HIGHEST = LEVELS[0], LEVELS[-1]
_BANDS = tuple(Band)  # walking an enum itself takes a microsecond of the engine's fifty
_MILDEST, _SEVEREST = _BANDS[0], _BANDS[-1]

ScoreOf = Mapping[Dimension, DimensionScore]


def unstated(scores: ScoreOf) -> tuple[Dimension, ...]:
    """The dimensions on which the text is silent, in the framework's order."""
    return tuple([dimension for dimension, score in scores.items() if score.unstated])


def bands_over(open_dimensions: Collection[Dimension], scores: ScoreOf, policy: Policy) -> tuple[Band, ...]:
    """Every band that some values of the open dimensions give while the others stay, mildest first."""
    fixed = sum([score.score for dimension, score in scores.items() if dimension not in open_dimensions])
    mildest, severest = fixed + LOWEST * len(open_dimensions), fixed + HIGHEST * len(open_dimensions)
    return _BANDS[_BANDS.index(policy.band(mildest)) : _BANDS.index(policy.band(severest)) + 1]


def measure(scores: ScoreOf, policy: Policy, *, total: int, band: Band) -> Robustness:
    """Distances in points to the neighbouring bands, and every single step of one level that changes the band."""
    rule = policy.bands[band]
    to_milder = None if band is _MILDEST else total - rule.from_ + 1
    to_severer = None if band is _SEVEREST else rule.to - total + 1
    return Robustness(
        points_to_milder=to_milder,
        points_to_severer=to_severer,
        tipping_points=(
            *(_one_step(+1, scores, policy.band(total + 1)) if to_severer == 1 else ()),
            *(_one_step(-1, scores, policy.band(total - 1)) if to_milder == 1 else ()),
        ),
        bands_over_unstated=bands_over(unstated(scores), scores, policy),
    )


def _one_step(step: int, scores: ScoreOf, band: Band) -> Iterator[TippingPoint]:
    for dimension, score in scores.items():
        moved = score.score + step
        if LOWEST <= moved <= HIGHEST:
            yield TippingPoint(dimension=dimension, score=moved, band=band)
