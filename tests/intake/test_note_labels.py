"""A label opens a note of the CSM's only where no letter or chat message claims the line."""

import json

import pytest

from agent.intake import read_bytes, read_text
from agent.schema import Side

MAIL = "From: Pia Lund <pia@alder.example>\nTo: Bo <bo@ours.example>\nSent: Thursday, March 12, 2026 9:40 AM\n\nHello Bo,\nit fails.\n"


@pytest.mark.parametrize("apart", ["", "\n"])
@pytest.mark.parametrize("end", ["", "\n\nPia", "\n\nKind regards\nPia Lund"])
@pytest.mark.parametrize(
    "line",
    ["Client card payments fail", "Private customers cannot pay", "our internal audit starts tomorrow",
     "unsere interne Revision kommt morgen", "- CRM sync", "Comment", "Note: we lose money.",
     "Internal: our CFO is angry.", "-----BEGIN RSA PRIVATE KEY-----"],
)  # fmt: skip
def test_a_line_of_the_letter_opens_no_note(line: str, end: str, apart: str) -> None:
    """The customer's sentence stays in a body, and nothing of it counts as ours."""
    messages = read_text(f"{MAIL}{apart}{line}\n300 orders wait{end}").messages
    assert {message.side for message in messages} <= {Side.CUSTOMER, Side.UNKNOWN}
    assert any(line in message.body for message in messages)
    assert not end or len(messages) == 1


@pytest.mark.parametrize(
    "note",
    ["CSM note: EUR 4k a year", "\nNote: EUR 4k a year", "\nInternal note\nEUR 4k a year", "\nNotiz intern\nEUR 4k a year",
     "\n--- my notes\nEUR 4k a year", "\nPia Lund\nNote: it is on me"],
)  # fmt: skip
def test_a_note_below_the_letter(note: str) -> None:
    """A title of its own, a CSM's label, or a label behind the signature opens the note."""
    assert read_text(f"{MAIL}{note}").messages[0].side is Side.CSM_NOTE


def test_a_key_opens_nothing() -> None:
    """Between BEGIN and END no line is a heading."""
    key = "-----BEGIN RSA PRIVATE KEY-----\nCSM note: x\n-----END RSA PRIVATE KEY-----"
    (message,) = read_text(f"{MAIL}{key}\nhelp").messages
    assert key in message.body


@pytest.mark.parametrize("heading", ["Rahul Singh  9:15 AM", "Rahul Singh 9:15 AM", "[9:15] Singh, Rahul"])
@pytest.mark.parametrize(
    ("label", "side"),
    [
        ("fyi internal: they are a pain", Side.CSM_NOTE),
        ("Note to self: call Bo", Side.CSM_NOTE),
        ("Note", Side.UNKNOWN),
    ],
)
def test_a_label_below_a_speaker(heading: str, label: str, side: Side) -> None:
    """The line belongs to whom the chat names; a private remark stays ours."""
    first = heading.replace("Rahul", "Lena").replace("Singh", "Hoff").replace("9:15", "9:02")
    newest = read_text(f"{first}\nit fails\n{heading}\n{label}\nok").messages[0]
    assert newest.author in {"Rahul Singh", "Singh, Rahul", "Rahul S"}
    assert (newest.body, newest.side) == (f"{label}\nok", side)


def test_an_export_knows_whose_words_they_are() -> None:
    """A requester's comment of an export holds no note of ours."""
    body = "Still down.\n\nInternal note: ARR 900k.\n\nCSM note: strategic\n\nWhat now?"
    ticket = {
        "ticket": {"id": 1, "subject": "x", "requester_id": 11},
        "users": [{"id": 11, "name": "Pia Lund", "role": "end-user"}],
        "comments": [{"id": 1, "author_id": 11, "public": True, "created_at": "2026-03-12T07:45:00Z", "body": body}],
    }
    (message,) = read_bytes(json.dumps(ticket).encode(), source="t.json").messages
    assert (message.body, message.side) == (body, Side.CUSTOMER)


def test_a_label_above_somebodys_closing_is_doubted_without_a_header_too() -> None:
    """A mail pasted without its header is still somebody's mail, and what stands above the name is theirs."""
    text = "The export button has a typo.\n\nCSM note: a EUR 900k account, board-level.\n\nKind regards,\nJonas Weber"
    assert Side.CSM_NOTE not in {message.side for message in read_text(text).messages}
    note = "The export button has a typo.\n\nCSM note: a EUR 900k account, board-level."
    assert Side.CSM_NOTE in {message.side for message in read_text(note).messages}
