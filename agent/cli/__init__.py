"""The command line: flags, streams and exit codes. Every error is caught here, and only here."""

import gc
import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command

from agent import ctrl_c
from agent.errors import ExitCode, TriageError


class _Entry(NamedTuple):
    """Where a command is, and its line in the list of commands."""

    place: str
    help: str


COMMANDS = {
    "assess": _Entry("assess:assess", "Judge a situation; word the ask and the reply."),
    "score": _Entry("score:score", "Decide from your own scores, without a model."),
    "preview": _Entry("preview:preview", "Print what would be sent; sends nothing."),
    "doctor": _Entry("doctor:doctor", "Say which model is used and why, and try it."),
    "log": _Entry("log:app", "The kept triages, newest first."),
    "show": _Entry("show:show", "Print a kept triage again, and what was said since."),
    "due": _Entry("due:due", "List what is due today or overdue, the oldest first."),
    "verdict": _Entry("verdicts:verdict", "Agree with a kept triage, or correct it."),
    "outcome": _Entry("verdicts:outcome", "Say how a case ended; it leaves `triage due`."),
    "agreement": _Entry("agreement:agreement", "Show how far managers agree with the tool."),
    "review": _Entry("review:review", "Look at what was triaged, in the browser."),
    "export": _Entry("export:app", "The record for other tools."),
    "forget": _Entry("forget:forget", "Remove text and names from the record for good."),
    "policy": _Entry("policy:app", "The rubric: show, copy, prove."),
    "config": _Entry("config:app", "The settings file and what is in force."),
}


class _Commands(TyperGroup):
    """A command is imported when it runs: together their rooms take half a second, and each needs a few of them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer's own context has no public name
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - as above
        return command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - as above
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def command(name: str) -> Any:  # noqa: ANN401 - typer's own command has no public name
    """The command of that name, imported now."""
    module, attribute = COMMANDS[name].place.split(":")
    found = getattr(import_module(f"agent.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        group = get_command(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name=name)(found)
    return get_command(alone)


_COLLECTED_AFTER = 50_000  # new objects; at Python's 700, imports alone have garbage searched for a hundred times

app = typer.Typer(
    name="triage",
    cls=_Commands,
    help="Should this customer situation be escalated, to whom, how urgently, and in which words?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: it pipes, and square brackets stay what they are
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata  # noqa: PLC0415 - brings the email package

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
    gc.set_threshold(_COLLECTED_AFTER)
    interrupted = ctrl_c.raises()
    _write_every_letter()
    try:
        code = app(prog_name="triage", standalone_mode=False)
        sys.stdout.flush()
    except TriageError as error:
        _say(str(error))
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
    except typer.TyperException as error:
        _misused(error)
        code = ExitCode.USAGE
    except (BrokenPipeError, SystemExit):  # typer turns a closed pipe into an exit of its own
        # The reader of our pipe went away; nothing is left to say, and Python must not say it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except OSError as error:
        _say(f"the output cannot be written: {error.strerror}")
        code = ExitCode.USAGE
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception:
        if not interrupted.is_set():  # else a library made something of its own of it
            raise
        code = ExitCode.INTERRUPTED
    if code == ExitCode.INTERRUPTED:  # Typer makes a number of Ctrl-C, too
        _say("interrupted")
    gc.freeze()  # what is left goes with the process, and is not searched for garbage first
    sys.exit(int(code or 0))


def _write_every_letter() -> None:
    """A terminal or a pipe that knows fewer letters shows their codes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _misused(error: typer.TyperException) -> None:
    """One line with the help to look at, or that help itself where a command was left out."""
    words, of = error.format_message(), getattr(error, "ctx", None)
    if "\n" in words:
        typer.echo(words, err=True)
    else:
        _say(f"{words.rstrip('.')}; see `{of.command_path if of else 'triage'} --help`")


def _say(words: str) -> None:
    typer.echo(f"triage: {' '.join(words.split())}", err=True)
