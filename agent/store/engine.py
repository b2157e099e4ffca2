"""A database by URL or path: opened with what each needs to be safe for several processes at once."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import URL, make_url

from agent.errors import ConfigurationError, StoreUnusable

BUSY_SECONDS = 5
_AGAIN_SECONDS = 0.01
_ADVISORY_LOCK = 7_241_998_312  # any number, the same in every process
_PLAIN = {
    "locked": "another process keeps it locked; try again",
    "readonly": "it cannot be written: the file or its directory is read-only",
    "read-only": "it cannot be written: the file or its directory is read-only",
    "disk is full": "the disk is full",
    "disk I/O": "the disk is full or faulty",
    "Permission denied": "it cannot be opened: check the path and its permissions",
    "unable to open": "it cannot be opened: check the path and its permissions",
    "not a database": "it is not a database of this tool",
    "malformed": "the file is damaged",
}


def url_of(given: str | Path) -> URL:
    """A SQLite path or a database URL. Raises ConfigurationError for a kind of database that is not known."""
    text = str(given)
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser()))
    try:
        url = make_url(text)
    except exc.ArgumentError as error:
        raise ConfigurationError("database_url: not a URL such as postgresql://user@host/name") from error
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        return url
    raise ConfigurationError(f"database_url: '{url.drivername}' is neither sqlite nor postgresql")


def connect(url: URL) -> sa.Engine:
    """An engine for the URL; nothing is opened yet. Raises ConfigurationError where PostgreSQL's driver is missing."""
    if url.drivername == "sqlite":
        _private_file(url)
        made = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(made, "connect", _safe_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    try:
        made = sa.create_engine(url, connect_args={"connect_timeout": BUSY_SECONDS}, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "database_url: PostgreSQL needs its driver; run pip install 'escalation-triage[postgres]'"
        ) from error
    event.listen(made, "begin", _begin_postgres)
    return made


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Any fault of the database as one line that names it without its password."""
    try:
        yield
    except (exc.DBAPIError, OSError) as error:
        fault = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
        plain = next((words for mark, words in _PLAIN.items() if mark in fault), " ".join(fault.split())[:300])
        raise StoreUnusable(f"the record at {shown(url)}: {plain}") from error


def shown(url: URL) -> str:
    """The place of the record for a reader."""
    return str(url.database) if url.drivername == "sqlite" else url.render_as_string(hide_password=True)


def _private_file(url: URL) -> None:
    """The file is its owner's alone, and so is a directory made for it: it holds customers' words."""
    if not url.database or url.database == ":memory:":
        return
    file = Path(url.database)
    with told(url):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _safe_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's connection
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
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_SECONDS)
        else:
            return


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgres(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("writes"):  # the chain has one end: one writer at a time
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
