"""A letter taken apart into its own sentences."""

from collections.abc import Iterator

import regex

from agent.drafting.wording import Wording

_SENTENCE_END = regex.compile(r"(?<=[.!?…])[\"”»'’)]*\s+(?=[\p{Lu}\p{N}\"“„«¿¡(])")
_MARKED = regex.compile(r"((?:\s*>)*)(.*)")
_HEADER = regex.compile(r"[\p{L} -]{2,14}:\s")


def sentences(text: str, wording: Wording) -> Iterator[str]:
    """The sentences of a letter, without greetings, headers, quoted history and whatever follows a closing."""
    for paragraph in _paragraphs(text, wording):
        start = 0
        for end in _SENTENCE_END.finditer(paragraph):
            before = paragraph[start : end.start()].split()
            last = before[-1].rstrip(".").lstrip("(").casefold() if before else ""
            if paragraph[end.start() - 1] == "." and (last in wording.abbreviations or len(last) == 1):
                continue
            yield _told(paragraph[start : end.end()], wording)
            start = end.end()
        yield _told(paragraph[start:], wording)


def _told(words: str, wording: Wording) -> str:
    """The sentence without the greeting that it may begin with."""
    return str(wording.salutation.sub("", words.strip()))


def _paragraphs(text: str, wording: Wording) -> Iterator[str]:
    """Runs of lines that belong together, without greetings and headers; nothing follows a closing."""
    run: list[str] = []
    seen = False
    for line in _own_lines(text):
        closes = seen and wording.letter_closing.fullmatch(line)
        if not line or closes or wording.letter_opening.fullmatch(line) or _HEADER.match(line):
            yield " ".join(run)
            run = []
            if closes:
                return
        else:
            seen = True
            run.append(line)
    yield " ".join(run)


def _own_lines(text: str) -> list[str]:
    """The lines at the message's own depth of quoting; deeper ones are history and become blank."""
    lines = [(match[1].count(">"), " ".join(match[2].split())) for match in map(_MARKED.match, text.splitlines())]
    own = min((depth for depth, line in lines if line), default=0)
    return [line if depth == own else "" for depth, line in lines]
