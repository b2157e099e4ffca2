"""A call in a thread of its own: what it returns or raises arrives, and nobody has to wait."""

import threading

import pytest

from agent.models import background


def test_what_a_call_returns_arrives() -> None:
    """The outcome is that of the call."""
    assert background.begin(lambda: 4).result(timeout=10) == 4


class Panic(BaseException):
    """What a library written in Rust raises: no `Exception`."""


@pytest.mark.parametrize("kind", [ValueError, Panic])
def test_whatever_it_raises_arrives(kind: type[BaseException]) -> None:
    """Who waits is told at once, and does not wait for an outcome that cannot come."""

    def failing() -> None:
        raise kind("it broke")

    with pytest.raises(kind, match="it broke"):
        background.begin(failing).result(timeout=10)


def test_nobody_has_to_wait() -> None:
    """A call that hangs is left behind, and its thread keeps no process alive."""
    release, before = threading.Event(), set(threading.enumerate())
    outcome = background.begin(release.wait)
    with pytest.raises(TimeoutError):
        outcome.result(timeout=0)
    assert all(thread.daemon for thread in set(threading.enumerate()) - before)
    release.set()
    assert outcome.result(timeout=10)
