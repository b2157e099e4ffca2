"""The records of a policy, each of which proves what it can prove of itself."""

import re
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from string import Template
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from agent.schema import Band, Level, Noun

LEVELS: tuple[Level, ...] = (1, 2, 3, 4, 5)
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


class Costs(Noun):
    """What a wrong band costs for each step it is off, in any one unit: too mild, and too severe."""

    why: Words
    under_per_band: float = Field(gt=0)
    over_per_band: float = Field(gt=0)

    @model_validator(mode="after")
    def _under_is_worse(self) -> Self:
        if self.under_per_band < self.over_per_band:
            raise ValueError("under_per_band must be at least over_per_band: too late is the worse mistake")
        return self


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
    def _format(self) -> str:
        """The message with %(words)s, which fills in quickest: a decision says a dozen warnings in microseconds."""
        return re.sub(r"\$\{?(\w+)\}?", r"%(\1)s", self.message.replace("%", "%%"))

    def say(self, **values: object) -> str:
        return self._format % values

    @property
    def words(self) -> frozenset[str]:
        """The $words of the message."""
        return frozenset(Template(self.message).get_identifiers())
