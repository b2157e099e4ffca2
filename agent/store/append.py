"""The one way an entry gets into the record: at the end of the chain, sealed, inside the caller's transaction."""

import secrets
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from agent.schema.record import EntryKind
from agent.store import chain
from agent.store.tables import contents, entries


class New(NamedTuple):
    """An entry to be written: figures that stay, and words that can be forgotten."""

    kind: EntryKind
    by: str
    figures: dict[str, Any]
    run_id: str | None = None  # None for a run itself, which is its own
    of_id: str | None = None
    words: dict[str, Any] | None = None
    account: str | None = None


def append(connection: sa.Connection, new: New) -> str:
    """Seal and write the entry; returns its id. The connection holds the write lock already."""
    last = connection.execute(
        sa.select(entries.c.sequence, entries.c.hash).order_by(entries.c.sequence.desc()).limit(1)
    ).one_or_none()
    key = secrets.token_hex(16)
    salt = secrets.token_hex(16)
    body = chain.canonical(new.words) if new.words else None
    sealed = chain.Sealed(
        sequence=last.sequence + 1 if last else 1,
        id=key,
        kind=new.kind.value,
        run_id=new.run_id or key,
        of_id=new.of_id,
        at=datetime.now(UTC),
        author=new.by,
        figures=chain.canonical(new.figures),
        content_digest=chain.content_digest(salt, body) if body else None,
        previous=last.hash if last else chain.START,
    )
    connection.execute(entries.insert().values(**sealed._asdict(), hash=sealed.hash()))
    if body:
        row = {"entry_id": key, "run_id": sealed.run_id, "salt": salt, "account": new.account, "body": body}
        connection.execute(contents.insert().values(row))
    return key
