"""The record as the commands meet it: where it is, who writes in it, and how a case is named."""

import getpass
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import platformdirs
import typer

from agent.cli import settings as user_settings
from agent.cli.settings import Settings
from agent.errors import ConfigurationError

if TYPE_CHECKING:  # SQLAlchemy takes a fifth of a second: only the commands that open the record import it
    from agent.store import Store

DATA_DIR = "TRIAGE_DATA_DIR"
Id = Annotated[str, typer.Argument(metavar="ID", help="A kept triage: its id, or the beginning of it.")]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who says so; default: csm_name, or your login.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="From that day on, such as 2026-03-01, or 30d.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Up to the end of that day.")]
_SPANS = {"d": 1, "w": 7}
_MOST = 10_000  # of them; a day before the calendar began would be no day


def place(settings: Settings) -> str | Path:
    """The team's database, else a file in the platform's data directory."""
    if settings.database_url:
        return settings.database_url
    own = os.environ.get(DATA_DIR)
    folder = Path(own).expanduser() if own else Path(platformdirs.user_data_dir("escalation-triage"))
    return folder / "record.db"


def open_store(settings: Settings) -> "Store":
    """The record, made on first use. Raises StoreUnusable or ConfigurationError."""
    from agent.store import Store  # noqa: PLC0415 - SQLAlchemy

    return Store(place(settings))


def who(settings: Settings, by: str | None = None) -> str:
    """Who is on record as having done it."""
    if by or settings.csm_name:
        return by or settings.csm_name or ""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "unknown"


def day(given: str | None, flag: str, settings: Settings, *, end: bool = False) -> datetime | None:
    """The beginning of a day, or its end, in the user's zone; `30d` counts back from now."""
    if given is None:
        return None
    home = user_settings.zone(settings)
    if given[:-1].isdigit() and given[-1:] in _SPANS:
        return ago(given, flag)
    try:
        moment = datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=home)
    except ValueError as error:
        raise ConfigurationError(f"{flag}: '{given}' is not a day such as 2026-03-01, or a span such as 30d") from error
    return moment + timedelta(days=1) if end else moment


def ago(given: str, flag: str) -> datetime:
    """That many days or weeks before now."""
    number, unit = given[:-1], given[-1:]
    if not number.isdigit() or unit not in _SPANS or int(number) > _MOST:
        raise ConfigurationError(f"{flag}: '{given}' is not a span such as 90d or 12w")
    return datetime.now(UTC) - timedelta(days=int(number) * _SPANS[unit])
