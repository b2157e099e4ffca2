"""The plain wording as a proven value, read once from `wording.yaml`."""

from collections.abc import Iterable
from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Self

import regex
from pydantic import Field, model_validator

from agent import strict_yaml
from agent.schema import IssueType, Noun

Words = Annotated[str, Field(min_length=1)]


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(regex.escape, sorted(words, key=len, reverse=True)))


class LanguageWording(Noun):
    """The sentences of a customer message in one language."""

    greeting: Words
    greeting_named: Words
    thanks_quoting: Words
    thanks: Words
    without_message: Words
    quote: Words
    inner_quote: Words
    with_owner: Words
    by_myself: Words
    update: Words
    promised: Words
    open_door: Words
    sign_off: Words
    subject_owner: Words
    subject_myself: Words


class IssueWording(Noun):
    """What is asked of the owner for one issue type, and the next step where the CSM handles it."""

    action: Words
    done_when: Words
    next_step: Words


class FactLabels(Noun):
    """What stands before each fact of an ask."""

    impact: Words
    open: Words
    request: Words
    time: Words
    needed: Words
    also: Words
    deadline: Words
    tickets: Words


class NeverQuoted(Noun):
    """Words that keep a customer's sentence from being quoted back."""

    exact: tuple[Words, ...]
    stems: tuple[Words, ...]

    @cached_property
    def pattern(self) -> "regex.Pattern[str]":
        return regex.compile(rf"\b(?:(?:{_any(self.exact)})\b|(?i:{_any(self.stems)}))")


class Wording(Noun):
    """Every word the plain drafter says or looks for."""

    languages: dict[str, LanguageWording]
    issue_types: dict[IssueType, IssueWording]
    facts: FactLabels
    never_quoted: NeverQuoted
    greetings: tuple[Words, ...]
    closings: tuple[Words, ...]
    abbreviations: frozenset[Words]
    not_a_name: frozenset[Words]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if "en" not in self.languages:
            raise ValueError("languages: 'en' is missing")
        if missing := [issue_type for issue_type in IssueType if issue_type not in self.issue_types]:
            raise ValueError(f"issue_types: '{missing[0]}' is missing")
        return self

    @cached_property
    def salutation(self) -> "regex.Pattern[str]":
        """A greeting, up to three names and the mark behind them, in front of a sentence."""
        return regex.compile(rf"^(?i:{_any(self.greetings)})(?:\s+\p{{Lu}}[\p{{L}}.'’-]*){{0,3}}\s*[,!:–-]\s+")

    @cached_property
    def letter_opening(self) -> "regex.Pattern[str]":
        """A whole line that only greets."""
        return regex.compile(rf"(?i:{_any(self.greetings)})\b(?:\W+\w+){{0,4}}\W*")

    @cached_property
    def letter_closing(self) -> "regex.Pattern[str]":
        """A whole line that only takes leave."""
        return regex.compile(rf"(?i:{_any(self.closings)})\b(?:\W+\w+){{0,2}}\W*|--")

    @cached_property
    def pleasantry(self) -> "regex.Pattern[str]":
        """The start of a sentence that greets or thanks and says nothing of the case."""
        return regex.compile(rf"(?i:{_any((*self.greetings, *self.closings))})\b")

    def language(self, code: str) -> str:
        """The code itself where that language is worded, else English."""
        return code if code in self.languages else "en"


@cache
def load() -> Wording:
    """The wording that ships."""
    text = resources.files("agent.drafting").joinpath("wording.yaml").read_text(encoding="utf-8")
    return Wording.model_validate(strict_yaml.load(text))
