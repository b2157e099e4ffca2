"""A mail folder: the newest thread is the situation, the rest is named."""

from agent import intake


def _mail(
    n,
    subject,
    *,
    body,
    sender="Ann Lee <ann@alder.example>",
    day=2,
    answers=None,
    separator=b"From - Mon Nov  2 09:15:00 2026\n",
):
    lines = [
        f"From: {sender}",
        "To: Bo Ray <bo@ours.example>",
        f"Date: Mon, {day:02} Nov 2026 09:15:00 +0000",
        f"Subject: {subject}",
    ]
    lines += [f"Message-ID: <{n}@x.example>"] + ([f"In-Reply-To: <{answers}@x.example>"] if answers else [])
    return separator + "\n".join(lines).encode() + b"\n\n" + body.encode() + b"\n\n"


def test_the_newest_thread_is_read_and_the_others_are_named():
    """Linked by ids or by subject; other threads are counted in the notes."""
    folder = (
        _mail(1, "Export", body="The export fails for all of us.", day=2)
        + _mail(2, "Invoice", body="Please send the invoice again.", day=3)
        + _mail(3, "AW: Export", body="It still fails, please hurry.", day=5)
        + _mail(4, "Something else", body="This answers the first one.", day=4, answers=1)
    )
    situation = intake.read_bytes(folder, source="folder.mbox")
    assert [m.body for m in situation.messages] == [
        "It still fails, please hurry.",
        "This answers the first one.",
        "The export fails for all of us.",
    ]
    assert "the newest thread was read (Export); left out: 1 mails of other threads" in situation.notes


def test_what_an_answer_quotes_is_counted_once():
    """The quotation of a mail in the folder is that mail."""
    quoted = "Thanks, noted.\n\nOn Mon, 2 Nov 2026 at 09:15, Ann Lee <ann@alder.example> wrote:\n> The export fails for all of us.\n"
    folder = _mail(1, "Export", body="The export fails for all of us.") + _mail(
        2, "Re: Export", body=quoted, day=3, sender="Bo Ray <bo@ours.example>"
    )
    situation = intake.read_bytes(folder, source="folder.mbox")
    assert [m.author for m in situation.messages] == ["Bo Ray", "Ann Lee"]
    assert any("counted once: 1" in note for note in situation.notes)


def test_a_line_that_starts_with_from_is_no_mail():
    """Only a separator above a header parts two mails; a quoted one loses its mark."""
    body = "Hello,\n\nFrom Monday on nothing works.\n\n>From here on it is worse."
    (message,) = intake.read_bytes(_mail(1, "Export", body=body), source="folder.mbox").messages
    assert "From Monday on nothing works.\n\nFrom here on" in message.body


def test_mails_without_words_are_left_out_and_said():
    """One empty mail does not cost the folder."""
    folder = _mail(1, "Export", body="The export fails.") + _mail(2, "Export", body="", day=3)
    situation = intake.read_bytes(folder, source="folder.mbox")
    assert len(situation.messages) == 1
    assert "a mail without text was left out" in situation.notes
