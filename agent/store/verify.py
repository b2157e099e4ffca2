"""Whether the record is what was written: every seal, every digest, and the columns that lists read."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from agent.schema import Assessment, Noun
from agent.schema.record import Entry, EntryKind
from agent.store import Store, chain, queries, rows, search, standing
from agent.store.tables import contents, entries, judged, policies, runs, searched

_AT_ONCE = 500  # rows


class Verified(Noun):
    """What a check of the whole record found. Only a seal noted elsewhere shows that the newest rows are missing."""

    entries: int
    seal: str
    faults: tuple[str, ...]


def verify(store: Store) -> Verified:
    """Check every row. A forgotten text is no fault; one that is missing without a forgetting is."""
    seal, count, faults = chain.START, 0, list[str]()
    with store.reading() as connection:
        forgotten = set(
            connection.execute(sa.select(entries.c.run_id).where(entries.c.kind == EntryKind.FORGET.value)).scalars()
        )
        faults += _policies(connection)
        query = (
            sa.select(entries, contents.c.salt, contents.c.body, contents.c.account, searched.c.text.label("searched"))
            .outerjoin(contents, contents.c.entry_id == entries.c.id)
            .outerjoin(searched, searched.c.run_id == entries.c.id)
            .order_by(entries.c.sequence)
        )
        for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
            count += 1
            faults += [f"entry {row.sequence} ({row.kind}): {fault}" for fault in _faults(row, seal, count, forgotten)]
            seal = row.hash
        faults += _lists(connection)
    return Verified(entries=count, seal=seal, faults=tuple(faults))


def _faults(row: sa.Row[Any], previous: str, place: int, forgotten: set[str]) -> Iterator[str]:
    if row.sequence != place or row.previous != previous:
        yield "an entry before it is missing or was put in later"
    sealed = chain.Sealed(*(getattr(row, name) for name in chain.Sealed._fields))
    if sealed.hash() != row.hash:
        yield "was changed after it was written"
    if row.body is not None:
        if row.content_digest != chain.content_digest(row.salt, row.body):
            yield "its words were changed"
        elif row.kind == EntryKind.RUN.value:
            words = json.loads(row.body)
            if row.account != words["assessment"]["account"]:
                yield "its account was changed"
            elif row.searched != search.text(words, row.account):
                yield "what a search finds of it was changed"
    elif row.content_digest is not None and row.run_id not in forgotten:
        yield "its words are missing, and no forgetting is on record"


def _policies(connection: sa.Connection) -> Iterator[str]:
    for row in connection.execute(sa.select(policies)):
        if chain.sha256(row.document) != row.digest:
            yield f"policy {row.reference}: its document was changed"


def _lists(connection: sa.Connection) -> Iterator[str]:
    """The columns of `runs` and `judged` must say what the sealed entries say."""
    query = (
        sa.select(
            runs,
            *(column.label(f"judged_{column.name}") for column in judged.c),
            entries.c.figures, entries.c.sequence, entries.c.id.label("entry"),
        )
        .select_from(entries)
        .outerjoin(runs, runs.c.id == entries.c.id)
        .outerjoin(judged, judged.c.run_id == entries.c.id)
        .where(entries.c.kind == EntryKind.RUN.value)
        .order_by(entries.c.sequence)
    )  # fmt: skip
    followed = set(connection.execute(sa.select(runs.c.follows).where(runs.c.follows.is_not(None))).scalars())
    for part in connection.execute(query.execution_options(yield_per=_AT_ONCE)).partitions():
        said = defaultdict[str, list[Entry]](list)
        for entry in queries.history(connection, [row.entry for row in part], kinds=queries.OPINIONS):
            said[entry.run_id].append(entry)
        for row in part:
            yield from _columns(row, said[row.entry], followed=row.entry in followed)


def _columns(row: sa.Row[Any], said: list[Entry], *, followed: bool) -> Iterator[str]:
    figures = json.loads(row.figures)
    expected = rows.run_columns(Assessment.model_validate(figures["assessment"]))
    expected |= {"policy_digest": figures["policy"], "follows": figures["follows"], "id": row.entry}
    now = standing.of(row.entry, figures, said, followed=followed)
    verdict = now.judged or dict.fromkeys(judged.c.keys())
    expected |= now.run | {f"judged_{name}": value for name, value in verdict.items()}
    wrong = [name for name, value in expected.items() if getattr(row, name) != value]
    if wrong:
        yield f"entry {row.sequence} (run): the list's columns were changed: {', '.join(wrong)}"
