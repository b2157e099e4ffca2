"""Who speaks: the customer, us, or the CSM in a note. What cannot be told stays unknown.

Words of ours that pass for the customer's would be quoted to them, so a doubt always ends as unknown.
"""

import re
from itertools import chain

from agent.intake import voices
from agent.intake.domains import domain_of, our_domain, their_domains
from agent.intake.letter import greeted
from agent.intake.marks import Kind
from agent.intake.parts import Part
from agent.intake.signature import closed
from agent.intake.talk import TALK, by_guests, by_inside_talk, by_outsiders, is_outside, may_be_theirs, names_of
from agent.intake.voices import leaning, names
from agent.late import late
from agent.schema import OwnCompany, Side

_WORD = late(r"[^\W\d_]{2,40}")
_MAILS = {Kind.MAIL, Kind.QUOTED}
_SAID = _MAILS | TALK
_UNTOLD = OwnCompany()
_WORDS_OF_A_TITLE = 8
_LEAST_TURNS = 2
_REMARK = late(
    r"(?:fyi,? internal(?:ly)?(?: only)?|(?:note|memo|reminder) to (?:self|myself)|notiz an mich(?: selbst)?) ?(?::|$)",
    re.IGNORECASE | re.MULTILINE,
)


def sides(parts: tuple[Part, ...], text: str, company: OwnCompany = _UNTOLD) -> tuple[Side, ...]:
    """One side per part, in the parts' order. `company` is the CSM's own, as far as the settings say."""
    if len(parts) == 1 and parts[0].kind is Kind.PLAIN:
        return (Side.CSM_NOTE,)
    told = [_by_label(part, company) for part in parts]
    _by_own_company(parts, told, company)
    _by_title(parts, told, text, company)
    _by_note_names(parts, told)
    _by_domain(parts, told, company)
    for rule in (
        *(_by_company, _by_recipient, _by_name, _by_elimination, _by_letter, _by_reply),
        *(by_outsiders, by_inside_talk, by_guests, _by_conversation, _by_form),
    ):
        rule(parts, told)
    if voices.INTERNAL_CHANNEL.search(text[:200]):
        told = [Side.US if s is Side.UNKNOWN and p.kind in TALK else s for p, s in zip(parts, told, strict=True)]
    return tuple(_doubted(part, side) for part, side in zip(parts, told, strict=True))


def _doubted(part: Part, side: Side) -> Side:
    """What the account pays is written among us; only an address is surer than that. In a stored mail nobody notes."""
    doubt = side is Side.CUSTOMER and not part.address and voices.from_inside(part.body)
    return Side.UNKNOWN if doubt or (side is Side.CSM_NOTE and part.recorded) else side


def _by_label(part: Part, company: OwnCompany) -> Side:
    author = part.author or ""
    remark = part.kind is Kind.SPEECH and _REMARK.match(part.body) and "(" not in author
    if not part.recorded and (part.kind is Kind.NOTE or voices.NOTE.match(author) or remark):
        return Side.CSM_NOTE
    if voices.CUSTOMER.match(author):
        return Side.CUSTOMER
    ours = voices.US.match(author) or voices.MARKED_US.search(author)
    return Side.US if ours and not _of_another_house(part, company) else Side.UNKNOWN


def _of_another_house(part: Part, company: OwnCompany) -> bool:
    """Anybody may call themselves Support; the address that a file tells says otherwise."""
    return bool(part.recorded and part.address and company.domains and not company.owns(domain_of(part.address)))


def _by_own_company(parts: tuple[Part, ...], told: list[Side], company: OwnCompany) -> None:
    """Whoever writes from a domain of ours, is named with our company, or as the CSM, is one of us."""
    own = frozenset(word for word in voices.COMPANY_WORD.findall((company.name or "").lower()))
    for n, part in enumerate(parts):
        behind = voices.company(part.author) or frozenset()
        signed = company.name and company.name.lower() in (closed(part.body).signature or "").lower()
        called = names(part.author)
        the_csm = called and called <= names(company.csm) and not (part.address or behind)
        named = company.owns(domain_of(part.address)) or signed or (behind and behind <= own) or the_csm
        if told[n] is Side.UNKNOWN and named:
            told[n] = Side.US


def _spread(parts: tuple[Part, ...], told: list[Side], known: frozenset[str], side: Side) -> None:
    for n, part in enumerate(parts):
        if told[n] is Side.UNKNOWN and names(part.author) & known:
            told[n] = side


def _by_title(parts: tuple[Part, ...], told: list[Side], text: str, company: OwnCompany) -> None:
    """Whoever is called the CSM anywhere in a pasted text, or in a stored mail's list of recipients."""
    if any(part.recorded for part in parts):
        text = "\n".join(part.to or "" if part.recorded else f"{part.heading}\n{part.body}" for part in parts)
    titled = (match["before"] or match["after"] for match in voices.TITLED_CSM.finditer(text))
    known = frozenset(chain.from_iterable(map(names, titled)))
    for n, part in enumerate(parts):
        if told[n] is Side.UNKNOWN and names(part.author) & known and not _of_another_house(part, company):
            told[n] = Side.US


def _by_note_names(parts: tuple[Part, ...], told: list[Side]) -> None:
    """Whoever signs a note is the CSM wherever they write."""
    _spread(parts, told, names_of(parts, told, Side.CSM_NOTE), Side.US)
    _spread(parts, told, names_of(parts, told, Side.US), Side.US)


def _by_domain(parts: tuple[Part, ...], told: list[Side], company: OwnCompany) -> None:
    """Colleagues share our domain; of several others only the one in correspondence with us is the customer's."""
    ours = our_domain(parts, told, company)
    if not ours:
        return
    theirs = their_domains(parts, ours)
    for n, part in enumerate(parts):
        if told[n] is Side.UNKNOWN and part.address:
            if domain_of(part.address) == ours:
                told[n] = Side.US
            elif theirs == {domain_of(part.address)}:
                told[n] = Side.CUSTOMER


def _by_company(parts: tuple[Part, ...], told: list[Side]) -> None:
    """In a pasted mail thread people of another company are named with it, colleagues are not.

    Where several companies are named, only the one that writes to one of us by name.
    """
    named = {
        n: company
        for n, part in enumerate(parts)
        if told[n] is Side.UNKNOWN and part.kind in _MAILS and (company := _company_behind(part))
    }
    for n, part in enumerate(parts):
        if told[n] is Side.UNKNOWN and part.kind in _SAID and voices.of_our_desk(part.author):
            told[n] = Side.US
    ours = names_of(parts, told, Side.US)
    shared = frozenset[str].intersection(*named.values()) if named else None
    if not shared:
        named = {
            n: c
            for n, c in named.items()
            if ours & (names((parts[n].to or "").partition(":")[2]) | greeted(parts[n].body))
        }
        shared = frozenset[str].intersection(*named.values()) if named else None
    if shared and (ours or leaning("\n".join(parts[n].body for n in named)) <= 0):
        for n in named:
            told[n] = Side.CUSTOMER


def _company_behind(part: Part) -> frozenset[str] | None:
    """The company named with the sender; in "Lee, Ann <ann.lee@alder.example>" the second word is a first name."""
    company = voices.company(part.author)
    mailbox = set(_WORD.findall((part.address or "").partition("@")[0].lower()))
    return company if company and not company & mailbox else None


def _by_recipient(parts: tuple[Part, ...], told: list[Side]) -> None:
    """Whom the customer writes to, or greets, is one of us."""
    written_to = (
        names(p.to.partition(":")[2] if p.to else None) | greeted(p.body)
        for p, s in zip(parts, told, strict=True)
        if s is Side.CUSTOMER
    )
    theirs = names_of(parts, told, Side.CUSTOMER)
    _spread(parts, told, frozenset(chain.from_iterable(written_to)) - theirs, Side.US)


def _by_name(parts: tuple[Part, ...], told: list[Side]) -> None:
    """The same person stays on the same side."""
    ours, theirs = names_of(parts, told, Side.US), names_of(parts, told, Side.CUSTOMER)
    _spread(parts, told, ours - theirs, Side.US)
    _spread(parts, told, theirs - ours, Side.CUSTOMER)


def _speak_to_each_other(parts: tuple[Part, ...], told: list[Side], unsure: list[Part]) -> bool:
    """True if one of the two sides calls the other by name."""
    theirs = " ".join(part.body for part, side in zip(parts, told, strict=True) if side is Side.CUSTOMER)
    ours = " ".join(part.body for part in unsure)
    return bool(
        names(unsure[0].author) & _capitalised(theirs) or names_of(parts, told, Side.CUSTOMER) & _capitalised(ours)
    )


def _capitalised(words: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(words) if word[0].isupper())


def _by_elimination(parts: tuple[Part, ...], told: list[Side]) -> None:
    """The only other person in a mail thread is the other side."""
    mails = [n for n, part in enumerate(parts) if part.kind in _MAILS]
    people = {names(parts[n].author) for n in mails if told[n] is Side.UNKNOWN}
    nameless = frozenset() in people and (len(mails) > 1 or parts[mails[0]].kind is Kind.QUOTED)
    if len(people) != 1 or nameless:
        return
    open_ends = [
        n for n, p in enumerate(parts) if told[n] is Side.UNKNOWN and names(p.author) in people and p.kind in _SAID
    ]
    known = {told[n] for n in mails} - {Side.UNKNOWN}
    unsure = [parts[n] for n in open_ends]
    third_house = any(part.address for part in unsure) and len({domain_of(part.address) for part in parts} - {None}) > 1
    if not third_house and (known == {Side.US} or len(mails) == 1) and may_be_theirs(unsure):
        for n in open_ends:
            told[n] = Side.CUSTOMER
    elif (
        not third_house
        and known == {Side.CUSTOMER}
        and names_of(parts, told, Side.CUSTOMER) & frozenset(chain.from_iterable(greeted(part.body) for part in unsure))
    ):
        for n in open_ends:
            told[n] = Side.US


def _by_letter(parts: tuple[Part, ...], told: list[Side]) -> None:
    """A letter that speaks for its writer's house is the customer's; a longer text above mails or notes is ours."""
    first = parts[0]
    mails = any(part.kind in _MAILS for part in parts)
    if told[0] is not Side.UNKNOWN:
        return
    if first.kind is Kind.LETTER and mails:
        told[0] = Side.CSM_NOTE if _of_a_note(first) else Side.UNKNOWN
    elif first.kind is Kind.LETTER:
        inside = voices.from_inside(first.body) or voices.speaks_for_others(first.body)
        doubt = inside or leaning(first.body) > 0 or voices.TO_US_ALL.match(first.body)
        told[0] = Side.UNKNOWN if doubt else Side.CUSTOMER
    elif first.kind is Kind.PLAIN and len(first.body.split()) > _WORDS_OF_A_TITLE:
        told[0] = Side.CSM_NOTE if mails or all(p.kind is Kind.NOTE for p in parts[1:]) else told[0]


def _of_a_note(part: Part) -> bool:
    """Unsigned and ungreeting words on a quoted mail that talk of the customer as absent are the CSM's own."""
    absent = voices.from_inside(part.body) or voices.speaks_for_others(part.body)
    return absent and not part.author and not greeted(part.body)


def _by_reply(parts: tuple[Part, ...], told: list[Side]) -> None:
    """A reply without a heading that greets the author of a mail below it is the other side's."""
    if parts[0].kind is not Kind.LETTER or told[0] is not Side.UNKNOWN:
        return
    called = greeted(parts[0].body) - names(parts[0].author)
    for side, other in ((Side.CUSTOMER, Side.US), (Side.US, Side.CUSTOMER)):
        if called & names_of(parts, told, side) and not called & names_of(parts, told, other):
            told[0] = other
            _by_name(parts, told)


def _by_form(parts: tuple[Part, ...], told: list[Side]) -> None:
    """The fields above a ticket are our own record of it; nobody else writes unsigned what the account pays."""
    for n, part in enumerate(parts):
        unsigned = not part.author and not part.address and part.kind in {Kind.CUT, Kind.MAIL, Kind.LETTER}
        if told[n] is Side.UNKNOWN and unsigned and len(parts) > 1 and voices.from_inside(part.body):
            told[n] = Side.US
    first = parts[0]
    if first.kind is Kind.PLAIN and told[0] is Side.UNKNOWN and len(parts) > 1 and voices.is_a_form(first.body):
        told[0] = Side.US


def _by_conversation(parts: tuple[Part, ...], told: list[Side]) -> None:
    """The only other voice in a conversation with the CSM is the customer's, unless a mark left it in doubt."""
    talk = [n for n, part in enumerate(parts) if part.kind in TALK]
    others = [n for n in talk if told[n] is Side.UNKNOWN]
    with_csm = any(voices.CSM.match(parts[n].author or "") for n in talk)
    one_voice = len(others) >= _LEAST_TURNS and len({names(parts[n].author) for n in others}) == 1
    with_csm &= not any(is_outside(parts[n]) for n in others)
    if one_voice and with_csm and Side.CUSTOMER not in told and may_be_theirs(parts[n] for n in others):
        for n in others:
            told[n] = Side.CUSTOMER
