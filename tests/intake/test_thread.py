"""Where a pasted text is split, and that nothing is lost by it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.intake.thread import split

BLOCKS = {
    "en": ("From: Ann Lee\nSent: Monday, 2 November 2026 09:15\nTo: Bo\nSubject: Export", "Ann Lee"),
    "de": ("Von: Ann Lee\nGesendet: Montag, 2. November 2026 09:15\nAn: Bo\nBetreff: Export", "Ann Lee"),
    "fr": ("De : Ann Lee\nEnvoyé : lundi 2 novembre 2026 09:15\nÀ : Bo\nObjet : Export", "Ann Lee"),
    "es": ("De: Ann Lee\nEnviado: lunes, 2 de noviembre de 2026 09:15\nPara: Bo\nAsunto: Export", "Ann Lee"),
    "it": ("Da: Ann Lee\nInviato: lunedì 2 novembre 2026 09:15\nA: Bo\nOggetto: Export", "Ann Lee"),
    "nl": ("Van: Ann Lee\nVerzonden: maandag 2 november 2026 09:15\nAan: Bo\nOnderwerp: Export", "Ann Lee"),
}
LINES = st.sampled_from(
    [
        "From: Ann",
        "To: Bo",
        "Bo 10:12: hi",
        "> quoted",
        "On 3 Nov at 10:12, Ann wrote:",
        "---",
        "CSM comment: x",
        "words",
        "",
        "Bo: hi",
        "[Bo: note]",
        "Sent: Mon",
        "-----Original Message-----",
        "[08:41] Ann: hey",
        "**Bo** 11:03:",
        "> From: Cy",
    ]
)


@pytest.mark.parametrize("language", BLOCKS)
def test_outlook_headers_in_six_languages(language: str) -> None:
    """A header block starts a message and fills its fields."""
    block, author = BLOCKS[language]
    newest, original = split(f"From: Bo\nTo: Cy\n\nsee below\n\n{block}\n\nit fails\n")
    assert (newest.author, newest.body) == ("Bo", "see below")
    assert (original.author, original.subject, original.body) == (author, "Export", "it fails")
    assert original.when is not None
    assert "09:15" in original.when


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 2 Nov 2026 at 09:15, Ann Lee <ann@alder.example> wrote:",
        "Am Mo., 2. Nov. 2026 um 09:15 Uhr schrieb Ann Lee <ann@alder.example>:",
        "Le lun. 2 nov. 2026 à 09:15, Ann Lee <ann@alder.example> a écrit :",
        "El lun, 2 nov 2026 a las 9:15, Ann Lee (<ann@alder.example>) escribió:",
        "Il giorno lun 2 nov 2026 alle ore 09:15 Ann Lee <ann@alder.example> ha scritto:",
        "Op ma 2 nov 2026 om 09:15 schreef Ann Lee <ann@alder.example>:",
    ],
)
def test_attributions_in_six_languages(line: str) -> None:
    """A line that says who wrote when starts the quoted message."""
    newest, quoted = split(f"Thank you.\n\n{line}\n> it fails\n> daily\n")
    assert newest.body == "Thank you."
    assert quoted.body == "> it fails\n> daily"
    assert quoted.address == "ann@alder.example"


def test_an_answer_between_quoted_lines_is_not_torn_apart() -> None:
    """Where answer and quote alternate the mail stays one message."""
    text = "On 2 Nov 2026 at 09:15, Ann wrote:\n> does it work?\nno\n> since when?\nMonday"
    assert [part.body for part in split(text)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Bo  9:12 AM\nit fails\nAnn  9:14 AM\nsince when",
        "[08:41] Bo: it fails\n[08:42] Ann: since when",
        "Bo 09:02: it fails\nAnn 09:03: since when",
        "**Bo** 11:03: it fails\n**Ann** 11:04: since when",
        "Bo: it fails\nAnn: since when\nBo: Monday",
        "00:41 Bo: it fails\n00:52 Ann: since when",
        "03 Nov, Bo: it fails\n04 Nov, Ann: since when",
    ],
)
def test_chats_calls_and_tickets(text: str) -> None:
    """Names and times, in the order people's tools print them."""
    parts = [part for part in split(text) if part.author in {"Bo", "Ann"}]
    assert [part.author for part in parts[:2]] == ["Bo", "Ann"]


def test_a_gmail_print_out() -> None:
    """A name, an address and a date on one line start a message."""
    (part,) = split("Ann Lee <ann@alder.example>   Mon, Jun 8, 2026 at 8:02 AM\nTo: Bo <bo@ours.example>\n\nit fails")
    assert (part.author, part.address, part.body) == ("Ann Lee", "ann@alder.example", "it fails")
    assert part.when == "Mon, Jun 8, 2026 at 8:02 AM"


@pytest.mark.parametrize(
    "note",
    [
        "CSM comment: EUR 4k",
        "Notiz Bo: EUR 4k",
        "my note: EUR 4k",
        "-- Bo, for the file: EUR 4k",
        "[CSM note: EUR 4k]",
        "(Bo: EUR 4k)",
        "Bo's scribble: EUR 4k",
        "note to self\nEUR 4k",
        "Bo (CSM), Tuesday: EUR 4k",
    ],
)
def test_the_csms_own_notes(note: str) -> None:
    """A note under a mail is not the customer's."""
    mail, own = split(f"From: Ann Lee, Alder\nTo: Bo\n\nit fails\n\n{note}")
    assert mail.body == "it fails"
    assert "EUR 4k" in own.body


@pytest.mark.parametrize(
    "text",
    [
        "The client is cross. Deadline: Friday 10:00. Costs: unknown.\n\nPlan: call them.",
        "Note: the export fails.\nSteps: open it.",
        "Monday 10:00 demo\n\nTuesday 11:00 review",
        "Ticket: 12\nStatus: open\nOwner: me",
    ],
)
def test_prose_and_forms_are_not_split(text: str) -> None:
    """Without a sure sign the text stays one message."""
    assert [part.body for part in split(text)] == [text]


@given(st.lists(LINES, min_size=1, max_size=25).map("\n".join))
def test_nothing_is_lost(text: str) -> None:
    """Bodies are slices of the text, and every word is in a body, a field or a header mark."""
    parts = split(text)
    assert all(part.body in text for part in parts)
    kept = " ".join(field for part in parts for field in part if field)
    marks = {"From", "To", "Sent", "On", "wrote", "at", "Original", "Message"}
    assert set(re.findall(r"\w+", text)) <= set(re.findall(r"\w+", kept)) | marks


@pytest.mark.parametrize("line", ["On " * 900, "Am schrieb " * 300, "a (" * 900, "> " * 900, "[(" * 900, "Name " * 500])
def test_hostile_lines_stay_one_message(line: str) -> None:
    """Repeated beginnings of patterns are plain text."""
    assert len(split(f"{line}\nend")) == 1
