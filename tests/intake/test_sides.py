"""Who speaks, and that nobody is guessed."""

import pytest

from agent.intake import read_text
from agent.schema import Side


def _sides(text: str) -> list[tuple[str | None, Side]]:
    return [(message.author, message.side) for message in read_text(text).messages]


def test_free_text_is_the_csms_own() -> None:
    """A text in which nobody announces themselves is the CSM's note."""
    assert _sides("Alder is furious about the export. I tried twice.") == [(None, Side.CSM_NOTE)]


def test_a_mail_and_a_comment() -> None:
    """One mail is the customer's, the comment below it the CSM's and the newest."""
    text = "From: Ann Lee, Alder\nSubject: export\n\nit fails\n\nCSM comment: EUR 4k a year."
    assert _sides(text) == [("CSM comment", Side.CSM_NOTE), ("Ann Lee, Alder", Side.CUSTOMER)]


def test_a_person_stays_on_their_side() -> None:
    """Whoever signs the note is ours in every mail; the company once named counts for every mail."""
    text = (
        "From: Ann Lee, Alder\nTue 10:00\nit fails\n\nFrom: Bo\nTue 09:00\nsince when?\n\n"
        "From: Ann Lee\nMon 17:00\nhello?\n\nNote Bo: EUR 4k a year."
    )
    assert [side for _, side in _sides(text)] == [Side.CSM_NOTE, Side.CUSTOMER, Side.US, Side.CUSTOMER]


def test_the_domain_that_writes_to_itself_is_ours() -> None:
    """In a forward with a private line on top, the topmost internal mail shows whose house it is."""
    text = (
        "From: Bo <bo@ours.example>\nTo: Cy <cy@ours.example>\n\nprivately, see below\n\n"
        "From: Ann <ann@alder.example>\nTo: Bo <bo@ours.example>\n\nit fails"
    )
    assert _sides(text) == [("Bo", Side.US), ("Ann", Side.CUSTOMER)]


@pytest.mark.parametrize(
    ("label", "side"),
    [
        ("customer", Side.CUSTOMER),
        ("Kunde", Side.CUSTOMER),
        ("support", Side.US),
        ("CSM", Side.US),
        ("Engineering", Side.US),
        ("note", Side.CSM_NOTE),
        ("Petra", Side.UNKNOWN),
    ],
)
def test_labels_of_a_ticket(label: str, side: Side) -> None:
    """A role says the side; a bare name does not."""
    text = f"03 Nov, {label}: it fails\n04 Nov, customer: still\n05 Nov, Quinn: hm"
    assert (label, side) in _sides(text)


def test_a_call_with_the_customer() -> None:
    """The only other voice in a call with the CSM is the customer."""
    text = "CSM: hello\nAnn: it fails\nCSM: since when?\nAnn: Monday"
    assert {side for author, side in _sides(text) if author == "Ann"} == {Side.CUSTOMER}


def test_an_internal_channel() -> None:
    """Everybody in an internal channel is one of us."""
    assert {side for author, side in _sides("#int-alder\nBo 09:02: it fails\nCy 09:03: again?") if author} == {Side.US}


def test_unknown_is_said() -> None:
    """Two bare names in a chat stay unknown, and a note says so."""
    situation = read_text("Bo 09:02: it fails\nCy 09:03: again?")
    assert {message.side for message in situation.messages} == {Side.UNKNOWN}
    assert any("could not be told" in note for note in situation.notes)
