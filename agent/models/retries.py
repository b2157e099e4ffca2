"""What is tried again, and when. The one module that imports tenacity.

A failed transport is tried again, and an answer that does not fit its schema is asked for again: never both on one
failure, and both only until the run's deadline.
"""

import tenacity
from pydantic import ValidationError

from agent.errors import DeadlineExceeded, ModelUnavailable
from agent.models.client import TRIES, asked_to_wait
from agent.models.port import Deadline

_BACKOFF = tenacity.wait_random_exponential(multiplier=0.5, max=8)
_LONGEST_PAUSE_SECONDS = 60.0


def over_transport(deadline: Deadline, *, call_seconds: float) -> tenacity.Retrying:
    """A request that failed for now, up to four times; one that hangs for all its time gets a second chance only."""

    def pause(state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        if failure is None or state.attempt_number >= TRIES:
            return 0
        asked = asked_to_wait(failure)
        return _bearable(_BACKOFF(state) if asked is None else asked, failure, deadline)

    later = tenacity.retry_if_exception_type(ModelUnavailable)
    return tenacity.Retrying(
        retry=later & tenacity.retry_if_not_exception_type(DeadlineExceeded),
        stop=tenacity.stop_after_attempt(TRIES) | tenacity.stop_after_delay(1.5 * call_seconds),
        wait=pause,
        reraise=True,
    )


def re_ask_once() -> tenacity.Retrying:
    """The model sees what was wrong with its answer, and answers once more."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(ValidationError), stop=tenacity.stop_after_attempt(2), reraise=True
    )


def _bearable(seconds: float, failure: BaseException, deadline: Deadline) -> float:
    """The pause, where it is one that somebody waits out. Raises ModelUnavailable where it is not."""
    remaining = deadline.remaining()
    if remaining is not None and seconds >= remaining:
        raise DeadlineExceeded(f"{failure}; the next try, in {seconds:.0f} s, is past the run's --deadline")
    if seconds > _LONGEST_PAUSE_SECONDS:
        raise ModelUnavailable(f"{failure}; it asks to wait {seconds:.0f} s")
    return seconds
