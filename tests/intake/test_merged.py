"""Several files are one situation: one order, one copy of each message."""

from email.message import EmailMessage

from agent.intake import read_files
from agent.schema import Side
from tests.intake.formats.conftest import FILES


def _mail(body: str, *, sender: str, day: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, "Bo Ray <bo@ours.example>" if "ann" in sender else "Ann Lee <ann@alder.example>"
    mail["Date"], mail["Subject"] = f"Mon, {day:02} Nov 2026 09:15:00 +0000", "Export"
    mail.set_content(body)
    return mail.as_bytes()


ANN, BO = "Ann Lee <ann@alder.example>", "Bo Ray <bo@ours.example>"
FIRST = _mail("The export fails for all of us since the update.", sender=ANN, day=2)
QUOTE = "On Mon, 2 Nov 2026 at 09:15, Ann Lee <ann@alder.example> wrote:\n> The export fails for all of us since the update.\n"
SECOND = _mail(f"Sorry, our engineers look into it.\n\n{QUOTE}", sender=BO, day=3)
THIRD = _mail("It still fails.", sender=ANN, day=5)


def test_messages_of_several_files_run_by_date() -> None:
    """Whatever the order of the files."""
    for order in ((FIRST, SECOND, THIRD), (THIRD, FIRST, SECOND)):
        situation = read_files([(f"{n}.eml", data) for n, data in enumerate(order)])
        assert [m.author for m in situation.messages] == ["Ann Lee", "Bo Ray", "Ann Lee"]
        assert situation.newest.body == "It still fails."
        assert [m.number for m in situation.messages] == [1, 2, 3]


def test_the_same_message_in_two_files_is_counted_once() -> None:
    """As a copy and as a quotation; the one in full stays."""
    situation = read_files([("a.eml", FIRST), ("b.eml", SECOND), ("c.eml", FIRST)])
    assert [m.author for m in situation.messages] == ["Bo Ray", "Ann Lee"]
    assert any("counted once: 2 messages" in note for note in situation.notes)


def test_the_same_words_on_two_days_are_two_messages() -> None:
    """A reminder in the same words is said twice."""
    again = _mail("The export fails for all of us since the update.", sender=ANN, day=6)
    assert len(read_files([("a.eml", FIRST), ("b.eml", again)]).messages) == 2


def test_short_answers_in_a_chat_are_not_copies() -> None:
    """Two times thanks is two messages."""
    chat = b"[10:02] Ann: thanks\n[10:04] Bo: noted\n[10:09] Ann: thanks"
    assert len(read_files([("chat.txt", chat), ("a.eml", FIRST)]).messages) == 4


def test_my_note_is_the_newest_and_stays_mine() -> None:
    """Words without a heading beside a thread are the CSM's own, wherever the file stands."""
    note = b"They are small, but the board asks about them. I cannot fix it myself."
    for order in ((("note.txt", note), ("a.eml", THIRD)), (("a.eml", THIRD), ("note.txt", note))):
        situation = read_files(order)
        assert [m.side for m in situation.messages] == [Side.CSM_NOTE, Side.CUSTOMER]


def test_a_file_without_dates_is_newer_than_those_before_it() -> None:
    """A call has no date of its own; where it stands in the command says when it was."""
    call = (FILES / "zoom.vtt").read_bytes()
    assert read_files([("a.eml", FIRST), ("zoom.vtt", call)]).newest.author == "Bo Ray"
    assert read_files([("zoom.vtt", call), ("a.eml", FIRST)]).newest.author == "Ann Lee"


def test_notes_name_their_file() -> None:
    """Of several files it is said which one was not read in full."""
    export = (FILES / "jira.json").read_bytes()
    assert "jira.json: attachment not read: export.log" in read_files([("a.eml", FIRST), ("jira.json", export)]).notes
