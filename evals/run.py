"""Cases through the product's own pipeline: what a user would get, or how it failed. Nothing is dropped."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from agent import triage
from agent.calibration import CalibrationMap
from agent.cli.wiring import Minds
from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import Assessment, Signature
from evals.contender import Contender, answered
from evals.items import Item
from evals.kept import Kept
from evals.results import CaseResult

OnResult = Callable[[CaseResult], None]


@dataclass(frozen=True)
class Pipeline:
    """The product as every item of a run meets it."""

    minds_for: Callable[[Item], Minds]
    policy: Policy
    deadline_seconds: float | None = None
    calibration: CalibrationMap | None = None

    def answer(self, item: Item) -> CaseResult:
        """One item, from its text to an assessment or to the way it failed."""
        return answered(item, self._assess)

    def _assess(self, item: Item) -> Assessment:
        minds = self.minds_for(item)  # a model is loaded when it is first asked, and no case's time runs meanwhile
        started = time.monotonic()
        limit, situation = Deadline(self.deadline_seconds), item.situation
        case = triage.judge(
            situation,
            minds.scorer,
            policy=self.policy,
            now=item.case.now,
            context_characters=minds.context_characters,
            deadline=limit,
            calibration=self.calibration,
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
            number = numbers[done]
            if bug := done.exception():
                bug.add_note(f"while triaging the case '{items[number].case.id}' ({items[number].variant})")
            results[number] = done.result()
            on_result(results[number])
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C: what runs is finished and kept, nothing else is started
    return tuple(results[number] for number in range(len(items)))
