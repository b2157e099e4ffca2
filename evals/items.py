"""What is run: cases, their repeats, their attacked forms; and a subset that stands for the whole."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.policy import Policy
from agent.schema import Situation
from evals.cases import Case

CLEAN = "clean"
ALL = "all"  # beside the names of the splits


@dataclass(frozen=True)
class Item:
    """One text to triage: a case as it stands, or its attacked copy; `repeat` counts from 1."""

    case: Case
    variant: str = CLEAN
    repeat: int = 1

    @property
    def situation(self) -> Situation:
        """The text as the product reads it. Raises InputError where it cannot be read."""
        return self.case.situation

    @property
    def digest(self) -> str:
        """sha256 of all that the answer depends on: an answer is good as long as this stays the same."""
        about = (self.case.id, self.variant, self.repeat, self.case.now.isoformat(), self.case.text)
        return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def clean(cases: Iterable[Case], *, repeat: int = 1) -> tuple[Item, ...]:
    """Every case as it stands, `repeat` times; the first round of all comes before the second of any."""
    kept = tuple(cases)
    return tuple(Item(case, repeat=n) for n in range(1, repeat + 1) for case in kept)


def stratified(cases: Sequence[Case], limit: int | None, policy: Policy) -> tuple[Case, ...]:
    """At most `limit` cases, spread over bands, issue types and languages; always the same ones."""
    if limit is None or limit >= len(cases):
        return tuple(cases)

    def stratum(case: Case) -> tuple[object, ...]:
        expected = case.expected
        band = policy.band(expected.total).severity
        return band, expected.issue_type, case.customer_language, hashlib.sha256(case.id.encode()).hexdigest()

    ordered = sorted(cases, key=stratum)
    chosen = {ordered[int((n + 0.5) * len(ordered) / limit)].id for n in range(limit)}
    return tuple(case for case in cases if case.id in chosen)


def dataset_digest(cases: Iterable[Case]) -> str:
    """sha256 of the cases, their labels included, whatever order they are read in."""
    dumped = sorted(case.model_dump_json() for case in cases)
    return hashlib.sha256("\n".join(dumped).encode()).hexdigest()
