"""Ctrl-C: one line and exit code 130, at whatever moment of a run it comes."""

import os
import signal
import sys
from threading import Event
from types import FrameType

from agent.errors import ExitCode


def end() -> None:
    """End the process at once: nothing waits for what it was doing."""
    os.write(2, b"triage: interrupted\n")
    os._exit(ExitCode.INTERRUPTED)


def ends_at_once() -> None:
    """From now on Ctrl-C ends the process: while modules are imported there is nothing to put in order first."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a job in the background ignores Ctrl-C
        signal.signal(signal.SIGINT, lambda *_: end())


def raises() -> Event:
    """From now on Ctrl-C raises KeyboardInterrupt; the event tells that it came, whatever a library made of it.

    Raised in a finaliser, Python could only report it and go on: the run ends there.
    """
    came, report = Event(), sys.unraisablehook

    def interrupt(_: int, __: FrameType | None) -> None:
        came.set()
        raise KeyboardInterrupt

    def lost(unraisable: "sys.UnraisableHookArgs") -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            end()
        report(unraisable)

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = lost
    return came
