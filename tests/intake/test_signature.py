"""What is taken off below a message, and what is not."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.intake.signature import closed

LEGAL = (
    "This e-mail and any attachments are confidential and for the named recipient only. Delete it if received in error."
)
LINES = st.sampled_from(
    ["it fails", "Kind regards", "Ann Lee", "Alder Ltd | +44 1632 960017", "", "--", "-- ", LEGAL, "PS we leave", "Best, Ann",
     "Sent from my iPhone", "> quoted", "Mit freundlichen Grüßen", "This message is short", "We pay EUR 4k a year"]
)  # fmt: skip


def test_signature_and_legal_text() -> None:
    """Closing, name, title and contact lines are the signature; the legal paragraph is named as such."""
    own = closed(f"It fails.\n\nKind regards\nAnn Lee\nHead of IT\n\nAlder Ltd | +44 1632 960017\n\n{LEGAL}")
    assert own.body == "It fails."
    assert own.signature == "Kind regards\nAnn Lee\nHead of IT\n\nAlder Ltd | +44 1632 960017"
    assert own.disclaimer == LEGAL


@pytest.mark.parametrize(
    "words",
    [
        "Resolved, thank you.",
        "Thanks, Ann, that was quick. It works.",
        "Kind regards\nAnn Lee",
        "This message is for Tom: we leave on Friday.",
        "Diese Nachricht enthält alles, was wir brauchen.",
        LEGAL,
    ],
)
def test_what_stays(words: str) -> None:
    """Thanks are words, a letter may begin like legal text, and nothing is taken off if nothing would be left."""
    assert closed(words) == (words, None, None)


@pytest.mark.parametrize(
    ("below", "kept"),
    [
        ("PS we leave on Friday", "PS we leave on Friday"),
        ("we leave on Friday", "we leave on Friday"),
        ("Can you call me?", "Can you call me?"),
    ],
)
def test_words_below_a_signature_are_read(below: str, kept: str) -> None:
    """A postscript and whatever talks stay in the body."""
    own = closed(f"It fails.\n\nBest\nAnn Lee\n\n{below}")
    assert own.body == f"It fails.\n\n{kept}"
    assert own.signature == "Best\nAnn Lee"


def test_what_a_telephone_adds() -> None:
    """The line "Sent from my iPhone" is no word of the sender."""
    assert closed("It fails.\n\nSent from my iPhone") == ("It fails.", "Sent from my iPhone", None)


def _visible(text: str) -> Counter[str]:
    return Counter(c for c in text if not c.isspace())


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=20).map("\n".join))
def test_nothing_is_lost(words: str) -> None:
    """Every visible character is in the body, the signature or the legal text, once."""
    own = closed(words)
    assert _visible(own.body + (own.signature or "") + (own.disclaimer or "")) == _visible(words)
    assert own.body.strip() or not words.strip()


def test_a_signature_in_blocks() -> None:
    """Street, town, telephone, bank and registry lines across empty lines, then one sentence of legal text."""
    block = (
        "Mit freundlichen Grüßen\nKatrin Vogel\nLeiterin Finanzen\n\nHafenstraße 12\n20457 Hamburg\n\nTel. +49 40 3344 5566\n"
        "IBAN DE89 3704 0044 0532 0130 00\nUSt-IdNr.: DE123456789\nwww.n.example"
    )
    own = closed(f"es brennt.\n\n{block}\n\nDiese E-Mail enthält vertrauliche Informationen.")
    assert own == ("es brennt.", block, "Diese E-Mail enthält vertrauliche Informationen.")


def test_words_below_a_signature_stay() -> None:
    """A sentence that begins like a contact line is none."""
    assert (
        "Mobile: the app crashes"
        in closed("It fails.\n\nKind regards\nAnn Lee\n\nMobile: the app crashes for all of us.").body
    )
