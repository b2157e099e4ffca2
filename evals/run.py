"""Cases through the product's own pipeline: what a user would get, or how it failed. Nothing is dropped."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Protocol

from agent import triage
from agent.cli.wiring import Minds
from agent.errors import (
    ConfigurationError,
    DeadlineExceeded,
    InputError,
    ModelInvalid,
    ModelRefused,
    ModelRejected,
    ModelTruncated,
    ModelUnavailable,
    ModelUnusable,
    ReplayError,
    TriageError,
)
from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import Assessment, Signature
from evals.items import Item
from evals.kept import Kept
from evals.results import CaseResult, Outcome

_OUTCOMES: Mapping[type[TriageError], Outcome] = {
    InputError: Outcome.INVALID,
    ReplayError: Outcome.UNAVAILABLE,
    ModelRejected: Outcome.REJECTED,
    ModelUnusable: Outcome.INVALID,
    ModelRefused: Outcome.REFUSED,
    ModelTruncated: Outcome.TRUNCATED,
    ModelInvalid: Outcome.INVALID,
    ModelUnavailable: Outcome.UNAVAILABLE,
    DeadlineExceeded: Outcome.TIMED_OUT,
}

OnResult = Callable[[CaseResult], None]


class Contender(Protocol):
    """Anything that answers an item, or says how it failed."""

    def answer(self, item: Item) -> CaseResult: ...


def outcome(error: TriageError) -> Outcome:
    """What becomes of a failure. A ConfigurationError is nobody's answer: it is raised again and ends the run."""
    if isinstance(error, ConfigurationError):
        raise error
    return next(_OUTCOMES[kind] for kind in type(error).__mro__ if kind in _OUTCOMES)


@dataclass(frozen=True)
class Pipeline:
    """The product as every item of a run meets it."""

    minds_for: Callable[[Item], Minds]
    policy: Policy
    deadline_seconds: float | None = None

    def answer(self, item: Item) -> CaseResult:
        """One item, from its text to an assessment or to the way it failed."""
        started = time.monotonic()
        about = {"case_id": item.case.id, "variant": item.variant, "repeat": item.repeat}
        try:
            assessment = self._assess(item, started)
        except TriageError as error:
            seconds = round(time.monotonic() - started, 3)
            return CaseResult(**about, outcome=outcome(error), error=str(error), seconds=seconds)
        except Exception as error:
            error.add_note(f"while triaging the case '{item.case.id}' ({item.variant})")
            raise
        return CaseResult(**about, outcome=Outcome.DONE, assessment=assessment, seconds=assessment.provenance.seconds)

    def _assess(self, item: Item, started: float) -> Assessment:
        limit, situation, minds = Deadline(self.deadline_seconds), item.situation, self.minds_for(item)
        case = triage.judge(
            situation,
            minds.scorer,
            policy=self.policy,
            now=item.case.now,
            context_characters=minds.context_characters,
            deadline=limit,
        )
        wording = triage.word(
            case,
            minds.drafter,
            minds.plain,
            language=situation.language or "en",
            signature=Signature(),
            deadline=limit,
        )
        return triage.assemble(
            case,
            wording,
            model=minds.reference,
            embedded=minds.embedded,
            remote=minds.remote,
            seconds=time.monotonic() - started,
        )


def gather(
    items: Sequence[Item], contender: Contender, *, kept: Kept, concurrency: int, on_result: OnResult
) -> tuple[CaseResult, ...]:
    """The results of all items in their order; those that were kept are not run again."""
    results: dict[int, CaseResult] = {}
    waiting: dict[int, Item] = {}
    for number, item in enumerate(items):
        found = kept.find(item)
        if found is None:
            waiting[number] = item
        else:
            results[number] = found

    def run(item: Item) -> CaseResult:
        result = contender.answer(item)
        kept.keep(item, result)
        return result

    pool = ThreadPoolExecutor(concurrency)
    try:
        numbers = {pool.submit(run, item): number for number, item in waiting.items()}
        for done in as_completed(numbers):
            results[numbers[done]] = done.result()
            on_result(done.result())
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C: what runs is finished and kept, nothing else is started
    return tuple(results[number] for number in range(len(items)))
