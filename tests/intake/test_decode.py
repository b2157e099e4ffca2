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


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Dobrý den, export od pondělí nefunguje a naši řidiči čekají u brány. Děkujeme."),
        ("iso8859-2", "Dzień dobry, eksport nie działa od poniedziałku, łączę pozdrowienia."),
        ("cp1251", "Добрый день, экспорт не работает с понедельника, наши водители ждут у ворот."),
        ("cp1253", "Καλημέρα, η εξαγωγή αποτυγχάνει από τη Δευτέρα και οι οδηγοί μας περιμένουν."),
        ("cp1254", "Merhaba, dışa aktarma pazartesiden beri çalışmıyor, şoförlerimiz kapıda bekliyor."),
        ("gb18030", "您好，从星期一开始导出功能一直失败，我们的司机在门口等待。请尽快处理。"),
        ("euc-kr", "안녕하세요. 월요일부터 내보내기가 실패하고 있습니다. 빠른 조치 부탁드립니다."),
        ("iso2022_jp", "こんにちは。月曜日からエクスポートが失敗しています。"),
        ("cp1252", "Bonjour, l'export échoue depuis lundi et nos équipes sont bloquées à l'entrée."),
        ("cp1252", "Hej, exporten har inte fungerat sedan måndag och våra förare väntar."),
        ("cp1252", "Größe"),
    ],
)
def test_character_sets_of_other_scripts(encoding: str, text: str) -> None:
    """Where nothing declares it, the one that fits is found, and the report says which."""
    situation = read_bytes(text.encode(encoding), source="a.txt")
    assert situation.text == text
    assert any(note.startswith("character set: read as") for note in situation.notes)
