"""Rich text, as Outlook keeps the body of some mails: to its words."""

import struct
from typing import Final

from agent.errors import ConfigurationError, InputError

LONGEST_RTF: Final = 1_000_000
NEEDS = "reading Outlook's own formats needs the extra `msg`: pip install 'escalation-triage[msg]'"
_HEADER = struct.Struct("<4xI4sI")
_MOST_FONTS = 1_000
_BROKEN = (ValueError, LookupError, OverflowError, TypeError, AttributeError, struct.error)


def is_rtf(data: bytes, *, source: str) -> bool:  # noqa: ARG001 - content tells
    """By its first characters."""
    return data.lstrip()[:5] == b"{\\rtf"


def words_of_rtf(data: bytes, *, source: str) -> str:
    """The text of a rich text document. Raises InputError if it cannot be read."""
    try:
        from striprtf.striprtf import font_table_group, rtf_to_text  # noqa: PLC0415 - an extra, and rarely needed
    except ImportError:
        raise ConfigurationError(NEEDS) from None
    # The library's patterns for fonts and links take time that grows with the square of their number, or worse. Many
    # fonts are refused; a link is renamed to what it does not know, so that its text stays and its address goes.
    rtf = data[:LONGEST_RTF].decode("latin-1").replace("\\fldinst", "\\fieldcode")
    fonts: str = font_table_group(rtf)  # type: ignore[no-untyped-call] # says that it is typed
    if fonts.count("\\f") > _MOST_FONTS:
        raise InputError(f"{source}: its rich text names more fonts than a mail has; paste its words as text")
    try:
        words: str = rtf_to_text(rtf, errors="replace")  # type: ignore[no-untyped-call] # says that it is typed
    except _BROKEN:
        raise InputError(f"{source}: its rich text is broken; paste its words as text") from None
    return words.replace("\r\n", "\n").strip()


def decompressed(data: bytes, *, source: str) -> bytes:
    """Outlook's compressed rich text, unpacked. Raises InputError if it is damaged."""
    try:
        from compressed_rtf import crc32, decompress  # noqa: PLC0415 - an extra, and rarely needed
    except ImportError:
        raise ConfigurationError(NEEDS) from None
    damaged = InputError(f"{source}: its compressed rich text is damaged; open the mail and paste its words")
    if not _HEADER.size <= len(data) <= LONGEST_RTF:
        raise damaged
    raw_size, kind, checksum = _HEADER.unpack_from(data)
    body = data[_HEADER.size : struct.unpack_from("<I", data)[0] + 4]
    # What the library would raise a bare Exception for is told before it is called.
    if kind == b"MELA":
        return body[:raw_size]
    if kind != b"LZFu" or crc32.crc32(body) != checksum:
        raise damaged
    try:
        return bytes(decompress(data))
    except _BROKEN:
        raise damaged from None
