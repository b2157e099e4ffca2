"""What every contestant is: anything that answers an item, or says how it failed. Nothing is dropped."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

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
    StoreUnusable,
    TriageError,
)
from agent.schema import Assessment
from evals.items import Item
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


class Contender(Protocol):
    """Anything that answers an item, or says how it failed."""

    def answer(self, item: Item) -> CaseResult: ...


def outcome(error: TriageError) -> Outcome:
    """What becomes of a failure. What is wrong with the set-up is nobody's answer: it is raised and ends the run."""
    if isinstance(error, ConfigurationError | StoreUnusable):
        raise error
    return next(_OUTCOMES[kind] for kind in type(error).__mro__ if kind in _OUTCOMES)


def answered(item: Item, assess: Callable[[Item], Assessment]) -> CaseResult:
    """The result of one item, however it ended, with the seconds and the call that it took."""
    started = time.monotonic()
    about = {"case_id": item.case.id, "variant": item.variant, "repeat": item.repeat}
    try:
        assessment = assess(item)
    except TriageError as error:
        return CaseResult(
            **about, outcome=outcome(error), error=str(error), failed_call=error.call, seconds=_since(started)
        )
    return CaseResult(**about, outcome=Outcome.DONE, assessment=assessment, seconds=_since(started))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
