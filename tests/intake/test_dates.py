"""Moments as people write them, and which of two is the later."""

import re

import pytest

from agent.intake.dates import WHEN, instant, later


@pytest.mark.parametrize(
    "words",
    [
        "Tue 17:31",
        "Mo 09:14",
        "heute 06:58",
        "Mon, Jun 8, 2026 at 8:02 AM",
        "03 Nov",
        "mardi 11 h 52",
        "12.03.",
        "6 Nov",
        "2026-11-03 10:12",
        "12 novembre 2025 à 14:02",
        "Dienstag, 16:20",
        "3. November 2026 um 14:05",
        "Hoy 11:20",
    ],
)
def test_a_moment_is_recognised(words: str) -> None:
    """Weekdays, dates and times of six languages."""
    assert re.fullmatch(WHEN, words, re.IGNORECASE)


@pytest.mark.parametrize("words", ["market", "Mona", "sony", "100%", "dove"])
def test_a_word_is_not_a_moment(words: str) -> None:
    """A day or a month counts as a whole word only."""
    assert not re.fullmatch(WHEN, words, re.IGNORECASE)


@pytest.mark.parametrize(
    ("earlier", "later_one"),
    [
        ("Tue 17:31", "Wed 08:00"),
        ("Fri 17:00", "Mon 09:00"),
        ("Mo 09:14", "Mo 10:02"),
        ("yesterday 17:10", "today 13:44"),
        ("30 Dec", "2 Jan"),
        ("8:02 AM", "1:15 PM"),
        ("12.03. 09:00", "13.03. 08:00"),
        ("März", "April"),
        ("tue 9.02", "tue 10.15"),
    ],
)
def test_the_later_of_two(earlier: str, later_one: str) -> None:
    """Dates first, then weekdays by the shorter way round, then times."""
    assert later(earlier, later_one) == 1
    assert later(later_one, earlier) == -1
    assert later(earlier, earlier) == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Thursday, March 5, 2026 4:17 PM", "2026-03-05 16:17"),
        ("Thursday, March 5, 2026 12:17 AM", "2026-03-05 00:17"),
        ("Mar 5, 2026, 4:17\u202fPM", "2026-03-05 16:17"),
        ("jueves, 5 de marzo de 2026 4:17 p. m.", "2026-03-05 16:17"),
        ("2026年3月5日 午後4:17", "2026-03-05 16:17"),
    ],
)
def test_an_hour_of_the_afternoon_is_no_hour_of_the_morning(words: str, expected: str) -> None:
    """Whichever client wrote the half of the day, and however."""
    assert f"{instant(words):%Y-%m-%d %H:%M}" == expected
