"""Files that seem to be about different customers: told to the reader, who may have meant it."""

import re
from collections.abc import Sequence
from itertools import chain, combinations
from typing import NamedTuple

from agent.intake.domains import domain_of
from agent.intake.formats.mbox import bare_subject
from agent.intake.mail_ids import message_ids
from agent.intake.parts import Part
from agent.intake.voices import names
from agent.late import late
from agent.schema import OwnCompany, Side

_ADDRESSES = late(r"[^\s<>()\[\],;:@\"']{1,80}@[^\s<>()\[\],;:@\"']{1,80}")
_EVERYBODYS = re.compile(
    r"(?:gmail|googlemail|outlook|hotmail|live|yahoo|icloud|me|gmx|web|t-online|proton|protonmail|aol|orange|free|laposte"
    r"|libero|ziggo)\.(?:com|net|de|me|fr|it|es|nl|co\.uk|at|ch)"
)
_SHORTEST_NAME = 4
"""letters by which a house's name in the other text is no chance"""


class _File(NamedTuple):
    """What a file names that another one may share, or lack."""

    houses: frozenset[str]
    """the mail domains in its headings that are not ours, or the whole address where the domain is everybody's"""
    links: frozenset[str]
    """ids, subjects and the customer's people"""
    text: str


class Source(NamedTuple):
    """A file as it was read."""

    name: str
    data: bytes
    text: str
    messages: Sequence[tuple[Part, Side]]


def told(sources: Sequence[Source], company: OwnCompany) -> str | None:
    """The line for the reader where nothing links two files that name different houses; None where there is none."""
    if len(sources) == 1:
        return None
    ours = {domain_of(p.address) for source in sources for p, side in source.messages if side is Side.US and p.address}
    files = [_file(source, company, ours) for source in sources]
    naming = [file.houses for file in files if file.houses]
    # Where nobody is known to be ours, the one house that all files name is taken for it.
    everywhere = frozenset[str].intersection(*naming) if naming and not ours else frozenset[str]()
    own = everywhere if len(everywhere) == 1 and not (company.domains or company.name) else frozenset[str]()
    pairs = [pair for pair in combinations(range(len(files)), 2) if _strangers(files[pair[0]], files[pair[1]], own)]
    if not pairs:
        return None
    named = (f"{sources[n].name} ({', '.join(sorted(files[n].houses - own)[:2])})" for n in sorted({*chain(*pairs)}))
    return (
        f"the files seem to be about different customers, as nothing links them: {', '.join(named)}; "
        "they were read as one situation"
    )


def _file(source: Source, company: OwnCompany, ours: set[str | None]) -> _File:
    headings = " ".join(f"{part.address or ''} {part.to or ''}" for part, _ in source.messages)
    houses = {
        address.lower() if _EVERYBODYS.fullmatch(domain) else domain
        for address in _ADDRESSES.findall(headings)
        if (domain := address.rpartition("@")[2].lower()) not in ours and not company.owns(domain)
    }
    people = chain.from_iterable(names(part.author) for part, side in source.messages if side is Side.CUSTOMER)
    subjects = (bare_subject(part.subject).casefold() for part, _ in source.messages if part.subject)
    links = {*people, *filter(None, subjects), *message_ids(source.data)}
    return _File(frozenset(houses), frozenset(links), source.text.casefold())


def _strangers(one: _File, other: _File, own: frozenset[str]) -> bool:
    theirs, others = one.houses - own, other.houses - own
    if not theirs or not others or theirs & others or one.links & other.links:
        return False
    return not any(_named(house, other.text) for house in theirs) and not any(
        _named(house, one.text) for house in others
    )


def _named(house: str, text: str) -> bool:
    """Whether a text speaks of the house: "the people at Alder" of alder.example."""
    word = re.split(r"[.@]", house)[0 if "@" in house else -2 if "." in house else 0]
    return len(word) >= _SHORTEST_NAME and re.search(rf"(?<!\w){re.escape(word)}", text) is not None
