"""Outlook's own files, made here byte for byte: plain, HTML and rich text bodies, attachments, damage."""

import contextlib

import compressed_rtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import intake
from agent.errors import InputError, TriageError
from agent.schema import Side, Situation
from tests.intake.formats.outlook import msg

RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fswiss Arial;}}\pard Gr\'fc\'dfe\par The export fails.\par}"
SMALL = msg(body="The export fails.", html=b"<p>no</p>", files=(("rows.csv", None),))


def _read(data):
    return intake.read_bytes(data, source="mail.msg")


def test_sender_recipients_date_and_subject():
    """The address is the one that mail servers know, not Exchange's."""
    (message,) = _read(msg(body="Grüße, der Export schlägt fehl.")).messages
    assert (message.author, message.address, message.subject) == ("Ann Lee", "ann@alder.example", "Export")
    assert message.to == "To: Bo Ray <bo@ours.example>"
    assert message.sent is not None
    assert message.sent.isoformat() == "2026-11-02T09:15:00+00:00"
    assert (message.body, message.side) == ("Grüße, der Export schlägt fehl.", Side.CUSTOMER)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"html": "<html><body><p>Grüße</p></body></html>".encode()}, "Grüße"),
        ({"rtf": compressed_rtf.compress(RTF)}, "Grüße\nThe export fails."),
        ({"rtf": compressed_rtf.compress(RTF, compressed=False)}, "Grüße\nThe export fails."),
        ({"body": "long " * 2_000}, ("long " * 2_000).strip()),
    ],
    ids=("html", "rich text", "rich text as it is", "in sectors of its own"),
)
def test_the_body_in_each_of_its_forms(form, words):
    """Plain text is preferred, then HTML, then rich text."""
    assert _read(msg(**form)).newest.body == words


def test_attachments_and_inline_images_are_named():
    """Neither is opened."""
    situation = _read(msg(body="It fails.", files=(("rows.csv", None), ("logo.png", "logo@alder"))))
    assert situation.notes[:2] == ("attachment not read: rows.csv", "inline image not read: logo.png")
    assert "not to be opened" not in situation.text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (msg(body="x", message_class="IPM.Appointment"), "no mail"),
        (msg(), "no text"),
        (SMALL[:1_500], "damaged"),
        (SMALL[:8] + b"x" * 5_000, "damaged"),
        (msg(rtf=compressed_rtf.compress(RTF)[:-1] + b"?"), "damaged"),
        (msg(rtf=compressed_rtf.compress(b"{\\rtf1{\\fonttbl" + b"\\f1" * 5_000 + b"}")), "more fonts"),
    ],
    ids=("a meeting", "empty", "cut", "rubbish", "checksum", "fonts"),
)
def test_what_cannot_be_read_is_one_line(data, says):
    """The error names the file and what to do."""
    with pytest.raises(InputError, match=says) as refused:
        _read(data)
    assert str(refused.value).startswith("mail.msg")


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(8, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_damage_anywhere_is_an_error_or_a_situation(changes):
    """Flipped bytes never raise anything of the library's own, and never hang."""
    data = bytearray(SMALL)
    for place, value in changes:
        data[place] = value
    with contextlib.suppress(TriageError):
        assert isinstance(_read(bytes(data)), Situation)
