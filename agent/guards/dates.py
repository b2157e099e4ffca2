"""Days, dates, times and spans as a text names them, in six languages, brought to one form so that they compare."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.guards import words
from agent.intake.dates import MONTHS, WEEKDAYS

# Abbreviations count where they allow a date ("Fri 07:52" in the thread), never where they would accuse one.
_FULL_NAME = 5
_WEEKDAY = {word: str(n) for n, line in enumerate(WEEKDAYS) for word in line.split()}
_MONTH = {word: str(n) for n, line in enumerate(MONTHS, 1) for word in line.split()}
_NAMES = "|".join(sorted(map(re.escape, _MONTH), key=len, reverse=True))
_FULL_WEEKDAY = "|".join(word for word in _WEEKDAY if len(word) >= _FULL_NAME)
_WEEKDAY_NAMED = re.compile(
    rf"(?<!\w)(?P<day>{_FULL_WEEKDAY})(?:s|morgen|mittag|nachmittag|abend|vormittag)?(?!\w)", re.IGNORECASE
)
_DAY_MONTH = re.compile(
    rf"(?<![\w.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.)?\s+(?:of |de |di )?(?P<month>{_NAMES})(?!\w)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"(?<!\w)(?P<month>{_NAMES})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])", re.IGNORECASE)
_NUMERIC = re.compile(
    r"(?<![\d.,/-])(?:(?P<iso>\d{4}-\d\d-\d\d)"
    r"|(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?P=mark)(?:\d{4}|\d\d)?(?!\d))"
)
_SHORT_NUMERIC = re.compile(r"(?<![\d.,/-])(?P<first>\d{1,2})[./-](?P<second>\d{1,2})(?![\d])")
_TIME = re.compile(
    r"(?<![\d:.,])(?P<hour>[01]?\d|2[0-4])(?:(?::|\s?h\s?|\.(?=\d\d\s?(?:uhr|uur|[ap]m)))(?P<minute>[0-5]\d))?"
    r"(?P<mark>\s?(?:[ap]\.?m\b|uhr\b|uur\b)|\s?h\b)?(?![\w:])",
    re.IGNORECASE,
)
# "At 3" accuses only where nothing is counted behind it.
_ON_THE_HOUR = re.compile(
    r"(?<!\w)(?:at|um|à|a las|alle|om)\s(?P<hour>1?\d|2[0-4])(?=\s*$|[.,;!?](?:\s|$))",
    re.IGNORECASE | re.MULTILINE,
)
_ORE = re.compile(
    r"(?<!\w)(?:alle|ore|à|a las|at|um|om)\s(?P<hour>\d{1,2})(?:[.:](?P<minute>\d\d))?(?![\w.,]\d|\w)", re.IGNORECASE
)


class Mention(NamedTuple):
    """A moment in comparable form, such as ('weekday', '3'), and the words it was read from."""

    key: tuple[str, ...]
    said: str


def mentions(text: str) -> Iterator[Mention]:
    """What a draft must be able to account for: only what is surely a day, a date, a time or a span ahead."""
    yield from _days(text)
    yield from _months(text)
    for match in _TIME.finditer(text):
        if match["minute"] or match["mark"]:
            yield Mention(("time", _clock(match)), match[0].strip())
    for match in _ON_THE_HOUR.finditer(text):
        yield Mention(("time", f"{int(match['hour']):02}:00"), match[0])
    yield from _ahead(text)


def _days(text: str) -> Iterator[Mention]:
    for match in _WEEKDAY_NAMED.finditer(text):
        yield Mention(("weekday", _WEEKDAY[match["day"].lower()]), match[0])
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            yield Mention(("date", _MONTH[match["month"].lower()], str(int(match["day"]))), match[0])
    for match in _NUMERIC.finditer(text):
        yield Mention(_numeric(match)[0], match[0])


def _months(text: str) -> Iterator[Mention]:
    """A month without a day, after a word such as 'by'; short names only with a capital, since 'may' is also a verb."""
    before = words.load().before_a_month.pattern
    for match in re.finditer(rf"{before}\s(?P<month>{_NAMES})(?!\w|\.?\s\d)", text, re.IGNORECASE):
        if match["month"][0].isupper() or len(match["month"]) >= _FULL_NAME:
            yield Mention(("month", _MONTH[match["month"].lower()]), match[0])


def _ahead(text: str) -> Iterator[Mention]:
    """'Tomorrow' and 'within 24 hours'."""
    lists = words.load()
    for name, group in lists.relative_days.items():
        yield from (Mention(("relative", name), match[0]) for match in group.finditer(text))
    for match in lists.tomorrow_lower_case.finditer(text):
        yield Mention(("relative", "tomorrow"), match[0])
    for unit, group in lists.span_units.items():
        ahead = re.compile(rf"{lists.span_ahead.pattern}\s(?P<n>\d{{1,3}})\s?{group.pattern}", re.IGNORECASE)
        yield from (Mention(("span", unit, match["n"]), match[0]) for match in ahead.finditer(text))


def accounted_for(text: str) -> frozenset[tuple[str, ...]]:
    """Every form of a moment that a text can account for; generous, since it only ever allows."""
    lists = words.load()
    keys = {mention.key for mention in mentions(text)}
    tokens = set(re.findall(r"[^\W\d_]+", text.lower()))
    keys |= {("weekday", _WEEKDAY[token]) for token in tokens & _WEEKDAY.keys()}
    keys |= {("month", _MONTH[token]) for token in tokens & _MONTH.keys()}
    for pattern in (_NUMERIC, _SHORT_NUMERIC):
        keys.update(key for match in pattern.finditer(text) for key in _numeric(match))
    keys |= {("time", _clock(match)) for pattern in (_TIME, _ORE) for match in pattern.finditer(text)}
    keys |= {("time", f"{int(key[1][:2]) % 12:02}{key[1][2:]}") for key in keys if key[0] == "time"}
    for unit, group in lists.span_units.items():
        spans = re.finditer(rf"(?<!\d)(?P<n>\d{{1,3}})[\s-]?{group.pattern}", text, re.IGNORECASE)
        keys |= {("span", unit, match["n"]) for match in spans}
    return frozenset(keys | {("month", key[1]) for key in keys if key[0] == "date"})


def _numeric(match: re.Match[str]) -> tuple[tuple[str, ...], ...]:
    """Day and month of a date in figures, European order first; both orders where both are possible."""
    found = match.groupdict()
    if found.get("iso"):
        _, month, day = found["iso"].split("-")
        return (("date", str(int(month)), str(int(day))),)
    first, second = str(int(found["first"])), str(int(found["second"]))
    return ("date", second, first), ("date", first, second)


def _clock(match: re.Match[str]) -> str:
    hour, mark = int(match["hour"]), (match.groupdict().get("mark") or "").strip().lower()
    if mark.startswith(("a", "p")):
        hour = hour % 12 + 12 * mark.startswith("p")
    return f"{hour:02}:{match['minute'] or '00'}"
