"""A mail file to the text a person would have pasted: its header lines, then its words."""

import codecs
import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Iterable
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import EmailPolicy
from functools import lru_cache
from typing import TypeVar

from agent.errors import InputError
from agent.intake.decode import Decoded, decode
from agent.intake.formats.entry import Contents, Entry
from agent.intake.formats.rtf import words_of_rtf
from agent.intake.html import LONGEST_HTML, readable

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_LONGEST_HEADER = 10_000
_LONGEST_TEXT = 1_000_000
_LEAST_LINE = 60
"""characters of a line in base64 that is not the last: encoders write 64 or 76"""
_BASE64_LINES = re.compile(rf"\s*(?:[A-Za-z0-9+/]{{{_LEAST_LINE},}}\r?\n)*[A-Za-z0-9+/]{{2,}}={{0,2}}\r?\n")
_LEAST_BASE64 = 40
"""characters that no plain words begin with"""
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s-]")
_PLAIN = {"text/plain", "text/markdown", "text/enriched"}
_RICH_TEXT = {"text/rtf", "application/rtf"}
_BROKEN = (ValueError, IndexError, AttributeError, TypeError, LookupError, MessageError, RecursionError)
"""what the standard parser raises on mangled headers and parameters, UnicodeError among the ValueErrors"""


class _Capped(EmailPolicy):
    """Long headers are cut before they are parsed, as time grows with their square; mangled ones stay as written."""

    def header_source_parse(self, sourcelines: Iterable[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:_LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return _parsed(name, value)


_POLICY = _Capped()
_T = TypeVar("_T")


@lru_cache(maxsize=512)  # the standard library asks for the same header again and again
def _parsed(name: str, value: str) -> str:
    return _told(lambda: str(EmailPolicy.header_fetch_parse(_POLICY, name, value)), otherwise=value)


def is_mail(data: bytes, *, source: str) -> bool:
    """By its suffix, or by the header lines that only a stored mail starts with."""
    top = data[:4096].lower().replace(b"\r\n", b"\n")
    headers = top.partition(b"\n\n")[0]
    stored = b"mime-version:" in headers or b"message-id:" in headers
    return source.lower().endswith(".eml") or (stored and b"from:" in headers)


def read_mail(data: bytes, *, source: str) -> Contents:
    """The mail with the mails inside it as one entry, and what was not read. Raises InputError if it has no words."""
    try:
        mail = BytesParser(EmailMessage, policy=_POLICY).parsebytes(data.removeprefix(codecs.BOM_UTF8))
        parts = tuple(part for part in mail.walk() if isinstance(part, EmailMessage))
    except RecursionError:
        raise InputError(f"{source} is nested too deeply; open the mail and paste its words") from None
    words, notes = _words(parts, source=source)
    if not words.strip():
        raise InputError(f"{source} holds no text; open the mail and paste its words")
    notes += [_unread(part) for part in parts if _attached(part)]
    notes += [
        f"read to {_LONGEST_HEADER:,} characters only: {name}"
        for name, value in mail.raw_items()
        if name.title() in _HEADERS and len(value) >= _LONGEST_HEADER
    ]
    when = _header(mail, "Date") or None
    return Contents((Entry(words, _headers(mail), when=when, whole=True),), tuple(dict.fromkeys(notes)))


def _told(read: Callable[[], _T], *, otherwise: _T) -> _T:
    """What a header says; a mangled one says nothing."""
    try:
        return read()
    except _BROKEN:
        return otherwise


def _headers(mail: Message) -> str:
    return "\n".join(f"{name}: {value}" for name in _HEADERS if (value := _header(mail, name)))


def _header(mail: Message, name: str) -> str:
    """A header as one line. What breaks the parser (an impossible date, a broken address) is read as written."""
    written = next((str(raw) for key, raw in mail.raw_items() if key.lower() == name.lower()), "")
    return " ".join(_told(lambda: str(mail[name] or ""), otherwise=written).split())


def _attached(part: EmailMessage) -> bool:
    """Whether the part is a file: it says so, has a name, or is of a kind that is no text."""
    if part.is_multipart():
        return False
    named = _told(part.get_content_disposition, otherwise=None) == "attachment" or _file_name(part, "") != ""
    return named or not (
        _kind(part).startswith(("message/", "multipart/")) or _kind(part) in _PLAIN | _RICH_TEXT | {"text/html"}
    )


def _unread(part: EmailMessage) -> str:
    inline = _kind(part).startswith("image/") and (
        part["Content-ID"] is not None or _told(part.get_content_disposition, otherwise=None) == "inline"
    )
    return f"{'inline image' if inline else 'attachment'} not read: {_file_name(part)}"


def _kind(part: EmailMessage) -> str:
    return _told(part.get_content_type, otherwise="text/plain")


def _file_name(part: EmailMessage, missing: str = "without a name") -> str:
    return _told(part.get_filename, otherwise=None) or missing


def _words(parts: tuple[EmailMessage, ...], *, source: str) -> tuple[str, list[str]]:
    """The words of the mail, then those of each mail inside it under its own headers."""
    mails: list[tuple[str, dict[str, list[EmailMessage]]]] = [("", defaultdict(list))]
    for part in parts:
        kind = _kind(part)
        if kind == "message/rfc822" and isinstance(inner := _first_inside(part), EmailMessage):
            mails.append((_headers(inner), defaultdict(list)))
        elif not part.is_multipart() and not _attached(part):
            form = "html" if kind == "text/html" else "rich" if kind in _RICH_TEXT else "plain"
            mails[-1][1][form].append(part)
    notes = list[str]()
    told = (piece for headers, forms in mails for piece in (headers, *_best(forms, notes, source=source)))
    return "\n\n".join(piece for piece in told if piece.strip()), notes


def _best(forms: dict[str, list[EmailMessage]], notes: list[str], *, source: str) -> list[str]:
    """The plain text of a mail, else its HTML, else its rich text."""
    for form in ("plain", "html", "rich"):
        told = [_readable(part, form, notes, source=source) for part in forms[form]]
        if any(text.strip() for text in told):
            return told
    return []


def _readable(part: EmailMessage, form: str, notes: list[str], *, source: str) -> str:
    content = _content(part, source=source)
    notes += [content.note] if content.note else []
    if form == "rich" and content.text.strip():
        notes.append("the body was read from rich text")
        return words_of_rtf(content.text.encode("latin-1", "replace"), source=source)
    longest = LONGEST_HTML if form == "html" else _LONGEST_TEXT
    if len(content.text) > longest:
        notes.append(f"read to {longest:,} characters only: the {'HTML' if form == 'html' else 'text'}")
    return readable(content.text) if form == "html" else content.text[:longest]


def _first_inside(part: EmailMessage) -> object:
    return _told(lambda: part.get_payload(0), otherwise=None)


def _falsely_encoded(part: EmailMessage) -> bool:
    """Whether a part said to be in base64 holds other characters, or bare words: then it is read as it stands."""
    written = _payload(part, decode=False)
    said = _told(lambda: str(part["Content-Transfer-Encoding"] or ""), otherwise="").strip().lower() == "base64"
    if not said or not isinstance(written, str):
        return False
    return _NO_BASE64.search(written) is not None or any(len(line) < _LEAST_LINE for line in written.split()[:-1])


def _above_a_footer(written: str) -> str | bytes:
    """A body in base64 below which a mailing list has put plain words, in full; anything else as it stands."""
    head = _BASE64_LINES.match(written)
    encoded = "".join(head[0].split()) if head else ""
    if len(encoded) < _LEAST_BASE64 or len(encoded) % 4:
        return written
    return b64decode(encoded) + b"\n" + written[len(head[0]) if head else 0 :].encode("utf-8", "surrogateescape")


def _payload(part: EmailMessage, *, decode: bool) -> object:
    return _told(lambda: part.get_payload(decode=True) if decode else part.get_payload(), otherwise=None)


def _content(part: EmailMessage, *, source: str) -> Decoded:
    """The part's text. A transfer encoding that it does not follow leaves it as it stands."""
    falsely = _falsely_encoded(part)
    raw = _payload(part, decode=not falsely)
    raw = _above_a_footer(raw) if falsely and isinstance(raw, str) else raw
    data = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else raw if isinstance(raw, bytes) else b""
    if not data.strip():
        return Decoded("")
    declared = _told(lambda: part.get_content_charset(), otherwise=None)  # noqa: PLW0108 - its overloads confuse mypy
    text, note = decode(data, source=source, declared=declared)
    return Decoded(text.replace("\r\n", "\n"), note)
