"""Bytes to text: what is read, and the one line that says why something is not."""

import pytest

from agent.errors import InputError
from agent.intake import read_bytes, read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_read(encoding: str) -> None:
    """UTF-8 with or without mark, UTF-16 with mark, and Windows-1252 give the same text."""
    text = "Größe zählt – für 48 € im Jahr, naïve „Frage“"
    assert read_bytes(text.encode(encoding), source="a.txt").text == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        ("\u00a0\n".encode(), "white space"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not readable as text"),
        (bytes(range(1, 32)) * 9, "not readable as text"),
        (bytes(range(128, 256)) * 9, "not readable as text"),
        (b"\xff\xfea\x00b", "not readable as text"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, says: str) -> None:
    """Empty, blank, too large, binary and undecodable input name the source, the reason and what to do."""
    with pytest.raises(InputError) as refused:
        read_bytes(data, source="case.txt")
    message = str(refused.value)
    assert message.startswith("case.txt")
    assert says in message
    assert "\n" not in message
    assert ";" in message


def test_exactly_one_megabyte_is_read() -> None:
    """The limit itself is allowed."""
    assert len(read_bytes(b"word " * 200_000, source="a.txt").text) == 1_000_000


def test_half_a_character_does_not_crash() -> None:
    """A lone surrogate from a terminal is replaced, not raised."""
    assert read_text("the export fails \udcff today").text == "the export fails ? today"
