"""When a message was sent, as people and programs write it, in the languages of `openings.yaml`."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from typing import NamedTuple

from agent.intake.wording import lines_by_position, one_of, relative_days
from agent.late import late

WEEKDAYS = lines_by_position("weekdays", everywhere=False)
MONTHS = lines_by_position("months", everywhere=False)
RELATIVE_DAYS = {day: " ".join(words) for day, words in relative_days(everywhere=False).items()}

_LEAST_TELLING = 4
"""letters of a day or month in the further languages, so that "to", "on" and "man" stay words in running text"""


def _positions(rows: Iterable[str], start: int) -> dict[str, int]:
    """The number of each word; a word that is two of them ("mar") is the later one, as in French and Spanish."""
    return {word: position for position, words in enumerate(rows, start) for word in words.split()}


def _with_further(known: dict[str, int], every: dict[str, int]) -> dict[str, int]:
    return known | {w: n for w, n in every.items() if w not in known and len(w) >= _LEAST_TELLING}


_WEEKDAY = _positions(WEEKDAYS, 0)
_MONTH = _positions(MONTHS, 1)
_RELATIVE = {word: day for day, words in relative_days(everywhere=True).items() for word in words}
_ANY_WEEKDAY = _positions(lines_by_position("weekdays", everywhere=True), 0) | _WEEKDAY
_ANY_MONTH = _positions(lines_by_position("months", everywhere=True), 1) | _MONTH


def _any_of(words: Iterable[str]) -> str:
    return one_of(words) + r"(?![^\W\d_])"


_DAY = rf"(?:{_any_of(_RELATIVE.keys() | _with_further(_WEEKDAY, _ANY_WEEKDAY).keys())}\.?)"
_NAMED_MONTH = rf"{_any_of(_with_further(_MONTH, _ANY_MONTH))}\.?"
_DATE = (
    rf"(?:\d{{4}}[-/]\d\d?[-/]\d\d?|\d{{4}}年\d\d?月\d\d?日|\d{{1,2}}[./-]\d{{1,2}}(?:[./-](?:\d{{4}}|\d\d)|\.)?"
    rf"|\d{{1,2}}\. \d{{1,2}}\. \d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)? (?:de )?{_NAMED_MONTH}(?:,? (?:de )?\d{{4}})?"
    rf"|{_NAMED_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?)?(?!\d)|\d{{1,2}}(?:st|nd|rd|th))"
)
_TIME = (
    r"(?:\d{1,2}(?::|\.| ?h ?)\d\d(?::\d\d)?(?: ?[ap]\.? ?m\b\.?)?(?: uhr)?|\d{1,2} ?(?:[ap]m|uhr|h)(?![^\W\d_]))"
    r"(?! ?%)"
)
_GAP = (
    r"(?:,? (?:(?:at|um|à|a las|alle(?: ore)?|om|den|am|the|le|el|il|op|kl\.?|klo|v|o|o godz\.|às|à\(s\)|as|em) )?|, ?)"
)
_ZONE = r"(?:(?:GMT|UTC|UT|Z)?[+-]\d{1,2}:?(?:\d\d)?|CES?T|MES?Z|GMT|UTC|BST|WES?T|EES?T|[ECMP][SD]T|JST|BRT|HNEC|HAEC)"
WHEN = (
    rf"(?:(?:{_DAY}{_GAP})?(?:{_DATE}{_GAP}){_TIME}|(?:{_DAY}{_GAP})?(?:{_TIME}|{_DATE})"
    rf"|{_DAY}{_GAP}{_TIME}|{_DAY})(?: \(?{_ZONE}\)?(?!\w))?"
)
_LETTERS = late(r"[^\W\d_]+")
_LONGEST_WORD = 40
_WORDS_BEFORE = 7
"""at most, the moment's own first one included: a name has five, and a mark may stand by itself"""
_FULL = late(
    r"(?P<y>\d{4})[-/.年] ?(?P<m>\d{1,2})[-/.月] ?(?P<d>\d{1,2})日?(?!\d)"
    r"|(?<![\d.,:])(?P<a>\d{1,2})(?P<mark>[./-]) ?(?P<b>\d{1,2})(?P=mark) ?(?P<year>\d{4}|\d\d)(?![\d:])"
)
_YEAR = late(r"(?<!\d)\d{4}(?!\d)")
_PARTS = late(
    r"(?P<clock>(?:(?P<noon>午前|午後) ?)?\d{1,2}(?::| ?h ?|時)\d\d(?::\d\d)?"
    r"(?:[ \u00a0\u202f]?(?P<half>[ap])\.? ?m\b)?)"
    r"|(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)?)|(?P<dotted>\d{1,2}[./-]\d{1,2}(?!\d))|(?P<number>\d+)",
    re.IGNORECASE,
)
_HALF = late(r"\d\s?[ap]\.? ?m\b|午[前後]", re.IGNORECASE)
_OFFSET = late(r"(?:GMT|UTC|UT)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?\)?$|(?P<utc>GMT|UTC|Z)\)?$")
_NAMED_ZONE = {
    "CET": 1, "MEZ": 1, "HNEC": 1, "CEST": 2, "MESZ": 2, "HAEC": 2, "WET": 0, "WEST": 1, "BST": 1, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "MST": -7, "PST": -8, "PDT": -7, "JST": 9, "BRT": -3,
}  # fmt: skip
"""hours from UTC; CST is left out, as it is also China's"""
_CENTURY = 100


class When(NamedTuple):
    """What can be told of a moment: (month, day), a weekday from Monday 0 or a day from today, minutes of the day."""

    date: tuple[int, int] | None
    weekday: int | None
    minutes: int | None
    year: int | None = None
    sure: bool = True
    """False where day and month may be the other way round"""


@cache
def _heads() -> frozenset[str]:
    """With which letters a moment can begin that no figure begins."""
    words = _RELATIVE.keys() | _ANY_WEEKDAY.keys() | _ANY_MONTH.keys()
    return frozenset(match[0] for word in words if (match := _LETTERS.match(word.casefold())))


def _may_begin(words: str) -> bool:
    """Whether a moment can begin at a word of these. It costs little beside looking for one; its no is sure."""
    folds = words.isascii() or "İ" not in words  # which folds to two letters, and in a pattern to one
    return not folds or any(map(str.isdecimal, words)) or any(w in _heads() for w in _LETTERS.findall(words.casefold()))


def may_stand_first(line: str) -> bool:
    """Whether the line can begin with a moment, in brackets or marks."""
    first = line.lstrip("[(*_ ")[:_LONGEST_WORD]
    letters = _LETTERS.match(first)
    return first[:1].isdecimal() or (letters is not None and _may_begin(letters[0]))


def may_follow_a_name(line: str) -> bool:
    """Whether a moment can stand where a heading has it that begins with a name."""
    return _may_begin(line if "(" in line else " ".join(line.split(maxsplit=_WORDS_BEFORE)[:_WORDS_BEFORE]))


@lru_cache(maxsize=4096)
def written(words: str, *, month_first: bool = False) -> When:
    """The parts of a moment as written; a year is not needed to put the messages of a thread in order."""
    full = _full(words)
    date, year, sure = _in_figures(full, month_first=month_first) if full else (None, None, True)
    rest = words[: full.start()] + " " + words[full.end() :] if full else words
    weekday, minutes, month, number = None, None, None, None
    for part in _PARTS.finditer(rest.lower()):
        if part["clock"]:
            minutes = _clock(part) if minutes is None else minutes  # the second is the zone of "09:15 (GMT+01:00)"
        elif part["dotted"]:
            first, second = (int(n) for n in re.findall(r"\d+", part["dotted"]))
            if "." in part["dotted"] and (date or month or second > len(MONTHS) or weekday is not None):
                minutes = first * 60 + second  # "tue 9.02" is a time, "12.03." a date
            else:
                date = date or ((first, second) if second > len(MONTHS) else (second, first))
        elif part["word"]:
            weekday, month = _day_or_month(part["word"], weekday, month, numbered=number is not None)
        else:
            year, number = _year_or_day(int(part["number"]), year, number)
    if not date and not month and year and number:  # "Mar 5, 2026": a day of the week has no number and year
        month = next((_ANY_MONTH[w] for w in _LETTERS.findall(rest.lower()) if w in _ANY_MONTH), None)
    if not date and (month or (number and minutes is None and weekday is None)):
        date = month or 0, number or 0
    return When(date, weekday, minutes, year, sure)


def _clock(part: re.Match[str]) -> int:
    hours, past = (int(n) for n in re.findall(r"\d+", part["clock"])[:2])
    half = part["half"] or part["noon"]
    return (hours % 12 + 12 * (half in {"p", "午後"}) if half else hours) * 60 + past


def _day_or_month(
    word: str, weekday: int | None, month: int | None, *, numbered: bool
) -> tuple[int | None, int | None]:
    """What a word names: "mar" is a day until a number or a day stood before it, and then a month."""
    is_month = word not in _ANY_WEEKDAY or numbered or weekday is not None
    day = _RELATIVE.get(word, _ANY_WEEKDAY.get(word)) if weekday is None else weekday
    return day, month or (_ANY_MONTH.get(word) if is_month else None)


def _year_or_day(found: int, year: int | None, number: int | None) -> tuple[int | None, int | None]:
    if found > _CENTURY:
        return year or found, number
    return year, found if number is None else number


def _full(words: str) -> re.Match[str] | None:
    """The date in figures; beside a year in four figures "09.15.12" is a time."""
    for match in _FULL.finditer(words):
        clock = match["year"] and len(match["year"]) < len("2026") and _YEAR.search(words[: match.start()])
        if not clock:
            return match
    return None


def _in_figures(full: re.Match[str], *, month_first: bool) -> tuple[tuple[int, int], int, bool]:
    """Month and day, the year, and whether that is sure: 03/11/2026 may be either way round, 03.11.2026 may not."""
    if full["y"]:
        return (int(full["m"]), int(full["d"])), int(full["y"]), True
    first, second = int(full["a"]), int(full["b"])
    year = int(full["year"]) + (2000 if int(full["year"]) < _CENTURY else 0)
    swapped = second > len(MONTHS) or (month_first and first <= len(MONTHS))
    sure = month_first or full["mark"] != "/" or max(first, second) > len(MONTHS) or first == second
    return ((first, second) if swapped else (second, first)), year, sure


def month_comes_first(moments: Iterable[str]) -> bool:
    """Whether the dates in figures put the month first, as one of them shows: 10/30/2026."""
    slashed = [full for words in moments if (full := _full(words)) and full["mark"] == "/"]
    return any(int(f["b"]) > len(MONTHS) for f in slashed) and all(int(f["a"]) <= len(MONTHS) for f in slashed)


def later(first: str, second: str, *, month_first: bool = False) -> int:
    """1 if the second moment is the later one, -1 if the first is, 0 if that cannot be told."""
    exact, other = instant(first, month_first=month_first), instant(second, month_first=month_first)
    if exact and other and exact.tzinfo and other.tzinfo:
        return (other > exact) - (other < exact)
    a, b = written(first, month_first=month_first), written(second, month_first=month_first)
    if a.date and b.date and (a.year or b.year) and a.year != b.year and a.year and b.year:
        return _sign(b.year > a.year, near=True)
    if a.date and b.date and a.date != b.date:
        return _sign(b.date > a.date, near=bool(a.year and b.year) or _months_apart(a.date, b.date) <= len(MONTHS) // 2)
    if a.weekday is not None and b.weekday is not None and a.weekday != b.weekday and not (a.date and b.date):
        return _sign((b.weekday - a.weekday) % 7 <= len(WEEKDAYS) // 2, near=True)
    if a.minutes is not None and b.minutes is not None and a.minutes != b.minutes:
        return _sign(b.minutes > a.minutes, near=True)
    return 0


def _months_apart(first: tuple[int, int], second: tuple[int, int]) -> int:
    return abs(second[0] - first[0]) if first[0] and second[0] else 0


def surely_later(first: str, second: str, *, month_first: bool = False) -> bool:
    """Whether the second is later by more than the shorter way round the week: by dates, or by times of one day."""
    a, b = written(first, month_first=month_first), written(second, month_first=month_first)
    relative = all(
        any(word in _RELATIVE for word in re.findall(r"[^\W\d_]+", words.lower())) for words in (first, second)
    )
    told = bool(a.date and b.date) or relative or (not a.date and not b.date and a.weekday == b.weekday)
    return told and later(first, second, month_first=month_first) > 0


def _sign(rises: bool, *, near: bool) -> int:
    """December to January is one step on, not eleven back."""
    return 1 if rises is near else -1


@lru_cache(maxsize=4096)
def instant(words: str, *, month_first: bool = False) -> datetime | None:
    """The exact moment, with its zone where one is named; None unless year, month, day and time are sure."""
    # The reader of mail headers knows no halves of a day: to it 4:17 PM is the morning.
    readers = () if _HALF.search(words) else (parsedate_to_datetime, datetime.fromisoformat)
    for read in readers:
        try:
            return read(words.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    told = written(words, month_first=month_first)
    if not (told.year and told.date and told.minutes is not None and told.sure):
        return None
    try:
        naive = datetime(told.year, *told.date) + timedelta(minutes=told.minutes)  # noqa: DTZ001  # where none is named
    except (ValueError, OverflowError):
        return None
    zone = _zone(words)
    return naive.replace(tzinfo=zone) if zone else naive


def _zone(words: str) -> tzinfo | None:
    last = words.strip(" ()").split()[-1].strip("()")
    if last.upper() in _NAMED_ZONE:
        return timezone(timedelta(hours=_NAMED_ZONE[last.upper()]))
    match = _OFFSET.match(last)
    if not match or match["utc"]:
        return UTC if match else None
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=minutes if match["sign"] == "+" else -minutes))
