"""`triage export`: the record as JSON lines, and verdicts as labelled cases."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from agent import report
from agent.cli import record
from agent.cli import settings as user_settings
from agent.schema.record import Filters, Run

if TYPE_CHECKING:  # SQLAlchemy
    from agent.store import Store

app = typer.Typer(add_completion=False, help="The record for other tools.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def export(context: typer.Context, *, since: record.Since = None, until: record.Until = None) -> None:
    """Write kept triages as JSON lines.

    One line per triage: what is kept of it, and everything said about it. Texts and names are in it, as far as kept.

    \b
    Example:
      triage export --since 2026-01-01 > record.jsonl
    """
    if context.invoked_subcommand:
        return
    settings = user_settings.load()
    with record.open_store(settings) as store:
        for run in _runs(store, _filters(since, until, settings)):
            store.record_access(run.summary.id, by=record.who(settings), how="export")
            history = [entry.model_dump(mode="json") for entry in store.history(run.summary.id)]
            typer.echo(report.inert(_line(run, history)))


@app.command()
def cases(since: record.Since = None, until: record.Until = None) -> None:
    """Write verdicts as cases for the evals.

    Names are replaced by placeholders; a person checks every case before it is used. Only triages whose text is kept.

    \b
    Example:
      triage export cases --since 30d > cases.yaml
    """
    from agent import case_files  # noqa: PLC0415 - SQLAlchemy

    settings = user_settings.load()
    filters = _filters(since, until, settings).model_copy(update={"verified": True})
    with record.open_store(settings) as store:
        found = list(_runs(store, filters))
        text, made, left_out = case_files.render(found)
        for run in found:
            store.record_access(run.summary.id, by=record.who(settings), how="export cases")
    typer.echo(text, nl=False)
    why = f"; {left_out} left out: no text kept, or only a decision set" if left_out else ""
    typer.echo(f"triage: {made} cases to check{why}", err=True)


def _filters(since: str | None, until: str | None, settings: user_settings.Settings) -> Filters:
    return Filters(since=record.day(since, "--since", settings), until=record.day(until, "--until", settings, end=True))


def _runs(store: "Store", filters: Filters) -> Iterator[Run]:
    """Every kept triage that passes now, the newest first; what is kept meanwhile shifts none."""
    yield from map(store.get, store.ids(filters))


def _line(run: Run, history: list[dict[str, Any]]) -> str:
    return json.dumps(run.model_dump(mode="json") | {"history": history}, ensure_ascii=False)
