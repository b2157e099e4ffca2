"""Who speaks: the customer, us, or the CSM in a note. What cannot be told stays unknown."""

import re
from itertools import chain

from agent.intake.marks import Kind
from agent.intake.thread import Part
from agent.schema import Side

_CUSTOMER = re.compile(
    r"(?:the )?(?:customer|cust|client|clienta?|cliente|kund(?:e|in)|klant|request[eo]r"
    r"|reporter|demandeu(?:r|se))(?!\w)",
    re.IGNORECASE,
)
_US = re.compile(
    r"(?:our |(?:us|csm|cs|customer success|support|soporte|supporto|agent|internal|interne?|interno|engineering|dev"
    r"|product management|entwicklung|technik|me|ich|moi|yo|io|ik|deal desk)(?!\w))",
    re.IGNORECASE,
)
_MARKED_US = re.compile(
    r"\((?:[^()]{0,40}(?<!\w))?(?:csm|us|our [^()]{1,40}|internal|intern)\)|, (?:vp cs|head of cs)(?!\w)", re.IGNORECASE
)
_NOTE = re.compile(r"(?:csm )?(?:note|notes|nota|notiz|vermerk|kommentar|comment)(?!\w)", re.IGNORECASE)
_CSM = re.compile(r"(?:csm|me|ich|moi|yo|io|ik)(?!\w)", re.IGNORECASE)
_INTERNAL = re.compile(
    r"\A\W{0,3}#?\s?(?:int|internal|csm|cs|team|deal-desk|help)[-_\s]|internal only|nur intern",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"(?:subject|betreff|objet|asunto|oggetto|onderwerp) ?:|(?:hi|hello|dear|hallo|liebe[rs]?|guten (?:tag|morgen)"
    r"|sehr geehrte[rs]?|bonjour|cher|chère|hola|estimad[oa]|ciao|gentile|buongiorno|beste|geachte)(?!\w)",
    re.IGNORECASE,
)
_WITH_COMPANY = re.compile(r"[^,(]{2,60}(?:, ?|\()(?P<company>[^\W\d_].{1,80})")
_AS_SUPPLIER = re.compile(
    r"(?<!your )(?:\bsupport (?:has|is|will|reproduced|tells|says)|\bour (?:support|engineer|product|team|roadmap)"
    r"|\bI(?:'ve| have)? (?:asked|passed|raised|escalated|forwarded|reproduced)|sorry (?:about|for) (?:the|that|this)"
    r"|apologi[sz]e"
    r"|\bunser(?:e|em|en)? (?:Support|Entwickl|Produkt|Team)|entschuldig|tut mir leid|weitergegeben|weitergeleitet"
    r"|\bnotre (?:support|équipe|service)|désolée?s?|transmis|nuestro (?:equipo|soporte)|lamento|disculp"
    r"|ons (?:team|support)|excuses|nostro (?:team|supporto)|mi scuso|ci scusiamo)",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(r"[^\s<>()\[\],;:@]{1,80}@(?P<domain>[^\s<>()\[\],;:@]{1,80})")
_NAME = re.compile(r"[^\W\d_]{2,40}")
_NOT_A_NAME = re.compile(
    r"csm|comment|kommentar|commentaire|comentario|commento|note|notiz|internal|intern|own|my|the|for|to|file|mr|mrs|ms"
    r"|dr|prof|herr|frau|madame|monsieur|sir|dame|del|der|die|das|le|la|el"
)
_MAILS = {Kind.MAIL, Kind.QUOTED}
_WORDS_OF_A_TITLE = 8


def sides(parts: tuple[Part, ...], text: str) -> tuple[Side, ...]:
    """One side per part, in the parts' order."""
    if len(parts) == 1 and parts[0].kind is Kind.PLAIN:
        return (Side.CSM_NOTE,)
    told = [_by_label(part) for part in parts]
    for rule in (_by_note_names, _by_domain, _by_company, _by_recipient, _by_name, _by_elimination):
        rule(parts, told)
    if _INTERNAL.search(text[:200]):
        talk = {Kind.SPEECH, Kind.BARE_SPEECH}
        told = [Side.US if s is Side.UNKNOWN and p.kind in talk else s for p, s in zip(parts, told, strict=True)]
    else:
        _by_conversation(parts, told)
    return tuple(told)


def _by_label(part: Part) -> Side:
    if part.kind is Kind.NOTE or _NOTE.match(part.author or ""):
        return Side.CSM_NOTE
    author = part.author or ""
    if _CUSTOMER.match(author):
        return Side.CUSTOMER
    return Side.US if _US.match(author) or _MARKED_US.search(author) else Side.UNKNOWN


def _names(words: str | None) -> frozenset[str]:
    """The names in a heading, without titles, company and role."""
    person = re.split(r"[,(|]", words or "", maxsplit=1)[0]
    return frozenset(name for name in _NAME.findall(person.lower()) if not _NOT_A_NAME.fullmatch(name))


def _spread(parts: tuple[Part, ...], told: list[Side], names: frozenset[str], side: Side) -> None:
    for n, part in enumerate(parts):
        if told[n] is Side.UNKNOWN and _names(part.author) & names:
            told[n] = side


def _names_of(parts: tuple[Part, ...], told: list[Side], side: Side) -> frozenset[str]:
    return frozenset(chain.from_iterable(_names(p.author) for p, s in zip(parts, told, strict=True) if s is side))


def _by_note_names(parts: tuple[Part, ...], told: list[Side]) -> None:
    """Whoever signs a note is the CSM wherever they write."""
    _spread(parts, told, _names_of(parts, told, Side.CSM_NOTE), Side.US)
    _spread(parts, told, _names_of(parts, told, Side.US), Side.US)


def _domain(address: str | None) -> str | None:
    return address.rpartition("@")[2].lower() if address else None


def _by_domain(parts: tuple[Part, ...], told: list[Side]) -> None:
    """Ours is the domain of a colleague, else the topmost that writes to itself while another domain writes too.

    Two companies that write to each other are told apart by who speaks as a supplier.
    """
    domains = {_domain(part.address) for part in parts} - {None}
    ours = next((_domain(p.address) for p, s in zip(parts, told, strict=True) if s is Side.US and p.address), None)
    if not ours and len(domains) > 1:
        ours = next(
            (domain for part in parts if (domain := _domain(part.address)) and _recipients(part) == {domain}), None
        ) or _supplier(parts)
    if not ours:
        return
    for n, part in enumerate(parts):
        if told[n] is Side.UNKNOWN and part.address:
            told[n] = Side.US if _domain(part.address) == ours else Side.CUSTOMER


def _supplier(parts: tuple[Part, ...]) -> str | None:
    """The one of two domains whose people speak as a supplier; the newest mail's recipient where neither does."""
    said: dict[str, int] = {}
    for part in parts:
        if domain := _domain(part.address):
            said[domain] = said.get(domain, 0) + len(_AS_SUPPLIER.findall(part.body))
    if len(said) != len(("customer", "us")):
        return None
    newest = next(domain for part in parts if (domain := _domain(part.address)))
    ranked = sorted(said, key=lambda domain: (said[domain], domain != newest), reverse=True)
    return ranked[0]


def _recipients(part: Part) -> set[str]:
    return {domain.lower() for domain in _ADDRESSES.findall(part.to or "")}


def _by_company(parts: tuple[Part, ...], told: list[Side]) -> None:
    """In a pasted mail thread people of another company are named with it, colleagues are not."""
    for n, part in enumerate(parts):
        match = _WITH_COMPANY.match(part.author or "")
        if told[n] is Side.UNKNOWN and part.kind in _MAILS and match:
            told[n] = Side.US if _US.match(match["company"]) else Side.CUSTOMER


def _by_recipient(parts: tuple[Part, ...], told: list[Side]) -> None:
    """Whom the customer writes to is one of us."""
    written_to = (
        _names(p.to.partition(":")[2]) for p, s in zip(parts, told, strict=True) if s is Side.CUSTOMER and p.to
    )
    _spread(parts, told, frozenset(chain.from_iterable(written_to)), Side.US)


def _by_name(parts: tuple[Part, ...], told: list[Side]) -> None:
    """The same person stays on the same side."""
    ours, theirs = _names_of(parts, told, Side.US), _names_of(parts, told, Side.CUSTOMER)
    _spread(parts, told, ours - theirs, Side.US)
    _spread(parts, told, theirs - ours, Side.CUSTOMER)


def _speak_to_each_other(parts: tuple[Part, ...], told: list[Side], open_ends: list[int]) -> bool:
    """True if one of the two sides calls the other by name."""
    theirs = " ".join(part.body for part, side in zip(parts, told, strict=True) if side is Side.CUSTOMER)
    ours = " ".join(parts[n].body for n in open_ends)
    return bool(
        _names(parts[open_ends[0]].author) & _all_names(theirs)
        or _names_of(parts, told, Side.CUSTOMER) & _all_names(ours)
    )


def _all_names(words: str) -> frozenset[str]:
    return frozenset(_NAME.findall(words.lower()))


def _by_elimination(parts: tuple[Part, ...], told: list[Side]) -> None:
    """The only other person in a mail thread is the other side; a letter above a note is the customer's."""
    mails = [n for n, part in enumerate(parts) if part.kind in _MAILS]
    open_ends = [n for n in mails if told[n] is Side.UNKNOWN]
    people = {_names(parts[n].author) for n in open_ends}
    known = {told[n] for n in mails} - {Side.UNKNOWN}
    if len(people) == 1 and (known == {Side.US} or len(mails) == 1):
        for n in open_ends:
            told[n] = Side.CUSTOMER
    elif len(people) == 1 and known == {Side.CUSTOMER} and _speak_to_each_other(parts, told, open_ends):
        for n in open_ends:
            told[n] = Side.US
    first = parts[0]
    if first.kind is Kind.PLAIN and first.body:
        if not mails and _LETTER.match(first.body) and all(part.kind is Kind.NOTE for part in parts[1:]):
            told[0] = Side.CUSTOMER
        elif len(first.body.split()) > _WORDS_OF_A_TITLE and (mails or all(p.kind is Kind.NOTE for p in parts[1:])):
            told[0] = Side.CSM_NOTE


def _by_conversation(parts: tuple[Part, ...], told: list[Side]) -> None:
    """The only other voice in a conversation with the CSM is the customer's."""
    talk = {n for n, part in enumerate(parts) if part.kind in {Kind.SPEECH, Kind.BARE_SPEECH}}
    others = {_names(parts[n].author) for n in talk if told[n] is Side.UNKNOWN}
    if len(others) == 1 and Side.CUSTOMER not in told and any(_CSM.match(parts[n].author or "") for n in talk):
        for n in talk:
            told[n] = Side.CUSTOMER if told[n] is Side.UNKNOWN else told[n]
