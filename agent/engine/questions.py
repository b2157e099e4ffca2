"""What the CSM is asked: only what the text leaves open, and only where it could change the decision."""

from agent.engine.robustness import bands_over, unstated
from agent.policy import Policy
from agent.schema import Dimension, Question, Scores

MOST = 3


def ask(scores: Scores, policy: Policy) -> tuple[Question, ...]:
    """At most three questions, unstated dimensions first; none if no value of the open dimensions changes the band."""
    silent = unstated(scores)
    doubtful = tuple(d for d, score in scores.items() if score.low_confidence and d not in silent)
    if len(bands_over(silent + doubtful, scores, policy)) == 1:
        return ()
    asked = [_question(d, scores, policy, why="the text does not say") for d in silent]
    asked += [_question(d, scores, policy, why="read with low confidence") for d in doubtful]
    return tuple(asked[:MOST])


def _question(dimension: Dimension, scores: Scores, policy: Policy, *, why: str) -> Question:
    words = scores.of(dimension).question or policy.dimensions[dimension].question
    return Question(dimension=dimension, question=words, why=why)
