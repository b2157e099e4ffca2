"""What is due: the deadlines of the standing decision of each open case, the oldest first."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import NamedTuple

from agent.schema.follow_up import Due
from agent.schema.record import Filters, Summary
from agent.web.desk import Desk

MOST = 200  # cases on the page, the most pressing
WHAT = {
    Due.CUSTOMER_WORD: "First word to the customer",
    Due.OWNER_ANSWER: "Owner's answer",
    Due.CUSTOMER_UPDATE: "Customer hears again",
    Due.STANDING_RULE: "Standing rule: escalate if still open",
}


class DueRow(NamedTuple):
    """One deadline of a case."""

    by: datetime
    what: str
    late: bool
    case: Summary


def late(case: Summary, now: datetime) -> tuple[DueRow, ...]:
    """The deadlines of an open case that have passed."""
    return tuple(row for row in _rows(case, now) if row.late)


def listed(desk: Desk) -> tuple[tuple[DueRow, ...], int]:
    """What is due today or overdue, the oldest first, and how many open cases have a deadline by tonight."""
    now = desk.now()
    filters = Filters(open_only=True, due_by=datetime.combine(now.date(), time.max, now.tzinfo))
    cases = desk.store.list(filters, limit=MOST, by_attention=True)
    rows = sorted((row for case in cases for row in _rows(case, now)), key=lambda row: (row.by, row.case.id))
    return tuple(rows), desk.store.count(filters)


def _rows(case: Summary, now: datetime) -> Iterator[DueRow]:
    return (DueRow(each.by, WHAT[each.due], each.late, case) for each in case.due(now))
