"""The rubric as a proven value: dimensions, bands, routes, teams, deadlines, rates and warnings.

Everything is read from one YAML file (`agent/policy.yaml`, or a company's own copy). What loads has been proven: every
level of every dimension is defined, the bands cover 4 to 20 without gap or overlap, every (issue type, band) has a
route to known teams, and no row gives more time to a worse case.
"""

import hashlib
import re
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from importlib import resources
from itertools import cycle
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from agent import strict_yaml
from agent.errors import ConfigurationError, PolicyError
from agent.schema import Band, Dimension, IssueType, Level, Noun, WarningCode

LEVELS: tuple[Level, ...] = (1, 2, 3, 4, 5)
MIN_TOTAL, MAX_TOTAL = len(Dimension) * min(LEVELS), len(Dimension) * max(LEVELS)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Words = Annotated[str, Field(min_length=1)]


class DimensionRule(Noun):
    """One dimension: its label, the question a CSM is asked, and what each level means."""

    label: Words
    question: Words
    why: Words
    levels: dict[Level, Words]

    @field_validator("levels")
    @classmethod
    def _every_level(cls, levels: dict[Level, str]) -> dict[Level, str]:
        if missing := sorted(set(LEVELS) - set(levels)):
            raise ValueError(f"no definition for level {missing[0]}")
        return dict(sorted(levels.items()))


class BandRule(Noun):
    """One band of totals, both ends included."""

    label: Words
    from_: int = Field(alias="from")
    to: int
    meaning: Words
    why: Words


class Team(Noun):
    """A team: its name for colleagues, where it is reached, and its name in a customer's language (ISO 639-1)."""

    name: Words
    channel: str | None = None
    customer_name: dict[str, Words]

    @field_validator("customer_name")
    @classmethod
    def _at_least_english(cls, names: dict[str, str]) -> dict[str, str]:
        if "en" not in names:
            raise ValueError("needs at least 'en'")
        return names

    def for_customer(self, language: str) -> str:
        """The customer-facing name; English where the language has none."""
        return self.customer_name.get(language, self.customer_name["en"])


class RouteRule(Noun):
    """Team keys: who owns it, who acts beside the owner, who is informed later."""

    owner: str
    together_with: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()


class IssueTypeRule(Noun):
    """One issue type: its framework words, what to do while its condition is not met, and a route for every band."""

    label: Words
    route: Words
    condition: Words
    first_step: Words
    why: Words
    routes: dict[Band, RouteRule]


class TimeAllowed(Noun):
    """Exactly one of three ways to allow time; see the comments in policy.yaml."""

    business_days: int | None = Field(default=None, ge=1, le=30)
    business_hours: int | None = Field(default=None, ge=1, le=40)
    same_day_hours: int | None = Field(default=None, ge=1, le=12)

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if sum(v is not None for v in (self.business_days, self.business_hours, self.same_day_hours)) != 1:
            raise ValueError("give exactly one of business_days, business_hours, same_day_hours")
        return self

    def never_longer_than(self, other: Self, office_hours: int) -> bool:
        """True if this ends no later than `other` from whatever moment both are counted.

        A business day ends at closing time at least `office_hours` office hours from now; an office hour is never
        shorter than an hour by the clock; nothing else can be compared for every moment.
        """
        if self.business_days is not None:
            return other.business_days is not None and self.business_days <= other.business_days
        hours = self.business_hours or self.same_day_hours or 0
        if other.business_days is not None:
            return hours <= office_hours * other.business_days
        if self.business_hours is not None and other.business_hours is None:
            return False
        return hours <= (other.business_hours or other.same_day_hours or 0)


class DeadlineTable(Noun):
    """Time allowed by band, then by time sensitivity 1 to 5."""

    why: Words
    rows: dict[Band, tuple[TimeAllowed, TimeAllowed, TimeAllowed, TimeAllowed, TimeAllowed]]

    def allowed(self, band: Band, time_sensitivity: Level) -> TimeAllowed:
        return self.rows[band][time_sensitivity - 1]

    def slower_when_worse(self, office_hours: int) -> str | None:
        """The first place, in words, where a worse case is given more time; None if there is none."""
        previous: tuple[TimeAllowed, ...] | None = None
        for band in sorted(self.rows, key=lambda b: b.severity):
            row = self.rows[band]
            for level in LEVELS:
                if level > 1 and not row[level - 1].never_longer_than(row[level - 2], office_hours):
                    return f"rows.{band}: time sensitivity {level} is given more time than {level - 1}"
                if previous and not row[level - 1].never_longer_than(previous[level - 1], office_hours):
                    return f"rows.{band}: time sensitivity {level} is given more time than in a milder band"
            previous = row
        return None


class Deadlines(Noun):
    """The two tables of deadlines."""

    owner_answer: DeadlineTable
    customer_word: DeadlineTable

    @model_validator(mode="after")
    def _rows_complete(self) -> Self:
        for name, table, bands in (
            ("owner_answer", self.owner_answer, [b for b in Band if b.escalates]),
            ("customer_word", self.customer_word, list(Band)),
        ):
            if missing := [b for b in bands if b not in table.rows]:
                raise ValueError(f"{name}.rows: no row for '{missing[0]}'")
        return self


class StandingRule(Noun):
    """Business days until an unresolved issue is escalated, by severity 1 to 5; 0 is today."""

    why: Words
    business_days_by_severity: tuple[int, int, int, int, int]

    @field_validator("business_days_by_severity")
    @classmethod
    def _falls(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if list(days) != sorted(days, reverse=True) or min(days) < 0:
            raise ValueError("must fall, or stay, as severity rises, and never below 0")
        return days


class ArrStep(Noun):
    """An amount of EUR per year and the level it gives."""

    amount: int = Field(gt=0)
    level: Level


class AboveStep(Noun):
    """The level above the last amount."""

    level: Level


class ArrLevels(Noun):
    """The account value level that an ARR alone gives; both amounts themselves belong to the middle level."""

    why: Words
    below_eur: ArrStep
    up_to_eur: ArrStep
    above: AboveStep
    disagreement: Words

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.below_eur.amount >= self.up_to_eur.amount:
            raise ValueError("below_eur.amount must be smaller than up_to_eur.amount")
        if not self.below_eur.level < self.up_to_eur.level < self.above.level:
            raise ValueError("levels must rise with the amount")
        return self

    def level(self, arr_eur: Decimal) -> Level:
        if arr_eur < self.below_eur.amount:
            return self.below_eur.level
        return self.up_to_eur.level if arr_eur <= self.up_to_eur.amount else self.above.level


class Calendar(Noun):
    """Office hours in the user's own time zone, and the country whose public holidays count."""

    why: Words
    working_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = Field(min_length=1)
    opens: time
    closes: time
    country: str | None = Field(default=None, description="ISO 3166 code, optionally with a subdivision: DE or DE-BY")
    closed: frozenset[date] = Field(default=frozenset(), description="the company's own days off")

    @model_validator(mode="after")
    def _open_before_close(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self

    @property
    def office_hours(self) -> int:
        """Whole hours of one office day."""
        return self.closes.hour - self.opens.hour - (self.closes.minute < self.opens.minute)

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """Working days as Python's weekday numbers, Monday is 0."""
        return frozenset(WEEKDAYS.index(day) for day in self.working_days)


class Rates(Noun):
    """Units of a currency for one EUR, on one day."""

    why: Words
    as_of: date
    per_eur: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[Decimal, Field(gt=0)]]

    def to_eur(self, amount: Decimal, currency: str) -> Decimal | None:
        """The amount in EUR; None for a currency the table does not know."""
        rate = self.per_eur.get(currency)
        return amount / rate if rate else None


class WarningRule(Noun):
    """A warning's words, with $words for the engine's values, and whether it stops `--strict`."""

    message: Words
    human_must_look: bool
    why: Words

    @cached_property
    def _pieces(self) -> list[str]:
        """Literal text and names of $words in turn: a decision says up to a dozen warnings in microseconds."""
        return re.split(r"\$\{?(\w+)\}?", self.message)

    def say(self, **values: object) -> str:
        return "".join(
            str(values[piece]) if odd else piece for piece, odd in zip(self._pieces, cycle((False, True)), strict=False)
        )

    @property
    def words(self) -> frozenset[str]:
        """The $words of the message."""
        return frozenset(Template(self.message).get_identifiers())


class Policy(Noun):
    """A proven rubric. Make one with `load`, `load_default` or `parse`, never by hand."""

    schema_: Literal[1] = Field(alias="schema")
    name: Words
    version: Words
    source: Words
    dimensions: dict[Dimension, DimensionRule]
    bands: dict[Band, BandRule]
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
