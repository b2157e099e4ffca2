"""A database by URL or path: opened with what each needs to be safe for several processes at once."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import URL, make_url

from agent.errors import ConfigurationError
from agent.store import sqlite_file
from agent.store.sqlite_file import BUSY_SECONDS

_ADVISORY_LOCK = 7_241_998_312  # any number, the same in every process


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
        return sqlite_file.connect(url)
    try:
        made = sa.create_engine(url, connect_args={"connect_timeout": BUSY_SECONDS}, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "database_url: PostgreSQL needs its driver; run pip install 'escalation-triage[postgres]'"
        ) from error
    event.listen(made, "begin", _begin_postgres)
    return made


def _begin_postgres(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("writes"):  # the chain has one end: one writer at a time
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
    else:  # else each statement would see what others wrote since the one before
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
