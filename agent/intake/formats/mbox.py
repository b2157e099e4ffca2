"""A mail folder as one file. It may hold years; the newest thread is the situation, and the rest is named."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import NamedTuple

from agent.errors import InputError
from agent.intake import dates
from agent.intake.eml import read_mail
from agent.intake.formats.entry import Contents, Entry, by_date, comparable

MOST_CHARACTERS = 4_000_000
"""of a thread, newest first: far more than a model is shown, and read in seconds"""
_SEPARATOR = re.compile(rb"^From [^\r\n]{1,300}\r?\n(?=[!-9;-~]{1,70}:)", re.MULTILINE)
_QUOTED_SEPARATOR = re.compile(rb"^>(>*From )", re.MULTILINE)
_LONGEST_HEADER = 65_536
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_PREFIXES = re.compile(
    r"(?:\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|rif|odp|vl|doorst|i|r|res|enc)(?:\[\d+\])?\s*:)+", re.IGNORECASE
)
_MOST_IDS = 50


class _Stored(NamedTuple):
    """A mail in the folder, before its words are read."""

    raw: bytes
    ids: tuple[str, ...]
    """its own id, then those it answers"""
    subject: str
    sent: datetime


def is_mbox(data: bytes, *, source: str) -> bool:  # noqa: ARG001 - content tells
    """The separator line that starts every mail, and below it a header."""
    return _SEPARATOR.match(data) is not None


def read_mbox(data: bytes, *, source: str) -> Contents:
    """The thread with the newest mail, oldest first. Raises InputError if none of its mails holds words."""
    folder = [_stored(raw) for raw in _split(data)]
    thread = _newest_thread(folder)
    entries, notes, room, unread = list[Entry](), list[str](), MOST_CHARACTERS, 0
    for mail in sorted(thread, key=lambda mail: mail.sent, reverse=True):
        if room <= 0:
            unread += 1
            continue
        try:
            contents = read_mail(mail.raw, source=source)
        except InputError:
            notes.append("a mail without text was left out")
            continue
        entries += contents.entries
        notes += contents.notes
        room -= sum(len(entry.body) for entry in contents.entries)
    if not entries:
        raise InputError(f"{source} holds no mail with text; open the mail and paste its words")
    if unread:
        notes.append(f"left out: the {unread} oldest mails of the thread, beyond {MOST_CHARACTERS:,} characters")
    if others := len(folder) - len(thread):
        newest = max(thread, key=lambda mail: mail.sent).subject or "without a subject"
        notes.append(f"the newest thread was read ({newest[:80]}); left out: {others} mails of other threads")
    return Contents(by_date(reversed(entries)), tuple(dict.fromkeys(notes)))


def _split(data: bytes) -> Iterator[bytes]:
    borders = list(_SEPARATOR.finditer(data))
    for n, border in enumerate(borders):
        last = n + 1 == len(borders)
        raw = data[border.end() : len(data) if last else borders[n + 1].start()]
        raw = raw if last else raw.removesuffix(b"\n").removesuffix(b"\r")
        yield _QUOTED_SEPARATOR.sub(rb"\1", raw) if b">From " in raw else raw


def _stored(raw: bytes) -> _Stored:
    top = raw[:_LONGEST_HEADER].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    told = BytesHeaderParser(policy=compat32).parsebytes(top + b"\n\n")
    answers = f"{told['Message-ID'] or ''} {told['In-Reply-To'] or ''} {told['References'] or ''}"
    subject = bare_subject(str(told["Subject"] or ""))
    sent = comparable(dates.instant(str(told["Date"]))) if told["Date"] else None
    ids = tuple(_MESSAGE_ID.findall(answers)[:_MOST_IDS])
    return _Stored(raw, ids, subject, sent or datetime.min.replace(tzinfo=UTC))


def bare_subject(subject: str) -> str:
    """Without "Re:", "AW:" and the like, by which answers share it."""
    return " ".join(_PREFIXES.sub("", subject, count=1).split())


def _newest_thread(folder: list[_Stored]) -> list[_Stored]:
    """The mails that answer each other or share a subject with the newest one, whichever way they are linked."""
    keys = [{*mail.ids, mail.subject.casefold() or None} - {None} for mail in folder]
    holders: dict[str | None, list[int]] = {}
    for n, told in enumerate(keys):
        for key in told:
            holders.setdefault(key, []).append(n)
    newest = max(range(len(folder)), key=lambda n: folder[n].sent)
    waiting, found = [newest], {newest}
    while waiting:
        for key in keys[waiting.pop()]:
            fresh = [n for n in holders.pop(key, ()) if n not in found]
            found.update(fresh)
            waiting += fresh
    return [folder[n] for n in sorted(found)]
