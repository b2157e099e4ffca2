from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from agent.drafting.dates import say_when

MOMENT = datetime(2026, 3, 12, 17, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Thursday, 12 March, 17:00 (CET)"),
        ("de", "Donnerstag, 12. März, 17:00 Uhr (MEZ)"),
        ("fr", "jeudi 12 mars à 17 h (CET)"),
        ("es", "jueves 12 de marzo a las 17:00 (CET)"),
        ("nl", "donderdag 12 maart om 17:00 uur (CET)"),
        ("it", "giovedì 12 marzo alle 17:00 (CET)"),
        ("pt", "2026-03-12, 17:00 (CET)"),
    ],
)
def test_a_moment_is_said_in_the_readers_language(language, said):
    """Weekday, day, month, time and zone as that language writes them; figures where there is no table."""
    assert say_when(MOMENT, language) == said


def test_each_day_and_month_has_its_own_word():
    """A table with a gap or a repetition would send somebody a wrong date."""
    for language in ("en", "de", "fr", "es", "nl", "it"):
        year = {say_when(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n), language) for n in range(365)}
        assert len(year) == 365


def test_a_zone_without_a_name_is_an_offset():
    """A bare offset reads as UTC+03:00, never as an empty pair of brackets."""
    fixed = MOMENT.astimezone(timezone(timedelta(hours=3)))
    assert say_when(fixed, "en") == "Thursday, 12 March, 19:00 (UTC+03:00)"
    assert say_when(datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("America/Sao_Paulo")), "fr").endswith(
        "1er juin à 9 h (UTC-03)"
    )


def test_the_first_of_a_month_minutes_and_summer_time_are_said_as_natives_do():
    """Italian and French count the first as the first, French says the hour in 'h', German names its own zones."""
    first = datetime(2026, 12, 1, 12, 15, tzinfo=ZoneInfo("Europe/Rome"))
    assert say_when(first, "it") == "martedì 1º dicembre alle 12:15 (CET)"
    assert say_when(first, "fr") == "mardi 1er décembre à 12 h 15 (CET)"
    assert say_when(datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Europe/Berlin")), "de").endswith(
        "1. Juli, 09:00 Uhr (MESZ)"
    )
