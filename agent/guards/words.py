"""The guards' word lists, compiled from `words.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from agent import strict_yaml

Groups = Mapping[str, re.Pattern[str]]
Entry = str | list[str]  # a long expression comes in parts


@dataclass(frozen=True)
class Words:
    """One pattern per list or group; all match whole words in any case."""

    internal: Groups
    doing: re.Pattern[str]
    pronouns: re.Pattern[str]
    level: re.Pattern[str]
    rated: tuple[re.Pattern[str], ...]
    paying: re.Pattern[str]
    of_our_notes: re.Pattern[str]
    promises: Groups
    done: Groups
    concessions: Groups
    asking: re.Pattern[str]
    supposing: re.Pattern[str]
    denying: re.Pattern[str]
    relative_days: Groups
    tomorrow_lower_case: re.Pattern[str]
    span_ahead: re.Pattern[str]
    span_units: Groups
    before_a_month: re.Pattern[str]
    describing: re.Pattern[str]
    too_broad: re.Pattern[str]
    echo: re.Pattern[str]
    greetings: re.Pattern[str]
    titles: re.Pattern[str]
    capitals_that_are_no_names: re.Pattern[str]


@cache
def load() -> Words:
    """The lists that ship."""
    text = resources.files("agent.guards").joinpath("words.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = strict_yaml.load(text)
    rated = tuple(_compiled([words]) for words in document.pop("rated"))
    return Words(rated=rated, **{name: _compiled(value) for name, value in document.items()})


def _compiled(value: str | list[Entry] | dict[str, list[Entry]]) -> Any:  # noqa: ANN401 - a pattern or a group of them
    if isinstance(value, dict):
        return {name: _compiled(words) for name, words in value.items()}
    if isinstance(value, str):  # a single expression sees to its own borders and case
        return re.compile(value)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(''.join, value))})(?!\w)", re.IGNORECASE)
