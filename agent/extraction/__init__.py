"""Model call 1: from a situation to a reading. `Scorer` is the port; `hosted` is its form for models that write."""

from typing import Protocol

from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import Reading, Situation


class Scorer(Protocol):
    """Reads a situation against the rubric. One of the two places where a model may speak."""

    def extract(self, situation: Situation, policy: Policy, deadline: Deadline) -> Reading:
        """Score all four dimensions with quotes and reasons. Raises model errors; never invents a score."""
