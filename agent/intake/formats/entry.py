"""What every format gives: the messages of a file, and what the file itself says about each."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple

from agent.intake import dates
from agent.intake.marks import Kind
from agent.schema import Side

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Entry(NamedTuple):
    """One message of a file. `header` stands above its words as lines of a mail header."""

    body: str
    header: str = ""
    kind: Kind = Kind.MAIL
    """MAIL: may quote older messages; SPEECH: somebody's own words alone; PLAIN: nothing is known of it"""
    author: str | None = None
    address: str | None = None
    when: str | None = None
    side: Side | None = None
    """only where the file itself says it: a requester's comment, an internal one"""
    outside: bool | None = None
    """whether its author is of another organisation than the one that exported the file, where the file says it"""
    whole: bool = False
    """a stored mail or a record of an export: its author is the file's, so that no note of the CSM's stands within"""

    @property
    def text(self) -> str:
        """The words under their heading, as somebody would have pasted them."""
        between = " " if self.kind is Kind.SPEECH else "\n\n"
        return f"{self.header}{between}{self.body}" if self.header else self.body

    @property
    def sent(self) -> datetime | None:
        """The moment, to order messages by; one without a zone counts as UTC."""
        return comparable(dates.instant(self.when)) if self.when else None


class Contents(NamedTuple):
    """A file as read: its messages, oldest first, and what was not read."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """whom the file lists by name, whether they wrote or not"""
    account: str | None = None
    """the customer's organisation, where the file names one"""


def comparable(sent: datetime | None) -> datetime | None:
    """The same moment with a zone, as moments with and without one cannot be compared."""
    return sent.replace(tzinfo=UTC) if sent and sent.tzinfo is None else sent


def by_date(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Oldest first; what has no date keeps its place behind the one before it."""
    ordered, last = list[tuple[datetime, Entry]](), _LONG_AGO
    for entry in entries:
        last = entry.sent or last
        ordered.append((last, entry))
    return tuple(entry for _, entry in sorted(ordered, key=lambda pair: pair[0]))


def written(  # noqa: PLR0913 - the lines of a header
    body: str,
    *,
    author: str | None = None,
    address: str | None = None,
    to: str | None = None,
    when: str | None = None,
    subject: str | None = None,
    side: Side | None = None,
) -> Entry:
    """A mail or a comment, which may quote older ones below its own words."""
    sender = f"{author} <{address}>" if author and address else author or address
    lines = {"From": sender, "To": to, "Date": when, "Subject": subject}
    header = "\n".join(f"{name}: {_one_line(value)}" for name, value in lines.items() if value)
    return Entry(body.strip(), header, author=author, address=address, when=when, side=side, whole=True)


def spoken(  # noqa: PLR0913 - what a chat tells of a speaker
    body: str,
    *,
    author: str | None,
    when: str | None,
    address: str | None = None,
    outside: bool | None = None,
    whole: bool = False,
) -> Entry:
    """What somebody said in a call or a chat; `whole` where a system names the author, not a line of the text."""
    name = _one_line(author or "unknown speaker")
    header = f"[{when}] {name}:" if when else f"{name}:"
    return Entry(body.strip(), header, Kind.SPEECH, author, address, when, outside=outside, whole=whole)


def moment(value: object) -> str | None:
    """A date of an export (ISO 8601, or seconds since 1970) as a mail header writes it; None if it is no date."""
    written = "" if isinstance(value, bool) else str(value).strip()
    try:
        if written.replace(".", "", 1).isdecimal():
            return format_datetime(datetime.fromtimestamp(float(written), UTC))
        return format_datetime(datetime.fromisoformat(written))
    except (ValueError, OverflowError, OSError):
        return None


def attachments(names: Iterable[str]) -> tuple[str, ...]:
    """The notes on files that hang on a message and are never opened."""
    return tuple(f"attachment not read: {_one_line(name)}" for name in names if name)


def _one_line(words: str) -> str:
    return " ".join(words.split())
