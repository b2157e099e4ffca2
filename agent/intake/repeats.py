"""The same words quoted again are counted once."""

import re
from collections import defaultdict
from typing import NamedTuple

from agent.intake.dates import later, written
from agent.intake.marks import Kind
from agent.intake.parts import Part
from agent.intake.voices import names

_MAILS = {Kind.MAIL, Kind.QUOTED, Kind.LETTER}
_FEWEST_LETTERS = 12
_FEWEST_OF_A_LETTER = 80
"""letters from which a text is not written twice by chance"""
_MOST_COMPARED, _MOST_ALIKE, _HEAD = 300, 20, 40
_RUN = re.compile(r"\n[ \t]*\n")


class _Seen(NamedTuple):
    part: Part
    words: str
    runs: tuple[str, ...]
    people: frozenset[str]
    letters: int


def once(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], int]:
    """The parts without those whose words all stand in another message of the same person, and how many went.

    What only the repeated heading says (an address, a date) is kept with the message that stays.
    """
    kept = {n: _seen(part) for n, part in enumerate(parts) if part.kind in _MAILS}
    others = {n: part for n, part in enumerate(parts) if part.kind not in _MAILS}
    by_head = _by_head(kept)
    for n in sorted(kept, key=lambda n: (len(kept[n].words), n)):
        among = kept if len(parts) <= _MOST_COMPARED else by_head[kept[n].words[:_HEAD]]
        twin = next((m for m in among if m in kept and _stays(kept, m, n) and _repeats(kept[m], kept[n])), None)
        if twin is not None:
            kept[twin] = kept[twin]._replace(part=_completed(kept[twin].part, kept[n].part))
            del kept[n]
    left = others | {n: seen.part for n, seen in kept.items()}
    return tuple(left[n] for n in sorted(left)), len(parts) - len(left)


def _by_head(kept: dict[int, _Seen]) -> dict[str, list[int]]:
    """Where many messages would make comparing each with each slow: those that begin alike, a few of each."""
    heads: dict[str, list[int]] = defaultdict(list)
    for n, seen in kept.items():
        if len(heads[seen.words[:_HEAD]]) < _MOST_ALIKE:
            heads[seen.words[:_HEAD]].append(n)
    return heads


def _seen(part: Part) -> _Seen:
    words = _flat(part.body)
    runs = tuple(flat for run in _RUN.split(part.body) if (flat := _flat(run)))
    return _Seen(part, words, runs, names(part.author), sum(map(str.isalnum, words)))


def _stays(kept: dict[int, _Seen], whole: int, quoted: int) -> bool:
    """Of two that say the same, the one that quotes less deeply stays, else the upper one."""
    if whole == quoted:
        return False
    first, second = kept[whole], kept[quoted]
    if len(first.words) != len(second.words):
        return len(first.words) > len(second.words)
    return (first.part.depth, whole) < (second.part.depth, quoted)


def _repeats(whole: _Seen, quoted: _Seen) -> bool:
    """Whether every run of the quoted words stands in the other message, and nobody else is named as their author."""
    if quoted.letters < _FEWEST_LETTERS or not _may_be_one_person(whole, quoted):
        return False
    at_one_depth = whole.part.depth == quoted.part.depth
    if at_one_depth and (quoted.letters < _FEWEST_OF_A_LETTER or _at_other_times(whole.part, quoted.part)):
        return False  # a reminder in the same words is a message of its own
    return all(run in whole.words for run in quoted.runs)


def _may_be_one_person(first: _Seen, second: _Seen) -> bool:
    if first.part.address and second.part.address:
        return first.part.address.lower() == second.part.address.lower()
    return not first.people or not second.people or bool(first.people & second.people)


def _at_other_times(first: Part, second: Part) -> bool:
    """Whether two moments differ by more than the zone they are shown in."""
    if not (first.when and second.when) or not later(first.when, second.when):
        return False
    one, other = written(first.when), written(second.when)
    shifted = one.minutes is not None and other.minutes is not None and not (one.minutes - other.minutes) % 30
    return one.date != other.date or not shifted


def _flat(words: str) -> str:
    return " ".join(word for line in words.lower().splitlines() for word in line.lstrip("> \t").split())


def _completed(part: Part, repeated: Part) -> Part:
    missing = ("author", "address", "to", "when", "subject")
    return part._replace(**{name: getattr(part, name) or getattr(repeated, name) for name in missing})
