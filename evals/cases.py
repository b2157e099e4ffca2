"""Labelled cases: what a CSM would paste, and what several raters made of it.

A case without `why` does not load, nor does one whose `key_facts` do not stand in its text.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from agent import intake, strict_yaml
from agent.errors import ConfigurationError
from agent.evidence import normalise
from agent.schema import AccountContext, Dimension, IssueType, Level, Noun, Situation

GOLDEN = Path(__file__).parent / "datasets" / "golden.yaml"


_FAULTS = {"missing": "is missing", "extra_forbidden": "is no field of a case", "model_type": "is no case"}


def _not_blank(words: str) -> str:
    if not words.strip():
        raise ValueError("is empty")
    return words


Words = Annotated[str, Field(json_schema_extra={"minLength": 1}), AfterValidator(_not_blank)]
"""Text that says something: an empty passage stands in every text, and would count as found or as leaked."""


class Split(StrEnum):
    """`tune` may be looked at while a prompt is improved; figures are reported and gated on `test` alone."""

    TUNE = "tune"
    TEST = "test"


class Labels(Noun):
    """The median of the raters per dimension, and their majority issue type."""

    customer_impact: Level
    account_value: Level
    time_sensitivity: Level
    csm_capability: Level
    issue_type: IssueType

    def level(self, dimension: Dimension) -> Level:
        level: Level = getattr(self, dimension.value)
        return level

    @property
    def total(self) -> int:
        return sum(self.level(dimension) for dimension in Dimension)


class Case(Noun):
    """One labelled case."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    split: Split
    title: Words
    tags: tuple[str, ...] = ()
    account: str | None = Field(description="None where the text names nobody")
    now: datetime = Field(description="the moment of the assessment, with its UTC offset")
    text: Words
    expected: Labels
    rated_range: dict[Dimension, tuple[Level, Level]] = Field(description="lowest and highest rater per dimension")
    also_acceptable_issue_types: tuple[IssueType, ...] = ()
    unstated: tuple[Dimension, ...] = Field(default=(), description="dimensions on which the text is silent")
    customer_language: str = Field(pattern=r"^[a-z]{2}$")
    key_facts: tuple[Words, ...] = Field(default=(), description="passages that a good reading rests on, verbatim")
    must_not_reach_customer: tuple[Words, ...] = Field(default=(), description="passages the customer must never read")
    ask_must_mention: tuple[Words, ...] = Field(default=(), description="regular expressions; each must match the ask")
    why: Annotated[str, Field(min_length=10), AfterValidator(_not_blank)]

    @field_validator("now")
    @classmethod
    def _with_offset(cls, now: datetime) -> datetime:
        if now.tzinfo is None:
            raise ValueError("needs a UTC offset, such as 2026-03-27T10:15:00+01:00")
        return now

    @field_validator("ask_must_mention")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{pattern}' is not a regular expression: {error}") from error
        return patterns

    @model_validator(mode="after")
    def _facts_stand_in_the_text(self) -> Self:
        text = normalise(self.text)
        for fact in self.key_facts:
            if normalise(fact) not in text:
                raise ValueError(f"key_facts: '{fact}' does not stand in the text")
        return self

    @property
    def pair(self) -> str | None:
        """The name of the pair of a clean and an attacked text that the case belongs to."""
        return next((tag for tag in self.tags if re.fullmatch(r"pair-\d+", tag)), None)

    @property
    def situation(self) -> Situation:
        """The case as the product reads it."""
        return intake.read_text(self.text, source=self.id, context=AccountContext())


def load(paths: Iterable[Path] = (GOLDEN,)) -> tuple[Case, ...]:
    """Cases from YAML files and folders of them. Raises ConfigurationError with file, case and fault."""
    cases: dict[str, Case] = {}
    for file in _files(paths):
        document = _document(file)
        if not isinstance(document, list) or not document:
            raise ConfigurationError(f"{file}: holds no cases; a dataset is a .yaml file with a list of them")
        for number, entry in enumerate(document, 1):
            case = _case(entry, file, number)
            if case.id in cases:
                raise ConfigurationError(f"{file}: the id '{case.id}' is given twice")
            cases[case.id] = case
    return tuple(cases.values())


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = sorted((*path.glob("*.yaml"), *path.glob("*.yml"))) if path.is_dir() else [path]
        if not found:
            raise ConfigurationError(f"{path}: no .yaml file in it; a dataset is a .yaml file with a list of cases")
        files += found
    return files


def _document(file: Path) -> object:
    try:
        return strict_yaml.load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file}: is not text in UTF-8") from error
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error}") from error


def _case(entry: object, file: Path, number: int) -> Case:
    try:
        return Case.model_validate(entry)
    except ValidationError as error:
        fault = error.errors()[0]
        name = entry["id"] if isinstance(entry, dict) and "id" in entry else f"entry {number}"
        path = ".".join(str(part) for part in fault["loc"])
        what = _FAULTS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        raise ConfigurationError(f"{file}: {name}: {path + ': ' if path else ''}{what}") from error
