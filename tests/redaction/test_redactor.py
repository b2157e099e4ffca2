"""Private values out, placeholders in, and back."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import intake
from agent.redaction import PLACEHOLDER, Redactor
from agent.schema import Message, PrivateKind, Side, Situation
from tests.redaction.labelled import LANGUAGES, texts

LETTER = """From: Jonas Weber <jonas.weber@brightwater.example>
To: Mia van den Berg <mia@ours.example>
Date: Mon, 5 Jan 2026 08:00

Hello Mia,

the export fails. Call me at +49 89 1234567, or Thomas Klein. Jonas's desk is Hauptstraße 5,
80331 München. WEBER is loud, Webers Team waits.

Kind regards,
Jonas
"""


def redactor(text: str, **options: object) -> tuple[Situation, Redactor]:
    situation = intake.read_text(text)
    return situation, Redactor(situation, **options)


def test_the_same_value_has_the_same_placeholder() -> None:
    """Wherever it stands, and in whatever order it is sent."""
    _, ours = redactor(LETTER)
    assert ours.redact("ask Thomas Klein") == ours.redact("ask Thomas Klein")
    assert ours.redact("jonas.weber@brightwater.example") == "[EMAIL_1]"


def test_a_person_is_one_number_in_every_spelling() -> None:
    """Full name, first name and surname share a number, so that a model can tell who is who."""
    _, ours = redactor(LETTER)
    names = [ours.redact(name) for name in ("Jonas Weber", "Jonas", "Weber", "Mia van den Berg", "Mia")]
    assert [name.rstrip("BCDEF]") for name in names] == [
        "[PERSON_1",
        "[PERSON_1",
        "[PERSON_1",
        "[PERSON_2",
        "[PERSON_2",
    ]
    assert len(set(names)) == 5


def test_nothing_private_is_left_and_all_of_it_comes_back() -> None:
    """A value broken over two lines, a name in capitals, with an ending, with an apostrophe."""
    _, ours = redactor(LETTER)
    sent = ours.redact(LETTER)
    for value in ("Jonas", "Weber", "WEBER", "Mia", "Berg", "Klein", "1234567", "Hauptstraße", "80331", "@"):
        assert value not in sent, value
    assert ours.restore(sent) == LETTER


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_labelled_text_comes_back_as_it_was(language: str) -> None:
    """Redacting and restoring is exact, and redacting twice changes nothing more."""
    for item in texts(language):
        _, ours = redactor(item.text)
        sent = ours.redact(item.text)
        assert ours.restore(sent) == item.text
        assert ours.redact(sent) == sent


def test_values_are_found_inside_json() -> None:
    """A second request carries the first answer as JSON, where quotes, backslashes and line breaks are escaped."""
    text = 'Our password: "a\\b"c and we are at Hauptstraße 5,\n80331 München.\n\nBest,\nTom Baker'
    _, ours = redactor(text)
    sent = ours.redact(json.dumps({"said": text}, ensure_ascii=False))
    for value in ("Hauptstraße", "80331", "Tom", "Baker"):
        assert value not in sent


def test_a_placeholder_that_the_text_holds_stands_for_itself() -> None:
    """A sender cannot have a name filled in by writing its placeholder."""
    text = f"{LETTER}\nAlso, [PERSON_1] and EMAIL_1 are words of mine."
    _, ours = redactor(text)
    sent = ours.redact(text)
    assert "Also, [PERSON_1] and EMAIL_1 are words of mine." in sent
    assert ours.restore(sent) == text
    assert ours.restore("[PERSON_1]") == "[PERSON_1]"


def test_an_unknown_placeholder_is_left_for_the_guards() -> None:
    """What stands for nobody stays visible."""
    _, ours = redactor(LETTER)
    assert ours.restore("Dear [PERSON_9],") == "Dear [PERSON_9],"


def test_a_placeholder_without_brackets_is_restored_too() -> None:
    """Models drop them now and then."""
    _, ours = redactor(LETTER)
    assert ours.restore("write to EMAIL_1 now") == "write to jonas.weber@brightwater.example now"


def test_only_the_kinds_that_are_asked_for() -> None:
    """Per kind on or off; nothing is counted that is off."""
    _, ours = redactor(LETTER, kinds=[PrivateKind.EMAIL])
    sent = ours.redact(LETTER)
    assert "Jonas Weber <[EMAIL_1]>" in sent
    assert "+49 89 1234567" in sent
    assert [one.kind for one in ours.replaced()] == [PrivateKind.EMAIL]


def test_the_account_and_the_own_company_stay() -> None:
    """A model has to know whose account it is, also where a person bears the same name."""
    text = "From: Jonas Weber <j@weber.example>\n\nWeber Logistik GmbH waits. Weber waits. Berg & Sohn wait.\n\nBest,\nJonas"
    _, ours = redactor(text, kept=["Berg & Sohn"])
    sent = ours.redact(text)
    assert "Weber Logistik GmbH waits. [PERSON_1" in sent
    assert "Berg & Sohn wait" in sent


def test_the_csm_is_known_by_the_settings() -> None:
    """A name that the run knows is found where nothing in the text tells that it is one."""
    _, ours = redactor("told Quillfeather about it, no answer", known_people=["Ada Quillfeather"])
    assert ours.redact("told Quillfeather about it") == "told [PERSON_1] about it"


def test_what_was_replaced_is_counted() -> None:
    """Different values, and places in everything that was sent."""
    _, ours = redactor(LETTER)
    ours.redact("jonas.weber@brightwater.example")
    ours.redact("jonas.weber@brightwater.example and mia@ours.example")
    (email,) = ours.replaced()
    assert (email.kind, email.values, email.times) == (PrivateKind.EMAIL, 2, 3)


def test_the_word_that_fences_a_block_is_never_taken_for_a_number() -> None:
    """A nonce of digits alone is still the nonce."""
    _, ours = redactor(LETTER)
    block = "Blocks are marked 0142685300.\n\n<message 0142685300 number=1>\nit fails\n</message 0142685300>"
    assert ours.redact(block) == block


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    """Whatever is written: restored is what was redacted."""
    situation = intake.read_text(LETTER)
    ours = Redactor(situation)
    if not PLACEHOLDER.search(text):
        assert ours.restore(ours.redact(text)) == text


@pytest.mark.parametrize("written", ["O’Hara", "O'Hara"])
def test_a_name_in_capitals_is_found_with_either_apostrophe(written: str) -> None:
    """A mail program curls the apostrophe of a name, a keyboard does not."""
    text = "O'HARA calls again, O’HARA waits."
    situation = Situation(text=text, messages=(Message(number=1, side=Side.CUSTOMER, author=written, body=text),))
    assert "HARA" not in Redactor(situation).redact(text)
