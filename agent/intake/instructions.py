"""Passages that speak to a machine instead of a person: they are marked, and nothing else becomes of them.

A mark reaches from the sentence that speaks so to the end of its line or quotation, as nobody knows where a payload
ends; between two imitated parts of a machine everything is marked. A few quoted words inside a sentence of its own are
only mentioned, and not marked. Patterns stand in `instructions.yaml`; every one is bounded, and long lines are read in
pieces.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import regex

from agent import strict_yaml
from agent.schema import HiddenKind, Mark, MarkKind, Message, Removed

LONGEST_LINE = 4_000
MOST_WORDS = 300
_MOST_MARKS = 50
_TELLING = 60  # characters by which a passage is found again in its message
_QUOTE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.MULTILINE)
_MOST_MENTIONED = 6  # words of a quotation that is only told about; whoever quotes more hands the order on
_WRAPPED = 55  # a line at least this long that ends in no mark goes on in the next one
_BETWEEN_PARTS = 1_500
_SENTENCE = re.compile(r"(?<=[.!?…:;])[\"”»')\]]*\s+")
_ENDS = (".", "!", "?", "…", ":", ";", '"', "”", "»", ">", "}", "]")
_QUOTED = re.compile(r"[\"“„«‚](?P<words>[^\"“”„«»]{3,300})[\"”“»‘]")
_ENCLOSED = re.compile(r"[\"“„«][^\"“”„«»]{3,600}[\"“”»]|\[[^\[\]]{3,600}\]|\([^()]{3,600}\)")
_LOOK_ALIKES = "аеорсухіјѕһԁӏАВЕКМНОРСТУХІЈЅοναρυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_MIXED = regex.compile(rf"(?<![\w@])(?=[\w.@-]*[{_LOOK_ALIKES}])(?=[\w.@-]*\p{{Latin}})[\w@](?:[\w.@-]*[\w])?")


class Span(NamedTuple):
    """Where a passage stands in a text, and what it does."""

    start: int
    end: int
    kind: MarkKind


def find(text: str) -> tuple[Span, ...]:
    """Every passage of the text that addresses a machine or imitates a part of one, in order and without overlap."""
    spans = list[Span]()
    stems = _stems_in(text)
    for start, line in _lines(text):
        if _may_speak(line, stems) and (found := _in_line(line)) is not None:
            end = start + found.end
            spans.append(Span(start + found.start, _wrapped(text, end) if found.end == len(line) else end, found.kind))
    return _joined(spans)


def without(text: str) -> str:
    """The text without such passages: what may be quoted to somebody."""
    kept, at = list[str](), 0
    for span in find(text):
        kept.append(text[at : span.start])
        at = span.end
    return "\n".join((*kept, text[at:])) if at else text


def quotable(message: Message) -> str:
    """The body of a message without such passages; a heading that speaks to a machine speaks for what follows it."""
    heading = f"{message.author}: " if message.author else ""
    return without(f"{heading}{message.body}").removeprefix(heading)


def marks(text: str, messages: Sequence[Message], removed: Sequence[Removed] = ()) -> tuple[Mark, ...]:
    """What is marked in a text, with the number of its message, and in words that no reader saw.

    Tag characters draw nothing and spell ASCII: whoever writes in them writes to a machine.
    """
    spoken = [(span.kind, _words(text[span.start : span.end])) for span in find(text)]
    hidden = [gone for gone in removed if gone.words]
    unseen = [
        (MarkKind.TO_AN_AI, gone.words or "")
        for gone in hidden
        if gone.kind is HiddenKind.TAGS or find(gone.words or "")
    ]
    told = (
        *(Mark(kind=kind, message=_place(words, messages), words=words[:MOST_WORDS]) for kind, words in spoken),
        *(Mark(kind=kind, message=None, words=words[:MOST_WORDS]) for kind, words in unseen),
    )
    alike = (
        Mark(kind=MarkKind.LOOK_ALIKE, message=message.number, words=match[0][:MOST_WORDS])
        for message in messages
        for part in (message.author or "", message.address or "", message.subject or "", message.body)
        if not part.isascii()
        for match in _MIXED.finditer(part)
    )
    return tuple(dict.fromkeys((*told, *alike)))[:_MOST_MARKS]


def _words(text: str) -> str:
    """The words on one line, without the marks of quoted mail."""
    return " ".join(_QUOTE_MARKS.sub("", text).split())


def _place(words: str, messages: Sequence[Message]) -> int | None:
    """The message that says so, in its body or in its heading; None where none does."""
    start = words[:_TELLING]
    for message in messages:
        parts = (message.body, message.signature, message.disclaimer, message.subject)
        if any(part and start in _words(part) for part in parts):
            return message.number
    headed = (m for m in messages if m.author and words.startswith(m.author))
    return next((m.number for m in headed if _words(m.body).startswith(_behind(m, words))), None)


def _behind(message: Message, words: str) -> str:
    """What a passage says behind the heading that it was read as."""
    return words[len(message.author or "") :].lstrip(" :")[:_TELLING]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for whole in text.splitlines(keepends=True):
        line = whole.rstrip("\r\n")
        for piece in range(0, max(1, len(line)), LONGEST_LINE):
            yield at + piece, line[piece : piece + LONGEST_LINE]
        at += len(whole)


def _stems_in(text: str) -> tuple[str, ...]:
    """Those that the text holds at all, so that its lines need not be searched for the others."""
    lowered = text.lower()
    return tuple(stem for stem in _stems()[0] if stem in lowered)


def _may_speak(line: str, stems: tuple[str, ...]) -> bool:
    lowered = line.lower()
    return any(stem in lowered for stem in stems) or _stems()[1].search(lowered) is not None


def _in_line(line: str) -> Span | None:
    """The first passage of a line that counts: from the start of its sentence, or all of the quotation it stands in."""
    hits = [
        Span(match.start(), match.end(), kind)
        for kind, pattern in patterns().items()
        for match in pattern.finditer(line)
        if kind is not MarkKind.TO_AN_AI or not _only_mentioned(line, match.start(), match.end())
    ]
    if not hits:
        return None
    first = min(hits)
    if first.kind is not MarkKind.TO_AN_AI:
        return Span(0, len(line), first.kind)
    for enclosed in _ENCLOSED.finditer(line):
        if enclosed.start() <= first.start and first.end <= enclosed.end():
            return Span(enclosed.start(), enclosed.end(), first.kind)
    starts = (match.end() for match in _SENTENCE.finditer(line))
    return Span(max((start for start in starts if start <= first.start), default=0), len(line), first.kind)


def _only_mentioned(line: str, start: int, end: int) -> bool:
    """A few words inside quotes, with words of their sentence before them or, on a wrapped line, after: told about."""
    for quoted in _QUOTED.finditer(line):
        few = len(quoted["words"].split()) <= _MOST_MENTIONED
        if few and quoted.start() < start and end <= quoted.end():
            before, after = line[: quoted.start()].rstrip(), line[quoted.end() :].lstrip()
            if not before:
                return after[:1].islower()
            return len(before.split()) > 1 and not before.endswith((".", "!", "?", "…"))
    return False


def _wrapped(text: str, end: int) -> int:
    """The end of the line, or of the last one that it was wrapped into."""
    line = text[text.rfind("\n", 0, end) + 1 : end]
    while len(line) >= _WRAPPED and not line.rstrip().endswith(_ENDS) and end < len(text):
        below = text.find("\n", end + 1)
        below = len(text) if below < 0 else below
        line, end = text[end + 1 : below], below
        if not line.strip():
            break
    return end


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    joined = list[Span]()
    for span in spans:
        last = joined[-1] if joined else None
        parts = last is not None and MarkKind.TO_AN_AI not in (last.kind, span.kind)
        if last is not None and (span.start <= last.end + 1 or (parts and span.start - last.end < _BETWEEN_PARTS)):
            joined[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            joined.append(span)
    return tuple(joined)


@cache
def _document() -> dict[str, Any]:
    source = resources.files("agent.intake").joinpath("instructions.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = strict_yaml.load(source)
    return document


@cache
def _stems() -> tuple[tuple[str, ...], re.Pattern[str]]:
    document = _document()
    return tuple(document["stems"]), re.compile(rf"(?<!\w)(?:{'|'.join(document['ai_words'])})(?!\w)")


@cache
def patterns() -> dict[MarkKind, re.Pattern[str]]:
    """One pattern per kind of mark."""
    document = {kind: group for kind, group in _document().items() if kind in set(MarkKind)}
    words = [pattern for language in document.pop("to_an_ai").values() for pattern in language]
    spoken = rf"(?<!\w)(?:{'|'.join(words)})(?!\w)".replace(" ?", r"\s?").replace(" ", r"\s+")
    parts = {MarkKind(kind): _compiled("|".join(group)) for kind, group in document.items()}
    return {MarkKind.TO_AN_AI: _compiled(spoken), **parts}


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)
