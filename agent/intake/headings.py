"""How mail programs head a message in fourteen languages: header fields, "On … wrote:", "Original Message".

Every pattern is tried on one line, from its start, and is bounded, so that a hostile line costs little.
"""

import re
from functools import cache
from typing import NamedTuple

from agent.intake.wording import FIELDS, all_of, languages, one_of
from agent.late import late

LONGEST_ATTRIBUTION = 400
LONGEST_FIELD_NAME = 40


def _names(field: str) -> str:
    return one_of(name for words in languages().values() for name in words.fields[field])


FROM = _names("from")
_FIELD = late(
    r"\s{0,8}[*_]{0,2}(?:" + "|".join(f"(?P<{field}>{_names(field)})" for field in FIELDS) + r")[*_]{0,2}"
    r"[ \u00a0]{0,2}(?::[*_]{0,2}(?:[ \u00a0\t]+(?P<value>.*)|$)|：[*_]{0,2}\s*(?P<wide>.*))",
    re.IGNORECASE,
)
_ON_ONE_LINE = late(
    rf"(?<=\S)[ \t\u00a0]{{1,9}}[*_]{{0,2}}(?:{_names('sent')}|{_names('to')}|{_names('subject')})[*_]{{0,2}} ?: ",
    re.IGNORECASE,
)
_FEWEST_FIELDS = 2
_CLOCK = r"\d{1,2}[:.h時]\d\d(?:[:.]\d\d)?(?:[  ]?[ap]\.?[  ]?m\.?)?(?: Uhr)?"
_ZONE = r"(?:[  ]\(?(?-i:[A-Z]{2,5}(?:[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d{4})\)?(?=[ ,、]))?"
_LAST_CLOCK = late(rf"(?<!\d){_CLOCK}{_ZONE}", re.IGNORECASE)
_LAST_DATE = late(r"\d{4}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})?|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}")
_TELLS_A_MOMENT = late(rf"(?<!\d)(?:{_CLOCK}|\d{{4}}|\d{{1,2}}[./-] ?\d{{1,2}}[./-])", re.IGNORECASE)
_ADDRESS = late(r"[^\s<>()\[\],;:@]{1,80}@[^\s<>()\[\],;:@]{1,80}")
_SPACES = late(r"[\u00a0\u202f\u2007]")
_CUT_AROUND = "-‐–—_=*~ \t\u00a0>:："
_WORDS_OF_A_SEPARATOR = 12


class Attribution(NamedTuple):
    """Who wrote, and when, as the line says it."""

    who: str | None
    when: str | None


def header_field(line: str) -> tuple[str, str] | None:
    """The field ('from', 'to', 'sent', 'subject', 'other') and its value, if the line belongs to a mail header."""
    match = _FIELD.match(line)
    if not match:
        return None
    return next(name for name in FIELDS if match[name]), (match["value"] or match["wide"] or "").strip()


def fields_on_one_line(line: str) -> tuple[str, ...]:
    """A header block that lost its line ends, as its lines; the line itself where it is none."""
    borders = [match.start() for match in _ON_ONE_LINE.finditer(line)]
    if len(borders) < _FEWEST_FIELDS:
        return (line,)
    starts = [0, *borders]
    return tuple(line[a:b].strip() for a, b in zip(starts, [*borders, len(line)], strict=True))


@cache
def _attributions() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """The lines that say who wrote, and whether they must name a mail address to count."""
    lines = dict.fromkeys(line for words in languages().values() for line in words.wrote)
    return tuple((_pattern(line), "{who@}" in line) for line in sorted(lines, key=_wordless))


def _wordless(line: str) -> int:
    """Lines with more words of their own are tried first."""
    return -len(re.sub(r"\{.*?\}", "", line).strip(" ,:、"))


def _pattern(line: str) -> re.Pattern[str]:
    told = line.replace("{who@}", "{who}").replace(" <{address}>", "")
    escaped = re.escape(told).replace(r"\{", "{").replace(r"\}", "}").replace("'", "['’]").replace(r"\ ", r" {1,2}")
    joined = re.sub(r"\{when\},?(?: \{1,2\})?\{who\}", r"(?P<both>.{5,300}?)", escaped)
    filled = joined.replace("{when}", r"(?P<when>.{4,120}?)").replace("{who}", r"(?P<who>.{1,250}?)")
    return re.compile(rf"[\"*_ ]{{0,3}}{filled}[*_ ]{{0,3}}$", re.IGNORECASE)


def wrote(line: str) -> Attribution | None:
    """Who wrote and when, if the line says nothing but that: "Am 2.11.2026 um 09:15 schrieb Ann Lee:"."""
    line = _SPACES.sub(" ", line).strip()
    if not line.endswith((":", "：")) or len(line) > LONGEST_ATTRIBUTION or not any(map(str.isdigit, line)):
        return None
    for pattern, needs_address in _attributions():
        match = pattern.match(line)
        if not match:
            continue
        found = match.groupdict()
        told = _parted(found["both"]) if found.get("both") else Attribution(found["who"], found["when"])
        moment = told and _TELLS_A_MOMENT.search(told.when or "")
        if told and moment and (not needs_address or _ADDRESS.search(told.who or "")):
            return Attribution((told.who or "").strip(" ,、\"'") or None, (told.when or "").strip(" ,、"))
    return None


_UNDATED = late(
    r"(?:(?:on|am|le|el|il|op|em|den|dne|w) (?P<when>[^\W\d_]{2,14}),? )?(?P<who>(?-i:[^\W\d_a-zß-ÿ\"<]).{1,100}?) "
    + one_of(all_of("verb"))
    + r" ?[:：]$",
    re.IGNORECASE,
)


def wrote_undated(line: str) -> Attribution | None:
    """Who wrote where no date stands: "Ann Lee wrote:". Only what is quoted below it makes this a heading."""
    match = _UNDATED.match(_SPACES.sub(" ", line).strip()) if len(line) <= LONGEST_ATTRIBUTION else None
    return Attribution(match["who"].strip(" ,\"'"), match["when"]) if match else None


def _parted(both: str) -> Attribution | None:
    """Splits "Mon, 3 Nov 2026 at 10:12, Tom Baker" behind its time, or behind its date where no time stands."""
    before_address = both[: match.start()] if (match := _ADDRESS.search(both)) else both
    ends = [m.end() for m in _LAST_CLOCK.finditer(before_address)] or [m.end() for m in _LAST_DATE.finditer(both)]
    return Attribution(both[ends[-1] :], both[: ends[-1]]) if ends else None


@cache
def _forwards() -> re.Pattern[str]:
    return re.compile(one_of(all_of("forward")) + r"(?!\w)", re.IGNORECASE)


def forwards(line: str) -> str | None:
    """Who forwards, or '', if the line only says that an older message follows; None if it does not.

    Bare words must end in a colon or stand in marks.
    """
    words = line.strip(_CUT_AROUND)
    marked = line.lstrip("> \t").startswith(("--", "‐‐", "——", "__", "==", "**", "~~")) or line.rstrip().endswith(
        (":", "：")
    )
    match = _forwards().match(words) if marked and len(words.split()) <= _WORDS_OF_A_SEPARATOR else None
    return words[match.end() :].strip(_CUT_AROUND) if match else None
