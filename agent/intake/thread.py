"""A pasted text as the messages it is made of. It splits where it is sure; no visible word is lost."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

from agent.intake.dates import WHEN, later
from agent.intake.marks import Kind, Opening, header_field, opening

_QUOTE_MARKS = re.compile(r"(?:[ \t]{0,8}>){1,20}[ \t]?")
_BARE_WHEN = re.compile(rf"\s*(?:sent |gesendet )?\(?{WHEN}\)?\s*$", re.IGNORECASE)
_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?(?P<address>[^\s<>()\[\],;:@]{1,80}@[^\s<>()\[\],;:@]{1,80})[>)\]]?")
_ROLE_LABEL = re.compile(
    r"(?:csm|me|ich|moi|agent|support|customer|client[e]?|kund(?:e|in)|klant|requester|caller|user)\b",
    re.IGNORECASE,
)
_AUTHOR_AND_WHEN = re.compile(rf"(?P<author>.{{1,200}}?), ?(?P<when>{WHEN})$", re.IGNORECASE)
_CSM_ALONE = re.compile(r"(?:the |der |die |le |la |el |de )?csm(?: \(|$)|[^,]{1,60}\(csm\)$", re.IGNORECASE)
_LEAST_SPEECHES = 2


class Part(NamedTuple):
    """One message as written: its heading in fields, its words as a slice of the text."""

    kind: Kind
    body: str
    author: str | None = None
    address: str | None = None
    to: str | None = None
    when: str | None = None
    subject: str | None = None


class _Line(NamedTuple):
    start: int
    text: str
    """without the `>` marks of a quoted mail"""
    offset: int
    """where `text` starts, counted from the start of the input"""


def split(text: str) -> tuple[Part, ...]:
    """The parts in the order of the text; one plain part where no message announces itself."""
    lines = tuple(_lines(text))
    starts = _sure(lines, dict(_openings(lines)))
    if not starts:
        return (Part(Kind.PLAIN, text.strip()),)
    borders = [*sorted(starts), len(lines)]
    parts = [Part(Kind.PLAIN, text[: lines[borders[0]].start].strip())]
    for first, last in pairwise(borders):
        end = lines[last].start if last < len(lines) else len(text)
        parts.append(_part(text, lines[first:last], starts[first], end))
    if not any(part.body for part in parts):
        return (Part(Kind.PLAIN, text.strip()),)
    return tuple(part for part in parts if part.body or part.kind not in {Kind.PLAIN, Kind.CUT})


def oldest_first(parts: tuple[Part, ...]) -> bool:
    """Whether the text runs from the oldest message to the newest: by its dates, else mail falls and talk rises."""
    dated = [part.when for part in parts if part.when and part.kind is not Kind.NOTE]
    trend = sum(later(a, b) for a, b in pairwise(dated))
    return trend > 0 if trend else not any(part.kind in {Kind.MAIL, Kind.QUOTED} for part in parts)


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for raw in text.splitlines(keepends=True):
        marks = _QUOTE_MARKS.match(raw)
        skipped = marks.end() if marks else 0
        yield _Line(start, raw[skipped:].rstrip(), start + skipped)
        start += len(raw)


def _openings(lines: tuple[_Line, ...]) -> Iterator[tuple[int, Opening]]:
    """Every line that may open a message; a header's own lines open nothing, whatever their words."""
    in_header = False
    for n, line in enumerate(lines):
        field = header_field(line.text) if in_header else None
        if not line.text or (field and field[0] != "from") or (in_header and _BARE_WHEN.match(line.text)):
            continue
        found = opening(line.text)
        in_header = bool(found and found.kind is Kind.MAIL)
        if found:
            yield n, found


def _sure(lines: tuple[_Line, ...], found: dict[int, Opening]) -> dict[int, Opening]:
    """Only the openings that the whole text bears out: in a mail "Friday 10:00: demo" is no speech."""
    found = {n: o for n, o in found.items() if o.kind is not Kind.QUOTED or not _answered_inline(lines, n)}
    kinds = Counter(o.kind for o in found.values())
    mail = bool(kinds[Kind.MAIL] or kinds[Kind.QUOTED])
    first = next((n for n, line in enumerate(lines) if line.text), None)
    if first is not None and not mail and (header_field(lines[first].text) or ("",))[0] == "subject":
        found[first], mail = Opening(Kind.MAIL, 0), True
    talkers = kinds[Kind.BARE_SPEECH] + sum(map(_talks, found.values()))
    if not mail and talkers >= _LEAST_SPEECHES:  # in a conversation "CSM: …" speaks; below a letter it is a note
        found = {n: o._replace(kind=Kind.BARE_SPEECH) if _talks(o) else o for n, o in found.items()}
    speakers = set() if mail else _speakers(lines, found)
    speech = not mail and kinds[Kind.SPEECH] >= _LEAST_SPEECHES

    def words_follow(n: int) -> bool:
        return n + 1 < len(lines) and bool(lines[n + 1].text) and n + 1 not in found

    def borne_out(n: int, o: Opening) -> bool:
        if o.kind is Kind.SPEECH:
            return speech and (o.body_at < len(lines[n].text) or words_follow(n))
        if o.kind is Kind.BARE_SPEECH:
            return _speaker(o) in speakers
        if o.kind is Kind.CUT:
            return mail
        return not (o.kind is Kind.NOTE and not mail and not speech and not speakers and n == first)

    return {n: o for n, o in found.items() if borne_out(n, o)}


def _answered_inline(lines: tuple[_Line, ...], n: int) -> bool:
    """True if unmarked words follow the marked ones: then the quoting and the answer cannot be told apart safely."""
    if lines[n].offset > lines[n].start:
        return False
    marked = False
    for line in islice(lines, n + 1, None):
        quoted = line.offset > line.start
        if line.text and not quoted and marked:
            return opening(line.text) is None
        marked = marked or quoted
        if line.text and not quoted and not marked:
            return False
    return False


def _talks(o: Opening) -> bool:
    return o.kind is Kind.NOTE and bool(_CSM_ALONE.match(o.author or ""))


def _speaker(o: Opening) -> str:
    return (o.author or "").split(" (")[0].lower()


def _speakers(lines: tuple[_Line, ...], found: dict[int, Opening]) -> set[str]:
    """Who talks without times: labels that come back, and those between them. Single labels are fields of a form."""
    bare = [(n, _speaker(o)) for n, o in found.items() if o.kind is Kind.BARE_SPEECH and "|" not in lines[n].text]
    counts = Counter(speaker for _, speaker in bare)
    known = {speaker for speaker, count in counts.items() if count >= _LEAST_SPEECHES}
    roles = {speaker for speaker in counts if _ROLE_LABEL.match(speaker)}
    known |= roles if len(roles | known) >= _LEAST_SPEECHES else set()
    if not known:
        return set()
    first = min(n for n, speaker in bare if speaker in known)
    return {speaker for n, speaker in bare if n >= first}


def _part(text: str, lines: tuple[_Line, ...], start: Opening, end: int) -> Part:
    body_at, fields = lines[0].offset + start.body_at, {"when": start.when} if start.when else {}
    if start.kind is Kind.MAIL:
        taken = 1 if start.author or start.body_at else 0
        taken += _read_header(lines[taken:], fields)
        body_at = lines[taken].start if taken < len(lines) else end
    author, address = _person(start.author)
    if author and "when" not in fields and (dated := _AUTHOR_AND_WHEN.match(author)):
        author, fields["when"] = dated["author"], dated["when"]
    return Part(start.kind, text[body_at:end].strip(), author, address, **fields)


def _read_header(lines: tuple[_Line, ...], fields: dict[str, str]) -> int:
    """Fills the fields from the header lines that follow and returns how many lines they take."""
    taken = 0
    for n, line in enumerate(lines):
        field = header_field(line.text)
        if field and field[0] != "from":
            name = "when" if field[0] == "sent" else field[0]
            value = line.text.strip() if name == "to" else field[1]
            fields[name] = f"{fields[name]}; {value}" if fields.get(name) else value
            taken = n + 1
        elif line.text and "when" not in fields and _BARE_WHEN.match(line.text):
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
