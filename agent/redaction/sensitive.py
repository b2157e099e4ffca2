"""Whether a text seems to hold health, children's or criminal data: told by words, to warn before anything is sent."""

from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import regex

from agent import strict_yaml
from agent.schema import Sensitive

_OTHERS_NEEDED = 3  # different words that only point at a category


class _Words(NamedTuple):
    sure: regex.Pattern[str]
    others: regex.Pattern[str]


def categories(text: str) -> dict[Sensitive, tuple[str, ...]]:
    """The categories the text seems to hold, each with up to three of the words that say so."""
    told = {category: _telling(text, words) for category, words in _words().items()}
    return {category: words for category, words in told.items() if words}


def _telling(text: str, words: _Words) -> tuple[str, ...]:
    sure = dict.fromkeys(match[0].lower() for match in words.sure.finditer(text))
    if sure:
        return tuple(sure)[:3]
    others = {match[0].lower().rstrip("s"): match[0].lower() for match in words.others.finditer(text)}
    return tuple(others.values())[:3] if len(others) >= _OTHERS_NEEDED else ()


@cache
def _words() -> dict[Sensitive, _Words]:
    source = resources.files("agent.redaction").joinpath("sensitive.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = strict_yaml.load(source)
    return {
        Sensitive(name): _Words(
            _pattern(word for group in words["sure"].values() for word in group), _pattern(words["others"])
        )
        for name, words in document.items()
    }


def _pattern(words: Any) -> regex.Pattern[str]:  # noqa: ANN401 - as the file lists them
    return regex.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", regex.IGNORECASE)
