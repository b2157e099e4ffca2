"""The second opinion beside the scores of record. It is shown and warned of; it never moves them."""

from agent.policy import Policy
from agent.schema import Comparison, Grounded, ScoredBy

_LEVELS_APART = 2


def compare(grounded: Grounded, policy: Policy) -> Comparison | None:
    """Its likeliest levels, and the band they would give; None where it answered about no dimension.

    What the CSM scored is not compared: a person has decided it.
    """
    second = grounded.second_opinion
    if second is None:
        return None
    heard = {
        dimension: levels.likeliest for dimension, _ in grounded.scores.items()
        if (levels := second.probabilities.of(dimension)) is not None
    }  # fmt: skip
    if not heard:
        return None
    open_ = {d: level for d, level in heard.items() if grounded.scores.of(d).scored_by is ScoredBy.MODEL}
    total = sum([open_.get(dimension, score.score) for dimension, score in grounded.scores.items()])
    return Comparison(
        levels=heard,
        total=total,
        band=policy.band(total),
        apart=tuple([d for d, level in open_.items() if abs(level - grounded.scores.of(d).score) >= _LEVELS_APART]),
    )
