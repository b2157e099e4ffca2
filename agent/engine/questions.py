"""What the CSM is asked: only what is open, and only where it could change the decision.

Where level probabilities are known, a dimension is open as far as it carries doubt about the band, and the one whose
answer would change the bands' probabilities most is asked first. Where none are known, it is open if the text is
silent on it or if it was read with low confidence.
"""

from agent.engine.robustness import ScoreOf, bands_over, unstated
from agent.policy import LEVELS, Policy
from agent.schema import Dimension, DimensionScore, LevelProbabilities, Likelihood, Question

MOST = 3
LEAST_BITS = 0.1  # below it an answer moves the bands by less than 19 points in 100 on average (Pinsker)


def ask(scores: ScoreOf, policy: Policy, likely: Likelihood | None = None) -> tuple[Question, ...]:
    """At most three questions: what has no probabilities first, unstated before doubtful, then by doubt.

    A total is a plain sum: if any open dimension can change the band for some values of the others, each of them can.
    """
    doubt = likely.doubt if likely else {}
    silent = unstated(scores)
    unknown = [d for d in silent if scores[d].probabilities is None]
    unknown += [d for d, s in scores.items() if s.low_confidence and s.probabilities is None and d not in silent]
    if unknown and len(bands_over(unknown, scores, policy)) == 1 and not doubt:
        unknown = []
    weighed = sorted(
        [d for d, bits in doubt.items() if bits >= LEAST_BITS and d not in unknown], key=lambda d: -doubt[d]
    )
    return tuple([_question(d, scores, policy) for d in (*unknown, *weighed)[:MOST]])


def _question(dimension: Dimension, scores: ScoreOf, policy: Policy) -> Question:
    score = scores[dimension]
    words = score.question or policy.dimensions[dimension].question
    return Question(dimension=dimension, question=words, why=_why(score))


def _why(score: DimensionScore) -> str:
    if score.unstated:
        return "the text does not say"
    if score.probabilities is not None:
        return between(score.probabilities)
    return "read with low confidence" if score.low_confidence else "the second opinion is in doubt"


def between(levels: LevelProbabilities) -> str:
    """The two likeliest levels, in words, the lower one first."""
    first, second = sorted(sorted(LEVELS, key=levels.of)[-2:])
    return f"in doubt between {first} and {second}"
