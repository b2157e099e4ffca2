"""`triage due`: what has a deadline today, or had one and is still open."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, time
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from agent import report
from agent.cli import options, record, streams
from agent.cli import settings as user_settings
from agent.report.plain import line
from agent.schema.follow_up import Due
from agent.schema.record import Filters, Summary

_WHAT = {
    Due.CUSTOMER_WORD: "first word to the customer",
    Due.OWNER_ANSWER: "owner's answer",
    Due.CUSTOMER_UPDATE: "customer hears again",
    Due.STANDING_RULE: "standing rule: escalate if still open",
}


def due(
    now: options.Now = None, *, as_json: Annotated[bool, typer.Option("--json", help="JSON, one list.")] = False
) -> None:
    """List what is due today or overdue, the oldest first.

    A case leaves the list by `triage outcome`, or when a newer triage goes on from it.
    """
    settings = user_settings.load()
    moment = user_settings.now(now, settings)
    with record.open_store(settings) as store:
        tonight = datetime.combine(moment.date(), time.max, moment.tzinfo)
        open_cases = store.list(Filters(open_only=True, due_by=tonight))
        found = sorted((row for case in open_cases for row in _rows(case, moment)), key=lambda row: row["by"])
        short = store.short(dict.fromkeys(row["id"] for row in found))
    rows = [row | {"id": short[row["id"]], "by": row["by"].isoformat(timespec="minutes")} for row in found]
    if as_json:
        typer.echo(report.inert(json.dumps(rows, indent=2, ensure_ascii=False)))
        return
    if not rows:
        typer.echo("nothing is due today, nothing overdue")
        return
    table = Table("By", "", "What", "Account", "Owner", "Id", box=None, pad_edge=False)
    for row, shown in zip(found, rows, strict=True):
        late = "overdue" if row["overdue"] else "today"
        cells = (f"{row['by']:%a %d %b, %H:%M}", late, row["what"], row["account"] or "", row["owner"], shown["id"])
        table.add_row(*(escape(line(cell)) for cell in cells), style="red" if row["overdue"] else None)
    streams.console(width=None if sys.stdout.isatty() else 140).print(table)


def _rows(case: Summary, now: datetime) -> Iterator[dict[str, Any]]:
    stands = case.rescored or case
    for deadline, by, late in case.due(now):
        yield {
            "by": by, "what": _WHAT[deadline], "overdue": late, "account": case.account, "decision": stands.decision,
            "owner": stands.owner, "id": case.id,
        }  # fmt: skip
