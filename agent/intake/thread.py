"""A pasted text as the messages it is made of. It splits where it is sure; no visible word is lost."""

import re
from itertools import pairwise
from typing import NamedTuple

from agent.intake.dates import WHEN, later
from agent.intake.letter import begins, below, signed
from agent.intake.marks import Kind, Opening, header_field
from agent.intake.openings import BARE_WHEN, Line, lines_of, sure_openings

_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?(?P<address>[^\s<>()\[\],;:@]{1,80}@[^\s<>()\[\],;:@]{1,80})[>)\]]?")
_AUTHOR_AND_WHEN = re.compile(
    rf"(?P<author>.{{1,200}}?)(?P<gap>, ?| ?\(|[ \t]{{2,9}})(?P<when>{WHEN})"
    rf"(?:, [^\W\d_]{{1,20}} [^\W\d_]{{1,20}})?\)?$",
    re.IGNORECASE,
)
_WHEN_ON_TOP = re.compile(rf"(?P<when>{WHEN})[.:] ", re.IGNORECASE)
_SAID = {Kind.MAIL, Kind.QUOTED, Kind.SPEECH, Kind.BARE_SPEECH}


class Part(NamedTuple):
    """One message as written: its heading in fields, its words as a slice of the text."""

    kind: Kind
    body: str
    author: str | None = None
    address: str | None = None
    to: str | None = None
    when: str | None = None
    subject: str | None = None


def split(text: str) -> tuple[Part, ...]:
    """The parts in the order of the text; one plain part where no message announces itself."""
    lines = tuple(lines_of(text))
    starts = sure_openings(lines)
    if not starts:
        return _alone(text)
    borders = [*sorted(starts), len(lines)]
    parts = [Part(Kind.PLAIN, text[: lines[borders[0]].start].strip())]
    for first, last in pairwise(borders):
        end = lines[last].start if last < len(lines) else len(text)
        parts.append(_part(text, lines[first:last], starts[first], end))
    if not any(part.body for part in parts):
        return (Part(Kind.PLAIN, text.strip()),)
    if all(part.kind is Kind.NOTE for part in parts[1:]) and begins(parts[0].body):
        parts[:1] = _letter(parts[0].body)
    if parts[-1].kind in _SAID:
        parts[-1:] = _without_remark(parts[-1])
    return tuple(part for part in parts if part.body or part.kind not in {Kind.PLAIN, Kind.CUT})


def _alone(text: str) -> tuple[Part, ...]:
    """Text that no heading divides: a letter with what is written below it, or the CSM's own words."""
    words = text.strip()
    letter = _letter(words)
    return letter if begins(words) and letter[0].author else (Part(Kind.PLAIN, words),)


def _letter(words: str) -> tuple[Part, ...]:
    letter, *remark = _without_remark(Part(Kind.LETTER, words))
    name = signed(letter.body)
    return letter._replace(author=name.author if name else None), *remark


def _without_remark(part: Part) -> tuple[Part, ...]:
    """The message, and as a note what somebody else wrote below it."""
    at = below(part.body)
    if at is None:
        return (part,)
    return part._replace(body=part.body[:at].rstrip()), Part(Kind.NOTE, part.body[at:].strip())


def oldest_first(parts: tuple[Part, ...]) -> bool:
    """Whether the text runs from the oldest message to the newest: by its dates, else mail falls and talk rises."""
    dated = [when for part in parts if part.kind is not Kind.NOTE and (when := part.when or _on_top(part.body))]
    trend = sum(later(a, b) for a, b in pairwise(dated))
    return trend > 0 if trend else not any(part.kind in {Kind.MAIL, Kind.QUOTED} for part in parts)


def _on_top(body: str) -> str | None:
    match = _WHEN_ON_TOP.match(body)
    return match["when"] if match and any(map(str.isdigit, match["when"])) else None


def _part(text: str, lines: tuple[Line, ...], start: Opening, end: int) -> Part:
    body_at, fields = lines[0].offset + start.body_at, {"when": start.when} if start.when else {}
    if start.kind is Kind.MAIL:
        inline = 0 < start.body_at < len(lines[0].text)
        if not inline:
            taken = 1 if start.author or start.body_at else 0
            taken += _read_header(lines[taken:], fields)
            body_at = lines[taken].start if taken < len(lines) else end
    author, address = _person(start.author)
    dated = _AUTHOR_AND_WHEN.match(author) if author and "when" not in fields else None
    whole = dated and dated["author"].count("(") == dated["author"].count(")")
    if dated and whole and (start.kind is not Kind.NOTE or dated["gap"].startswith(",")):
        author, fields["when"] = dated["author"], dated["when"]
    return Part(start.kind, text[body_at:end].strip(), author, address, **fields)


def _read_header(lines: tuple[Line, ...], fields: dict[str, str]) -> int:
    """Fills the fields from the header lines that follow and returns how many lines they take."""
    taken = 0
    for n, line in enumerate(lines):
        field = header_field(line.text)
        if field and field[0] != "from":
            name = "when" if field[0] == "sent" else field[0]
            value = line.text.strip() if name == "to" else field[1]
            fields[name] = f"{fields[name]}; {value}" if fields.get(name) else value
            taken = n + 1
        elif line.text and "when" not in fields and BARE_WHEN.match(line.text):
            fields["when"], taken = line.text.strip(), n + 1
        elif line.text:
            break
    return taken


def _person(author: str | None) -> tuple[str | None, str | None]:
    """The name and the mail address of "Gus Maddern <gus@maddern.example>"."""
    match = _ADDRESS.search(author or "")
    if not author or not match:
        return author, None
    name = (author[: match.start()] + author[match.end() :]).strip(" \"'*,")
    return name or None, match["address"]
