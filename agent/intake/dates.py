"""When a message was sent, as people write it: weekdays, dates and times in en, de, fr, es, it and nl."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

WEEKDAYS = (
    "monday mon montag mo lundi lun lunes lunedì maandag ma",
    "tuesday tues tue dienstag di mardi mar martes martedì dinsdag",
    "wednesday weds wed mittwoch mi mercredi mer miércoles mié mercoledì woensdag wo",
    "thursday thurs thur thu donnerstag do jeudi jeu jueves jue giovedì gio donderdag",
    "friday fri freitag fr vendredi ven viernes vie venerdì vrijdag vr",
    "saturday sat samstag sa samedi sam sábado sáb sabato sab zaterdag za",
    "sunday sun sonntag so dimanche dim domingo dom domenica zondag zo",
)
MONTHS = (
    "january jan januar janvier janv enero ene gennaio gen januari",
    "february feb februar février févr fév febrero febbraio februari",
    "march mar märz mär mrz mars marzo maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag mei",
    "june jun juni juin junio giugno giu",
    "july jul juli juillet juil julio luglio lug",
    "august aug août agosto ago augustus",
    "september sept sep septembre septiembre settembre set",
    "october oct oktober okt octobre octubre ottobre ott",
    "november nov novembre noviembre",
    "december dec dezember dez décembre déc diciembre dic dicembre",
)
RELATIVE_DAYS = {
    -1: "yesterday gestern hier ayer ieri gisteren",
    0: "today heute aujourd'hui aujourd’hui hoy oggi vandaag",
}

_WEEKDAY = {word: day for day, words in enumerate(WEEKDAYS) for word in words.split()}
_MONTH = {word: month for month, words in enumerate(MONTHS, 1) for word in words.split()}
_RELATIVE = {word: day for day, words in RELATIVE_DAYS.items() for word in words.split()}


def _any_of(words: dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r")(?![^\W\d_])"


_DAY = rf"(?:{_any_of(_RELATIVE | _WEEKDAY)}\.?)"
_DATE = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./-]\d{{1,2}}(?:[./-](?:\d{{4}}|\d\d)|\.)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)? (?:de )?{_any_of(_MONTH)}\.?(?:,? (?:de )?\d{{4}})?"
    rf"|{_any_of(_MONTH)}\.?(?: \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?)?(?!\d)|\d{{1,2}}(?:st|nd|rd|th))"
)
_TIME = (
    r"(?:\d{1,2}(?::|\.| ?h ?)\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?(?: uhr)?|\d{1,2} ?(?:[ap]m|uhr|h)(?![^\W\d_]))(?! ?%)"
)
_GAP = r"(?:,? (?:(?:at|um|à|a las|alle|om|den|am|the|le|el|il|op) )?|, ?)"
WHEN = (
    rf"(?:(?:{_DAY}{_GAP})?(?:{_DATE}{_GAP}){_TIME}|(?:{_DAY}{_GAP})?(?:{_TIME}|{_DATE})"
    rf"|{_DAY}{_GAP}{_TIME}|{_DAY})(?: (?:CES?T|GMT|UTC|[+-]\d{{4}}))?"
)
_PARTS = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d)|(?P<clock>\d{1,2}(?::| ?h ?)\d\d(?: ?(?P<half>[ap])\.?m)?)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)|(?P<dotted>\d{1,2}[./-]\d{1,2}(?!\d))|(?P<number>\d+)",
    re.IGNORECASE,
)


class When(NamedTuple):
    """What can be told of a moment: (month, day), a weekday from Monday 0 or a day from today, minutes of the day."""

    date: tuple[int, int] | None
    weekday: int | None
    minutes: int | None


def written(words: str) -> When:
    """The parts of a moment as written; a year is not needed to put the messages of a thread in order."""
    date, weekday, minutes, month, number = None, None, None, None, None
    for part in _PARTS.finditer(words.lower()):
        if part["iso"]:
            date = int(part["iso"][5:7]), int(part["iso"][8:])
        elif part["clock"]:
            hours, rest = (int(n) for n in re.findall(r"\d+", part["clock"]))
            minutes = (hours % 12 + 12 * (part["half"] == "p") if part["half"] else hours) * 60 + rest
        elif part["dotted"]:
            first, second = (int(n) for n in re.findall(r"\d+", part["dotted"]))
            if "." in part["dotted"] and (second > len(MONTHS) or weekday is not None):
                minutes = first * 60 + second  # "tue 9.02" is a time, "12.03." a date
            else:
                date = (first, second) if second > len(MONTHS) else (second, first)
        elif part["word"]:
            word = part["word"]
            month = _MONTH.get(word, month) if word not in _WEEKDAY or number or weekday is not None else month
            weekday = _RELATIVE.get(word, _WEEKDAY.get(word, weekday)) if weekday is None else weekday
        elif part["number"] and number is None:
            number = int(part["number"])
    if month and not date:
        date = month, number or 0
    return When(date, weekday, minutes)


def later(first: str, second: str) -> int:
    """1 if the second moment is the later one, -1 if the first is, 0 if that cannot be told."""
    a, b = written(first), written(second)
    if a.date and b.date and a.date != b.date:
        return _sign(b.date > a.date, near=abs(b.date[0] - a.date[0]) <= len(MONTHS) // 2)
    if a.weekday is not None and b.weekday is not None and a.weekday != b.weekday and not (a.date and b.date):
        return _sign((b.weekday - a.weekday) % 7 <= len(WEEKDAYS) // 2, near=True)
    if a.minutes is not None and b.minutes is not None and a.minutes != b.minutes:
        return _sign(b.minutes > a.minutes, near=True)
    return 0


def _sign(rises: bool, *, near: bool) -> int:
    """December to January is one step on, not eleven back."""
    return 1 if rises is near else -1


def instant(words: str) -> datetime | None:
    """The exact moment where it is written in full (mail header or ISO form); None otherwise."""
    try:
        return parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    try:
        return datetime.fromisoformat(words.strip())
    except ValueError:
        return None
