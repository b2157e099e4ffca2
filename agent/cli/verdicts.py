"""`triage verdict` and `triage outcome`: what people say about a kept triage."""

from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from agent.cli import options, record, show
from agent.cli import settings as user_settings
from agent.errors import ConfigurationError, InputError
from agent.report.plain import line
from agent.schema import Band
from agent.schema.record import EntryKind, Outcome, OutcomeKind, Verdict

if TYPE_CHECKING:
    from agent.store import Store


def verdict(  # noqa: PLR0913 - one parameter per flag
    case: record.Id,
    *,
    agree: Annotated[bool, typer.Option("--agree", help="The triage is right as it is.")] = False,
    scores: Annotated[
        list[str] | None, typer.Option("--set", metavar="DIMENSION=LEVEL", help="The right score; repeatable.")
    ] = None,
    decision: Annotated[Band | None, typer.Option(help="The right decision, by hand.", show_default=False)] = None,
    reason: Annotated[str | None, typer.Option(help="Why; needed where something changes.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the standing verdict back.")] = False,
    by: record.By = None,
) -> None:
    """Agree with a kept triage, or correct it with a reason.

    The engine decides again under the policy of that day. Nothing is overwritten: the newest verdict stands.

    \b
    Examples:
      triage verdict 3f2a91c --agree
      triage verdict 3f2a91c --set csm_capability=3 --reason "Support can do this without us."
    """
    if [agree, bool(scores or decision), undo].count(True) != 1:
        raise ConfigurationError("give one of --agree, --set or --decision with --reason, or --undo")
    moved = options.levels(scores or [])
    try:
        given = Verdict(scores=moved, decision=decision, reason=reason)
    except ValidationError as error:
        fault = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise ConfigurationError(f"--reason: {fault}") from error
    from agent import verdicts as verdict_giving  # noqa: PLC0415 - SQLAlchemy

    settings = user_settings.load()
    with record.open_store(settings) as store:
        who = record.who(settings, by)
        run = store.get(case)
        if undo:
            _take_back(store, run.summary.id, who)
            return
        entry = verdict_giving.give(store, run, given, by=who)
        others = verdict_giving.others(store, entry)
    typer.echo(show.about(entry))
    if others:
        typer.echo(f"triage: {line(', '.join(others))} gave a verdict before; both are kept", err=True)


def outcome(  # noqa: PLR0913 - one parameter per flag
    case: record.Id,
    *,
    resolved: Annotated[bool, typer.Option("--resolved", help="It is solved.")] = False,
    was_too_late: Annotated[
        bool, typer.Option("--was-too-late", help="It should have been escalated earlier.")
    ] = False,
    was_not_needed: Annotated[bool, typer.Option("--was-not-needed", help="It need not have been escalated.")] = False,
    note: Annotated[str | None, typer.Option(help="What happened.")] = None,
    by: record.By = None,
) -> None:
    """Say how a case ended; it leaves `triage due`."""
    given = dict(zip(OutcomeKind, (resolved, was_too_late, was_not_needed), strict=True))
    chosen = [kind for kind, wanted in given.items() if wanted]
    if len(chosen) != 1:
        raise ConfigurationError("give one of --resolved, --was-too-late, --was-not-needed")
    try:
        ended = Outcome(outcome=chosen[0], note=note)
    except ValidationError as error:
        raise ConfigurationError(f"--note: {error.errors()[0]['msg']}") from error
    settings = user_settings.load()
    with record.open_store(settings) as store:
        entry = store.add_outcome(store.resolve(case), ended, by=record.who(settings, by))
    typer.echo(show.about(entry))


def _take_back(store: "Store", run_id: str, who: str) -> None:
    standing = [e for e in store.history(run_id) if e.kind is EntryKind.VERDICT and not e.undone]
    if not standing:
        raise InputError("there is no verdict to take back")
    store.undo(standing[-1].id, by=who)
    typer.echo(f"taken back: {show.about(standing[-1])}")
