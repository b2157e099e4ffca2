"""What is asked of the record, as selects."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from agent.errors import InputError
from agent.schema.record import Entry, EntryKind, Filters, Run, Summary
from agent.store import rows, search
from agent.store.tables import contents, entries, runs, searched

SHORTEST = 7  # characters of a shown id, as in git
AT_ONCE = 100  # ids in one question; SQLite and PostgreSQL take 32,766 and 65,535
OPINIONS = (EntryKind.VERDICT, EntryKind.OUTCOME, EntryKind.UNDO)


def listing(filters: Filters, *, by_attention: bool = False) -> sa.Select[Any]:
    """The kept triages that pass the filters: the newest first, or the most pressing.

    Of equally pressing ones the open one whose deadline is first: so the overdue stand before all others, at any hour.
    """
    order = (runs.c.attention.desc(), runs.c.is_open.desc(), runs.c.due_at) if by_attention else ()
    return (
        sa.select(
            runs, entries.c.at, entries.c.author, entries.c.figures, contents.c.account,
            contents.c.entry_id.label("body_entry"),
        )
        .join(entries, entries.c.id == runs.c.id)
        .outerjoin(contents, contents.c.entry_id == runs.c.id)
        .where(*_conditions(filters))
        .order_by(*order, runs.c.made_at.desc(), runs.c.id.desc())
    )  # fmt: skip


def identifying(filters: Filters) -> sa.Select[Any]:
    """The ids of those that pass, the newest first."""
    return listing(filters).with_only_columns(runs.c.id, maintain_column_froms=True)


def counting(filters: Filters) -> sa.Select[Any]:
    """How many pass the filters."""
    query = sa.select(sa.func.count(runs.c.id)).where(*_conditions(filters))
    if filters.account:
        query = query.outerjoin(contents, contents.c.entry_id == runs.c.id)
    return query


def _conditions(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    yield from _about_the_run(filters)
    if filters.unverified:
        yield runs.c.verdict_id.is_(None)
    if filters.verified:
        yield runs.c.verdict_id.is_not(None)
    if filters.due_by:
        yield runs.c.due_at <= filters.due_by
    if filters.open_only:
        yield runs.c.is_open


def _about_the_run(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if filters.since:
        yield runs.c.made_at >= filters.since
    if filters.until:
        yield runs.c.made_at < filters.until
    if filters.account:
        yield contents.c.account.icontains(filters.account, autoescape=True)
    for word in search.fold(filters.text or "").split():
        yield runs.c.id.in_(sa.select(searched.c.run_id).where(searched.c.text.contains(word, autoescape=True)))
    if filters.look:
        yield runs.c.looks.contains(f" {filters.look.value} ")
    for column, wanted in ((runs.c.band, filters.band), (runs.c.issue_type, filters.issue_type)):
        if wanted:
            yield column == wanted.value
    if filters.model:
        yield runs.c.model == filters.model


def summaries(connection: sa.Connection, found: Iterable[sa.Row[Any]]) -> tuple[Summary, ...]:
    """Rows of `listing` with what people said about each."""
    page = list(found)
    parts = (page[start : start + AT_ONCE] for start in range(0, len(page), AT_ONCE))
    return tuple(summary for part in parts for summary in _summaries(connection, part))


def _summaries(connection: sa.Connection, page: Sequence[sa.Row[Any]]) -> Iterator[Summary]:
    ids = [row.id for row in page]
    said = defaultdict[str, list[Entry]](list)
    for entry in history(connection, ids, kinds=OPINIONS):
        said[entry.run_id].append(entry)
    later = {
        row.follows: row.id
        for row in connection.execute(
            sa.select(runs.c.follows, runs.c.id).where(runs.c.follows.in_(ids)).order_by(runs.c.made_at)
        )
    }
    for row in page:
        yield rows.summary(
            row,
            verdicts=[e for e in said[row.id] if e.kind is EntryKind.VERDICT],
            outcomes=[e for e in said[row.id] if e.kind is EntryKind.OUTCOME],
            followed_by=later.get(row.id),
        )


def run(connection: sa.Connection, start: str) -> Run:
    """One kept triage by its id or the beginning of it. Raises InputError if it is not one."""
    key = resolve(connection, start)
    row = connection.execute(listing(Filters()).where(runs.c.id == key)).one()
    (summary,) = summaries(connection, [row])
    body = connection.execute(sa.select(contents.c.body).where(contents.c.entry_id == key)).scalar()
    return rows.run(row, summary, rows.words(body) or {})


def history(
    connection: sa.Connection, run_ids: Iterable[str], *, kinds: Iterable[EntryKind] = EntryKind
) -> list[Entry]:
    """The entries of the runs, oldest first, each with its words where they are kept."""
    wanted = [kind.value for kind in kinds]
    words = sa.case((entries.c.kind == EntryKind.RUN.value, None), else_=contents.c.body).label("body")
    found = connection.execute(
        sa.select(entries, words)
        .outerjoin(contents, contents.c.entry_id == entries.c.id)
        .where(entries.c.run_id.in_(list(run_ids)), entries.c.kind.in_(wanted))
        .order_by(entries.c.sequence)
    ).all()
    undone = {row.of_id for row in found if row.kind == EntryKind.UNDO.value}
    return [rows.entry(row, rows.words(row.body), undone=row.id in undone) for row in found]


def resolve(connection: sa.Connection, given: str) -> str:
    """The full id of a run from its beginning. Raises InputError if no run, or more than one, begins so."""
    start = given.lower()
    found: Sequence[str] = connection.execute(
        sa.select(runs.c.id).where(runs.c.id.startswith(start, autoescape=True)).limit(2)
    ).scalars().all()  # fmt: skip
    if not start or not found:
        raise InputError(f"no kept triage has the id {given}; `triage log` lists them")
    if len(found) > 1:
        raise InputError(f"more than one kept triage begins with {given}; give more characters")
    return found[0]


def short(connection: sa.Connection, key: str) -> str:
    """The shortest beginning, of 7 characters or more, that no other run shares."""
    below = sa.select(sa.func.max(runs.c.id)).where(runs.c.id < key)
    above = sa.select(sa.func.min(runs.c.id)).where(runs.c.id > key)
    neighbours = [connection.execute(query).scalar() or "" for query in (below, above)]
    length = SHORTEST
    while any(other[:length] == key[:length] for other in neighbours):
        length += 1
    return key[:length]
