"""`triage forget`: what is to be no longer in the record."""

from typing import Annotated

import typer

from agent.cli import record, terminal
from agent.cli import settings as user_settings
from agent.errors import ConfigurationError, InputError


def forget(
    case: Annotated[str | None, typer.Argument(metavar="ID", show_default=False)] = None,
    *,
    older_than: Annotated[str | None, typer.Option(metavar="SPAN", help="All older than that: 90d, 26w.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Remove text and names from the record for good; keep the figures.

    Removed are the thread, quotes, drafts, reasons and the account; kept are scores, band, owner, deadlines, digests.
    """
    from agent.store import forgetting  # noqa: PLC0415 - SQLAlchemy

    if (case is None) is (older_than is None):
        raise ConfigurationError("name one ID, or give --older-than, such as --older-than 90d")
    before = record.ago(older_than, "--older-than") if older_than else None
    settings = user_settings.load()
    with record.open_store(settings) as store:
        chosen = list(forgetting.older_than(store, before)) if before else [store.resolve(case or "")]
        if not chosen:
            typer.echo("nothing to forget")
            return
        _confirm(len(chosen), yes=yes)
        short = store.short(chosen)
        for removed in forgetting.forget_each(store, chosen, by=record.who(settings)):
            typer.echo(f"{short[removed.run_id]}: removed {removed.words()}")
    typer.echo("kept: scores, band, owner, deadlines, digests")


def _confirm(number: int, *, yes: bool) -> None:
    if yes:
        return
    if not terminal.can_ask():
        raise InputError("forgetting cannot be undone; say --yes where nobody can be asked")
    what = "this triage" if number == 1 else f"these {number} triages"
    typer.confirm(f"Remove the text and the names of {what} for good?", abort=True, err=True)
