"""A text or a file to a situation: messages newest first, with their sides and the customer's language."""

import hashlib

from agent import language
from agent.intake import dates
from agent.intake.decode import decode, limited
from agent.intake.eml import is_mail, read_mail
from agent.intake.marks import Kind
from agent.intake.sides import sides
from agent.intake.thread import Part, oldest_first, split
from agent.intake.voices import names
from agent.schema import AccountContext, LeftOut, Message, Side, Situation
from agent.schema.situation import context_note

_NO_CONTEXT = AccountContext()


def read_bytes(data: bytes, *, source: str, context: AccountContext = _NO_CONTEXT) -> Situation:
    """The situation in a text or .eml file. Raises InputError with one line: what, where, what to do."""
    data = limited(data, source=source)
    if is_mail(data, source=source):
        text, notes = read_mail(data, source=source)
        return _read(text, source=source, context=context, notes=notes)
    return _read(decode(data, source=source), source=source, context=context)


def read_text(text: str, *, source: str = "text", context: AccountContext = _NO_CONTEXT) -> Situation:
    """The situation in a pasted text. Raises InputError if it is empty, too long, or no text."""
    return read_bytes(text.encode("utf-8", "replace"), source=source, context=context)


def _read(text: str, *, source: str, context: AccountContext, notes: tuple[str, ...] = ()) -> Situation:
    parts = split(text)
    told = list(zip(parts, sides(parts, text), strict=True))
    ordered = _newest_first(told, rising=oldest_first(parts) or _ends_inward(told))
    messages = tuple(_message(n, part, side) for n, (part, side) in enumerate(ordered, 1))
    if any(m.side is Side.UNKNOWN for m in messages):
        notes += ("who wrote some of the messages could not be told",)
    return Situation(
        text=text,
        messages=messages,
        context=context,
        source=source,
        language=_customer_language(messages),
        notes=notes,
    )


def _customer_language(messages: tuple[Message, ...]) -> str | None:
    """The language of the customer's messages, else of those that may be theirs, else of everything."""
    may_be_theirs = ((Side.CUSTOMER,), (Side.UNKNOWN,), tuple(Side))
    told = (language.of_lines(m.body for m in messages if m.side in sides) for sides in may_be_theirs)
    return next((code for code in told if code), None)


def _newest_first(told: list[tuple[Part, Side]], *, rising: bool) -> list[tuple[Part, Side]]:
    """The CSM's own note above or below a thread looks back on it, so it is the newest; a title is the oldest."""
    notes, titles, thread = list[tuple[Part, Side]](), list[tuple[Part, Side]](), list[tuple[Part, Side]]()
    for part, side in told:
        undated_note = side is Side.CSM_NOTE and not part.when
        place = notes if undated_note else titles if part.kind in {Kind.PLAIN, Kind.CUT} else thread
        place.append((part, side))
    return notes + (thread[::-1] if rising else thread) + titles


def _ends_inward(told: list[tuple[Part, Side]]) -> bool:
    """Whether an undated mail thread ends in our mail to somebody who is not the customer: that one looks back."""
    mails = [(part, side) for part, side in told if part.kind in {Kind.MAIL, Kind.QUOTED}]
    if not mails or any(part.when for part, _ in mails):
        return False
    (_, first), (last, side) = mails[0], mails[-1]
    customers = frozenset[str]().union(*(names(part.author) for part, side in mails if side is Side.CUSTOMER))
    recipients = names((last.to or "").partition(":")[2])
    return first is Side.CUSTOMER and side is Side.US and last.to is not None and not recipients & customers


def _message(number: int, part: Part, side: Side) -> Message:
    return Message(
        number=number,
        side=side,
        author=part.author,
        address=part.address,
        to=part.to,
        sent=dates.instant(part.when) if part.when else None,
        sent_as_written=part.when,
        subject=part.subject,
        body=part.body,
    )


def fit(situation: Situation, characters: int) -> Situation:
    """The situation with whole messages left out, oldest first, until the bodies fit; the CSM's notes go last."""
    room, kept = characters, set[int]()
    newest, *older = situation.messages
    for message in (newest, *(m for m in older if m.side is Side.CSM_NOTE)):
        if message is newest or len(message.body) <= room:
            kept.add(message.number)
            room -= len(message.body)
    for message in older:
        if message.number in kept:
            continue
        if len(message.body) > room:
            break
        kept.add(message.number)
        room -= len(message.body)
    cut = newest.model_copy(update={"body": newest.body[:characters]})
    messages = tuple(cut if m is newest else m for m in situation.messages if m.number in kept)
    lost = sum(len(m.body) for m in situation.messages) - sum(len(m.body) for m in messages)
    if not lost and len(messages) == len(situation.messages):
        return situation
    gone = LeftOut(messages=len(situation.messages) - len(messages), characters=lost)
    return situation.model_copy(update={"messages": messages, "left_out": gone})


def digest(situation: Situation) -> str:
    """sha256 of the text and the CSM's additions: the same input has the same digest."""
    words = f"{situation.text}\0{context_note(situation.context)}"
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
