"""The plain wording as a proven value, read once from `wording.yaml`."""

from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Self

import regex
from pydantic import Field, model_validator

from agent import strict_yaml
from agent.schema import IssueType, Noun

Words = Annotated[str, Field(min_length=1)]


class LanguageWording(Noun):
    """The sentences of a customer message in one language."""

    greeting: Words
    greeting_named: Words
    thanks_quoting: Words
    thanks: Words
    quote: Words
    with_owner: Words
    by_myself: Words
    update: Words
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
    request: Words
    time: Words
    deadline: Words
    tickets: Words


class NeverQuoted(Noun):
    """Words that keep a customer's sentence from being quoted back."""

    exact: tuple[Words, ...]
    stems: tuple[Words, ...]

    @cached_property
    def pattern(self) -> "regex.Pattern[str]":
        exact, stems = ("|".join(map(regex.escape, words)) for words in (self.exact, self.stems))
        return regex.compile(rf"\b(?:(?:{exact})\b|(?i:{stems}))")


class Wording(Noun):
    """Every word the plain drafter may use."""

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

    def language(self, code: str) -> str:
        """The code itself where that language is worded, else English."""
        return code if code in self.languages else "en"


@cache
def load() -> Wording:
    """The wording that ships."""
    text = resources.files("agent.drafting").joinpath("wording.yaml").read_text(encoding="utf-8")
    return Wording.model_validate(strict_yaml.load(text))
