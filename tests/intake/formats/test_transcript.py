"""Calls: who said what, oldest at the bottom, cues of one speaker joined."""

import pytest

from agent import intake
from agent.errors import InputError
from agent.schema import Side


@pytest.mark.parametrize(
    ("name", "turns"),
    [
        (
            "zoom.vtt",
            [
                ("Jana Holm", "Good morning. The export fails\nsince Monday."),
                ("Bo Ray", "Sorry, our engineers look into it."),
            ],
        ),
        (
            "teams.vtt",
            [
                ("Jana Holm", "Good morning. The export\nfails & fails."),
                ("Bo Ray", "Sorry, our engineers look into it."),
            ],
        ),
        ("call.srt", [("Jana Holm", "The export fails."), ("Bo Ray", "Since when?")]),
        (
            "bracketed.txt",
            [
                ("Jana Holm", "The export fails."),
                ("Bo Ray", "Since when?\nDid you change anything?"),
                ("Jana Holm", "No: nothing."),
            ],
        ),
        (
            "gong.txt",
            [
                (None, "Weekly call with Alder\nRecorded 2 November"),
                ("Jana Holm", "The export fails.\nEvery morning."),
                ("Bo Ray", "Since when?"),
                ("Jana Holm", "Since Monday"),
            ],
        ),
        (
            "teams-call.txt",
            [("Jana Holm", "The export fails."), ("Bo Ray", "Since when?"), ("Jana Holm", "Since Monday")],
        ),
    ],
)
def test_a_call_is_its_turns(read, name, turns):
    """Speaker by speaker, the last words first."""
    assert [(m.author, m.body) for m in reversed(read(name).messages)] == turns


def test_times_of_the_day_are_a_chat_and_no_call():
    """A call starts in its first minutes."""
    text = "[10:02] Ann: it fails\n[10:04] Bo: noted\n[10:09] Ann: still"
    assert [m.sent_as_written for m in intake.read_text(text).messages] == ["10:09", "10:04", "10:02"]


def test_subtitles_without_words_are_refused():
    """A transcript that holds no words cannot be judged."""
    with pytest.raises(InputError, match="no spoken words"):
        intake.read_bytes(b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n", source="a.vtt")


def test_cues_without_a_speaker_are_kept():
    """Nobody is named, nothing is lost."""
    (message,) = intake.read_bytes(b"WEBVTT\n\n00:01.000 --> 00:02.000\nIt fails.\n", source="a.vtt").messages
    assert message.body == "It fails."


def test_a_note_below_a_call_is_no_speakers_words():
    """What the CSM adds under the last turn stays inside: it is a note of its own."""
    call = """[00:00:02] Petra: The claims line is dead.
[00:00:09] Tom: Since when?
[00:00:14] Petra: Since Monday, two brokers have left.
[after call, Tom] EUR 8,400 a year, and she talks to everyone.
I cannot repair it myself."""
    newest, last, *_ = intake.read_text(call).messages
    assert newest.side is Side.CSM_NOTE
    assert "EUR 8,400" in newest.body
    assert "myself" in newest.body
    assert last.author == "Petra"
    assert "8,400" not in last.body


def test_times_may_lack_their_thousandths():
    """Some exports write whole seconds."""
    text = "WEBVTT\n\n00:00:10 --> 00:00:12\nAda: It is down.\n\n00:00:13 --> 00:00:15\nBen: Since when?\n"
    assert [message.author for message in intake.read_text(text).messages] == ["Ben", "Ada"]


def test_a_text_that_only_begins_like_subtitles_is_a_text():
    """Nothing that somebody pasted is turned away because of its first word."""
    assert "the export" in intake.read_text("WEBVTT is what the export should give, and it is empty.").newest.body
