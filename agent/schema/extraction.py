"""What was read out of a situation.

`Extraction` is what a scorer answers. Its field order is the order in which a model has to think (facts, then quotes,
then the reason, then the number) and its descriptions are prompt text: a change here is a change of the prompt.
`Grounded` is the same reading after every quote has been looked up and the CSM has been heard.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from agent.schema.call import CallRecord
from agent.schema.noun import Noun
from agent.schema.probabilities import IssueTypeProbabilities, LevelProbabilities, Probabilities
from agent.schema.rubric import Dimension, IssueType, Level
from agent.schema.second_opinion import SecondOpinion


class Basis(StrEnum):
    """Where a score comes from: the text says it, the text implies it, or the text is silent."""

    STATED = "stated"
    INFERRED = "inferred"
    UNSTATED = "unstated"


class Answer(StrEnum):
    """A yes-or-no question may stay open."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class Period(StrEnum):
    """What one stated amount pays for."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    UNKNOWN = "unknown"


class StatedArr(Noun):
    """The recurring revenue exactly as the text states it; nothing is converted or multiplied here."""

    words: str = Field(max_length=120, description="the amount copied character for character from the text")
    amount: Decimal = Field(ge=0, description="the number those words say, thousands written out: '48k' is 48000")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code, such as EUR, USD, GBP, CHF")
    period: Period = Field(description="what the amount pays for; unknown if the text does not say")


class DimensionReading(Noun):
    """One dimension: quotes first, then where the score comes from, why, and last the score."""

    quotes: tuple[Annotated[str, Field(max_length=240)], ...] = Field(
        max_length=3, description="0 to 3 passages copied character for character from the text, the most telling first"
    )
    basis: Basis = Field(
        description="stated: the text says it. inferred: the text implies it. unstated: the text is silent on it"
    )
    rationale: str = Field(max_length=400, description="one or two sentences in the rubric's terms: why this level")
    score: Level = Field(description="1 to 5 by the rubric; if unstated, the most likely level")
    question: str | None = Field(
        max_length=160,
        description="if unstated: the one question to the account manager that would settle it; else null",
    )


class RoutingCondition(Noun):
    """Whether it is right to route to the issue type's team already."""

    reason: str = Field(max_length=240, description="one sentence: what in the text meets or fails the condition")
    met: Answer = Field(description="is the issue type's condition met")


class SurpriseTest(Noun):
    """Whether the CSM's manager would be surprised to hear this from the customer first."""

    reason: str = Field(max_length=240, description="one sentence")
    surprised: bool = Field(
        description="true if the account manager's boss would be surprised to hear it from the customer first"
    )


class Extraction(Noun):
    """The reading of one customer situation for an account manager."""

    account: str | None = Field(
        max_length=120, description="the customer company's name as the text writes it; null if absent"
    )
    situation: str = Field(
        max_length=500, description="two or three sentences: what is happening now, in neutral words"
    )
    open_now: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        max_length=4, description="what is still unresolved in the newest state"
    )
    already_resolved: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        max_length=4, description="what was a problem earlier in the thread and is solved now"
    )
    attempts: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        max_length=5, description="what has been tried so far, oldest first; empty if nothing was"
    )
    told_so_far: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        max_length=4, description="who was told what so far, inside or outside"
    )
    customer_request: str | None = Field(max_length=240, description="what the customer asked for; null if nothing")
    customer_deadline: str | None = Field(
        max_length=120,
        description="by when the customer needs it, copied character for character from the text; null if not said",
    )
    arr: StatedArr | None = Field(
        description="the account's recurring revenue if the text states it; never a penalty, credit or one-off invoice"
    )
    renewal: str | None = Field(
        max_length=120, description="when the contract renews or ends, copied from the text; null if not said"
    )
    customer_impact: DimensionReading
    account_value: DimensionReading
    time_sensitivity: DimensionReading
    csm_capability: DimensionReading
    issue_type_reason: str = Field(
        max_length=240, description="one sentence: why this type and not its nearest neighbour"
    )
    issue_type: IssueType
    issue_type_runner_up: IssueType | None = Field(description="a second type that fits nearly as well; null if none")
    routing_condition: RoutingCondition
    surprise_test: SurpriseTest
    other_issues: tuple[Annotated[str, Field(max_length=160)], ...] = Field(
        max_length=4, description="separate unresolved issues in the same text, apart from the main one; empty if none"
    )

    def reading(self, dimension: Dimension) -> DimensionReading:
        reading: DimensionReading = getattr(self, dimension.value)
        return reading


class Reading(Noun):
    """What a scorer hands on: the extraction, and how far it may be trusted."""

    extraction: Extraction
    low_confidence: tuple[Dimension, ...] = Field(default=(), description="dimensions the CSM should confirm")
    probabilities: Probabilities = Probabilities()
    calls: tuple[CallRecord, ...] = ()


class Evidence(Noun):
    """A quote, and the message in which it stands; `message` is None where it stands nowhere or in the CSM's flags."""

    quote: str
    found: bool
    message: int | None = None
    author: str | None = Field(default=None, description="who wrote that message, as far as it is told")


class ScoredBy(StrEnum):
    """Who set the score of record."""

    MODEL = "model"
    CSM = "csm"


class DimensionScore(Noun):
    """The score of record of one dimension, with its evidence."""

    score: Level
    rationale: str
    evidence: tuple[Evidence, ...] = ()
    basis: Basis
    question: str | None = None
    low_confidence: bool = False
    scored_by: ScoredBy = ScoredBy.MODEL
    overruled_from: Level | None = None
    probabilities: LevelProbabilities | None = Field(
        default=None, description="None where unknown, and where the CSM set the score: then it is certain"
    )

    @property
    def unstated(self) -> bool:
        """True where the text is silent."""
        return self.basis is Basis.UNSTATED

    @property
    def supported(self) -> bool:
        """A score needs a quote that stands in the text, unless a person gave it or it says that the text is silent."""
        return self.unstated or self.scored_by is ScoredBy.CSM or any(e.found for e in self.evidence)


_DIMENSIONS = tuple(Dimension)  # walking an enum itself takes a microsecond of the engine's fifty


class Scores(Noun):
    """The four scores of record, in the framework's order."""

    customer_impact: DimensionScore
    account_value: DimensionScore
    time_sensitivity: DimensionScore
    csm_capability: DimensionScore

    def of(self, dimension: Dimension) -> DimensionScore:
        score: DimensionScore = getattr(self, dimension.value)
        return score

    def items(self) -> Iterator[tuple[Dimension, DimensionScore]]:
        levels = (self.customer_impact, self.account_value, self.time_sensitivity, self.csm_capability)
        return zip(_DIMENSIONS, levels, strict=True)


class Grounded(Noun):
    """An extraction whose quotes were looked up, with the scores of record."""

    extraction: Extraction
    scores: Scores
    issue_type_probabilities: IssueTypeProbabilities | None = None
    second_opinion: SecondOpinion | None = Field(default=None, description="None where none was asked for")
    not_found: tuple[str, ...] = Field(
        default=(), description="words given as deadline, ARR or renewal that stand nowhere in the text, so not used"
    )
