"""Which lines of a text open a message: every line is a candidate, and the whole text bears it out or does not."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from agent.intake.dates import WHEN, may_stand_first
from agent.intake.headings import LONGEST_ATTRIBUTION, header_field, wrote, wrote_undated
from agent.intake.marks import Kind, Opening, opening
from agent.intake.note_labels import in_pem, judged
from agent.late import late

_QUOTE_MARKS = late(r"(?:[ \t]{0,8}>){1,20}[ \t]?")
BARE_WHEN = late(
    rf"\s*(?:sent |gesendet )?\(?{WHEN}\)?(?:(?<=\d)(?: ?\([^()]{{1,40}}\)|, ?[^\W\d_]{{2,20}}))?\s*$"
    r"|\s*(?:le|el|il|op|am|den|dne) \d{1,2}\.?\s*$",
    re.IGNORECASE,
)
_MOST_LINES_OF_AN_ATTRIBUTION = 3
_COLONS = (":", "：")
_NAME_ALONE = late(
    r"\s{0,4}(?P<author>(?-i:[^\W\d_a-zß-ÿ])[\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30}){0,3}"
    r"(?: ?[(\[][^()\[\]]{1,60}[)\]])?)\s*$"
)
_TIME_ALONE = late(rf"\s{{0,8}}(?P<when>(?=.{{0,40}}\d\d?[:.h]\d\d){WHEN})\s*$", re.IGNORECASE)
_ROLE_LABEL = late(
    r"(?:csm|me|ich|moi|agent|support|customer|client[e]?|kund(?:e|in)|klant|requester|caller|user)\b",
    re.IGNORECASE,
)
_FORM_LINE = late(
    r"\W{0,3}(?:ticket|case|incident|request|ref|id|#|status|priority|type|queue|plan|contract|account"
    r"|owner|category|subject|severity|opened|routed|assigned|product|vorgang|anfrage|priorität|dossier|demande|priorité"
    r"|caso|prioridad|stato|melding)"
    r"(?:\W|\d|$)",
    re.IGNORECASE,
)
_PARTY = late(r"(?:customer|client[e]?|kund(?:e|in)|klant|requester|caller|user)$", re.IGNORECASE)
_CSM_ALONE = late(r"(?:the |der |die |le |la |el |de )?csm(?: \(|$)|[^,]{1,60}\(csm\)$", re.IGNORECASE)
_LEAST_SPEECHES = 2
_HEADINGS = {Kind.MAIL, Kind.QUOTED}


class Line(NamedTuple):
    """A line with its places in the input."""

    start: int
    text: str
    """without the `>` marks of a quoted mail"""
    offset: int
    """where `text` starts, counted from the start of the input"""
    depth: int = 0
    """how many `>` marks stand before it"""
    end: int = 0
    """where the next line starts"""


def lines_of(text: str) -> Iterator[Line]:
    """The lines of the text, `>` marks taken off."""
    start = 0
    for raw in text.splitlines(keepends=True):
        marks = _QUOTE_MARKS.match(raw)
        skipped = marks.end() if marks else 0
        depth = raw[:skipped].count(">")
        yield Line(start, raw[skipped:].rstrip(), start + skipped, depth, start + len(raw))
        start += len(raw)


def _candidates(lines: tuple[Line, ...]) -> Iterator[tuple[int, Opening]]:
    """Every line that may open a message; a header's own lines open nothing, whatever their words."""
    in_header, free, keys = False, 0, in_pem([line.text for line in lines])
    for n, line in enumerate(lines):
        if n < free or n in keys:
            continue
        field = header_field(line.text) if in_header else None
        if not line.text or (field and field[0] != "from") or (in_header and BARE_WHEN.match(line.text)):
            continue
        found = _wrapped(lines, n) or _on_two_lines(lines, n) or opening(line.text) or _undated(lines, n)
        in_header = bool(found and found.kind is Kind.MAIL)
        if found:
            free = n + found.lines
            yield n, found


def _wrapped(lines: tuple[Line, ...], n: int) -> Opening | None:
    """An attribution that a mail program broke over two or three lines."""
    words, below = lines[n].text, lines[n + 1 : n + _MOST_LINES_OF_AN_ATTRIBUTION]
    if words.endswith(_COLONS) or not any(line.text.endswith(_COLONS) for line in below):
        return None
    if not any(c.isdigit() or c == "@" for c in words):
        return None
    for more in range(1, _MOST_LINES_OF_AN_ATTRIBUTION):
        line = lines[n + more] if n + more < len(lines) else None
        if line is None or not line.text or line.depth != lines[n].depth or len(words) > LONGEST_ATTRIBUTION:
            return None
        words = f"{words} {line.text}"
        if told := wrote(words):
            return Opening(Kind.QUOTED, len(lines[n].text), told.who, told.when, more + 1)
    return None


def _on_two_lines(lines: tuple[Line, ...], n: int) -> Opening | None:
    """A name and below it a time, as chats and ticket systems are copied from the browser."""
    moment = lines[n + 1] if n + 1 < len(lines) else None
    if moment is None or moment.depth != lines[n].depth or not may_stand_first(moment.text.lstrip()):
        return None
    name, when = _NAME_ALONE.match(lines[n].text), _TIME_ALONE.match(moment.text)
    return Opening(Kind.SPEECH, len(lines[n].text), name["author"], when["when"], 2) if name and when else None


def _undated(lines: tuple[Line, ...], n: int) -> Opening | None:
    """An attribution without a date, "Ann wrote:", right above what is quoted."""
    below = next((line for line in lines[n + 1 : n + 3] if line.text), None)
    quotes = below is not None and (below.depth > lines[n].depth or below.depth == lines[n].depth > 0)
    told = wrote_undated(lines[n].text) if quotes else None
    return Opening(Kind.QUOTED, len(lines[n].text), told.who, told.when) if told else None


def sure_openings(lines: tuple[Line, ...], *, notes: bool = True) -> dict[int, Opening]:
    """Only the openings that the whole text bears out: in a mail "Friday 10:00: demo" is no speech.

    Without `notes` the CSM cannot have written between the lines, as a file says whose words they are.
    """
    found = dict(_candidates(lines))
    found = found if notes else _of_others(lines, found)
    kinds = Counter(o.kind for o in found.values())
    mail = bool(kinds[Kind.MAIL] or kinds[Kind.QUOTED]) or any(o.kind is Kind.CUT and o.author for o in found.values())
    first = next((n for n, line in enumerate(lines) if line.text), None)
    if first is not None and not mail and (header_field(lines[first].text) or ("",))[0] == "subject":
        found[first], mail = Opening(Kind.MAIL, 0), True
    talkers = kinds[Kind.BARE_SPEECH] + sum(map(_talks, found.values()))
    if not mail and talkers >= _LEAST_SPEECHES:  # in a conversation "CSM: …" speaks; below a letter it is a note
        found = {n: o._replace(kind=Kind.BARE_SPEECH) if _talks(o) else o for n, o in found.items()}
    talk_in_ticket = kinds[Kind.MAIL] == 1 and not kinds[Kind.QUOTED] and _talks_on(found)
    speakers = _speakers(lines, found) if talk_in_ticket or not mail else set[str]()
    fields = _form(lines, found)
    speech = not mail and kinds[Kind.SPEECH] >= _LEAST_SPEECHES

    def words_follow(n: int) -> bool:
        below = n + found[n].lines
        below += found[n].lines > 1 and below < len(lines) and not lines[below].text
        return below < len(lines) and bool(lines[below].text) and not announces(below)

    def announces(n: int) -> bool:
        return (
            n in found
            and (found[n].sure or found[n].kind is not Kind.NOTE)
            and (found[n].kind is not Kind.BARE_SPEECH or _speaker(found[n]) in speakers)
        )

    def borne_out(n: int, o: Opening) -> bool:
        if o.kind is Kind.SPEECH and mail and lines[n].offset > lines[n].start:
            return o.body_at < len(lines[n].text) or words_follow(
                n
            )  # "> Support, 3 May: restored", quoted below a mail
        if o.kind is Kind.SPEECH:
            return speech and (o.body_at < len(lines[n].text) or words_follow(n))
        if o.kind is Kind.BARE_SPEECH:
            return _speaker(o) in speakers and n not in fields
        if o.kind is Kind.CUT:
            return mail
        return not (o.kind is Kind.NOTE and not mail and not speech and not speakers and n == first)

    quoted = {n for n in found if lines[n].depth}
    return judged([line.text for line in lines], {n: o for n, o in found.items() if borne_out(n, o)}, quoted=quoted)


def _of_others(lines: tuple[Line, ...], found: dict[int, Opening]) -> dict[int, Opening]:
    """What opens a message in the mail of one writer: no note, and no line that they drew."""
    return {n: o for n, o in found.items() if o.kind is not Kind.NOTE and not _only_drawn(lines, found, n)}


def _only_drawn(lines: tuple[Line, ...], found: dict[int, Opening], n: int) -> bool:
    """Whether a line or a caption is one that the writer of a mail drew across it: no older message follows."""
    o, rule = found[n], not any(map(str.isalnum, lines[n].text))
    if o.kind is not Kind.CUT or o.author or not (rule or not o.body_at):
        return False
    below = next((m for m in range(n + 1, min(n + 4, len(lines))) if lines[m].text), n)
    return header_field(lines[below].text) is None and (below == n or found.get(below, o).kind not in _HEADINGS)


def _form(lines: tuple[Line, ...], found: dict[int, Opening]) -> set[int]:
    """The lines of the first paragraph that name a party of a ticket: there "Client: Alder" is a field, no speaker."""
    first = next((n for n, line in enumerate(lines) if line.text), 0)
    end = next((n for n in range(first, len(lines)) if not lines[n].text), len(lines))
    labels = Counter(_speaker(o) for o in found.values())
    once = {n for n in range(first, end) if n in found and labels[_speaker(found[n])] == 1 and not found[n].when}
    parties = {n for n in once if _PARTY.match(_speaker(found[n]))}
    return parties if any(_FORM_LINE.match(lines[n].text) for n in range(first, end)) else set()


def _talks_on(found: dict[int, Opening]) -> bool:
    """Whether the one sender of a ticket goes on to talk with somebody under first names."""
    sender = next((o.author or "" for o in found.values() if o.kind is Kind.MAIL), "").lower()
    talkers = {_speaker(o) for o in found.values() if o.kind is Kind.BARE_SPEECH}
    return len(talkers) >= _LEAST_SPEECHES and any(f"{sender} ".startswith((f"{t} ", f"{t},")) for t in talkers)


def _talks(o: Opening) -> bool:
    return o.kind is Kind.NOTE and bool(_CSM_ALONE.match(o.author or ""))


def _speaker(o: Opening) -> str:
    return (o.author or "").split(" (")[0].lower()


def _speakers(lines: tuple[Line, ...], found: dict[int, Opening]) -> set[str]:
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
