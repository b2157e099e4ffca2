"""Who speaks in a chat: what is said only among colleagues, who is a guest, and what makes a call of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from agent.intake.domains import domain_of
from agent.intake.marks import Kind
from agent.intake.parts import Part
from agent.intake.voices import (
    company,
    from_inside,
    leaning,
    names,
    of_an_office,
    speaks_for_others,
    speaks_of_the_customer,
)
from agent.late import late
from agent.schema import Side

TALK = {Kind.SPEECH, Kind.BARE_SPEECH}
_LEAST_TURNS = 2
_WORDS_OF_A_HEADING = 40
_GUEST = late(r"[(\[](?:guest|external|extern[aeo]?|gast|invité|invitad[oa]|ospite)[)\]]", re.IGNORECASE)
_EXTERNAL = late(r"[(\[](?:external|externe?[rs]?|extern[ao]|ekstern|zewnętrzn[ya]|外部)[)\]]", re.IGNORECASE)
_PRIVATE = r"(?:internal|intern[eoa]?|interne|privat|private|privé)"
_PRIVATE_AUTHOR = late(rf"\b(?:{_PRIVATE}|note|notiz|nota)\b", re.IGNORECASE)
_PRIVATE_WORDS = late(rf"\W{{0,3}}{_PRIVATE}\b", re.IGNORECASE)
_CHANNEL = late(r"\W{0,3}#[\w-]{2,60}")
_CALL = late(
    r"\A.{0,80}\b(?:call|phone|transcript|telefonat|anruf|gespräch|appel|llamada|chiamata|telefonata|gesprek|meeting"
    r"|minutes)\b",
    re.IGNORECASE,
)
_TO_A_SUPPLIER = late(
    r"\b(?:your (?:\w{1,20} )?(?:support|system|software|product|platform|tool|service|update|release|company|people"
    r"|invoices?|app|portal|engineers?|developers?)|you people"
    r"|(?:ihr|eure?)(?:e|em|er|en)? (?:System|Software|Support|Update|Programm)"
    r"|votre (?:équipe|support|outil|logiciel|système)|vuestr[oa]s? |sus? (?:sistema|soporte)|vostr[aoei]\b"
    r"|jullie (?:systeem|support|software))",
    re.IGNORECASE,
)


def names_of(parts: tuple[Part, ...], told: list[Side], side: Side) -> frozenset[str]:
    return frozenset(chain.from_iterable(names(p.author) for p, s in zip(parts, told, strict=True) if s is side))


def by_inside_talk(parts: tuple[Part, ...], told: list[Side]) -> None:
    """Where somebody says in a chat what the account pays, no customer reads along: everybody there is one of us.

    A call or a ticket is no chat, nor is a chat with a customer, in which the CSM makes a private remark.
    """
    talk = [n for n, part in enumerate(parts) if part.kind in TALK]
    turns = Counter(names(parts[n].author) for n in talk)
    times = [n for n in talk if parts[n].kind is Kind.SPEECH and parts[n].when]
    chat = len(times) == len(talk) or _CHANNEL.match(parts[0].body)
    customers = any(told[n] is Side.CUSTOMER or company(parts[n].author) or is_outside(parts[n]) for n in talk)
    if not talk or not chat or customers or any(_to_a_supplier(p.body) or _of_a_call(p.body) for p in parts):
        return
    private = [n for n in talk if told[n] is Side.CSM_NOTE or _is_private(parts[n].author, parts[n].body)]
    insiders = [n for n in talk if n not in private and from_inside(parts[n].body)]
    if not private and any(turns[names(parts[n].author)] >= _LEAST_TURNS for n in insiders):
        for n in talk:
            told[n] = Side.US if told[n] is Side.UNKNOWN else told[n]


def by_guests(parts: tuple[Part, ...], told: list[Side]) -> None:
    """Beside people of ours, whoever a chat marks as a guest, or names with one company, is the customer's."""
    talk = [n for n, part in enumerate(parts) if part.kind in TALK]
    if not any(told[n] is Side.US for n in talk):
        return
    unsure = [n for n in talk if told[n] is Side.UNKNOWN and not is_outside(parts[n])]
    guests = {n for n in unsure if _GUEST.search(parts[n].author or "")}
    named = {n: c for n in unsure if (c := company(parts[n].author))}
    shared = frozenset[str].intersection(*named.values()) if named and not guests else None
    for n in guests or (named if shared else ()):
        told[n] = Side.CUSTOMER
    theirs = names_of(parts, told, Side.CUSTOMER) - names_of(parts, told, Side.US)
    for n in talk:
        if told[n] is Side.UNKNOWN and names(parts[n].author) & theirs:
            told[n] = Side.CUSTOMER


def by_outsiders(parts: tuple[Part, ...], told: list[Side]) -> None:
    """A chat marks who is of another organisation than whoever copied or exported it: the others are colleagues.

    Where one of ours bears the mark, it is the customer's chat, and only who does not is the customer's. The chat may
    be anybody's, and who bears the mark a partner's: where anything speaks against it, the mark tells nothing.
    """
    theirs, ours = _marked(parts, told)
    if not any(is_outside(parts[n]) for n in (*theirs, *ours)) or _doubt(parts, told, theirs, ours):
        return
    for n in (*theirs, *ours):
        if told[n] is Side.UNKNOWN:
            told[n] = Side.CUSTOMER if n in theirs else Side.US


def _marked(parts: tuple[Part, ...], told: Sequence[Side]) -> tuple[list[int], list[int]]:
    """Who would be the customer's, and who ours, if the marks alone told it."""
    talk = [n for n, part in enumerate(parts) if part.kind in TALK and told[n] is not Side.CSM_NOTE]
    outside = [n for n in talk if is_outside(parts[n])]
    inside = [n for n in talk if n not in outside and parts[n].outside is not None]
    if any(parts[n].outside is None for n in outside):  # a mark in a copied text: whoever has none is a colleague
        inside = [n for n in talk if n not in outside and parts[n].author and not _GUEST.search(parts[n].author or "")]
    known = [n for n in outside if told[n] is not Side.UNKNOWN]  # beside ours, a partner may be external too
    return (inside, known) if any(told[n] is Side.US for n in known) else (outside, inside)


def _doubt(parts: tuple[Part, ...], told: Sequence[Side], theirs: list[int], ours: list[int]) -> str | None:
    """Why the marks do not tell who is the customer's; None if nothing speaks against it."""
    known = any(told[n] is Side.US for n in ours)
    unsure = [parts[n] for n in theirs if told[n] is Side.UNKNOWN]
    said, answered = ("\n".join(parts[n].body for n in some) for some in (theirs, ours))
    if any(told[n] is Side.US for n in theirs) or any(told[n] is Side.CUSTOMER for n in ours):
        return "who is known stands on both sides of them"
    if unsure and is_outside(unsure[0]) and not _of_one_house([parts[n] for n in theirs]):
        return "the external people may be of more than one company"
    absent = any(speaks_of_the_customer(words) or speaks_for_others(words) for words in (said, answered))
    if unsure and (absent or from_inside(answered)):
        return "the customer is spoken of as somebody who does not read along"
    if not may_be_theirs(unsure):
        return "who would be the customer speaks like a supplier"
    if not known and leaning(answered) < min(0, leaning(said) + 1):
        return "who would be one of us speaks like a customer"
    return None


def _of_one_house(people: Sequence[Part]) -> bool:
    """Whether they are one person, or share the domain of their addresses or the company behind their names."""
    domains = {domain_of(part.address) for part in people}
    companies = [company(_EXTERNAL.sub("", part.author or "")) or frozenset[str]() for part in people]
    one_domain = len(domains) == 1 and None not in domains
    return one_domain or len({part.author for part in people}) == 1 or bool(frozenset.intersection(*companies))


def may_be_theirs(parts: Iterable[Part]) -> bool:
    """Nothing in these messages speaks against the customer: no office of ours, no revenue, no supplier's phrase."""
    told = tuple(parts)
    words = "\n".join(part.body for part in told)
    office = any(of_an_office(part.author) for part in told)
    return not office and not from_inside(words) and leaning(words) <= 0


def outsiders_told(ordered: Sequence[tuple[Part, Side]]) -> Iterator[str]:
    """For the reader, where a chat marks who is external: what was told by it, or why nothing was."""
    talk = [(part, side) for part, side in ordered if part.kind in TALK and part.author]
    marked = dict.fromkeys(part.author or "" for part, _ in talk if is_outside(part))
    if not marked:
        return
    parts, told = tuple(part for part, _ in talk), [side for _, side in talk]
    if Side.UNKNOWN in told and (doubt := _doubt(parts, told, *_marked(parts, told))):
        yield f"the chat marks who is external ({', '.join(marked)}), but no side was told by it: {doubt}"
        return
    for side, whose in ((Side.CUSTOMER, "the customer's"), (Side.US, "yours")):
        if people := dict.fromkeys(part.author or "" for part, of in talk if of is side):
            yield f"taken for {whose}, as the chat marks who is external: {', '.join(people)}"


def is_outside(part: Part) -> bool:
    """Whether a chat marks the speaker as of another organisation."""
    return part.outside is True or (part.outside is None and bool(_EXTERNAL.search(part.author or "")))


def _to_a_supplier(words: str) -> bool:
    """Whether they speak to the supplier of a product as "you"."""
    return bool(_TO_A_SUPPLIER.search(words))


def _is_private(author: str | None, words: str) -> bool:
    """Whether a line of a chat is marked as not for the others in it."""
    return bool(_PRIVATE_AUTHOR.search(author or "") or _PRIVATE_WORDS.match(words))


def _of_a_call(words: str) -> bool:
    """Whether they are the heading of a call or a meeting."""
    return bool(_CALL.match(words)) and len(words.split()) <= _WORDS_OF_A_HEADING
