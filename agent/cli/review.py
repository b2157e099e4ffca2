"""`triage review`: the review pages on this machine, or one case as a file."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import options, record, wiring
from agent.cli import settings as user_settings
from agent.errors import ConfigurationError

_HERE = "127.0.0.1"
_MODE = 0o600
_HOLDS = {
    True: "holds the customer's words; send it like the mail itself",
    False: "holds the scores and the decision; no text of this case is kept",
}


def review(  # noqa: PLR0913 - one parameter per flag
    *,
    opens: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 is any free one.")] = 0,
    host: Annotated[str, typer.Option(help="An address of this machine's loopback; no other is served.")] = _HERE,
    html: Annotated[
        str | None, typer.Option(metavar="ID", help="Write that case as one self-contained file; serve nothing.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where --html writes.")] = None,
    policy_file: options.PolicyFile = None,
    by: record.By = None,
) -> None:
    """Look at what was triaged, and agree or correct it in the browser.

    Serves this machine only, to whoever opens the printed link; it works once. Ctrl-C ends it.

    \b
    Examples:
      triage review
      triage review --html 3f2a91c -o case.html
    """
    if (html is None) is not (output is None):
        raise ConfigurationError("--html ID and -o FILE belong together")
    try:
        from agent.web import lone_file, serving  # noqa: PLC0415 - an extra
        from agent.web.desk import Desk  # noqa: PLC0415 - idem
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"`triage review` needs the extra `web` ({error.name} is missing): pip install 'escalation-triage[web]'"
        ) from None
    settings = user_settings.load()
    who = record.who(settings, by)
    policy = wiring.policy(policy_file, settings)
    listening = None if html else serving.bound(host, port)
    with record.open_store(settings) as store:
        desk = Desk(store, policy, user_settings.zone(settings), settings.keep_text)
        if listening:
            serving.serve(desk, by=who, listening=listening, opens=opens, say=_say)
        elif html and output:
            run = store.get(html)
            store.record_access(run.summary.id, by=who, how="html")
            _write(output, lone_file.lone_file(desk, run))
            typer.echo(f"{output}: {_HOLDS[run.situation is not None]}", err=True)


def _say(link: str) -> None:
    typer.echo(link)
    typer.echo("The link opens the review pages once, in one browser. Ctrl-C ends the server.", err=True)
    sys.stdout.flush()


def _write(file: Path, page: str) -> None:
    """Its owner's alone, like the record; whoever mails it decides who else reads it."""
    try:
        with open(file, "w", encoding="utf-8", opener=_private) as written:
            if hasattr(os, "fchmod"):
                os.fchmod(written.fileno(), _MODE)  # of a file that was there
            written.write(page)
    except OSError as error:
        raise ConfigurationError(f"-o {file}: cannot be written ({error.strerror})") from error


def _private(file: str, flags: int) -> int:
    return os.open(file, flags, _MODE)
