"""`triage log`: the kept triages as a table, JSON or CSV, and the proof that nobody changed them."""

import csv
import json
import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from agent import report
from agent.cli import record, streams, terminal
from agent.cli import settings as user_settings
from agent.errors import ConfigurationError, ExitCode
from agent.report.plain import line
from agent.schema import Band, IssueType
from agent.schema.record import Filters, Summary

app = typer.Typer(add_completion=False, help="The kept triages, newest first.", rich_markup_mode=None)
_SHOWN = 50
_PIPE_COLUMNS = 160
_RUN = tuple("=+-@＝＋－＠")


@app.callback(invoke_without_command=True)
def log(  # noqa: PLR0913 - one parameter per flag
    context: typer.Context,
    *,
    since: record.Since = None,
    until: record.Until = None,
    account: Annotated[str | None, typer.Option(help="A part of the account's name.")] = None,
    search: Annotated[
        str | None, typer.Option(metavar="WORDS", help="Words, each in the account's name or in the thread.")
    ] = None,
    band: Annotated[Band | None, typer.Option(show_default=False)] = None,
    issue_type: Annotated[IssueType | None, typer.Option(show_default=False)] = None,
    model: Annotated[str | None, typer.Option(help="The model's name as the report gives it.")] = None,
    unverified: Annotated[bool, typer.Option("--unverified", help="Only those without a verdict.")] = False,
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="At most so many.")] = _SHOWN,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one list.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with a header line.")] = False,
) -> None:
    """List the kept triages, newest first.

    \b
    Examples:
      triage log --unverified --since 7d
      triage log --search "acme invoice"
      triage log --band escalate_immediately --csv > immediate.csv
    """
    if context.invoked_subcommand:
        return
    if as_json and as_csv:
        raise ConfigurationError("--json and --csv exclude each other")
    settings = user_settings.load()
    filters = Filters(
        since=record.day(since, "--since", settings),
        until=record.day(until, "--until", settings, end=True),
        account=account,
        text=search,
        band=band,
        issue_type=issue_type,
        model=model,
        unverified=unverified,
    )
    _print(settings, filters, number, as_json=as_json, as_csv=as_csv)


def _print(settings: user_settings.Settings, filters: Filters, number: int, *, as_json: bool, as_csv: bool) -> None:
    with record.open_store(settings) as store:
        found = store.list(filters, limit=number)
        short = store.short(summary.id for summary in found)
        more = store.count(filters) - len(found)
    rows = [_row(summary, short[summary.id]) for summary in found]
    if as_json:
        typer.echo(report.inert(json.dumps(rows, indent=2, ensure_ascii=False)))
    elif as_csv:
        _csv(rows)
    else:
        _table(rows)
    if more:
        terminal.errors.print(f"{more} more; -n {number + more} shows all")


@app.command()
def verify() -> None:
    """Prove that nothing in the record was changed.

    Checks every seal, digest and column. Keep the printed seal elsewhere: only it shows that the newest entries
    are gone.
    """
    from agent.store.verify import verify as check  # noqa: PLC0415 - SQLAlchemy

    with record.open_store(user_settings.load()) as store:
        verified = check(store)
        place = store.place
    for fault in verified.faults:
        typer.echo(fault)
    if verified.faults:
        typer.echo(f"{place}: {len(verified.faults)} faults in {verified.entries} entries", err=True)
        raise typer.Exit(ExitCode.HUMAN_MUST_LOOK)
    typer.echo(f"{place}: {verified.entries} entries, nothing changed; seal {verified.seal}")


def _row(summary: Summary, short: str) -> dict[str, Any]:
    """One line of the list; `deadline` is the standing one: the owner's answer, else the standing rule's day."""
    stands = summary.rescored or summary
    answer, rule = stands.owner_answer, stands.escalate_if_unresolved
    deadline = f"{answer:%Y-%m-%d %H:%M}" if answer else rule and f"{rule:%Y-%m-%d}"
    return {
        "id": short,
        "when": f"{summary.made_at:%Y-%m-%d %H:%M}",
        "account": summary.account,
        "decision": stands.decision,
        "total": stands.total,
        "issue_type": summary.issue_type.value,
        "owner": stands.owner,
        "deadline": deadline,
        "verdict": _verdict_words(summary),
        "outcome": summary.outcome.value if summary.outcome else None,
        "model": summary.model,
        "by": summary.by,
        "follows": summary.follows,
    }


def _verdict_words(summary: Summary) -> str | None:
    """The standing verdict in a few words; None where there is none."""
    verdict = summary.verdict
    if verdict is None:
        return None
    if verdict.agrees:
        return f"agrees ({summary.verdict_by})"
    moved = [f"{dimension} {summary.scores[dimension]}->{level}" for dimension, level in verdict.scores.items()]
    return f"{', '.join([*moved, *(['decision'] if verdict.decision else [])])} ({summary.verdict_by})"


def _csv(rows: Iterable[dict[str, Any]]) -> None:
    """Spreadsheets run what begins with = + - @, some also in full width; such a cell starts with an apostrophe."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        cells = ["" if row[name] is None else line(str(row[name])) for name in _COLUMNS]
        writer.writerow([f"'{cell}" if cell.startswith(_RUN) else cell for cell in cells])


_COLUMNS = (
    "id", "when", "account", "decision", "total", "issue_type", "owner", "deadline", "verdict", "outcome", "model",
    "by", "follows",
)  # fmt: skip
_TABLE = ("id", "when", "account", "decision", "total", "owner", "deadline", "verdict")


def _table(rows: list[dict[str, Any]]) -> None:
    if not rows:
        typer.echo("nothing kept that fits")
        return
    table = Table(*(name.capitalize() for name in _TABLE), box=None, pad_edge=False)
    for row in rows:
        cells = ["" if row[name] is None else escape(line(str(row[name]))) for name in _TABLE]
        table.add_row(*cells, style="dim" if row["outcome"] else None)
    streams.console(width=None if sys.stdout.isatty() else _PIPE_COLUMNS).print(table)
