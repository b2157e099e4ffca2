"""A call as subtitles (.vtt, .srt) or as lines with speakers and times: who said what, from the first minute on."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from agent.errors import InputError
from agent.intake.formats.entry import Contents, Entry, spoken
from agent.intake.marks import Kind, opening
from agent.schema import Side

_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d\d"
_MOMENT = rf"{_CLOCK}(?:[.,]\d{{1,3}})?"
_CUE = re.compile(
    rf"[ \t]{{0,9}}(?P<start>{_CLOCK})(?:[.,]\d{{1,3}})?[ \t]{{1,9}}-->[ \t]{{1,9}}{_MOMENT}[^\n]{{0,200}}"
)
_VOICE = re.compile(r"<v(?:\.[\w.]{1,40})?[ \t]([^<>]{1,200})>")
_TAG = re.compile(r"</?[a-z][^<>]{0,100}>|<\d[\d:.]{1,20}>", re.IGNORECASE)
_NAME = r"[^\W\d_][^:\[\]|<>\n]{0,60}?"
_SPEAKER = re.compile(rf"(?:- ?)?(?P<author>{_NAME})[ \t]{{0,3}}:(?:\s|$)")
_HEADS = (
    re.compile(
        rf"[\[(](?P<start>{_CLOCK})(?:\.\d{{1,3}})?[\])][ \t]{{0,9}}(?P<author>{_NAME})[ \t]{{0,3}}:(?:[ \t]|$)"
    ),
    re.compile(rf"(?P<start>{_CLOCK})[ \t]{{0,9}}[|–—-][ \t]{{0,9}}(?P<author>{_NAME})[ \t]{{0,9}}$"),
    re.compile(rf"(?P<author>{_NAME})(?:[ \t]{{2,20}}|\t| ?[\[(])(?P<start>{_CLOCK})[\])]?:?[ \t]{{0,9}}$"),
    re.compile(rf"(?P<start>{_CLOCK})[ \t]{{1,9}}(?P<author>{_NAME})[ \t]{{0,3}}:(?:[ \t]|$)"),
)
_LEAST_TURNS = 3
_LATEST_START_SECONDS = 300
"""a chat with times of the day starts later"""
_LINES_ABOVE = 12
_NOT_SAID = ("WEBVTT", "NOTE", "STYLE", "REGION", "X-TIMESTAMP")


class _Turn(NamedTuple):
    author: str | None
    start: str
    words: str


def is_subtitles(text: str) -> bool:
    """WebVTT by its first word and a line of two times; SubRip by a number before such a line."""
    top = text.lstrip("\ufeff \t\r\n")
    if top.startswith("WEBVTT"):
        return any(_CUE.match(line.strip()) for line in top.splitlines())
    return re.match(rf"\d{{1,6}}\s*\n{_CUE.pattern}", top) is not None


def read_subtitles(text: str, *, source: str) -> Contents:
    """What each speaker said in one go. Raises InputError if the cues hold no words."""
    turns = list(_joined(_cues(text)))
    if not turns:
        raise InputError(f"{source} holds no spoken words; export the transcript again, or paste it as text")
    return Contents(tuple(spoken(turn.words, author=turn.author, when=turn.start) for turn in turns))


def _cues(text: str) -> Iterator[_Turn]:
    start, author = "", None
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        at = next((n for n, line in enumerate(lines) if _CUE.match(line)), None)
        if at is not None:
            start, lines = str(_CUE.match(lines[at])["start"]), lines[at + 1 :]  # type: ignore[index] # it just matched
        elif not start or (lines[:1] and lines[0].startswith(_NOT_SAID)):
            continue
        for line in lines:
            voice, named = _VOICE.search(line), _SPEAKER.match(_TAG.sub("", line))
            author = voice[1].strip() if voice else named["author"] if named else author
            words = unescape(_TAG.sub("", _VOICE.sub("", line)))
            yield _Turn(author, start, words[named.end() :].strip() if named and not voice else words.strip())


def _joined(cues: Iterator[_Turn]) -> Iterator[_Turn]:
    """The cues of one speaker in a row as one turn."""
    author, start, words = None, "", list[str]()
    for cue in cues:
        if words and cue.author != author:
            yield _Turn(author, start, "\n".join(words))
            words = []
        if not words:
            author, start = cue.author, cue.start
        words += [cue.words] if cue.words else []
    if words:
        yield _Turn(author, start, "\n".join(words))


def is_call(text: str) -> bool:
    """At least three lines with a speaker and a time that rises from the call's first minutes."""
    lines = text.splitlines()
    heads = [head for line in lines if (head := _head(line))]
    if len(heads) < _LEAST_TURNS or not any(map(_head, [line for line in lines if line.strip()][:_LINES_ABOVE])):
        return False
    times = [_seconds(head["start"]) for head in heads]
    return times[0] <= _LATEST_START_SECONDS and all(a <= b for a, b in pairwise(times))


def read_call(text: str) -> Contents:
    """The turns of the call; what stands above the first one is kept as a title."""
    above, turns, notes = list[str](), list[tuple[re.Match[str], list[str]]](), list[str]()
    for line in text.splitlines():
        if head := _head(line):
            turns.append((head, [line[head.end() :].strip()]))
        elif turns and (notes or _opens_a_note(line)):
            notes.append(line.rstrip())  # whatever follows a note stays inside: no customer reads it
        elif turns:
            turns[-1][1].append(line.rstrip())
        else:
            above.append(line.rstrip())
    said = (_Turn(head["author"].strip(), head["start"], "\n".join(words).strip()) for head, words in turns)
    title = "\n".join(above).strip()
    entries = [Entry(title, kind=Kind.PLAIN)] if title else []
    entries += [spoken(turn.words, author=turn.author, when=turn.start) for turn in said if turn.words]
    if notes:
        entries.append(Entry("\n".join(notes).strip(), kind=Kind.NOTE, side=Side.CSM_NOTE))
    return Contents(tuple(entries))


def _opens_a_note(line: str) -> bool:
    opened = opening(line.strip())
    return opened is not None and opened.kind is Kind.NOTE


def _head(line: str) -> re.Match[str] | None:
    return next((match for head in _HEADS if (match := head.match(line.strip()[:300]))), None)


def _seconds(clock: str) -> int:
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
