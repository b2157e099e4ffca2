"""Whether the record is what was written: every seal, every digest, and the columns that lists read."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from agent.schema import Assessment, Noun
from agent.schema.record import Entry, EntryKind, Look
from agent.store import Store, chain, looks, queries, rows, search, standing
from agent.store.tables import contents, entries, judged, policies, runs, searched, threads

_RUN = EntryKind.RUN.value


class Verified(Noun):
    """What a check of the whole record found. Only a seal noted elsewhere shows that the newest rows are missing."""

    entries: int
    seal: str
    faults: tuple[str, ...]


def verify(store: Store) -> Verified:
    """Check every row. A forgotten text is no fault; one that is missing without a forgetting, or is back, is."""
    with store.reading() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(entries)).scalar_one()
        last = sa.select(entries.c.hash).order_by(entries.c.sequence.desc()).limit(1)
        seal = connection.execute(last).scalar() or chain.START
        checks = (_policies, _chain, _lists, _strays)
        faults = tuple(fault for check in checks for fault in _readable(check(connection)))
    return Verified(entries=count, seal=seal, faults=faults)


def _readable(found: Iterator[str]) -> Iterator[str]:
    """The faults of one check. What cannot even be read is one of them, and the last that this check can tell."""
    try:
        yield from found
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        yield f"a row holds what this tool never wrote: {error}"


def _policies(connection: sa.Connection) -> Iterator[str]:
    for row in connection.execute(sa.select(policies)):
        if chain.sha256(row.document) != row.digest:
            yield f"policy {row.reference}: its document was changed"
    known = sa.select(policies.c.digest)
    for digest in connection.execute(
        sa.select(runs.c.policy_digest).distinct().where(runs.c.policy_digest.not_in(known))
    ).scalars():
        yield f"policy {digest[:12]}: its document is missing"


def _chain(connection: sa.Connection) -> Iterator[str]:
    forgets = sa.select(entries.c.run_id, sa.func.max(entries.c.sequence)).where(entries.c.kind == EntryKind.FORGET)
    forgotten = {row[0]: row[1] for row in connection.execute(forgets.group_by(entries.c.run_id))}
    query = (
        sa.select(
            entries, contents.c.salt, contents.c.body, contents.c.account, contents.c.run_id.label("of_run"),
            searched.c.text.label("searched"),
        )
        .outerjoin(contents, contents.c.entry_id == entries.c.id)
        .outerjoin(searched, searched.c.run_id == entries.c.id)
        .order_by(entries.c.sequence)
    )  # fmt: skip
    seal, place = chain.START, 0
    for part in connection.execute(query.execution_options(yield_per=queries.AT_ONCE)).partitions():
        keys = _keys(connection, [row.id for row in part if row.kind == _RUN])
        for row in part:
            place += 1
            told = (*_sealed(row, seal, place), *_words(row, forgotten.get(row.run_id, 0), keys[row.id]))
            yield from (f"entry {row.sequence} ({row.kind}): {fault}" for fault in told)
            seal = row.hash


def _keys(connection: sa.Connection, run_ids: Iterable[str]) -> Mapping[str, dict[str, str]]:
    """By which keys a later mail finds each of the runs."""
    found = defaultdict[str, dict[str, str]](dict)
    for row in connection.execute(sa.select(threads).where(threads.c.run_id.in_(list(run_ids)))):
        found[row.run_id][row.key] = row.kind
    return found


def _sealed(row: sa.Row[Any], previous: str, place: int) -> Iterator[str]:
    if row.sequence != place or row.previous != previous:
        yield "an entry before it is missing or was put in later"
    sealed = chain.Sealed(*(getattr(row, name) for name in chain.Sealed._fields))
    if sealed.hash() != row.hash:
        yield "was changed after it was written"


def _words(row: sa.Row[Any], forgotten: int, keys: dict[str, str]) -> Iterator[str]:
    """`forgotten` is the place of the last forgetting of the case; what was said later is still there."""
    if row.body is None:
        if row.content_digest is not None and forgotten < row.sequence:
            yield "its words are missing, and no forgetting is on record"
        return
    if forgotten > row.sequence:
        yield "its words are back, and they were forgotten"
    if row.of_run != row.run_id:
        yield "its words are kept as another triage's"
    if row.content_digest != chain.content_digest(row.salt, row.body):
        yield "its words were changed"
    elif row.kind == _RUN:
        words = json.loads(row.body)
        if row.account != words["assessment"]["account"]:
            yield "its account was changed"
        elif row.searched != search.text(words, row.account):
            yield "what a search finds of it was changed"
        if keys != words.get("threads", keys):  # a record of before they were sealed holds none
            yield "by what a later mail finds it was changed"


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
        .where(entries.c.kind == _RUN)
        .order_by(entries.c.sequence)
    )  # fmt: skip
    followed = set(connection.execute(sa.select(runs.c.follows).where(runs.c.follows.is_not(None))).scalars())
    for part in connection.execute(query.execution_options(yield_per=queries.AT_ONCE)).partitions():
        said = defaultdict[str, list[Entry]](list)
        for entry in queries.history(connection, [row.entry for row in part], kinds=queries.OPINIONS):
            said[entry.run_id].append(entry)
        for row in part:
            yield from _columns(row, said[row.entry], followed=row.entry in followed)


def _columns(row: sa.Row[Any], said: list[Entry], *, followed: bool) -> Iterator[str]:
    figures = json.loads(row.figures)
    expected = rows.run_columns(Assessment.model_validate(figures["assessment"]))
    expected |= {"policy_digest": figures["policy"], "follows": figures["follows"], "id": row.entry}
    found = tuple(map(Look, figures.get("looks", (row.looks or "").split())))  # since they are sealed
    expected |= looks.columns(found)
    now = standing.of(row.entry, figures, said, followed=followed)
    verdict = now.judged or dict.fromkeys(judged.c.keys())
    expected |= now.run | {f"judged_{name}": value for name, value in verdict.items()}
    wrong = [name for name, value in expected.items() if getattr(row, name) != value]
    if wrong:
        yield f"entry {row.sequence} (run): the list's columns were changed: {', '.join(wrong)}"


def _strays(connection: sa.Connection) -> Iterator[str]:
    """Rows that no entry stands behind; lists would count them."""
    is_run = sa.and_(entries.c.id == runs.c.id, entries.c.kind == _RUN)
    for table, owner, belongs in (
        (contents, entries, entries.c.id == contents.c.entry_id),
        (runs, entries, is_run),
        (judged, runs, runs.c.id == judged.c.run_id),
        (searched, contents, contents.c.entry_id == searched.c.run_id),
        (threads, contents, contents.c.entry_id == threads.c.run_id),
    ):
        joined = sa.select(sa.func.count()).select_from(table.outerjoin(owner, belongs))
        if number := connection.execute(joined.where(owner.primary_key.columns[0].is_(None))).scalar_one():
            yield f"{table.name}: {number} rows that belong to no entry"
