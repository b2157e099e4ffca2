"""What is due: the deadlines of the standing decision of each open case, the oldest first."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import NamedTuple

from agent.schema.record import Filters, Summary
from agent.web.desk import Desk

MOST = 200  # cases on the page, the most pressing
WHAT = {
    "customer_word": "First word to the customer",
    "owner_answer": "Owner's answer",
    "customer_update": "Customer hears again",
}
RULE = "Standing rule: escalate if still open"


class Due(NamedTuple):
    """One deadline of a case."""

    by: datetime
    what: str
    late: bool
    case: Summary


def due(case: Summary, now: datetime) -> Iterator[Due]:
    """The deadlines of a case up to the end of this day; none once it is closed or a newer triage goes on from it."""
    if case.outcome or case.followed_by:
        return
    stands = case.rescored or case
    for name, what in WHAT.items():
        by: datetime | None = getattr(stands, name)
        if by is not None and (local := by.astimezone(now.tzinfo)).date() <= now.date():
            # Where the CSM handles it, the customer's update ends the standing rule's day.
            rule = name == "customer_update" and stands.escalate_if_unresolved
            yield Due(local, RULE if rule else what, local <= now, case)


def late(case: Summary, now: datetime) -> tuple[Due, ...]:
    """The deadlines of an open case that have passed."""
    return tuple(each for each in due(case, now) if each.late)


def listed(desk: Desk) -> tuple[tuple[Due, ...], int]:
    """What is due today or overdue, the oldest first, and how many open cases have a deadline by tonight."""
    now = desk.now()
    filters = Filters(open_only=True, due_by=datetime.combine(now.date(), time.max, now.tzinfo))
    cases = desk.store.list(filters, limit=MOST, by_attention=True)
    return _sorted(each for case in cases for each in due(case, now)), desk.store.count(filters)


def _sorted(found: Iterable[Due]) -> tuple[Due, ...]:
    return tuple(sorted(found, key=lambda each: (each.by, each.case.id)))
