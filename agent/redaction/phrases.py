"""Many phrases looked for in one pass: their words are looked up, so that more phrases take no more time."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import regex

from agent.late import late_regex
from agent.redaction.found import SPACELESS

# A letter behind a backslash is JSON's line break or tab, unless a word starts there.
_WORD = late_regex(rf"(?<!\\(?=[nrt]))[^\W_{SPACELESS}]+|(?<=\\[nrt])[^\W_{SPACELESS}]+|[{SPACELESS}]")
_SPACE = regex.compile(r"(?:\s|\\[nrt]|>)+")
_SPACES = regex.compile(" {2,}")
_INSIDE_A_WORD = regex.compile(rf"(?<=[^\W{SPACELESS}])(?<!\\[nrt])(?=[^\W{SPACELESS}])")


class Phrases(NamedTuple):
    """Phrases by their words: what may follow the words so far, and the phrases that end with them."""

    after: dict[str, "Phrases"]
    """the first word, and each further one with the marks before it"""
    ends: list[tuple[int, str]]
    """with the characters that stand before a phrase's first word"""


def phrases(known: Iterable[str], *, endings: Iterable[str] = ("",)) -> Phrases:
    """Phrases to look for, the given ones first where several are of the same words. Each holds a letter or digit.

    `endings` are letters that may follow the last word.
    """
    root = Phrases({}, [])
    for phrase in known:
        reached, last, before = root, "", 0
        for n, (start, marks, word) in enumerate(_words(phrase)):
            before = before if n else start
            reached = reached.after.setdefault(last, Phrases({}, [])) if n else root
            last = marks + word if n else word
        for ending in endings if last else ():
            reached.after.setdefault(last + ending, Phrases({}, [])).ends.append((before, phrase))
    return root


def places(text: str, known: Phrases) -> Iterator[tuple[int, str]]:
    """Where a phrase may start, as its words follow each other there; of several phrases the longest first."""
    words = list(_words(text))
    for n, (start, _, first) in enumerate(words):
        ended, reached, at = list[tuple[int, str]](), known.after.get(first), n + 1
        while reached:
            ended[:0] = reached.ends
            reached, at = reached.after.get("".join(words[at][1:])) if at < len(words) else None, at + 1
        yield from ((start - before, phrase) for before, phrase in ended if before <= start)


def _words(text: str) -> Iterator[tuple[int, str, str]]:
    """Where each word starts, the marks between it and the word before, as they are outside JSON, and the word."""
    end = 0
    for match in _WORD.finditer(text):
        marks = _SPACE.sub(" ", text[end : match.start()]).replace("\\", "").replace("’", "'")
        yield match.start(), _SPACES.sub(" ", marks), match[0].casefold()
        end = match.end()


def end_of(phrase: str, text: str, at: int) -> int | None:
    """Where the phrase ends that stands at a place, also across line breaks and inside JSON; None if it does not."""
    if _cuts_a_word(phrase[0], text, at):
        return None
    for n, word in enumerate(phrase.split()):
        space = _SPACE.match(text, at) if n else None
        if n and not space:
            return None
        at = space.end() if space else at
        escaped = word.replace("\\", "\\\\").replace('"', '\\"')
        spelled = next((form for form in (escaped, word) if text.startswith(form, at)), None)
        if spelled is None:
            return None
        at += len(spelled)
    return None if _cuts_a_word(phrase[-1], text, at) else at


def _cuts_a_word(edge: str, text: str, at: int) -> bool:
    return edge.isalnum() and _INSIDE_A_WORD.match(text, at) is not None
