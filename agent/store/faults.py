"""Any fault of a database in one line that names the place and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc
from sqlalchemy.engine import URL

from agent.errors import InputError, StoreUnusable

_PLAIN = {
    "locked": "another process keeps it locked; try again",
    "lock timeout": "another process keeps it locked; try again",
    "readonly": "it cannot be written: the file or its directory is read-only",
    "read-only": "it cannot be written: the file or its directory is read-only",
    "disk is full": "the disk is full",
    "disk I/O": "the disk is full or faulty",
    "Permission denied": "it cannot be opened: check the path and its permissions",
    "unable to open": "it cannot be opened: check the path and its permissions",
    "not a database": "it is not a database of this tool",
    "malformed": "the file is damaged",
}


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Any fault of the database as one line that names it without its password.

    Raises InputError for what is no text: neither database keeps half a letter, and PostgreSQL no NUL.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise InputError("what was given is not readable as text: write it in UTF-8") from error
    except ValueError as error:  # such as an instant that is none: no row of ours holds one
        words = " ".join(str(error).split())[:100]
        raise StoreUnusable(
            f"the record at {shown(url)}: it holds what this tool never wrote ({words}); see `triage log verify`"
        ) from error
    except (exc.DBAPIError, OSError) as error:
        fault = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
        if "NUL (0x00)" in fault:
            raise InputError("what was given is not readable as text: it holds a NUL character") from error
        plain = next((words for mark, words in _PLAIN.items() if mark in fault), " ".join(fault.split())[:300])
        raise StoreUnusable(f"the record at {shown(url)}: {plain}") from error


def shown(url: URL) -> str:
    """The place of the record for a reader."""
    return str(url.database) if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
