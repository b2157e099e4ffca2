"""Whether a note's label opens a note of the CSM's, or is a line of the letter or chat message that it stands in."""

import re
from collections.abc import Container

from agent.intake.letter import begins, signed
from agent.intake.marks import Kind, Opening, names_somebody
from agent.intake.voices import from_inside, leaning, names
from agent.late import late

_MAILS = {Kind.MAIL, Kind.QUOTED}
_HEADS = {*_MAILS, Kind.SPEECH}
_PEM = late(r"\s*-----(?P<what>BEGIN|END) [A-Z0-9 ]{1,40}-----\s*$")
_WORDS_OF_A_NAME = 4
_NEAR = 40
"""lines looked at on each side, so that a text of nothing but labels costs little"""
_OUR = late(
    r"\b(?:we|our|us|wir|unser\w{0,3}|uns|nous|notre|nos|nuestr[oa]s?|nostr[oaie]|ons|onze|wij)\b", re.IGNORECASE
)


def in_pem(lines: list[str]) -> set[int]:
    """The lines of keys and certificates, BEGIN and END included; a block without an end is its first line."""
    found, start = set[int](), -1
    for n, line in enumerate(lines):
        match = _PEM.match(line)
        if match and match["what"] == "BEGIN":
            start = n
        if match:
            found |= set(range(start if start >= 0 else n, n + 1))
            start = n if match["what"] == "BEGIN" else -1
    return found


def judged(lines: list[str], found: dict[int, Opening], *, quoted: Container[int] = ()) -> dict[int, Opening]:
    """The openings without the labels that belong to somebody else's words; the doubtful ones say so.

    `quoted` are the lines with a `>` before them: whoever quotes them wrote nothing in between.
    """
    kept, head = dict[int, Opening](), None
    ends, end = dict[int, int](), len(lines)
    for n in reversed(found):
        ends[n] = end
        end = end if found[n].kind is Kind.NOTE else n
    for n, o in found.items():
        if o.kind is not Kind.NOTE or not (head is None or kept[head].kind in _HEADS):
            kept[n], head = o, n
            continue
        places = (head, n, ends[n])
        below = found.get(ends[n])
        kind = (_kind_of_sure if o.sure else _kind)(lines, None if head is None else kept[head], places, o.author or "")
        between = below is not None and below.kind in _MAILS and not _closed_above(lines, kept, places)
        if kind is Kind.NOTE and head is not None and kept[head].kind in _MAILS and (between or n in quoted):
            kind = Kind.DOUBT
        if kind is Kind.NOTE:
            kept[n], head = o, n
        elif kind:
            kept[n] = Opening(kind, 0, sure=False)
    return kept


def _closed_above(lines: list[str], kept: dict[int, Opening], places: tuple[int | None, int, int]) -> bool:
    """Whether the message that the label stands in has ended: its writer has signed."""
    start, n, _ = places
    author = names(kept[start].author) if start is not None else frozenset[str]()
    return _signs(lines[max(0 if start is None else start + 1, n - _NEAR) : n], author)


def _kind_of_sure(lines: list[str], head: Opening | None, places: tuple[int | None, int, int], _label: str) -> Kind:
    """What the CSM's own label opens: in a mail, or above somebody's closing, its writer may have typed it."""
    start, n, end = places
    author = names(head.author) if head else frozenset[str]()
    if head and head.kind not in _MAILS:
        return Kind.NOTE
    if _signs(lines[max(0 if start is None else start + 1, n - _NEAR) : n], author):
        return Kind.NOTE
    return Kind.DOUBT if _signs(lines[max(n + 1, end - _NEAR) : end], author) else Kind.NOTE


def _kind(lines: list[str], head: Opening | None, places: tuple[int | None, int, int], label: str) -> Kind | None:
    """What a bare label below `head` opens; `places` are those of the head, the label and the next head."""
    start, n, end = places
    author = names(head.author) if head else frozenset[str]()
    if head is None and not begins("\n".join(lines[: min(n, _NEAR)]).strip()):
        return Kind.NOTE
    if head and head.kind is Kind.SPEECH and n - (start or 0) < _NEAR and not any(lines[(start or 0) + head.lines : n]):
        inline = head.body_at < len(lines[start or 0])
        return Kind.NOTE if inline else None
    if _signs(lines[max(n + 1, end - _NEAR) : end], author):
        return None
    above = lines[n - 1] if n else ""
    if _signs(lines[max(0 if start is None else start + 1, n - _NEAR) : n], author) or (
        above and not any(map(str.isalnum, above))
    ):
        return Kind.NOTE
    if not above and names_somebody(label):
        return Kind.NOTE
    words = "\n".join(lines[n : min(end, n + _NEAR)])
    ours = from_inside(words) or leaning(words) > 0
    return Kind.NOTE if not above and (ours or (leaning(words) == 0 and not _OUR.search(words))) else Kind.DOUBT


def _signs(lines: list[str], author: frozenset[str]) -> bool:
    """A closing with a name, or the writer's name alone on a line; another's name is another's closing."""
    name = signed("\n".join(lines))
    by = names(name.author) if name else frozenset[str]()
    if name and (not author or not by or by & author):
        return True
    return any(author & names(line) and len(line.split()) <= _WORDS_OF_A_NAME and ":" not in line for line in lines)
