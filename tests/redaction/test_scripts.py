"""Names, numbers and addresses in scripts and spellings beside the six languages' own."""

import pytest

from agent import intake
from agent.redaction import Redactor, partly_recognised

JAPANESE = """差出人: 田中 花子 <tanaka@sakura.example.jp>
送信日時: 2026年3月12日 10:00
宛先: 佐藤 太郎 <sato@ours.example>
件名: 停止

佐藤様、さくら商事の田中です。電話番号は03-1234-5678です。海外からは＋81-3-1234-5678、メールはtanaka@sakura.example.jpです。

田中花子
〒100-0005 東京都千代田区丸の内1-1-1
"""


def sent(text: str, **heading: str) -> str:
    """A text as it is sent, where need be with headings of its own."""
    situation = intake.read_text(text)
    if heading:
        newest = situation.newest.model_copy(update=heading)
        situation = situation.model_copy(update={"messages": (newest, *situation.messages[1:])})
    return Redactor(situation).redact(situation.text)


@pytest.mark.parametrize("value", ["田中", "花子", "佐藤", "太郎", "1234-5678", "＋81", "tanaka", "〒", "千代田区"])
def test_a_japanese_letter_keeps_what_it_says_and_loses_who_says_it(value: str) -> None:
    """Words without spaces between them hide no value, and what stands beside a value stays."""
    assert value in JAPANESE
    assert value not in sent(JAPANESE)
    assert "電話番号は[PHONE_" in sent(JAPANESE)
    assert "メールは[EMAIL_" in sent(JAPANESE)


@pytest.mark.parametrize(
    ("author", "text"),
    [
        ("Иванов Пётр", "Передайте Иванову, что Пётр ждёт."),
        ("김민수", "김민수님이 기다립니다."),
        ("王小明", "请转告王小明先生。"),
        ("أحمد حسن", "قال أحمد حسن إن النظام معطل"),
        ("林 太郎", "林さんと太郎さん"),
        ("jonas weber", "ask Weber, or Jonas"),
        ("Weld, Tom", "Weld is ill and Tom is away"),
        ("Shah, Priya (Lakeside)", "priya's desk, and Shah"),
        ("Siobhán O'Neill", "Siobhán, Siobhan and O’Neill"),
        ("Chloé Dupont", "chloe's desk"),
    ],
)
def test_who_writes_is_known_however_it_is_written(author: str, text: str) -> None:
    """An author's names are replaced in every script, order, case and spelling."""
    redacted = sent(text, author=author).casefold()
    parts = author.casefold().replace(",", "").replace("(lakeside)", "").split()
    for part in (*parts, "siobhan", "chloe", "o’neill"):
        assert part not in redacted


def test_a_character_of_a_name_stays_in_other_words() -> None:
    """林 is a person before a courtesy, and a wood in 森林."""
    assert sent("森林の林さん", author="林") == "森林の[PERSON_1]さん"


@pytest.mark.parametrize("text", ["Telefon:030-1234567", "Tel:+49 89 1234567"])
def test_a_number_right_behind_a_colon(text: str) -> None:
    """No space is needed."""
    assert sent(text).endswith(":[PHONE_1]")


@pytest.mark.parametrize("text", ["at 12:30:1234567", "http://host:08012345678/x", "order 2026:0301234567"])
def test_other_numbers_behind_a_colon_stay(text: str) -> None:
    """Times and ports are no telephones."""
    assert sent(text) == text


def test_people_that_only_a_tickets_list_names() -> None:
    """A ticket lists its users, also those who wrote nothing."""
    ticket = (
        '{"ticket":{"id":1,"subject":"x","requester_id":11},"users":[{"id":11,"name":"Pia Lund","role":"end-user"},'
        '{"id":23,"name":"Gretel Stonefield","role":"agent"}],"comments":[{"id":1,"author_id":11,"public":true,'
        '"created_at":"2026-03-11T08:00:00Z","body":"It fails since noon, and Gretel has not come back to us."}]}'
    )
    situation = intake.read_bytes(ticket.encode(), source="ticket.json")
    assert "Gretel" in situation.text
    assert "Gretel" not in Redactor(situation).redact(situation.text)


@pytest.mark.parametrize(
    ("text", "told"), [(JAPANESE, True), ("Nothing works since this morning, please help.", False), ("ok", False)]
)
def test_what_a_redaction_cannot_promise_is_told(text: str, told: bool) -> None:
    """For a language without rules of its own, and for no other."""
    assert (partly_recognised(intake.read_text(text)) is not None) is told
