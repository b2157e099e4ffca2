"""An Outlook .msg file. python-oxmsg is young, so that it and its faults stay behind one function."""

import struct
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from agent.errors import ConfigurationError, InputError
from agent.intake.decode import decode
from agent.intake.formats.entry import Contents, Entry
from agent.intake.formats.rtf import NEEDS, decompressed, words_of_rtf
from agent.intake.html import readable

if TYPE_CHECKING:
    from oxmsg.attachment import Attachment
    from oxmsg.message import Message

_COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
_CLASSES_OF_MAIL = ("IPM.NOTE", "IPM.POST", "REPORT")
_HTML, _RTF_COMPRESSED = 0x1013, 0x1009  # numbers of properties, as [MS-OXPROPS] lists them
_SENDER_SMTP, _RECIPIENT_KIND = 0x5D01, 0x0C15
_CONTENT_ID, _NAMES = 0x3712, (0x3707, 0x3704, 0x3001)
_KINDS = {1: "To", 2: "Cc"}
_FIRST_YEAR = 1970
"""an unset date reads as 1601"""
_BROKEN = (
    ValueError, LookupError, OSError, AttributeError, TypeError, AssertionError, OverflowError, RecursionError,
    MemoryError, struct.error,
)  # fmt: skip
"""what damaged files raise in the library, besides its own"""


def is_msg(data: bytes, *, source: str) -> bool:  # noqa: ARG001 - content tells
    """A compound file; whether it is a mail shows when it is read."""
    return data.startswith(_COMPOUND_FILE)


def read_msg(data: bytes, *, source: str) -> Contents:
    """The mail as one message. Raises InputError if it is damaged or no mail, ConfigurationError without the extra."""
    try:
        import oxmsg  # noqa: PLC0415 - an extra
        from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError  # noqa: PLC0415 - an extra
    except ImportError:
        raise ConfigurationError(NEEDS) from None
    try:
        mail = oxmsg.Message.load(data)
        if not mail.message_class.upper().startswith(_CLASSES_OF_MAIL):
            raise InputError(f"{source} is an Office file but no mail; paste its words, or save the mail as .eml")
        words, notes = _words(mail, source=source)
        header, sent = _header(mail), _sent(mail)
        files = [_named(attachment) for attachment in mail.attachments]
    except (*_BROKEN, UnrecognizedCodePageError, UnsupportedEncodingError):
        raise InputError(f"{source} is a damaged Outlook file; save the mail again as .msg or .eml") from None
    if not words.strip():
        raise InputError(f"{source} holds no text; open the mail and paste its words")
    return Contents((Entry(words.strip(), header, when=sent, whole=True),), (*notes, *files))


def _words(mail: "Message", *, source: str) -> tuple[str, tuple[str, ...]]:
    """The plain text, else the HTML, else the rich text."""
    if (plain := mail.body) and plain.strip():
        return plain.replace("\r\n", "\n"), ()
    properties = mail.properties
    if page := properties.binary_prop_value(_HTML):
        html = decode(page, source=source, declared=properties.body_encoding)
        return readable(html.text), (html.note,) if html.note else ()
    if compressed := properties.binary_prop_value(_RTF_COMPRESSED):
        return words_of_rtf(decompressed(compressed, source=source), source=source), (
            "the body was read from rich text",
        )
    return readable(mail.html_body or ""), ()


def _named(attachment: "Attachment") -> str:
    """The note on a file that is never opened."""
    told = attachment.properties
    name = next((name for pid in _NAMES if (name := told.str_prop_value(pid))), "without a name")
    inline = told.str_prop_value(_CONTENT_ID) and (attachment.mime_type or "").startswith("image/")
    return f"{'inline image' if inline else 'attachment'} not read: {name}"


def _header(mail: "Message") -> str:
    told = mail.message_headers
    recipients: dict[str, list[str]] = {name: [] for name in _KINDS.values()}
    for person in mail.recipients:
        kind = _KINDS.get(person.properties.int_prop_value(_RECIPIENT_KIND) or 1)
        if kind:
            recipients[kind].append(f"{person.name} <{person.email_address}>" if person.email_address else person.name)
    lines = {
        "From": _sender(mail),
        "To": told.get("To") or ", ".join(recipients["To"]),
        "Cc": told.get("Cc") or ", ".join(recipients["Cc"]),
        "Date": _sent(mail),
        "Subject": mail.subject,
    }
    return "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in lines.items() if value)


def _sender(mail: "Message") -> str | None:
    """The header's own words; else the name with an address that mail servers know, not Exchange's."""
    address = mail.properties.str_prop_value(_SENDER_SMTP)
    if sender := mail.sender:
        name, _, inside = sender.rpartition(" <")
        return f"{name} <{address}>" if address and inside.startswith("/") else sender
    return address


def _sent(mail: "Message") -> str | None:
    if date := mail.message_headers.get("Date"):
        return str(date)
    sent = mail.sent_date
    return _written(sent) if sent and sent.year >= _FIRST_YEAR else None


def _written(sent: datetime) -> str:
    return format_datetime(sent if sent.tzinfo else sent.replace(tzinfo=UTC))
