"""Many phrases looked for in one pass: their words are looked up, so that more phrases take no more time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import regex

from agent.late import late_regex
from agent.redaction.found import SPACELESS

_MOST_WORDS = 6
"""of a phrase, that are looked up; whether the rest fits is for the caller to see"""
# A letter behind a backslash is JSON's line break or tab, unless a word starts there.
_WORD = late_regex(rf"(?<!\\(?=[nrt]))[^\W_{SPACELESS}]+|(?<=\\[nrt])[^\W_{SPACELESS}]+|[{SPACELESS}]")
_SPACE = regex.compile(r"(?:\s|\\[nrt]|>)+")
_INSIDE_A_WORD = regex.compile(rf"(?<=[^\W{SPACELESS}])(?<!\\[nrt])(?=[^\W{SPACELESS}])")


class Phrases(NamedTuple):
    """Phrases by their first words, and how many words those have that start with a word."""

    by_words: dict[tuple[str, ...], list[tuple[int, str]]]
    """with the characters that stand before a phrase's first word"""
    longest: dict[str, int]


def phrases(known: Iterable[str], *, endings: Iterable[str] = ("",)) -> Phrases:
    """Phrases to look for, the given ones first where several start at one place. Each holds a letter or digit.

    `endings` are letters that may follow the last word.
    """
    by_words, longest = defaultdict[tuple[str, ...], list[tuple[int, str]]](list), defaultdict[str, int](int)
    for phrase in known:
        words = list(_WORD.finditer(phrase))[:_MOST_WORDS]
        for ending in endings if words else ():
            looked_up = tuple(word[0].casefold() for word in words)
            looked_up = (*looked_up[:-1], looked_up[-1] + ending)
            by_words[looked_up].append((words[0].start(), phrase))
            longest[looked_up[0]] = max(longest[looked_up[0]], len(looked_up))
    return Phrases(dict(by_words), dict(longest))


def places(text: str, known: Phrases) -> Iterator[tuple[int, str]]:
    """Where a phrase may start, as its words follow each other there; of several phrases the longest first."""
    words = [(match.start(), match[0].casefold()) for match in _WORD.finditer(text)]
    for n, (start, first) in enumerate(words):
        for count in range(known.longest.get(first, 0), 0, -1):
            looked_up = tuple(word for _, word in words[n : n + count])
            for before, phrase in known.by_words.get(looked_up, ()):
                if before <= start:
                    yield start - before, phrase


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
