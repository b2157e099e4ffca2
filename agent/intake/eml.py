"""A mail file to the text a person would have pasted: its header lines, then its words."""

import codecs
from collections.abc import Callable, Iterable
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import EmailPolicy
from typing import TypeVar

from agent.errors import InputError
from agent.intake.decode import decode
from agent.intake.html import LONGEST_HTML, readable

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_LONGEST_HEADER = 10_000
_BROKEN = (ValueError, IndexError, AttributeError, TypeError, LookupError, MessageError, RecursionError)
"""what the standard parser raises on mangled headers and parameters, UnicodeError among the ValueErrors"""


class _Capped(EmailPolicy):
    """Long headers are cut before they are parsed, as time grows with their square; mangled ones stay as written."""

    def header_source_parse(self, sourcelines: Iterable[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:_LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return _told(lambda: str(super(_Capped, self).header_fetch_parse(name, value)), otherwise=value)


_POLICY = _Capped()
_T = TypeVar("_T")


def is_mail(data: bytes, *, source: str) -> bool:
    """By its suffix, or by the header lines that only a stored mail starts with."""
    top = data[:4096].lower().replace(b"\r\n", b"\n")
    headers = top.partition(b"\n\n")[0]
    stored = b"mime-version:" in headers or b"message-id:" in headers
    return source.lower().endswith(".eml") or (stored and b"from:" in headers)


def read_mail(data: bytes, *, source: str) -> tuple[str, tuple[str, ...]]:
    """The mail as text, and notes on what was not read. Raises InputError if it holds no words."""
    try:
        mail = BytesParser(EmailMessage, policy=_POLICY).parsebytes(data.removeprefix(codecs.BOM_UTF8))
        parts = tuple(part for part in mail.walk() if isinstance(part, EmailMessage))
    except RecursionError:
        raise InputError(f"{source} is nested too deeply; open the mail and paste its words") from None
    words, notes = _words(parts, source=source)
    if not words.strip():
        raise InputError(f"{source} holds no text; open the mail and paste its words")
    notes += [f"attachment not read: {_file_name(part)}" for part in parts if _attached(part)]
    notes += [
        f"read to {_LONGEST_HEADER:,} characters only: {name}"
        for name, value in mail.raw_items()
        if name.title() in _HEADERS and len(value) >= _LONGEST_HEADER
    ]
    return f"{_headers(mail)}\n\n{words}".lstrip("\n"), tuple(notes)


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
    if part.is_multipart():
        return False
    return _told(part.get_content_disposition, otherwise=None) == "attachment" or _file_name(part, "") != ""


def _file_name(part: EmailMessage, missing: str = "without a name") -> str:
    return _told(part.get_filename, otherwise=None) or missing


def _words(parts: tuple[EmailMessage, ...], *, source: str) -> tuple[str, list[str]]:
    """The plain text, else the HTML reduced to text; a mail inside the mail follows under its own headers."""
    plain, html, has_plain, cut = list[str](), list[str](), False, False
    for part in parts:
        kind = _told(part.get_content_type, otherwise="text/plain")
        if kind == "message/rfc822" and isinstance(inner := _first_inside(part), EmailMessage):
            plain.append(_headers(inner))
            html.append(_headers(inner))
        elif part.is_multipart() or _attached(part):
            continue
        elif kind == "text/plain":
            plain.append(_content(part, source=source))
            has_plain = has_plain or bool(plain[-1].strip())
        elif kind == "text/html":
            page = _content(part, source=source)
            cut = cut or len(page) > LONGEST_HTML
            html.append(readable(page))
    notes = [f"read to {LONGEST_HTML:,} characters only: the HTML"] if cut and not has_plain else []
    return "\n\n".join(plain if has_plain else html), notes


def _first_inside(part: EmailMessage) -> object:
    return _told(lambda: part.get_payload(0), otherwise=None)


def _content(part: EmailMessage, *, source: str) -> str:
    raw: object = _told(lambda: part.get_payload(decode=True), otherwise=None)
    data = raw if isinstance(raw, bytes) else b""
    if not data.strip():
        return ""
    charset = _told(lambda: codecs.lookup(str(part.get_content_charset("utf-8"))).name, otherwise="utf-8")
    try:
        text = data.decode(charset)
    except (LookupError, ValueError):  # an unknown charset, or a wrong one
        text = decode(data, source=source)
    return text.replace("\r\n", "\n")
