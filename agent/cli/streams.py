"""What goes in and out of the commands: a situation in, an assessment out in one of three forms."""

import sys
from pathlib import Path

import typer
from rich.console import Console

from agent import intake, report
from agent.cli.options import Format
from agent.errors import InputError
from agent.policy import Policy
from agent.schema import AccountContext, Assessment, Situation


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


def read(file: str | None, context: AccountContext) -> Situation:
    """The situation from a file, a pipe or the terminal."""
    if file is None or file == "-":
        if sys.stdin.isatty():
            typer.echo("Paste the situation or thread, then press Ctrl-D on an empty line.", err=True)
        return intake.read_bytes(sys.stdin.buffer.read(), source="standard input", context=context)
    path = Path(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{file}: cannot be read ({reason}); name a .txt, .md or .eml file") from error
    return intake.read_bytes(data, source=path.name, context=context)


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
