"""What the embedded judge learns from: labelled texts, each as the product reads it."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent import intake
from agent.embedded import judge, scorer
from agent.schema import IssueType, Situation
from evals import cases

DATASETS = Path(cases.__file__).parent / "datasets"
TRAINING = DATASETS / "training-cases.jsonl"

READ = judge.READ_DIMENSIONS
Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]


class Text(NamedTuple):
    """One labelled text as the product reads it; `golden` marks a case of the tune split.

    `story` is what it has in common with a twin that tells the same and leaves something out.
    """

    text: str
    expected: dict[str, Any]
    unstated: frozenset[str]
    story: str
    golden: bool

    @property
    def situation(self) -> Situation:
        """The text as the product takes it apart."""
        return intake.read_text(self.text)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def labelled() -> list[Text]:
    """The training texts, then the golden cases of `tune`."""
    rows = [json.loads(line) for line in TRAINING.read_text(encoding="utf-8").splitlines()]
    tune = [case for case in cases.load() if case.split is cases.Split.TUNE]
    training = [
        Text(
            text=row["text"],
            expected=row["expected"],
            unstated=frozenset(row["unstated"]),
            story=row.get("story", row["id"]),
            golden=False,
        )
        for row in rows
    ]
    golden = [
        Text(
            text=scorer.text(case.situation),
            expected=case.expected.model_dump(mode="json"),
            unstated=frozenset(case.unstated),
            story=case.id,
            golden=True,
        )
        for case in tune
    ]
    return training + golden


def labels_of(wanted: Sequence[Text]) -> Matrix:
    """One column per head: the levels of the read dimensions, then a 0 or 1 per issue type and per silence."""
    return np.array(
        [
            [text.expected[dimension] for dimension in READ]
            + [float(text.expected["issue_type"] == kind) for kind in IssueType]
            + [float(dimension in text.unstated) for dimension in READ]
            for text in wanted
        ]
    )
