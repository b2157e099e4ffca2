"""What the CSM is asked: only what is open, and only where it could change the decision.

Where level probabilities are known, a dimension is open as far as it carries doubt about the band, and the one whose
answer would change the bands' probabilities most is asked first; if another band than that of the scores is the
likeliest, every doubt counts. Where none are known, it is open if the text is silent on it or if it was read with low
confidence. So it is wherever the second opinion is two levels away.
"""

from agent.engine.robustness import ScoreOf, bands_over, unstated
from agent.policy import LEVELS, Policy
from agent.schema import Comparison, Dimension, DimensionScore, Level, LevelProbabilities, Likelihood, Question

MOST = 3
LEAST_BITS = 0.1  # below it an answer moves the bands by less than 19 points in 100 on average (Pinsker)


def ask(
    scores: ScoreOf, policy: Policy, likely: Likelihood | None = None, beside: Comparison | None = None
) -> tuple[Question, ...]:
    """At most three questions: what nobody weighed first, unstated before doubtful, then by doubt.

    A total is a plain sum: if any open dimension can change the band for some values of the others, each of them can.
    """
    doubt = _worth_asking(scores, policy, likely) if likely else {}
    apart = beside.apart if beside else ()
    silent = unstated(scores)
    unknown = [d for d in silent if scores[d].probabilities is None]
    unknown += [d for d in apart if d not in unknown]
    unknown += [d for d, s in scores.items() if s.low_confidence and s.probabilities is None and d not in unknown]
    if unknown and len(bands_over(unknown, scores, policy)) == 1 and not doubt:
        unknown = []
    weighed = sorted([d for d in doubt if d not in unknown], key=lambda d: -doubt[d])
    return tuple([_question(d, scores[d], policy, beside) for d in (*unknown, *weighed)[:MOST]])


def _worth_asking(scores: ScoreOf, policy: Policy, likely: Likelihood) -> dict[Dimension, float]:
    """What carries doubt enough, and where another decision is the likeliest, whatever carries any."""
    likeliest = max(likely.bands, key=lambda band: likely.bands[band])
    agrees = likeliest is policy.band(sum([score.score for score in scores.values()]))
    return {d: bits for d, bits in likely.doubt.items() if bits >= LEAST_BITS or not agrees}


def _question(dimension: Dimension, score: DimensionScore, policy: Policy, beside: Comparison | None) -> Question:
    words = score.question or policy.dimensions[dimension].question
    apart = beside.levels[dimension] if beside and dimension in beside.apart else None
    return Question(dimension=dimension, question=words, why=_why(score, apart))


def _why(score: DimensionScore, apart: Level | None) -> str:
    """`apart` is the second opinion's level where it is far from the score of record."""
    if score.unstated:
        return "the text does not say"
    if apart is not None:
        return f"read as {score.score}, and as {apart} by the second opinion"
    if score.probabilities is not None:
        return between(score.probabilities, score.score)
    return "read with low confidence" if score.low_confidence else "the second opinion is in doubt"


def between(levels: LevelProbabilities, of_record: Level) -> str:
    """The two likeliest levels and the score of record, in words, the lowest first."""
    open_ = sorted({*sorted(LEVELS, key=levels.of)[-2:], of_record})
    return f"in doubt between {', '.join(map(str, open_[:-1]))} and {open_[-1]}"
