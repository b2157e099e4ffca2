"""Texts and files to a situation: messages newest first, with their sides and the customer's language."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain

from agent import language
from agent.errors import InputError
from agent.intake import dates, hidden, imitations, instructions, talk, unrelated
from agent.intake.formats import slack
from agent.intake.formats.entry import Contents
from agent.intake.formats.known import MOST_TOTAL_BYTES, contents
from agent.intake.marks import Kind
from agent.intake.merged import merged
from agent.intake.parts import Part
from agent.intake.screened import screened
from agent.intake.signature import Closed, closed
from agent.schema import AccountContext, LeftOut, Message, OwnCompany, Side, Situation
from agent.schema.situation import context_note

_LONGEST_ACCOUNT = 120
_NO_CONTEXT, _UNTOLD = AccountContext(), OwnCompany()


def read_bytes(
    data: bytes, *, source: str, context: AccountContext = _NO_CONTEXT, company: OwnCompany = _UNTOLD
) -> Situation:
    """The situation in one file of any format. Raises InputError with one line: what, where, what to do."""
    return read_files([(source, data)], context=context, company=company)


def read_text(
    text: str, *, source: str = "text", context: AccountContext = _NO_CONTEXT, company: OwnCompany = _UNTOLD
) -> Situation:
    """The situation in a pasted text. Raises InputError if it is empty, too long, or no text."""
    return read_bytes(text.encode("utf-8", "replace"), source=source, context=context, company=company)


def read_files(
    files: Iterable[tuple[str, bytes]], *, context: AccountContext = _NO_CONTEXT, company: OwnCompany = _UNTOLD
) -> Situation:
    """The one situation in several files: names and contents. Raises InputError as `read_bytes` does.

    `company` is the CSM's own; where it is not told it is inferred from the text, and a note says so.
    """
    named = slack.with_names(list(files))
    if (total := sum(len(data) for _, data in named)) > MOST_TOTAL_BYTES and len(named) > 1:
        raise InputError(
            f"the files are larger than {MOST_TOTAL_BYTES // 1_000_000} MB together ({total:,} bytes); name fewer"
        )
    with hidden.noting() as pages:
        documents = tuple(contents(data, source) for source, data in named)
    notes = tuple(
        note if len(named) == 1 else f"{source}: {note}"
        for (source, _), document in zip(named, documents, strict=True)
        for note in document.notes
    )
    accounts = {document.account for document in documents} - {None}
    if context.account is None and len(accounts) == 1:
        (account,) = accounts
        context = context.model_copy(update={"account": (account or "")[:_LONGEST_ACCOUNT]})
        notes += (f"the account is the ticket's organisation: {context.account}",)
    seen = screened(documents, pages)
    situation = _read(seen.documents, named, context=context, company=company, notes=notes)
    marks = instructions.marks(situation.text, situation.messages, seen.removed)
    people = tuple(dict.fromkeys(chain.from_iterable(document.people for document in documents)))
    told = {"original": seen.original, "removed": seen.removed, "marks": marks, "people": people}
    return situation.model_copy(update=told)


def _read(
    documents: tuple[Contents, ...],
    files: Sequence[tuple[str, bytes]],
    *,
    context: AccountContext,
    company: OwnCompany,
    notes: tuple[str, ...] = (),
) -> Situation:
    entries = tuple(chain.from_iterable(document.entries for document in documents))
    text = "\n\n".join(entry.text for entry in entries)
    ordered, twice, by_document = merged(documents, text, company)
    month_first = dates.month_comes_first([part.when for part, _ in ordered if part.when])
    messages = tuple(_message(n, part, side, month_first=month_first) for n, (part, side) in enumerate(ordered, 1))
    if twice:
        notes += (f"quoted or sent more than once and counted once: {twice} message{'s' if twice > 1 else ''}",)
    notes += (*imitations.told(ordered), *talk.outsiders_told(ordered))
    sources = (
        unrelated.Source(name, data, "\n\n".join(entry.text for entry in document.entries), messages)
        for (name, data), document, messages in zip(files, documents, by_document, strict=True)
    )
    if strangers := unrelated.told(tuple(sources), company):
        notes += (strangers,)
    ours = dict.fromkeys(m.address.rpartition("@")[2].lower() for m in messages if m.side is Side.US and m.address)
    if inferred := [domain for domain in ours if not company.owns(domain)]:
        notes += (f"taken for your company, by what the text says: {', '.join(inferred)}",)
    if any(m.side is Side.UNKNOWN for m in messages):
        notes += ("who wrote some of the messages could not be told",)
    return Situation(
        text=text,
        messages=messages,
        context=context,
        source=", ".join(name for name, _ in files),
        language=_customer_language(messages),
        notes=tuple(dict.fromkeys(notes)),
    )


def _customer_language(messages: tuple[Message, ...]) -> str | None:
    """The language of the customer's messages, else of those that may be theirs, else of everything."""
    may_be_theirs = ((Side.CUSTOMER,), (Side.UNKNOWN,), tuple(Side))
    told = (language.of_lines(m.body for m in messages if m.side in sides) for sides in may_be_theirs)
    return next((code for code in told if code), None)


def _message(number: int, part: Part, side: Side, *, month_first: bool) -> Message:
    signs = part.kind in {Kind.MAIL, Kind.QUOTED, Kind.LETTER} and side is not Side.CSM_NOTE
    words = closed(part.body) if signs else Closed(part.body)
    return Message(
        number=number,
        side=side,
        author=part.author,
        address=part.address,
        to=part.to,
        sent=dates.instant(part.when, month_first=month_first) if part.when else None,
        sent_as_written=part.when,
        subject=part.subject,
        body=words.body,
        signature=words.signature,
        disclaimer=words.disclaimer,
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
    """sha256 of the text, hidden marks included, and the CSM's additions: the same input has the same digest."""
    words = f"{situation.original or situation.text}\0{context_note(situation.context)}"
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
