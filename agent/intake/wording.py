"""The words of `openings.yaml`: how fourteen languages head, open, close and date a message."""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from agent import strict_yaml

FIELDS = ("from", "to", "sent", "subject", "other")
_FIRST_READ = ("en", "de", "fr", "es", "it", "nl")
"""the languages whose days and months the program also looks for in running text"""


class Words(NamedTuple):
    """The words of one language; the keys are explained at the top of the file."""

    fields: dict[str, tuple[str, ...]]
    wrote: tuple[str, ...]
    verb: tuple[str, ...]
    forward: tuple[str, ...]
    mobile: tuple[str, ...]
    disclaimer: tuple[str, ...]
    legal: tuple[str, ...]
    greeting: tuple[str, ...]
    closing: tuple[str, ...]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    yesterday: tuple[str, ...]
    today: tuple[str, ...]


@cache
def languages() -> dict[str, Words]:
    """Every language by its ISO 639-1 code."""
    document = strict_yaml.load(resources.files("agent.intake").joinpath("openings.yaml").read_text(encoding="utf-8"))
    return {code: _words(entry) for code, entry in document.items()}


def _words(entry: dict[str, list[str]]) -> Words:
    told: dict[str, Any] = {name: tuple(value) for name, value in entry.items()}
    fields = {name: told.pop(name) for name in FIELDS}
    return Words(fields=fields, **told)  # a test holds the file to the fields


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, with straight and curly apostrophes alike."""
    escaped = {re.escape(word).replace("'", "['’]") for word in words}
    return "(?:" + "|".join(sorted(escaped, key=lambda word: (-len(word), word))) + ")"


def all_of(name: str) -> tuple[str, ...]:
    """The words of a kind in all languages."""
    return tuple(dict.fromkeys(word for words in languages().values() for word in getattr(words, name)))


def lines_by_position(name: str, *, everywhere: bool) -> tuple[str, ...]:
    """Per weekday or month its words in the languages looked for in running text, or in all of them."""
    chosen = [words for code, words in languages().items() if everywhere or code in _FIRST_READ]
    rows = zip(*(getattr(words, name) for words in chosen), strict=True)
    return tuple(" ".join(dict.fromkeys(" ".join(row).split())) for row in rows)


def relative_days(*, everywhere: bool) -> dict[int, tuple[str, ...]]:
    """The words for the days counted from today: -1 is yesterday."""
    chosen = [words for code, words in languages().items() if everywhere or code in _FIRST_READ]
    yesterday, today = (dict.fromkeys(w for words in chosen for w in getattr(words, n)) for n in ("yesterday", "today"))
    return {-1: tuple(yesterday), 0: tuple(today)}
