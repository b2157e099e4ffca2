"""Who has heard what: the customer's own words, what both sides know, and what only we know."""

import re
from typing import NamedTuple

from agent.guards import words
from agent.guards.texts import undisguised
from agent.schema import Brief, Message, Side
from agent.schema.situation import context_note


class Hearing(NamedTuple):
    """The situation's text, parted by who has read it. `note_only`: the customer's own words are not in the text."""

    customer: str
    shared: str
    internal: str
    everything: str
    people_inside: frozenset[str]
    note_only: bool


def hear(brief: Brief) -> Hearing:
    """Parts the text. What cannot be told is internal: it may be the talk of colleagues."""
    messages = brief.situation.messages
    theirs = [m for m in messages if m.side is Side.CUSTOMER]
    seen = [*theirs, *(m for m in messages if theirs and _outward(m, theirs))]
    inside = [m for m in messages if m not in seen]
    shared = undisguised("\n".join(map(_words, seen)) or _topic(brief))
    context = context_note(brief.situation.context)
    internal = "\n".join((*(m.body for m in inside), context))
    known = set(_tokens(shared))
    return Hearing(
        customer=undisguised("\n".join(map(_words, theirs))),
        shared=shared,
        internal=undisguised(internal),
        everything=undisguised("\n".join((*map(_words, messages), brief.situation.text, context))),
        people_inside=frozenset(
            name
            for m in inside
            if theirs or m.side is not Side.UNKNOWN
            for name in _tokens(_person(m.author))
            if name not in known and len(name) > 1
        ),
        note_only=not seen,
    )


def _topic(brief: Brief) -> str:
    """Where the customer's own words are missing: what the reading says the customer lives with and asked for."""
    extraction = brief.grounded.extraction
    asked = (extraction.customer_request or "", extraction.customer_deadline or "")
    return "\n".join((extraction.situation, *extraction.open_now, *asked))


def _outward(message: Message, theirs: list[Message]) -> bool:
    """Our mail to the customer, by its recipients or, where none stand there, by its salutation; else a comment."""
    if message.side is not Side.US:
        return False
    to = (message.to or _saluted(message.body)).lower()
    return any(
        (m.address and m.address.rpartition("@")[2].lower() in to)
        or any(name in _tokens(to) for name in _tokens(_person(m.author)))
        for m in theirs
    )


def _saluted(body: str) -> str:
    """The line that greets somebody, up to its mark; empty if the message opens without a greeting."""
    line = re.split(r"[,!:\n]", body.lstrip(), maxsplit=1)[0]
    return line if words.load().greetings.match(line) else ""


def _words(message: Message) -> str:
    sent = f"{message.sent:%A %Y-%m-%d %H:%M}" if message.sent else message.sent_as_written
    head = (message.author, message.address, message.subject, message.to, sent)
    return "\n".join(part for part in (*head, message.body) if part)


def _person(author: str | None) -> str:
    """The name without company, role and address."""
    return re.split(r"[,(|<]", author or "", maxsplit=1)[0]


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
