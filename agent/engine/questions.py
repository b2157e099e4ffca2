"""What the CSM is asked: only what the text leaves open, and only where it could change the decision."""

from agent.engine.robustness import ScoreOf, bands_over, unstated
from agent.policy import Policy
from agent.schema import Dimension, Question

MOST = 3


def ask(scores: ScoreOf, policy: Policy) -> tuple[Question, ...]:
    """At most three questions, unstated dimensions first; none if no value of the open dimensions changes the band.

    A total is a plain sum: if any open dimension can change the band for some values of the others, each of them can.
    """
    silent = unstated(scores)
    doubtful = tuple([d for d, score in scores.items() if score.low_confidence and d not in silent])
    if not silent + doubtful or len(bands_over(silent + doubtful, scores, policy)) == 1:
        return ()
    asked = [_question(d, scores, policy, why="the text does not say") for d in silent]
    asked += [_question(d, scores, policy, why="read with low confidence") for d in doubtful]
    return tuple(asked[:MOST])


def _question(dimension: Dimension, scores: ScoreOf, policy: Policy, *, why: str) -> Question:
    words = scores[dimension].question or policy.dimensions[dimension].question
    return Question(dimension=dimension, question=words, why=why)
