"""One sentence of the customer's own words that can be quoted back to them, and the name to greet them by.

Only what stands in a message of the customer's side is taken, never a note of ours, a greeting, a signature, quoted
history, or words that address a machine.
"""

from collections.abc import Iterator

import regex

from agent.drafting.wording import Wording
from agent.evidence import normalise
from agent.schema import Brief, Dimension, Message, Side

LEAST_CHARACTERS, MOST_CHARACTERS = 40, 220
_TELLING = (Dimension.CUSTOMER_IMPACT, Dimension.TIME_SENSITIVITY)
_MOST_NAME_CHARACTERS, _MOST_NAME_WORDS = 40, 4
_LEAST_SHARED = 0.5

# Markup, addresses, placeholders and control characters: nothing that reads as a sentence of a letter.
_NOT_PROSE = regex.compile(r"[<>{}\[\]|\\`@*#\p{C}]|https?:|www\.|:\s*$")
_SENTENCE_END = regex.compile(r"(?<=[.!?…])[\"”»'’)]*\s+(?=[\p{Lu}\p{N}\"“„«¿¡(])")
_QUOTED_OR_HEADER = regex.compile(r"^\s*(?:>|--\s*$|[\p{L} -]{2,14}:\s)")
_NAME_WORD = regex.compile(r"\p{Lu}[\p{L}'’.-]*|de|del|della|der|di|du|la|le|ten|ter|van|von|zu")
_WORD = regex.compile(r"[\p{L}\p{N}]{4,}")


def sentence(brief: Brief, wording: Wording) -> str | None:
    """The sentence that carries impact or deadline, else the request, else the first telling one; None if none fits."""
    messages = [message for message in brief.situation.messages if message.side is Side.CUSTOMER]
    by_message = {message.number: list(_sentences(message.body, wording)) for message in messages}
    for candidate in _candidates(brief, by_message):
        if _fits(candidate, wording):
            return candidate
    return None


def name(brief: Brief, wording: Wording) -> str | None:
    """The name of whoever wrote the customer's newest message, None where it is not plainly a person's."""
    for message in brief.situation.messages:
        if message.side is Side.CUSTOMER:
            return _person(message, wording)
    return None


def sentences(text: str, wording: Wording) -> list[str]:
    """The text's sentences, each on one line; hard-wrapped lines are joined, closings end the text."""
    return list(_sentences(text, wording))


def _candidates(brief: Brief, by_message: dict[int, list[str]]) -> Iterator[str]:
    everything = [words for number in by_message for words in by_message[number]]
    for dimension in _TELLING:
        for evidence in brief.grounded.scores.of(dimension).evidence:
            if evidence.found and evidence.message in by_message:
                quote = normalise(evidence.quote)
                yield from (words for words in by_message[evidence.message] if quote in normalise(words))
    if request := brief.grounded.extraction.customer_request:
        wanted = _content(request)
        yield from (words for words in everything if _shared(wanted, words) >= _LEAST_SHARED)
    yield from everything


def _content(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _shared(wanted: set[str], words: str) -> float:
    return len(wanted & _content(words)) / len(wanted) if wanted else 0.0


def _fits(words: str, wording: Wording) -> bool:
    long_enough = LEAST_CHARACTERS <= len(words) <= MOST_CHARACTERS
    return long_enough and not _NOT_PROSE.search(words) and not wording.never_quoted.pattern.search(words)


def _sentences(text: str, wording: Wording) -> Iterator[str]:
    for paragraph in _paragraphs(text, wording):
        start = 0
        for end in _SENTENCE_END.finditer(paragraph):
            before = paragraph[start : end.start()].split()
            last = before[-1].rstrip(".").lstrip("(").casefold() if before else ""
            if paragraph[end.start() - 1] == "." and (last in wording.abbreviations or len(last) == 1):
                continue
            yield paragraph[start : end.end()].strip()
            start = end.end()
        yield paragraph[start:].strip()


def _paragraphs(text: str, wording: Wording) -> Iterator[str]:
    """Runs of lines that belong together; greetings stand alone, and nothing follows a closing."""
    run: list[str] = []
    for raw in text.splitlines():
        line = " ".join(raw.split())
        opens = _short_line_of(line, wording.greetings)
        closes = bool(run or not opens) and _short_line_of(line, wording.closings)
        if not line or opens or closes or _QUOTED_OR_HEADER.match(raw):
            if run:
                yield " ".join(run)
            run = []
            if closes:
                return
        else:
            run.append(line)
    if run:
        yield " ".join(run)


def _short_line_of(line: str, openings: tuple[str, ...]) -> bool:
    words = line.casefold()
    return len(words) < LEAST_CHARACTERS and any(
        words == opening or words.startswith((f"{opening} ", f"{opening},", f"{opening}!", f"{opening}."))
        for opening in openings
    )


def _person(message: Message, wording: Wording) -> str | None:
    written = regex.split(r"[,(<|/:;]|\s[-–—]\s", message.author or "")[0].strip()
    words = written.split()
    plain = 0 < len(words) <= _MOST_NAME_WORDS and len(written) <= _MOST_NAME_CHARACTERS
    if not plain or any(word.casefold().strip(".") in wording.not_a_name for word in words):
        return None
    return written if all(_NAME_WORD.fullmatch(word) for word in words) else None
