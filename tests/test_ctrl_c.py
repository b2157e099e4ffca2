"""Ctrl-C ends a run in one line and with 130, whenever it comes."""

import signal
import subprocess
import sys

import pytest


def interrupted(code: str) -> tuple[int, bytes]:
    """How a program ends that is told to say when it is ready, and then gets Ctrl-C."""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    ) as run:  # fmt: skip
        assert run.stdout.readline() == b"ready\n"
        run.send_signal(signal.SIGINT)
        return run.wait(timeout=30), run.stderr.read()


WAIT = "print('ready', flush=True); import time; time.sleep(20)"


def test_while_modules_are_imported_the_process_just_ends() -> None:
    """Nothing is half done yet, and an interrupted import has many voices."""
    code = f"from agent import ctrl_c; ctrl_c.ends_at_once()\n{WAIT}"
    assert interrupted(code) == (130, b"triage: interrupted\n")


def test_an_interrupt_that_python_would_lose_ends_the_run() -> None:
    """What is raised in a finaliser is only reported, and the program goes on as if nothing had come."""
    code = f"""
from agent import ctrl_c
ctrl_c.raises()
class Slow:
    def __del__(self):
        {WAIT}
slow = Slow()
del slow
print("went on")
"""
    assert interrupted(code) == (130, b"triage: interrupted\n")


def test_an_interrupt_of_which_a_library_made_something_else_is_told_apart() -> None:
    """The event says that Ctrl-C came, also where the exception that arrives is another one."""
    code = f"""
from agent import ctrl_c
came = ctrl_c.raises()
try:
    try:
        {WAIT}
    except KeyboardInterrupt as error:
        raise ValueError("broken") from error
except ValueError:
    raise SystemExit(7 if came.is_set() else 1)
"""
    assert interrupted(code) == (7, b"")


@pytest.mark.parametrize("prepared", ["ends_at_once", "raises"])
def test_a_job_in_the_background_goes_on_ignoring_it(prepared: str) -> None:
    """A shell starts such jobs so that the Ctrl-C that is meant for another one leaves them alone."""
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from agent import ctrl_c; "
        f"ctrl_c.{prepared}(); print('ready', flush=True); signal.raise_signal(signal.SIGINT); raise SystemExit(3)"
    )
    assert interrupted(code)[0] == 3
