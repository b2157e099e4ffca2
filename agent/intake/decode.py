"""Bytes of a file to text, or one line that says why not."""

import codecs

from agent.errors import InputError

MOST_BYTES = 1_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MOST_CONTROL_SHARE = 0.02
_MOST_ODD_SHARE = 0.3


def limited(data: bytes, *, source: str) -> bytes:
    """The same bytes. Raises InputError if there are none or too many."""
    if not data.strip():
        raise InputError(f"{source} is empty; paste the thread, or describe the situation in a few sentences")
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{source} is larger than 1 MB ({len(data):,} bytes); keep the part of the thread that matters"
        )
    return data


def decode(data: bytes, *, source: str) -> str:
    """Text of a UTF-8, UTF-16 (with mark) or Windows-1252 file. Raises InputError if it is not plausibly text."""
    text = _decoded(data)
    if text is None or not _plausible(text):
        raise InputError(f"{source} is not readable as text; save it as plain text in UTF-8, or as .eml")
    if not text.strip():
        raise InputError(f"{source} holds only white space; paste the thread, or describe the situation")
    return text


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _try(data[len(mark) :], encoding)
    if (text := _try(data, "utf-8")) is not None:
        return text
    text = _try(data, "cp1252")
    odd = sum(not (c.isascii() or c.isalpha() or c in "€“”„‘’‚–—…«»°§·\xa0£´") for c in text or "")
    return text if text and odd < _MOST_ODD_SHARE * max(1, sum(not c.isascii() for c in text)) else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _plausible(text: str) -> bool:
    control = sum(c < " " and c not in "\t\n\r\f" for c in text)
    return "\0" not in text and control <= _MOST_CONTROL_SHARE * len(text)
