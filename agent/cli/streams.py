"""What goes in and out of the commands: a situation in, an assessment out in one of three forms."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer
from rich.console import Console

from agent import intake, report
from agent.cli import pasting
from agent.cli import settings as user_settings
from agent.cli.options import Format
from agent.errors import ConfigurationError, InputError
from agent.policy import Policy
from agent.schema import AccountContext, Assessment, OwnCompany, Situation

LONGEST_READING_SECONDS = 60
_STDIN = "-"


class Pipe(Console):
    """A console on standard output whose closed pipe ends the run as any other output's does."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(width: int | None = None) -> Console:
    """Where people read: no automatic highlighting of numbers and paths."""
    return Pipe(highlight=False, width=width)


def style(asked: Format | None) -> Format:
    """The form that was asked for; else what suits where the output goes."""
    return asked or (Format.TERMINAL if sys.stdout.isatty() else Format.MARKDOWN)


def read(files: Sequence[str] | None, context: AccountContext, *, clipboard: bool = False) -> Situation:
    """The one situation in the files, the clipboard, a pipe or the terminal."""
    named = list(dict.fromkeys(files or ()))  # the same file twice is one file
    if (files or []).count(_STDIN) > 1:
        raise ConfigurationError("- (standard input) can be read only once; name it once, and the rest as files")
    if clipboard and _STDIN in named:
        raise ConfigurationError("--clipboard and - exclude each other; save one of the two as a file and name it")
    gathered = [("the clipboard", _copied())] if clipboard else []
    gathered += [_gathered(name) for name in named or ([] if clipboard else [_STDIN])]
    with _limited_time():
        return intake.read_files(gathered, context=context, company=_own_company())


def _own_company() -> OwnCompany:
    """Whose people are us, as far as the settings say."""
    settings = user_settings.load()
    return OwnCompany(name=settings.company, domains=settings.company_domains, csm=settings.csm_name)


def _gathered(file: str) -> tuple[str, bytes]:
    """Name and bytes of a file, never more than are read at all; an endless pipe ends there."""
    if file == _STDIN:
        if sys.stdin.isatty():
            return "standard input", pasting.pasted(intake.MOST_TOTAL_BYTES + 1)
        return "standard input", sys.stdin.buffer.read(intake.MOST_TOTAL_BYTES + 1)
    path = Path(file)
    try:
        with path.open("rb") as opened:
            return path.name, opened.read(intake.MOST_TOTAL_BYTES + 1)
    except (OSError, ValueError) as error:  # a name may hold what no path can
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{file}: cannot be read ({reason}); name a file such as thread.eml or notes.txt") from error


def _copied() -> bytes:
    """What the CSM copied. Raises ConfigurationError with the other way where no clipboard can be reached."""
    pipe = "or pipe it: pbpaste | triage assess (macOS), wl-paste or xclip -o | triage assess (Linux)"
    try:
        import pyperclip  # noqa: PLC0415 - an extra
    except ImportError:
        raise ConfigurationError(
            f"--clipboard needs the extra `tui`: pip install 'escalation-triage[tui]'; {pipe}"
        ) from None
    try:
        copied = str(pyperclip.paste())
    except (pyperclip.PyperclipException, OSError) as error:
        why = " ".join(str(error).split())[:120] or "no clipboard program answers"
        raise ConfigurationError(f"--clipboard: the clipboard cannot be read ({why}); {pipe}") from None
    return copied.encode("utf-8", "replace")


@contextmanager
def _limited_time() -> Iterator[None]:
    """Ends the reading of a file that was made to take for ever. Where no alarm rings, its size alone is limited."""
    if not hasattr(signal, "SIGVTALRM"):
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise InputError(
            f"reading took more than {LONGEST_READING_SECONDS} s of processor time; keep the part that matters as text"
        )

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_READING_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def show(assessment: Assessment, policy: Policy, style: Format) -> None:
    """Print the whole assessment in one of its forms."""
    if style is Format.JSON:
        typer.echo(report.to_json(assessment))
    elif style is Format.MARKDOWN:
        typer.echo(report.markdown(assessment, policy))
    else:
        out = console()
        report.decision(out, assessment, policy)
        report.drafts(out, assessment, policy)
