"""Several messages or files as one thread: newest first by date, and what stands in it twice counted once."""

import re
from collections import defaultdict
from datetime import UTC, datetime
from itertools import chain, islice
from typing import NamedTuple

from agent.intake import dates, order, repeats
from agent.intake.formats.entry import Contents, Entry, comparable
from agent.intake.marks import Kind
from agent.intake.parts import Part
from agent.intake.sides import sides
from agent.intake.thread import split
from agent.intake.voices import names
from agent.schema import OwnCompany, Side

_UNTOLD = OwnCompany()
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NOT_LETTERS = re.compile(r"[\W_]+")
_HEAD, _LEAST_LETTERS = 24, 24
"""letters by which a quotation is found again, and below which the same words may be said twice"""
_HEADED = {Kind.MAIL, Kind.QUOTED, Kind.CUT}


class Told(NamedTuple):
    """A part of the thread with its side, and where it comes from."""

    part: Part
    side: Side
    entry: int = 0
    own: bool = True
    """the words of the entry itself, not what it quotes"""
    undated: bool = False
    """of a file without any dates"""
    sent: datetime = _LONG_AGO


class Merged(NamedTuple):
    """The parts of all messages newest first, each once."""

    ordered: list[tuple[Part, Side]]
    repeated: int
    """how many stood there more than once"""
    by_document: tuple[tuple[tuple[Part, Side], ...], ...]
    """what each file holds by itself, in its own order"""


def merged(documents: tuple[Contents, ...], text: str, company: OwnCompany = _UNTOLD) -> Merged:
    """One thread out of all files. `text` is the text of all entries together, `company` the CSM's own."""
    entries = tuple(chain.from_iterable(document.entries for document in documents))
    every = [_parts(entry) for entry in entries]
    parts = [repeats.once(split_up)[0] for split_up in every]
    repeated = sum(map(len, every)) - sum(map(len, parts))
    together = iter(sides(tuple(chain.from_iterable(parts)), text, company))
    told = [list(zip(group, islice(together, len(group)), strict=True)) for group in parts]
    if len(documents) > 1:
        told = [_also_alone(entry, group, company) for entry, group in zip(entries, told, strict=True)]
    groups = _with_own_sides(entries, told)
    each = iter(groups)
    held = tuple(
        tuple((item.part, item.side) for group in islice(each, len(document.entries)) for item in group)
        for document in documents
    )
    if len(entries) == 1:
        return Merged(order.newest_first(list(held[0])), repeated, held)
    for n, group in enumerate(groups):
        if len(group) > 1:
            by_part = {id(item.part): item for item in group}
            pairs = [(item.part, item.side) for item in group]
            groups[n] = [by_part[id(part)] for part, _ in order.newest_first(pairs)]
    kept, twice = _once(_newest_first(documents, groups))
    return Merged([(item.part, item.side) for item in kept], twice + repeated, held)


def _parts(entry: Entry) -> tuple[Part, ...]:
    return tuple(part._replace(recorded=entry.whole) for part in _split(entry))


def _split(entry: Entry) -> tuple[Part, ...]:
    if entry.kind is Kind.SPEECH:
        said = Part(Kind.SPEECH, entry.body, entry.author, entry.address, when=entry.when)
        return (said._replace(outside=entry.outside),)
    if entry.kind is Kind.PLAIN or entry.header.startswith("From:"):
        return split(entry.text, notes=not entry.whole)
    first, *quoted = split(entry.body, notes=not entry.whole)  # nobody is named, so that the header alone opens nothing
    own = first._replace(kind=Kind.MAIL, when=entry.when) if first.kind in {Kind.PLAIN, Kind.LETTER} else first
    return own, *quoted


def _also_alone(entry: Entry, told: list[tuple[Part, Side]], company: OwnCompany) -> list[tuple[Part, Side]]:
    """What a pasted text says of its messages by itself holds where the files together say nothing."""
    if entry.kind is not Kind.PLAIN:
        return told
    alone = sides(tuple(part for part, _ in told), entry.text, company)
    return [
        (part, by_itself if together is Side.UNKNOWN else together)
        for (part, together), by_itself in zip(told, alone, strict=True)
    ]


def _with_own_sides(entries: tuple[Entry, ...], told: list[list[tuple[Part, Side]]]) -> list[list[Told]]:
    """What a file itself says of a message's side stands; quotations of the same people follow it."""
    known, groups = dict[str, Side](), list[list[Told]]()
    for n, (entry, group) in enumerate(zip(entries, told, strict=True)):
        end = next((at for at, (part, _) in enumerate(group) if at and part.kind in _HEADED), len(group))
        own = [Told(part, entry.side or side, n) for part, side in group[:end]]
        groups.append(own + [Told(part, side, n, own=False) for part, side in group[end:]])
        if entry.side in {Side.CUSTOMER, Side.US}:
            known |= dict.fromkeys(filter(None, (entry.address, entry.author)), entry.side)
    return [[_followed(item, known) for item in group] for group in groups] if known else groups


def _followed(item: Told, known: dict[str, Side]) -> Told:
    side = known.get(item.part.address or "") or known.get(item.part.author or "")
    return item if item.own or not side else item._replace(side=side)


def _newest_first(documents: tuple[Contents, ...], groups: list[list[Told]]) -> list[Told]:
    """All parts in the order of their dates; `groups` holds the parts of each entry, newest first.

    A file without dates is newer than the files named before it. The CSM's own note without a date is the newest.
    """
    placed, until, at = list[Told](), _LONG_AGO, 0
    for document in documents:
        last, dated = until, False
        for entry in document.entries:
            moments = [_sent(item.part) for item in groups[at]]
            start = entry.sent or max(filter(None, moments), default=None)
            last, dated = start or last, dated or start is not None
            placed[:0] = _dated(groups[at], moments, last, undated=not dated)
            until, at = max(until, last), at + 1
    notes = [item for item in placed if item.side is Side.CSM_NOTE and item.undated and not item.part.when]
    thread = [item for item in placed if item not in notes] if notes else placed
    return notes + sorted(thread, key=lambda item: (item.sent, item.undated), reverse=True)


def _dated(group: list[Told], moments: list[datetime | None], last: datetime, *, undated: bool) -> list[Told]:
    """A part without a date stands behind the one that carries it."""
    placed = []
    for item, moment in zip(group, moments, strict=True):
        last = moment or last
        placed.append(item._replace(sent=last, undated=undated))
    return placed


def _sent(part: Part) -> datetime | None:
    return comparable(dates.instant(part.when)) if part.when else None


def _once(told: list[Told]) -> tuple[list[Told], int]:
    """Without the quotations and copies of messages that stand in full elsewhere, and how many those were."""
    letters = [_NOT_LETTERS.sub("", item.part.body.casefold()) for item in told]
    by_head: dict[str, list[int]] = defaultdict(list)
    for n in sorted(range(len(told)), key=lambda n: (not told[n].own, n)):
        if not any(_same(told[n], letters[n], told[m], letters[m]) for m in by_head[letters[n][:_HEAD]]):
            by_head[letters[n][:_HEAD]].append(n)
    kept = sorted(n for ns in by_head.values() for n in ns)
    return [told[n] for n in kept], len(told) - len(kept)


def _same(item: Told, letters: str, kept: Told, kept_letters: str) -> bool:
    """Whether the words are those of a message that is kept: by another file, or as a quotation."""
    if item.entry == kept.entry or len(letters) < _LEAST_LETTERS or not kept_letters.startswith(letters):
        return False
    who, author = names(item.part.author), names(kept.part.author)
    if who and author and not who & author:
        return False
    twice = item.own and kept.own  # the same words on two days are said twice
    return not twice or not item.part.when or not kept.part.when or item.sent == kept.sent
