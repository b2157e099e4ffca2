"""Which message is the newest."""

import pytest

from agent.intake import read_text


def _bodies(text: str) -> list[str]:
    return [message.body for message in read_text(text).messages]


@pytest.mark.parametrize(
    "text",
    [
        "From: Ann (Alder)\nToday 09:35\nfirst\n\nFrom: CSM\nTo: Cy\nToday 09:50\nsecond",
        "From: CSM\nTo: Cy\nToday 09:50\nsecond\n\nFrom: Ann (Alder)\nToday 09:35\nfirst",
        "De : Ann, Aulne\nLe 3\nfirst\n\nDe : CSM\nLe 10\nsecond",
        "From: Bo\nDate: Mon, 2 Nov 2026 09:30:00 +0000\n\nsecond\n\nFrom: Ann\nDate: Mon, 2 Nov 2026 10:05:00 +0100\n\nfirst",
        "From: Ann\nSent: 10/30/2026 9:00 AM\n\nfirst\n\nFrom: Bo\nSent: 11/02/2026 9:00 AM\n\nsecond",
        "From: Ann\nDate: 30 December 2025 09:00\n\nfirst\n\nFrom: Bo\nDate: 2 July 2026 09:00\n\nsecond",
    ],
)
def test_dates_decide(text: str) -> None:
    """Days, times, zones, years, and which of day and month comes first."""
    assert _bodies(text) == ["second", "first"]


def test_a_quotation_is_older_than_who_quotes_it() -> None:
    """In a thread that runs from old to new the quotation stays behind its mail."""
    text = "From: Ann\nMon 09:00\nfirst\n\nFrom: Bo\nTue 09:00\nsecond\n> as I asked long ago"
    assert _bodies(text) == ["second", "as I asked long ago", "first"]


def test_undated_mail_in_which_answers_stand_below() -> None:
    """Who thanks the author above by name answers, so the text runs from old to new."""
    text = "From: Ann Lee, Alder\nIt fails, can you look?\n\nFrom: Bo (CSM)\nHi Ann, thanks, I see it. Since when?\n\nFrom: Ann Lee\nSince the update."
    assert _bodies(text)[0] == "Since the update."


def test_undated_mail_falls_otherwise() -> None:
    """Without any sign the top is the newest, as mail programs print it."""
    assert _bodies("From: Ann\nTo: Bo\n\nsecond\n\nFrom: Bo\nTo: Ann\n\nfirst") == ["second", "first"]
