"""A call in a thread of its own, so that nobody has to wait for it longer than he wants to."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

R = TypeVar("R")


def begin(call: Callable[[], R]) -> Future[R]:
    """What the call will return or raise. A run that ends does not wait for it."""
    outcome: Future[R] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        # Whatever it is, it belongs to the one who waits, who would wait in vain otherwise. A panic of a library that
        # is written in Rust, as the parsers of answers are, is no `Exception`.
        except BaseException as error:  # noqa: BLE001 - handed on, never swallowed
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome
