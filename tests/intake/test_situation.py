"""Order, language, cutting and the digest of a situation."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.intake import context_note, digest, fit, read_text
from agent.schema import AccountContext, Message, Side, Situation


@pytest.mark.parametrize(
    ("text", "newest"),
    [
        ("From: Ann\nTue 10:00\nsecond\n\nFrom: Bo\nMon 10:00\nfirst", "second"),
        ("From: Ann\nMon 10:00\nfirst\n\nFrom: Bo\nTue 10:00\nsecond", "second"),
        ("From: Ann\nTo: Bo\n\nsecond\n\nFrom: Bo\nTo: Ann\n\nfirst", "second"),
        ("From: Ann (3 May)\n\nfirst\n\nFrom: Bo (14 July, 8:05)\n\nsecond", "second"),
        (
            "From: Ann  3 May\n\nfirst\n\nFrom: Bo  today, 08:50\n\nmiddle\n\nFrom: Ann  today, 09:15\n\nsecond",
            "second",
        ),
        ("From: Ann\n\n12 Oct. first\n\nFrom: Bo\n\n13 Oct. second", "13 Oct. second"),
        ("From: Ann, Alder\n\nfirst\n\nFrom: Bo (CSM)\n\nmiddle\n\nFrom: Bo\nTo: file\n\nsecond", "second"),
        ("Ann 10:00: first\nBo 10:02: second", "second"),
        ("Bo: first\nAnn: middle\nBo: second", "second"),
    ],
)
def test_number_one_is_the_newest(text: str, newest: str) -> None:
    """Dates decide; without dates mail falls and talk rises."""
    assert read_text(text).newest.body == newest
    assert [m.number for m in read_text(text).messages] == list(range(1, len(read_text(text).messages) + 1))


def test_the_language_is_the_customers() -> None:
    """The customer's words count, not the CSM's note around them."""
    text = (
        "Von: Ann Lee, Alder\nAn: Bo\n\nGuten Tag, seit Montag können wir uns nicht mehr anmelden.\n\n"
        "CSM comment: they pay little, but I would like to look after this customer very well this week."
    )
    assert read_text(text).language == "de"
    assert read_text("They cannot log in since Monday and are upset.").language == "en"


def test_the_context_can_be_quoted() -> None:
    """The CSM's flags as one line; no flags, no line."""
    context = AccountContext(account="Alder", arr="EUR 48k", renewal=date(2026, 12, 1), strategic=True)
    assert (
        context_note(context) == "Account: Alder. ARR: EUR 48k. Renewal: 2026-12-01. Strategically important account."
    )
    assert context_note(AccountContext()) == ""


def _situation(*lengths: int, notes: frozenset[int] = frozenset()) -> Situation:
    messages = tuple(
        Message(number=n, body="x" * length, side=Side.CSM_NOTE if n in notes else Side.UNKNOWN)
        for n, length in enumerate(lengths, 1)
    )
    return Situation(text="x" * sum(lengths), messages=messages)


def test_the_oldest_are_left_out_first() -> None:
    """Whole messages go, and what went is said."""
    cut = fit(_situation(10, 10, 10), 25)
    assert [m.number for m in cut.messages] == [1, 2]
    assert cut.left_out is not None
    assert (cut.left_out.messages, cut.left_out.characters) == (1, 10)


def test_notes_outlive_older_messages() -> None:
    """A CSM's note is kept before any mail but the newest."""
    assert [m.number for m in fit(_situation(10, 10, 10, notes=frozenset({3})), 20).messages] == [1, 3]


def test_a_newest_message_that_is_too_long_is_cut_at_its_end() -> None:
    """The newest is never left out."""
    cut = fit(_situation(50, 10), 20)
    assert [len(m.body) for m in cut.messages] == [20]
    assert cut.left_out is not None
    assert (cut.left_out.messages, cut.left_out.characters) == (1, 40)


def test_what_fits_is_untouched() -> None:
    """Nothing is said to be left out where nothing was."""
    situation = _situation(10, 10)
    assert fit(situation, 20) is situation


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(1, 120), st.frozensets(st.integers(1, 8)))
def test_the_rest_always_fits(lengths: list[int], room: int, notes: frozenset[int]) -> None:
    """Bodies never exceed the room, the newest stays, and nothing is counted twice."""
    cut = fit(_situation(*lengths, notes=notes), room)
    kept = sum(len(m.body) for m in cut.messages)
    assert kept <= room
    assert cut.messages[0].number == 1
    assert kept + (cut.left_out.characters if cut.left_out else 0) == sum(lengths)


def test_the_digest_is_of_text_and_context() -> None:
    """The same words with another flag are another input; the file's name is not part of it."""
    plain = read_text("It fails.")
    assert digest(plain) == digest(read_text("It fails.", source="b.txt"))
    assert digest(plain) != digest(read_text("It fails.", context=AccountContext(strategic=True)))
    assert len(digest(plain)) == 64


def test_braces_arrive_as_they_are() -> None:
    """Text that looks like a template is text."""
    text = "Total {{ 7*7 }} {% if x %} ${name} </thread>"
    assert read_text(text).text == text
    assert read_text(text).newest.body == text
