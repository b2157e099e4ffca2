"""The queue: which kept triages deserve a look first, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from agent.schema import Band, IssueType
from agent.schema.record import Filters, Look, Summary
from agent.web.desk import Desk
from agent.web.overdue import DueRow, late

PAGE = 50
OVERDUE = "overdue"
LOOKS = {
    Look.HUMAN_MUST_LOOK: "a human must look",
    Look.SECOND_OPINION: "second opinion differs",
    Look.BAND_UNCERTAIN: "decision uncertain",
    Look.IMPACT_HIDDEN: "high impact, mild decision",
    Look.INJECTION: "text speaks to an AI",
    Look.UNSUPPORTED: "quote not found",
    Look.UNSTATED: "something unstated",
    Look.NEAR_BORDER: "one point from a border",
    Look.OVERRULED: "overruled by the CSM",
    Look.LOW_CONFIDENCE: "low confidence",
}


class View(StrEnum):
    """Which part of the record the queue shows."""

    TO_LOOK_AT = "open"
    DECIDED = "decided"
    ALL = "all"


VIEWS = {View.TO_LOOK_AT: "To look at", View.DECIDED: "With a verdict", View.ALL: "All, newest first"}


@dataclass(frozen=True)
class Asked:
    """What the reader asked the queue for."""

    view: View
    filters: Filters
    overdue: bool
    page: int
    given: Mapping[str, str]

    def link(self, page: int) -> str:
        """The same question, another page of its answer."""
        return f"/?{urlencode({**self.given, 'page': page})}"

    @property
    def query(self) -> str:
        return urlencode(self.given)


@dataclass(frozen=True)
class Row:
    """One case of the queue."""

    case: Summary
    short: str
    late: tuple[DueRow, ...]

    @property
    def why(self) -> tuple[str, ...]:
        return tuple(LOOKS[look] for look in self.case.looks)


@dataclass(frozen=True)
class Queue:
    """One page of the queue; `total` counts all pages."""

    rows: tuple[Row, ...]
    total: int
    pages: int


def asked(query: Mapping[str, str], now: datetime) -> Asked:
    """The filters in an address. Raises HTTPException 400 for one that names nothing."""
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    try:
        view = View(given.get("view", View.TO_LOOK_AT))
        why = given.get("why")
        filters = Filters(
            account=given.get("account"),
            text=given.get("text"),
            band=Band(given["band"]) if "band" in given else None,
            issue_type=IssueType(given["type"]) if "type" in given else None,
            look=Look(why) if why and why != OVERDUE else None,
            due_by=now if why == OVERDUE else None,
            unverified=view is View.TO_LOOK_AT,
            verified=view is View.DECIDED,
            open_only=view is View.TO_LOOK_AT or why == OVERDUE,
        )
        page = max(1, int(given.get("page", "1")))
    except ValueError as error:
        raise HTTPException(400, f"The address asks for what is not there: {error}") from error
    kept: dict[str, str] = {
        name: given[name] for name in ("view", "why", "account", "text", "band", "type") if name in given
    }
    return Asked(view, filters, why == OVERDUE, min(page, 10_000), kept)


def queue(desk: Desk, what: Asked) -> Queue:
    """One page: the most pressing first, of equally pressing ones those that are overdue."""
    now = desk.now()
    pressing = what.view is not View.ALL
    found = desk.store.list(what.filters, limit=PAGE, offset=(what.page - 1) * PAGE, by_attention=pressing)
    short = desk.store.short(case.id for case in found)
    rows = tuple(Row(case, short[case.id], late(case, now)) for case in found)
    total = desk.store.count(what.filters)
    return Queue(rows, total, -(-total // PAGE))
