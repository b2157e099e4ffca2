"""One sentence of the customer's own words that can be quoted back to them, and the name to greet them by.

Only what stands in a message of the customer's side is taken, never a note of ours, a greeting, a signature, quoted
history, or words that address a machine; and only what would be harmless had one of us written it.
"""

from collections.abc import Iterator

import regex

from agent.drafting.sentences import sentences
from agent.drafting.wording import Wording
from agent.evidence import normalise
from agent.guards import may_quote
from agent.intake import instructions
from agent.schema import Brief, Dimension, Message, Side

LEAST_CHARACTERS, MOST_CHARACTERS = 40, 220
_TELLING = (Dimension.CUSTOMER_IMPACT, Dimension.TIME_SENSITIVITY)
_MOST_NAME_CHARACTERS, _MOST_NAME_WORDS = 40, 4
_MOST_ADDRESS_WORDS = 3
_LEAST_SHARED = 0.5

# Markup, addresses, placeholders, control characters and shouting: nothing that reads as a sentence of a letter.
_NOT_PROSE = regex.compile(r"[<>{}\[\]|\\`@*#\p{C}]|https?:|www\.|:$|[!?]{2}")
_INWARD = regex.compile(r"(?i)\b(?:him|her|my|it)?self\b|\bintern\w*|\bnote\b")
# A label in front, as of a form or a note, or a remark in brackets.
_REMARK = regex.compile(r"[(\[]|[\p{L}. ]{2,24}:\s")
_QUOTE_MARK = regex.compile(r"[\"“”„«»]")
_QUOTES = frozenset({'""', "“”", "„“", "„”", "””", "«»", "»«"})
_NAME_WORD = regex.compile(r"\p{Lu}[\p{L}'’.-]*|de|del|della|der|di|du|la|le|ten|ter|van|von|zu")
_NAME = regex.compile(r"\p{Lu}[\p{L}-]{2,}")
_WORD = regex.compile(r"[\p{L}\p{N}]{3,}")


def sentence(brief: Brief, wording: Wording) -> str | None:
    """The sentence that carries impact, deadline or request, else the first one; None if it may not be quoted."""
    messages = [m for m in brief.situation.messages if m.side is Side.CUSTOMER and not _INWARD.search(m.author or "")]
    by_message = {message.number: list(_own_sentences(message, wording)) for message in messages}
    ours = _our_names(brief)
    # Where the telling sentence may not be quoted, a lesser one in its place would read as not listening.
    telling = tuple(_telling(brief, by_message))
    for candidate in telling or (words for said in by_message.values() for words in said):
        words = _unaddressed(candidate, ours)
        if _fits(words, wording) and not ours & set(_WORD.findall(words)) and may_quote(words, brief):
            return words
    return None


def name(brief: Brief, wording: Wording) -> str | None:
    """The name of whoever wrote the customer's newest message, None where it is not plainly a person's."""
    for message in brief.situation.messages:
        if message.side is Side.CUSTOMER:
            return _person(message, brief.situation.context.account or brief.grounded.extraction.account or "", wording)
    return None


def _own_sentences(message: Message, wording: Wording) -> Iterator[str]:
    """The sentences that do not speak of their own author: whoever does so by name is somebody else."""
    author = (
        set(_NAME.findall(regex.split(r"[,(|<]", message.author or "")[0])) if _person(message, "", wording) else set()
    )
    body = instructions.quotable(message)
    yield from (words for words in sentences(body, wording) if not author & set(_WORD.findall(words)))


def _telling(brief: Brief, by_message: dict[int, list[str]]) -> Iterator[str]:
    everything = [words for said in by_message.values() for words in said]
    for dimension in _TELLING:
        for evidence in brief.grounded.scores.of(dimension).evidence:
            if evidence.found and evidence.message in by_message:
                quote = normalise(evidence.quote)
                yield from (words for words in by_message[evidence.message] if quote in normalise(words))
    if request := brief.grounded.extraction.customer_request:
        wanted = _content(request)
        yield from (words for words in everything if _shared(wanted, words) >= _LEAST_SHARED)


def _our_names(brief: Brief) -> set[str]:
    """Names of our own people, which are no part of a customer's point."""
    messages = brief.situation.messages
    ours, theirs = (
        {word for message in messages if message.side in sides for word in _NAME.findall(message.author or "")}
        for sides in ({Side.US, Side.CSM_NOTE}, {Side.CUSTOMER})
    )
    addressed = {word for m in messages if m.side is Side.CUSTOMER for word in _NAME.findall(m.to or "")}
    return (ours | addressed) - theirs


def _unaddressed(words: str, ours: set[str]) -> str:
    """The sentence without the name of ours that it may begin with: 'Ada, the export fails' is about the export."""
    address, mark, rest = words.partition(", ")
    return rest if mark and ours & set(address.split()[-1:]) and len(address.split()) <= _MOST_ADDRESS_WORDS else words


def _content(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _shared(wanted: set[str], words: str) -> float:
    return len(wanted & _content(words)) / len(wanted) if wanted else 0.0


def _fits(words: str, wording: Wording) -> bool:
    long_enough = LEAST_CHARACTERS <= len(words) <= MOST_CHARACTERS
    telling = not wording.pleasantry.match(words) and not wording.never_quoted.pattern.search(words)
    whole = words.count("(") == words.count(")") and inside_quotes(words, "{words}") is not None
    return long_enough and telling and whole and not _NOT_PROSE.search(words) and not _REMARK.match(words)


def inside_quotes(words: str, inner: str) -> str | None:
    """The words with their own quotations in the form `inner`, to stand in quotes; None where the marks do not pair.

    A mark that closes ours would make the rest of a customer's sentence read as a promise of our own.
    """
    marks = list(_QUOTE_MARK.finditer(words))
    if len(marks) % 2 or any(f"{a[0]}{b[0]}" not in _QUOTES for a, b in zip(marks[::2], marks[1::2], strict=True)):
        return None
    parts = _QUOTE_MARK.split(words)
    return "".join(inner.format(words=part.strip()) if n % 2 else part for n, part in enumerate(parts))


def _person(message: Message, account: str, wording: Wording) -> str | None:
    written = regex.split(r"[,(<|/:;]|\s[-–—]\s", message.author or "")[0].strip()
    words = written.split()
    if not 0 < len(words) <= _MOST_NAME_WORDS or len(written) > _MOST_NAME_CHARACTERS:
        return None
    lowered = {word.casefold().strip(".") for word in words}
    if lowered & wording.not_a_name or lowered <= set(account.casefold().split()):
        return None
    shouted = any(len(word) > 1 and word.isupper() for word in words)
    return written if not shouted and all(_NAME_WORD.fullmatch(word) for word in words) else None
