"""The baseline that reads nothing: always the most frequent label of the tune split."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from agent.errors import ConfigurationError
from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import Dimension, Reading, Situation
from evals.against import form
from evals.cases import Case, Split

T = TypeVar("T")

NAME = "constant"


class ConstantScorer:
    """A `Scorer` with one answer. Of labels that are equally frequent the lowest counts."""

    def __init__(self, cases: Iterable[Case]) -> None:
        labels = [case.expected for case in cases if case.split is Split.TUNE]
        if not labels:
            raise ConfigurationError(f"--against {NAME} needs cases of the split '{Split.TUNE}'")
        levels = {d: _most_frequent(sorted(label.level(d) for label in labels)) for d in Dimension}
        issue_type = _most_frequent(sorted(label.issue_type for label in labels))
        why = dict.fromkeys(Dimension, "The most frequent label.")
        self._reading = Reading(extraction=form.extraction(levels, issue_type, reasons=why))

    def extract(self, situation: Situation, policy: Policy, deadline: Deadline) -> Reading:  # noqa: ARG002 - the port
        return self._reading


def _most_frequent(labels: list[T]) -> T:
    return Counter(labels).most_common(1)[0][0]
