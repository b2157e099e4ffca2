"""The rubric as a proven value: dimensions, bands, routes, teams, deadlines, rates and warnings.

Everything is read from one YAML file (`agent/policy.yaml`, or a company's own copy). What loads has been proven: every
level of every dimension is defined, the bands cover 4 to 20 without gap or overlap, every (issue type, band) has a
route to known teams, and no row gives more time to a worse case.
"""

import hashlib
from functools import cached_property
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from agent import strict_yaml
from agent.errors import ConfigurationError, PolicyError
from agent.policy.rules import (
    LEVELS,
    ArrLevels,
    BandRule,
    Calendar,
    Costs,
    Deadlines,
    DimensionRule,
    IssueTypeRule,
    Rates,
    StandingRule,
    Team,
    TimeAllowed,
    WarningRule,
    Words,
)
from agent.schema import Band, Dimension, IssueType, Noun, WarningCode

MIN_TOTAL, MAX_TOTAL = len(Dimension) * min(LEVELS), len(Dimension) * max(LEVELS)

__all__ = [
    "LEVELS",
    "MAX_TOTAL",
    "MIN_TOTAL",
    "Calendar",
    "Policy",
    "Rates",
    "TimeAllowed",
    "default_text",
    "load",
    "load_default",
    "parse",
]


class Policy(Noun):
    """A proven rubric. Make one with `load`, `load_default` or `parse`, never by hand."""

    schema_: Literal[1] = Field(alias="schema")
    name: Words
    version: Words
    source: Words
    dimensions: dict[Dimension, DimensionRule]
    bands: dict[Band, BandRule]
    costs: Costs
    teams: dict[str, Team]
    routes_why: Words
    issue_types: dict[IssueType, IssueTypeRule]
    deadlines: Deadlines
    standing_rule: StandingRule
    account_value_by_arr: ArrLevels
    calendar: Calendar
    rates: Rates
    warnings: dict[WarningCode, WarningRule]
    digest: str = Field(default="", description="sha256 of the file it was read from")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, given, wanted in (
            ("dimensions", self.dimensions, Dimension),
            ("bands", self.bands, Band),
            ("issue_types", self.issue_types, IssueType),
            ("warnings", self.warnings, WarningCode),
        ):
            if missing := [key for key in wanted if key not in given]:
                raise ValueError(f"{name}: '{missing[0]}' is missing")
        return self

    @model_validator(mode="after")
    def _never_slower_when_worse(self) -> Self:
        for name, table in (
            ("owner_answer", self.deadlines.owner_answer),
            ("customer_word", self.deadlines.customer_word),
        ):
            if fault := table.slower_when_worse(self.calendar.office_hours):
                raise ValueError(f"deadlines.{name}.{fault}")
        return self

    @model_validator(mode="after")
    def _bands_cover(self) -> Self:
        expected = MIN_TOTAL
        for band in Band:
            rule = self.bands[band]
            if rule.from_ != expected:
                raise ValueError(f"bands.{band}.from: is {rule.from_}, must be {expected} (no gap, no overlap, rising)")
            if rule.to < rule.from_:
                raise ValueError(f"bands.{band}.to: is {rule.to}, below its own from")
            expected = rule.to + 1
        if expected != MAX_TOTAL + 1:
            raise ValueError(f"bands: end at {expected - 1}, must end at {MAX_TOTAL}")
        return self

    @model_validator(mode="after")
    def _routes_known(self) -> Self:
        if "csm" not in self.teams:
            raise ValueError("teams: 'csm' is missing")
        for issue_type, rule in self.issue_types.items():
            for band in Band:
                if band not in rule.routes:
                    raise ValueError(f"issue_types.{issue_type}.routes: no row for '{band}'")
                row, path = rule.routes[band], f"issue_types.{issue_type}.routes.{band}"
                for team in (row.owner, *row.together_with, *row.inform):
                    if team not in self.teams:
                        raise ValueError(f"{path}: team '{team}' is not under teams")
                if (row.owner == "csm") is band.escalates:
                    raise ValueError(f"{path}.owner: the CSM owns '{Band.HANDLE_YOURSELF}' and nothing else")
        return self

    @cached_property
    def _band_by_total(self) -> dict[int, Band]:
        return {total: band for band, rule in self.bands.items() for total in range(rule.from_, rule.to + 1)}

    def band(self, total: int) -> Band:
        """The band of a total from 4 to 20."""
        return self._band_by_total[total]

    @property
    def reference(self) -> str:
        """Name, version and digest, as provenance and recordings carry it."""
        return f"{self.name}@{self.version}#{self.digest[:12]}"

    def rubric(self) -> str:
        """What a model reads: dimensions, level definitions and issue types. Never bands, totals, points or routes."""
        lines: list[str] = []
        for dimension, rule in self.dimensions.items():
            lines += [f"### {rule.label} ({dimension})", rule.question]
            lines += [f"{level}: {definition}" for level, definition in rule.levels.items()]
            lines.append("")
        lines.append("### Issue types")
        lines += [f"{key}: {rule.label}. Condition: {rule.condition}." for key, rule in self.issue_types.items()]
        return "\n".join(lines)


def parse(text: str, *, origin: str) -> Policy:
    """Prove a policy's text. Raises PolicyError with the path of the fault; `origin` names the file in it."""
    try:
        document: Any = strict_yaml.load(text)
    except ConfigurationError as error:
        raise PolicyError(f"{origin}: {error}") from error
    if not isinstance(document, dict):
        raise PolicyError(f"{origin}: a policy is a mapping; start from `triage policy init FILE`")
    try:
        policy = Policy.model_validate(document)
    except ValidationError as error:
        fault = error.errors()[0]
        path = ".".join(str(part) for part in fault["loc"] if part != "[key]")
        what = fault["msg"].removeprefix("Value error, ")
        raise PolicyError(f"{origin}: {path + ': ' if path else ''}{what}") from error
    if text != default_text():
        _prove_words(policy, origin)
    return policy.model_copy(update={"digest": hashlib.sha256(text.encode()).hexdigest()})


def _prove_words(policy: Policy, origin: str) -> None:
    """A company rewords its warnings with the $words that the engine fills, which are those of the shipped policy."""
    shipped = load_default().warnings
    for code, rule in policy.warnings.items():
        known = shipped[code].words
        if not Template(rule.message).is_valid() or rule.words - known:
            names = ", ".join(f"${word}" for word in sorted(known)) or "none"
            raise PolicyError(f"{origin}: warnings.{code}.message: a $word that is not filled; it knows {names}")


def load(path: Path) -> Policy:
    """A company's own policy. Raises PolicyError if it cannot be read or does not prove itself."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: cannot be read ({error})") from error
    return parse(text, origin=str(path))


def default_text() -> str:
    """The text of the policy that ships, for `triage policy init`."""
    return resources.files("agent").joinpath("policy.yaml").read_text(encoding="utf-8")


def load_default() -> Policy:
    """The policy that ships."""
    return parse(default_text(), origin="agent/policy.yaml")
