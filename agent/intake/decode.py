"""Bytes of a file to text, or one line that says why not."""

import codecs
import re
from itertools import pairwise
from typing import NamedTuple

from agent import language
from agent.errors import InputError

MOST_BYTES = 1_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MOST_CONTROL_SHARE = 0.02
_MOST_ODD_SHARE = 0.3
_MOST_WESTERN_SHARE = 0.25
"""more letters than this are accented in no western language"""
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}
"""codecs for programs; some of them take time that grows with the square of the text"""
_JAPANESE_SHIFT = re.compile(rb"\x1b\$[@B]")
_CENTRAL_EUROPEAN = {"pl", "cs", "sk", "hu", "sl", "hr", "bs", "ro", "sq"}
_CYRILLIC = {"ru", "uk", "bg", "be", "sr", "mk"}
_LANGUAGES = {
    "cp1250": _CENTRAL_EUROPEAN, "iso8859-2": _CENTRAL_EUROPEAN, "cp1254": {"tr", "az"}, "cp1251": _CYRILLIC,
    "koi8-r": _CYRILLIC, "cp1253": {"el"}, "cp1255": {"he"}, "cp1256": {"ar", "fa", "ur"},
}  # fmt: skip
_SIGN = re.compile(r"[^\x00-\x7f\w€“”„‘’‚–—…«»°§·\xa0£´¿¡]")
_BYTES_TO_TELL = 20_000
_LEAST_TO_TELL = 10
"""bytes beyond ASCII, below which a script is a guess"""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_LETTERS = b"az"


class Decoded(NamedTuple):
    """A text, and how its character set was found where nothing said it rightly."""

    text: str
    note: str | None = None


def limited(data: bytes, *, source: str, most_bytes: int = MOST_BYTES) -> bytes:
    """The same bytes. Raises InputError if there are none or too many."""
    if not data.strip():
        raise InputError(f"{source} is empty; paste the thread, or describe the situation in a few sentences")
    if len(data) > most_bytes:
        raise InputError(
            f"{source} is larger than {most_bytes // 1_000_000} MB ({len(data):,} bytes); "
            "keep the part of the thread that matters"
        )
    return data


def decode(data: bytes, *, source: str, declared: str | None = None) -> Decoded:
    """The text in the declared character set, in UTF-8 or UTF-16 (with mark), else in the one that fits best.

    Raises InputError if it is not plausibly text.
    """
    found = _decoded(data, declared)
    if found is None or not _plausible(found.text):
        raise InputError(f"{source} is not readable as text; save it as plain text in UTF-8, or as .eml")
    if not found.text.strip():
        raise InputError(f"{source} holds only white space; paste the thread, or describe the situation")
    return found


def _decoded(data: bytes, declared: str | None) -> Decoded | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = _try(data[len(mark) :], encoding)
            return None if text is None else Decoded(text)
    charset = _known(declared)
    if charset and (text := _try(data, charset)) is not None:
        return Decoded(text)
    if _JAPANESE_SHIFT.search(data) and (text := _try(data, "iso2022_jp")) is not None:
        return Decoded(text, _note("iso2022_jp", declared))
    if (text := _try(data, "utf-8")) is not None:
        return Decoded(text, _note("utf-8", declared) if declared and not text.isascii() else None)
    for fitting in (_detected(data), "cp1252"):
        if fitting and (text := _try(data, fitting)) is not None and _fits(text, fitting):
            return Decoded(text, _note(fitting, declared))
    return None


def _known(declared: str | None) -> str | None:
    """Python's name of a character set that people write mails in."""
    try:
        name = codecs.lookup((declared or "").strip()).name
    except (LookupError, ValueError):
        return None
    return None if name.replace("-", "_") in _NO_CHARSETS else name


def _note(encoding: str, declared: str | None) -> str:
    why = f"the declared one ({declared[:40]}) does not fit" if declared else "none was declared"
    return f"character set: read as {encoding}, as {why}"


def _detected(data: bytes) -> str | None:
    """The character set that the bytes are most likely in, where it is not the western default.

    The detector tells scripts apart. Between those of Latin letters, and in short texts, the language decides.
    """
    sample = data[:_BYTES_TO_TELL]
    beyond = len(sample.translate(None, bytes(range(128))))
    letters = beyond + sum(map(str.isalpha, sample.decode("ascii", "ignore")))
    if beyond < _LEAST_TO_TELL or beyond <= _MOST_WESTERN_SHARE * letters:
        return _by_language(sample)
    from charset_normalizer import from_bytes  # noqa: PLC0415 - few files need it

    probable = (m.encoding for m in from_bytes(sample) if not _improbable(str(m), m.encoding))
    return next(probable, None) or _by_language(sample)


def _by_language(sample: bytes) -> str | None:
    """One whose language the text is in, and of several the one with the fewest signs and capitals inside its words."""
    told = [
        (_signs(text) + sum(a.islower() and b.isupper() for a, b in pairwise(text)), charset)
        for charset, languages in _LANGUAGES.items()
        if (text := _try(sample, charset)) is not None and language.detect(text) in languages
    ]
    return min(told)[1] if told else None


def _signs(text: str) -> int:
    return len(_SIGN.findall(text))


def _improbable(text: str, charset: str) -> bool:
    """Narrow katakana, which nobody writes in, and the character sets of mainframes."""
    narrow = sum("\uff61" <= c <= "\uff9f" for c in text)
    return narrow > _MOST_ODD_SHARE * len(text) or _LETTERS.decode(charset, "replace") != "az"


def _fits(text: str, encoding: str) -> bool:
    """Bytes of no language give signs and few letters in Windows-1252, and letters of many scripts elsewhere."""
    if encoding != "cp1252":
        return True
    return _signs(text) < _MOST_ODD_SHARE * max(1, sum(not c.isascii() for c in text))


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (ValueError, LookupError):
        return None


def _plausible(text: str) -> bool:
    control = len(_CONTROL.findall(text))
    return "\0" not in text and control <= _MOST_CONTROL_SHARE * len(text)
