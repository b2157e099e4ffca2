"""Rich text: its words, and limits where the library has none."""

import time

import pytest

from agent import intake
from agent.errors import InputError

MAIL = b"From: Ann Lee <ann@alder.example>\nMIME-Version: 1.0\nContent-Type: application/rtf\nContent-Transfer-Encoding: 8bit\n\n"
WORDS = rb"{\rtf1\ansi\ansicpg1252 Gr\'fc\'dfe\par The export fails.\par}"


def test_a_mail_whose_only_body_is_rich_text():
    """The words are read, and the report says from what."""
    situation = intake.read_bytes(MAIL + WORDS, source="a.eml")
    assert situation.newest.body == "Grüße\nThe export fails."
    assert "the body was read from rich text" in situation.notes


def test_a_file_of_rich_text():
    """Saved by a word processor."""
    assert intake.read_bytes(WORDS, source="a.rtf").newest.body == "Grüße\nThe export fails."


def test_a_link_shows_its_words():
    """Not its address."""
    link = rb'{\rtf1 see {\field{\*\fldinst{HYPERLINK "https://x.example"}}{\fldrslt{the page}}} now}'
    assert intake.read_bytes(link, source="a.rtf").newest.body == "see the page now"


@pytest.mark.parametrize(
    "piece",
    [b'{\\field{\\*\\fldinst{HYPERLINK "', b"{", b"\\'aa", b"\\pict\\bin9 ", b"\\u-1 ", b"\\ansicpg0 ", b"\\uc99999 "],
)
def test_hostile_rich_text_ends_quickly(piece):
    """A megabyte of beginnings is an error or a text, in seconds."""
    started = time.process_time()
    refused = _refusal(b"{\\rtf1 words " + piece * (900_000 // len(piece)))
    assert refused is None or refused.startswith("a.rtf")
    assert time.process_time() - started < 20  # minutes without the limits


def _refusal(data):
    try:
        intake.read_bytes(data, source="a.rtf")
    except InputError as refused:
        return str(refused)
    return None
