"""A pasted text as the messages it is made of. It splits where it is sure; no visible word is lost.

Whose words a line holds follows from its `>` marks: a heading opens a message at the depth of the lines below it, and a
line belongs to the message last opened at its own depth. So answers between quoted lines go to who answers.
"""

from itertools import pairwise
from typing import NamedTuple

from agent.intake.headings import header_field
from agent.intake.letter import begins, below, signed
from agent.intake.marks import Kind, Opening
from agent.intake.openings import BARE_WHEN, Line, lines_of, sure_openings
from agent.intake.parts import Part, opened
from agent.intake.signature import closed

_SAID = {Kind.MAIL, Kind.QUOTED, Kind.SPEECH, Kind.BARE_SPEECH}
_WORDS_OF_AN_ANSWER = 8
_ENDS = (".", "!", "?", "。", "！", "？", "…")
_TALK = {Kind.SPEECH, Kind.BARE_SPEECH, Kind.NOTE}


class _Draft(NamedTuple):
    """A part while the lines are dealt out: `lines` are those of its body."""

    part: Part
    lines: list[Line]
    first: int = 0
    """where its words start in the first line, where the heading shares that line"""


def split(text: str, *, notes: bool = True) -> tuple[Part, ...]:
    """The parts in the order of the text; one plain part where no message announces itself.

    Without `notes` nothing between its lines is taken for a note of the CSM's.
    """
    lines = tuple(lines_of(text))
    starts = sure_openings(lines, notes=notes)
    if not starts and not _quotes_a_letter(lines):
        return _alone(text, notes=notes)
    parts, last = _filled(text, lines, starts)
    if not any(part.body for part in parts):
        return (Part(Kind.PLAIN, text.strip()),)
    if notes and last and parts[last].kind in _SAID:
        parts[last : last + 1] = _without_remark(parts[last])
    if all(part.kind is Kind.NOTE for part in parts[1:]) and begins(parts[0].body):
        parts[:1] = _letter(parts[0].body, notes=notes)
    told = _without_bare_headings(parts)
    if len(told) > 1 and told[0].kind is Kind.PLAIN and _replies(told[0].body, told[1]):
        name = signed(told[0].body)
        told[0] = told[0]._replace(kind=Kind.LETTER, author=name.author if name else None)
    return tuple(told)


def _without_bare_headings(parts: list[Part]) -> list[Part]:
    """A line such as "-----Original Message-----" above a header belongs to that header."""
    told, above = list[Part](), ""
    for part in parts:
        heading = "\n".join(filter(None, (above, part.heading)))
        if part.body or part.kind not in {Kind.PLAIN, Kind.CUT}:
            told.append(part._replace(heading=heading))
            heading = ""
        above = heading
    if above and told:
        told[-1] = told[-1]._replace(heading=f"{told[-1].heading}\n{above}".strip())
    return told


def _replies(words: str, below: Part) -> bool:
    """What stands on top of "On … wrote:" is the reply to it; on top of a header what is greeted, signed or brief.

    A title is no sentence; a longer text without a name is rather the CSM's, on what follows.
    """
    if below.kind is not Kind.MAIL:
        return below.kind is Kind.QUOTED
    answers = len(words.split()) <= _WORDS_OF_AN_ANSWER and words.endswith(_ENDS) and below.to and below.when
    return begins(words) or signed(words) is not None or bool(answers)


def _quotes_a_letter(lines: tuple[Line, ...]) -> bool:
    """Whether words stand above or below marked lines that no heading explains."""
    return {min(line.depth, 1) for line in lines if line.text} == {0, 1} and any(line.depth == 1 for line in lines)


def _filled(text: str, lines: tuple[Line, ...], starts: dict[int, Opening]) -> tuple[list[Part], int]:
    """Every line dealt out to a part; and which part the last words belong to."""
    drafts, owners, n, last = [_Draft(Part(Kind.PLAIN, ""), [])], {0: 0}, 0, 0
    ends = dict(pairwise((*starts, len(lines))))
    while n < len(lines):
        line, start, above = lines[n], starts.get(n), None
        if start is None and n + 1 in starts and _stands_above(lines, starts, n):
            field = header_field(line.text)
            start, n, above = starts[n + 1]._replace(when=field[1] if field else line.text.strip()), n + 1, line
        if start is not None:
            part, taken = opened(lines, n, start, ends[n])
            first = 0 if taken else start.body_at
            heading = _heading(above, lines[n : n + taken] or (lines[n]._replace(text=lines[n].text[:first]),))
            owners = {d: owner for d, owner in owners.items() if d < part.depth} | {part.depth: len(drafts)}
            drafts.append(_Draft(part._replace(heading=heading), [] if taken else [lines[n]], first))
            last, n = len(drafts) - 1, n + max(taken, 1)
            continue
        if line.text:
            last = _owner(line.depth, owners, drafts)
        drafts[last].lines.append(line)
        n += 1
    return [_forwarded(draft.part._replace(body=_words(text, draft))) for draft in drafts], last


def _forwarded(part: Part) -> Part:
    """Words below "Forwarded by Ann" that have no header of their own are Ann's."""
    return part._replace(kind=Kind.MAIL) if part.kind is Kind.CUT and part.author and part.body else part


def _owner(depth: int, owners: dict[int, int], drafts: list[_Draft]) -> int:
    """The part that a line of this depth belongs to; marked lines that nobody announced are somebody's, unnamed."""
    if depth in owners:
        return owners[depth]
    nearest = owners[max((d for d in owners if d < depth), default=min(owners))]
    if drafts[nearest].part.kind in _TALK:
        return nearest
    drafts.append(_Draft(Part(Kind.QUOTED, "", depth=depth), []))
    owners[depth] = len(drafts) - 1
    return owners[depth]


def _stands_above(lines: tuple[Line, ...], starts: dict[int, Opening], n: int) -> bool:
    """Whether the line is the moment of the mail whose header follows: "Fri 08:02" or "Sent: …" above "From: Ann"."""
    start = starts[n + 1]
    free = n == 0 or not lines[n - 1].text
    moment = BARE_WHEN.match(lines[n].text) or (header_field(lines[n].text) or ("",))[0] == "sent"
    return free and start.kind is Kind.MAIL and not start.when and bool(moment)


def _heading(above: Line | None, lines: tuple[Line, ...]) -> str:
    """The heading as it stands in the text, `>` marks left out."""
    return "\n".join(line.text for line in (*([above] if above else []), *lines)).strip()


def _words(text: str, draft: _Draft) -> str:
    """The lines as they stand in the text where they follow each other unmarked, else without their `>` marks."""
    lines = draft.lines
    if not lines:
        return ""
    together = all(a.end == b.start for a, b in pairwise(lines))
    if together and not any(line.depth for line in lines):
        return text[lines[0].offset + draft.first : lines[-1].end].strip()
    words = [lines[0].text[draft.first :]]
    for before, line in pairwise(lines):
        words += [""] * (before.end != line.start and bool(words[-1]))  # somebody else's words stood between
        kept = text[line.start : line.end].rstrip() if draft.part.kind in _TALK else line.text
        words.append(kept)
    return "\n".join(words).strip()


def _alone(text: str, *, notes: bool) -> tuple[Part, ...]:
    """Text that no heading divides: a letter with what is written below it, or the CSM's own words."""
    words = text.strip()
    letter = _letter(words, notes=notes)
    return letter if begins(words) and letter[0].author else (Part(Kind.PLAIN, words),)


def _letter(words: str, *, notes: bool) -> tuple[Part, ...]:
    whole = Part(Kind.LETTER, words)
    letter, *remark = _without_remark(whole) if notes else (whole,)
    name = signed(letter.body)
    return letter._replace(author=name.author if name else None), *remark


def _without_remark(part: Part) -> tuple[Part, ...]:
    """The message, and as a note what somebody else wrote below it."""
    at = below(part.body)
    at = None if at is None else _past_the_signature(part.body, at)
    if at is None:
        return (part,)
    return part._replace(body=part.body[:at].rstrip()), Part(Kind.NOTE, part.body[at:].strip())


def _past_the_signature(words: str, at: int) -> int | None:
    """Where the remark starts once contact lines and legal text are passed over; None if nothing else follows."""
    own = closed(words)
    taken_off = {line.strip() for line in f"{own.signature or ''}\n{own.disclaimer or ''}".splitlines()}
    for raw in words[at:].splitlines(keepends=True):
        if raw.strip() and raw.strip() not in taken_off:
            return at
        at += len(raw)
    return None
