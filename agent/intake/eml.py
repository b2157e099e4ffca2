"""A mail file to the text a person would have pasted: its header lines, then its words."""

import codecs
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage

from agent.errors import InputError
from agent.intake.decode import decode
from agent.intake.html import readable

_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def is_mail(data: bytes, *, source: str) -> bool:
    """By its suffix, or by the header lines that only a stored mail starts with."""
    top = data[:4096].lower().replace(b"\r\n", b"\n")
    headers = top.partition(b"\n\n")[0]
    stored = b"mime-version:" in headers or b"message-id:" in headers
    return source.lower().endswith(".eml") or (stored and b"from:" in headers)


def read_mail(data: bytes, *, source: str) -> tuple[str, tuple[str, ...]]:
    """The mail as text, and notes on what was not read. Raises InputError if it holds no words."""
    mail = message_from_bytes(data, policy=policy.default)
    words = _words(mail, source=source)
    if not words.strip():
        raise InputError(f"{source} holds no text; open the mail and paste its words")
    attachments = tuple(f"attachment not read: {_file_name(part)}" for part in mail.walk() if _attached(part))
    return f"{_headers(mail)}\n\n{words}".lstrip("\n"), attachments


def _headers(mail: EmailMessage) -> str:
    return "\n".join(f"{name}: {value}" for name in _HEADERS if (value := _header(mail, name)))


def _header(mail: EmailMessage, name: str) -> str:
    """A header as one line. What breaks the parser (an impossible date, a broken address) is read as written."""
    try:
        value = str(mail[name] or "")
    except (ValueError, IndexError, AttributeError, TypeError, LookupError, MessageError):
        value = next((str(raw) for key, raw in mail.raw_items() if key.lower() == name.lower()), "")
    return " ".join(value.split())


def _attached(part: EmailMessage) -> bool:
    return not part.is_multipart() and (part.get_content_disposition() == "attachment" or _file_name(part, "") != "")


def _file_name(part: EmailMessage, missing: str = "without a name") -> str:
    try:
        return part.get_filename() or missing
    except (ValueError, LookupError, TypeError, MessageError):
        return missing


def _words(mail: EmailMessage, *, source: str) -> str:
    """The plain text, else the HTML reduced to text; a mail inside the mail follows under its own headers."""
    plain, html, has_plain = list[str](), list[str](), False
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822" and isinstance(inner := part.get_payload(0), EmailMessage):
            plain.append(_headers(inner))
            html.append(_headers(inner))
        elif part.is_multipart() or _attached(part):
            continue
        elif part.get_content_type() == "text/plain":
            plain.append(_content(part, source=source))
            has_plain = has_plain or bool(plain[-1].strip())
        elif part.get_content_type() == "text/html":
            html.append(readable(_content(part, source=source)))
    return "\n\n".join(plain if has_plain else html)


def _content(part: EmailMessage, *, source: str) -> str:
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    if not data.strip():
        return ""
    try:
        text = data.decode(codecs.lookup(str(part.get_content_charset("utf-8"))).name)
    except (LookupError, UnicodeDecodeError):  # an unknown charset, or a wrong one
        text = decode(data, source=source)
    return text.replace("\r\n", "\n")
