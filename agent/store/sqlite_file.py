"""A record in a SQLite file: its owner's alone, and safe for several processes and for a power cut."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL

from agent.errors import StoreUnusable
from agent.store.faults import shown, told

BUSY_SECONDS = 5
_AGAIN_SECONDS = 0.01
_PRIMARY_CODE = 0xFF  # of an error; the bits above say more


def connect(url: URL) -> sa.Engine:
    """An engine for the file, which is made here and opened later. Raises StoreUnusable where it cannot be made."""
    _private(url)
    made = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    _watch(made, url)
    event.listen(made, "connect", _safe)
    event.listen(made, "begin", _begin)
    return made


def _private(url: URL) -> None:
    """The file is its owner's alone, and so is a directory made for it: it holds customers' words."""
    if not url.database or url.database == ":memory:":
        return
    file = Path(url.database).resolve()  # of a link that points nowhere yet SQLite would make the target itself
    with told(url):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _watch(made: sa.Engine, url: URL) -> None:
    """Refuse a file that was removed or replaced after it was opened: what is written into the old one is lost."""
    opened = _identity(url)

    def still_there(*_: object) -> None:
        if _identity(url) != opened:
            raise StoreUnusable(
                f"the record at {shown(url)}: it was removed or replaced while it was open; start again"
            )

    event.listen(made, "do_connect", still_there)
    event.listen(made, "checkout", still_there)


def _identity(url: URL) -> tuple[int, int] | None:
    """Which file is at the place now; None where there is none."""
    try:
        there = Path(url.database or ":memory:").stat()
    except OSError:
        return None
    return there.st_dev, there.st_ino


def _safe(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's connection
    connection.isolation_level = None  # the driver would begin by itself, too late for a lock
    connection.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows A to Z alone
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    for pragma in (
        "synchronous = FULL",  # what was reported as saved survives a power cut
        "foreign_keys = ON",
        "secure_delete = ON",  # what is forgotten does not stay in free pages
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """WAL, also while others do the same to a new file: SQLite asks no busy timeout for this one change."""
    for last in _tries():
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY or last:
                raise
        else:
            return


def emptied(connection: sa.Connection) -> bool:
    """Whether the journal holds nothing any more. For another that empties it, too, SQLite does not wait by itself."""
    for _ in _tries():
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if not busy:
            return True
    return False


def _tries() -> Iterator[bool]:
    """One after the other for as long as SQLite would wait; each tells whether it is the last."""
    until = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < until:
        yield False
        time.sleep(_AGAIN_SECONDS)
    yield True


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
