"""Which format a file has, and how much of it is read."""

import codecs
from collections.abc import Callable
from typing import NamedTuple

from agent.errors import InputError
from agent.intake.decode import MOST_BYTES, decode, limited
from agent.intake.eml import is_mail, read_mail
from agent.intake.formats.entry import Contents, Entry
from agent.intake.formats.exports import is_json, read_export
from agent.intake.formats.mbox import is_mbox, read_mbox
from agent.intake.formats.msg import is_msg, read_msg
from agent.intake.formats.rtf import is_rtf, words_of_rtf
from agent.intake.formats.transcript import is_call, is_subtitles, read_call, read_subtitles
from agent.intake.html import is_page, read_page
from agent.intake.marks import Kind

_MB = 1_000_000
MOST_TOTAL_BYTES = 100 * _MB
"""of all files of a situation together; no more than this is ever read from a file or a pipe"""
_DOCUMENTS = (b"%PDF-", b"PK\x03\x04")
"""how a PDF and an Office document or archive begin"""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Format(NamedTuple):
    """How a kind of file is known, by its content first and its suffix second, and read."""

    is_one: Callable[..., bool]
    """of the bytes, and of `source`, the file's name"""
    read: Callable[..., Contents]
    most_bytes: int = MOST_BYTES


def contents(data: bytes, source: str) -> Contents:
    """The messages of the file. Raises InputError with one line: what, where, what to do."""
    if data.startswith(_UTF_16):
        data = decode(limited(data, source=source), source=source).text.encode()
    if data.startswith(_DOCUMENTS):
        raise InputError(f"{source} is a PDF, an Office file or an archive; copy its text, or save it as plain text")
    form = next((form for form in FORMATS if form.is_one(data, source=source)), _TEXT)
    read: Contents = form.read(limited(data, source=source, most_bytes=form.most_bytes), source=source)
    if not any(entry.body.strip() for entry in read.entries):
        raise InputError(f"{source} holds no text; paste the thread, or describe the situation in a few sentences")
    return read


def _plain(text: str, *notes: str | None) -> Contents:
    return Contents((Entry(text, kind=Kind.PLAIN),), tuple(note for note in notes if note))


def _read_rtf(data: bytes, *, source: str) -> Contents:
    return _plain(words_of_rtf(data, source=source), "read from rich text")


def _read_text(data: bytes, *, source: str) -> Contents:
    text, note = decode(data, source=source)
    if is_subtitles(text):
        return read_subtitles(text, source=source)
    return read_call(text) if is_call(text) else _plain(text, note)


FORMATS = (
    Format(is_msg, read_msg, 30 * _MB),
    Format(is_mbox, read_mbox, MOST_TOTAL_BYTES),
    Format(is_rtf, _read_rtf),
    Format(is_json, read_export, 10 * _MB),
    Format(is_mail, read_mail, 30 * _MB),
    Format(is_page, read_page, 5 * _MB),
)
"""A file is of the first kind that knows it."""
_TEXT = Format(lambda _data, _source: True, _read_text)
"""What no other kind knows: pasted threads, notes, calls."""
