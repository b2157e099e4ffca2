"""What happens at a terminal: progress on stderr, and the few questions whose answers could change the decision."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.prompt import IntPrompt
from rich.status import Status
from rich.table import Table

from agent.policy import LEVELS, Policy
from agent.schema import Decision, Dimension, Level, Question

errors = Console(stderr=True, highlight=False)


def can_ask() -> bool:
    """True only where a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


class Stages:
    """Tells on stderr which stage runs; silent where stderr is not a terminal."""

    def __init__(self) -> None:
        self._status: Status | None = None

    def tell(self, stage: str) -> None:
        if not errors.is_terminal:
            return
        if self._status is None:
            self._status = errors.status(f"{stage} …")
            self._status.start()
        self._status.update(f"{stage} …")

    def done(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None


@contextmanager
def stages() -> Iterator[Stages]:
    """Stages whose spinner never outlives an error or Ctrl-C."""
    told = Stages()
    try:
        yield told
    finally:
        told.done()


class Assembling:
    """A progress bar for the one time the weights are put together."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("assembling the model"), BarColumn(), DownloadColumn(), console=errors, transient=True
        )
        self._task = self._bar.add_task("assembling", total=None)

    def __call__(self, done: int, total: int) -> None:
        if not errors.is_terminal:
            return
        self._bar.start()
        self._bar.update(self._task, completed=done, total=total)
        if done >= total:
            self._bar.stop()


def ask(question: Question, decision: Decision, prefilled: Level, policy: Policy) -> Level | None:
    """The CSM's answer. Enter accepts what is pre-filled; Ctrl-D leaves it as it was read, by nobody's word: None."""
    errors.print(f"\nSo far: [bold]{escape(decision.label)}[/bold] ({decision.total} of 20).")
    try:
        return ask_level(policy, question.dimension, prefilled=prefilled, words=question.question, why=question.why)
    except EOFError:
        errors.print("left as it was read")
        return None


def ask_level(
    policy: Policy, dimension: Dimension, *, prefilled: Level | None, words: str | None = None, why: str = ""
) -> Level:
    """One plain question with the level definitions as choices."""
    rule = policy.dimensions[dimension]
    heading = f"[bold]{escape(words or rule.question)}[/bold]"
    errors.print(f"\n{heading} [dim]({escape(rule.label)}{'; ' + escape(why) if why else ''})[/dim]")
    levels = Table.grid(padding=(0, 2, 0, 0))
    for level, definition in rule.levels.items():
        levels.add_row(f" {'[bold green]>[/bold green]' if level == prefilled else ' '} {level}", escape(definition))
    errors.print(levels)
    return ask_number("1-5" if prefilled is None else "1-5, Enter accepts", highest=max(LEVELS), default=prefilled)


class _Number(IntPrompt):
    """A Ctrl-D too many behind a paste waits in the terminal as a sign of its own; it is no part of an answer."""

    @classmethod
    def get_input(cls, *asked: Any, **how: Any) -> str:  # noqa: ANN401 - as rich calls it
        return super().get_input(*asked, **how).lstrip("\x04\x00")


def ask_number(words: str, *, highest: int, default: int | None = None) -> int:
    """A whole number from 1 to `highest`; asks again until it is one. Raises EOFError at Ctrl-D."""
    choices = [str(number) for number in range(1, highest + 1)]
    if default is None:
        return _Number.ask(words, console=errors, choices=choices, show_choices=False)
    return _Number.ask(words, console=errors, choices=choices, show_choices=False, default=default)
