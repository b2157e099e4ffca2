"""Where a pasted text is split, and that nothing is lost by it."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.intake import read_bytes, read_text
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
    assert quoted.body == "it fails\ndaily"
    assert quoted.address == "ann@alder.example"


def test_answers_between_quoted_lines() -> None:
    """The quoted lines are the earlier author's, those between them are the answer."""
    text = "On 2 Nov 2026 at 09:15, Ann wrote:\n> does it work?\nno\n> since when?\nMonday"
    answer, asked = split(text)
    assert (answer.author, answer.body) == (None, "no\n\nMonday")
    assert (asked.author, asked.body) == ("Ann", "does it work?\n\nsince when?")


def test_quotations_in_quotations() -> None:
    """Each depth has its own author, and a blank marked line is nobody's words."""
    text = "thanks\n\nOn 3 Nov 2026 at 10:00, Bo wrote:\n> try now\n>\n> On 2 Nov 2026 at 09:15, Ann wrote:\n>> it fails\n>>\n"
    assert [(part.author, part.body, part.depth) for part in split(text)] == [
        (None, "thanks", 0),
        ("Bo", "try now", 1),
        ("Ann", "it fails", 2),
    ]


def test_an_attribution_that_was_wrapped() -> None:
    """A mail program breaks the line; it is one heading all the same."""
    _, quoted = split("ok\n\nOn Mon, 2 Nov 2026 at 09:15, Ann Lee\n<ann@alder.example>\nwrote:\n\n> it fails\n")
    assert (quoted.author, quoted.address, quoted.body) == ("Ann Lee", "ann@alder.example", "it fails")


def test_marked_lines_that_nobody_announced() -> None:
    """They are somebody's, unnamed, and not the words of who quotes them."""
    answer, quoted = split("From: Bo\nTo: Ann\n\nOn Friday.\n> When will it be fixed?")
    assert (answer.author, answer.body) == ("Bo", "On Friday.")
    assert (quoted.author, quoted.body) == (None, "When will it be fixed?")


def test_undated_attribution_counts_above_a_quotation_only() -> None:
    """The line "Ann wrote:" is a heading where marked lines follow, and words elsewhere."""
    assert [part.author for part in split("ok\n\nAnn Lee wrote:\n> it fails")] == [None, "Ann Lee"]
    assert len(split("Ann Lee wrote:\nit fails and we are leaving")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "---------- Forwarded by Ann Lee ----------",
        "---- Weitergeleitet von Ann Lee ----",
        "--- Transféré par Ann Lee ---",
    ],
)
def test_who_forwards(line: str) -> None:
    """Where no header follows, the words below are those of who is named."""
    (part,) = split(f"{line}\nit fails")
    assert (part.author, part.body) == ("Ann Lee", "it fails")


def test_a_header_that_lost_its_line_ends() -> None:
    """From, Sent, To and Subject on one line are still a header."""
    line = "From: Ann Lee <ann@alder.example> Sent: Monday, November 2, 2026 9:15 AM To: Bo Ray Subject: Export"
    (part,) = split(f"{line}\n\nit fails")
    assert (part.author, part.when, part.subject, part.body) == (
        "Ann Lee",
        "Monday, November 2, 2026 9:15 AM",
        "Export",
        "it fails",
    )


def test_the_moment_above_the_sender() -> None:
    """Some programs print the date first; it belongs to the mail below it."""
    first, second = split("Fri 08:02\nFrom: Ann\nit fails\n\nFri 08:10\nFrom: Cy\nshameful")
    assert (first.when, first.body, second.when) == ("Fri 08:02", "it fails", "Fri 08:10")


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
        "Bo\n  9:12 AM\nit fails\nAnn\n  9:14 AM\nsince when",
        "Bo\nNov 2, 2026, 09:15 GMT+1\n\nit fails\n\nAnn\nNov 2, 2026, 10:15 GMT+1\n\nsince when",
        "Bo, Yesterday 14:20\nit fails\n\nAnn, Today 08:10\nsince when",
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


def _visible(text: str) -> Counter[str]:
    return Counter(c for c in text if not c.isspace() and c != ">")


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=25).map("\n".join))
def test_nothing_is_lost(text: str) -> None:
    """Every visible character is in one heading or one body, once, and every line of a body is one of the input."""
    parts = split(text)
    assert _visible("".join(part.heading + part.body for part in parts)) == _visible(text)
    assert all(line.strip() in text for part in parts for line in part.body.splitlines())


@pytest.mark.parametrize("line", ["On " * 900, "Am schrieb " * 300, "a (" * 900, "> " * 900, "[(" * 900, "Name " * 500])
def test_hostile_lines_stay_one_message(line: str) -> None:
    """Repeated beginnings of patterns are plain text."""
    assert len(split(f"{line}\nend")) == 1


_MAIL = "From: Ann Lee <ann@alder.example>\nTo: bo@ours.example\nDate: Mon, 2 Nov 2026 09:15:00 +0000\nMIME-Version: 1.0\n\n"


@pytest.mark.parametrize(
    "line", ["----- Error log -----", "=== Stack trace ===", "*** URGENT ***", "~~~ orders.csv ~~~", "--- 2 Nov ---"]
)
@pytest.mark.parametrize("stored", [True, False])
def test_a_caption_parts_nothing(line: str, *, stored: bool) -> None:
    """What somebody sets off inside a mail stays in it, in a stored mail and in a pasted one."""
    body = f"Hello Bo,\nit fails:\n\n{line}\nE42 timeout\n{'-' * 20 if stored else '...'}\n\nPlease help.\n\nKind regards\nAnn Lee"
    read = read_bytes(f"{_MAIL}{body}".encode(), source="a.eml") if stored else read_text(f"From: Ann Lee\n\n{body}")
    (message,) = read.messages
    assert line in message.body
    assert message.body.endswith("Please help.")


@pytest.mark.parametrize(
    "line", ["-----Original Message-----", "-------- Weitergeleitete Nachricht --------", "_" * 32]
)
def test_what_stands_above_an_older_mail_parts(line: str) -> None:
    """The known captions, and a bare rule right above a header."""
    older = "From: Bo Ray <bo@ours.example>\nSent: Sunday, November 1, 2026 9:40 AM\nTo: Ann\n\nSince when?"
    read = read_bytes(f"{_MAIL}It fails.\n\n{line}\n{older}".encode(), source="a.eml")
    assert [message.body for message in read.messages] == ["It fails.", "Since when?"]


def test_a_short_answer_on_top_of_a_header_is_the_newest_message() -> None:
    """Nobody signs "Works now, thanks." above the mail that they answer; only what is no sentence is a title."""
    header = "From: Bo <bo@ours.example>\nSent: Thursday, March 5, 2026 4:17 PM\nTo: Ann\nSubject: export\n\nBetter?"
    assert read_text(f"Works now, thanks.\n\n{header}").newest.body == "Works now, thanks."
    assert read_text(f"Export at Alder\n\n{header}").newest.body == "Better?"
