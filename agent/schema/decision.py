"""What the engine decides: total, band, route, deadlines, how robust it is, and what to be warned of."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from agent.schema.extraction import Answer
from agent.schema.noun import Noun
from agent.schema.probabilities import Probability
from agent.schema.rubric import Dimension, IssueType, Level


class Band(StrEnum):
    """The four bands, mildest first. Order of definition is order of severity."""

    HANDLE_YOURSELF = "handle_yourself"
    ESCALATE_FOR_SUPPORT = "escalate_for_support"
    ESCALATE_WITH_URGENCY = "escalate_with_urgency"
    ESCALATE_IMMEDIATELY = "escalate_immediately"

    @property
    def severity(self) -> int:
        """0 for the mildest band, 3 for the most severe."""
        return list(Band).index(self)

    @property
    def escalates(self) -> bool:
        return self is not Band.HANDLE_YOURSELF


class WarningCode(StrEnum):
    """What a reader has to be warned of. Wording and reasons are in the policy; a warning never changes band or route."""

    TOO_LATE = "too_late"
    NOTHING_TRIED = "nothing_tried"
    CONTEXT_MISSING = "context_missing"
    TELL_THE_CUSTOMER = "tell_the_customer"
    SURPRISE_TEST = "surprise_test"
    IMPACT_HIDDEN = "impact_hidden"
    ROUTING_CONDITION = "routing_condition"
    SEVERAL_ISSUES = "several_issues"
    ARR_DISAGREES = "arr_disagrees"
    UNSTATED = "unstated"
    UNSUPPORTED = "unsupported"
    LOW_CONFIDENCE = "low_confidence"
    NEXT_BAND_NEAR = "next_band_near"
    DRAFT_REPLACED = "draft_replaced"
    HIDDEN_TEXT = "hidden_text"
    INSTRUCTIONS_TO_AI = "instructions_to_ai"
    LOOK_ALIKE_LETTERS = "look_alike_letters"
    PROTECTED_DATA = "protected_data"
    STANDING_RULE_BROKEN = "standing_rule_broken"
    SECOND_OPINION_DIFFERS = "second_opinion_differs"


class TriageWarning(Noun):
    """A warning as the reader sees it. `human_must_look` is what `--strict` exits on."""

    code: WarningCode
    message: str
    human_must_look: bool = False


class Route(Noun):
    """One owner and one ask. `together_with` acts beside the owner; `inform` hears later and is not asked for anything."""

    owner_team: str = Field(description="the policy's key of the owning team")
    owner: str
    channel: str | None = None
    together_with: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    condition: str = Field(description="when it is right to route there, from the framework's table")
    condition_met: Answer
    condition_reason: str = Field(default="", description="what in the text meets or fails the condition")


class Deadlines(Noun):
    """Time zone aware instants. Absent where the band asks for none."""

    owner_answer: datetime | None = Field(description="the owner's answer to the CSM; None when the CSM handles it")
    customer_word: datetime = Field(description="the first word to the customer")
    customer_update: datetime = Field(description="when the customer hears next; never before the owner's answer")
    escalate_if_unresolved: date | None = Field(
        description="the standing rule: escalate if not resolved by this day; None when escalated"
    )


class TippingPoint(Noun):
    """One dimension, moved by one step, that changes the decision."""

    dimension: Dimension
    score: Level
    band: Band


class Robustness(Noun):
    """How near the decision is to another one."""

    points_to_milder: int | None = Field(description="points down to the next milder band; None in the mildest")
    points_to_severer: int | None = Field(description="points up to the next more severe band; None in the most severe")
    tipping_points: tuple[TippingPoint, ...] = ()
    bands_over_unstated: tuple[Band, ...] = Field(
        description="every band that some value of the unstated dimensions gives, mildest first; only the decided one if all are stated"
    )


class Likelihood(Noun):
    """How likely each total and band is, the four dimensions taken as independent. It never moves the decision."""

    totals: tuple[Probability, ...] = Field(min_length=17, max_length=17, description="of total 4 first, of 20 last")
    bands: dict[Band, Probability] = Field(description="mildest band first")
    calibrated: bool = Field(description="false: model weights, not probabilities")
    second_opinion: bool = Field(
        default=False, description="true where the scorer gave none and these are the second opinion's"
    )
    cheapest_band: Band = Field(description="the band with the least expected cost of deciding too mild or too severe")
    doubt: dict[Dimension, float] = Field(
        description="bits by which knowing one dimension's level would lessen the doubt about the band, on average"
    )

    @property
    def most_doubt(self) -> Dimension | None:
        """The single dimension that carries most of the doubt; None where the band is certain."""
        return max(self.doubt, key=lambda dimension: self.doubt[dimension], default=None)


class Comparison(Noun):
    """The second opinion beside the scores of record. Where it is silent, or the CSM has spoken, those stand."""

    levels: dict[Dimension, Level] = Field(description="its likeliest level of each dimension that it answered")
    total: int = Field(ge=4, le=20)
    band: Band
    apart: tuple[Dimension, ...] = Field(default=(), description="dimensions on which it is two levels off or more")


class Question(Noun):
    """A plain question to the CSM whose answer could change the decision."""

    dimension: Dimension
    question: str
    why: str = Field(description="'unstated', 'low confidence' or the levels in doubt, in words for the reader")


class Decision(Noun):
    """What the deterministic engine decided. No model had a part in it."""

    total: int = Field(ge=4, le=20)
    band: Band
    label: str = Field(description="the framework's word for the band")
    issue_type: IssueType
    route: Route
    deadlines: Deadlines
    robustness: Robustness
    likelihood: Likelihood | None = Field(default=None, description="None where no level probabilities are known")
    comparison: Comparison | None = Field(default=None, description="None where no second opinion was given")
    warnings: tuple[TriageWarning, ...] = ()
    questions: tuple[Question, ...] = Field(default=(), max_length=3)
    arr_eur: int | None = Field(
        default=None, ge=0, description="stated ARR in whole EUR per year at the policy's rates; None where unstated"
    )
