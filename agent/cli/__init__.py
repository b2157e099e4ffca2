"""The command line: flags, streams and exit codes. Every error is caught here, and only here."""

import os
import sys
from importlib import metadata
from io import TextIOWrapper
from typing import Annotated

import typer

from agent.cli import config, export, log, policy, verdicts
from agent.cli.agreement import agreement
from agent.cli.assess import assess
from agent.cli.doctor import doctor
from agent.cli.due import due
from agent.cli.preview import preview
from agent.cli.review import review
from agent.cli.score import score
from agent.errors import ExitCode, TriageError

app = typer.Typer(
    name="triage",
    help="Should this customer situation be escalated, to whom, how urgently, and in which words?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: it pipes, and square brackets stay what they are
    pretty_exceptions_enable=False,
)
app.command(name="assess")(assess)
app.command(name="score")(score)
app.command(name="preview")(preview)
app.add_typer(policy.app, name="policy")
app.add_typer(config.app, name="config")
app.command(name="doctor")(doctor)
app.add_typer(log.app, name="log")
app.command(name="show")(log.show)
app.command(name="due")(due)
app.command(name="verdict")(verdicts.verdict)
app.command(name="outcome")(verdicts.outcome)
app.command(name="agreement")(agreement)
app.command(name="review")(review)
app.add_typer(export.app, name="export")
app.command(name="forget")(log.forget)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"triage {metadata.version('escalation-triage')}")
        raise typer.Exit


@app.callback(help="Should this customer situation be escalated, to whom, how urgently, and in which words?")
def _triage(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of the command itself; every other option belongs to a command below it."""


def main() -> None:
    """Run the command line. A known fault is one line on stderr and its documented exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):  # a terminal or a pipe that knows fewer letters shows their codes
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except TriageError as error:
        _say(str(error))
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        _say("interrupted")
        code = ExitCode.INTERRUPTED
    except typer.TyperException as error:
        _say(f"{error.format_message().rstrip('.')}; see `triage --help`")
        code = ExitCode.USAGE
    except (BrokenPipeError, SystemExit):  # typer turns a closed pipe into an exit of its own
        # The reader of our pipe went away; nothing is left to say, and Python must not say it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except OSError as error:
        _say(f"the output cannot be written: {error.strerror}")
        code = ExitCode.USAGE
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(int(code or 0))


def _say(words: str) -> None:
    typer.echo(f"triage: {' '.join(words.split())}", err=True)
