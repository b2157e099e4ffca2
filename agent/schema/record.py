"""What is kept of a triage, and what people say about it later. Nothing here changes: a correction is a new entry."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from agent.schema.assessment import Assessment
from agent.schema.decision import Band
from agent.schema.extraction import Grounded
from agent.schema.follow_up import Due
from agent.schema.noun import Noun
from agent.schema.rubric import Dimension, IssueType, Level
from agent.schema.situation import Situation

FORGOTTEN = "[forgotten]"
NOT_KEPT = "[not kept]"

Reason = Annotated[str, Field(max_length=1000)]


class KeepText(StrEnum):
    """How much of the customer's text the record keeps."""

    FULL = "full"
    REDACTED = "redacted"
    NONE = "none"


class EntryKind(StrEnum):
    """What an entry of the record says."""

    RUN = "run"
    VERDICT = "verdict"
    OUTCOME = "outcome"
    UNDO = "undo"
    ACCESS = "access"
    FORGET = "forget"


class Verdict(Noun):
    """What a person makes of a triage: agreement, other scores, or another decision. A change needs a reason."""

    scores: dict[Dimension, Level] = Field(default_factory=dict, description="only what was moved; empty is agreement")
    decision: Band | None = Field(default=None, description="a band set by hand, whatever the scores add up to")
    reason: Reason | None = None

    @property
    def agrees(self) -> bool:
        return not self.scores and self.decision is None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if not self.agrees and not (self.reason or "").strip():
            raise ValueError("a verdict that changes something needs a reason")
        return self


class Rescored(Noun):
    """What the engine makes of a verdict's scores under the policy of record."""

    scores: dict[Dimension, Level]
    total: int = Field(ge=4, le=20)
    band: Band
    decision: str
    owner: str
    owner_answer: datetime | None
    customer_word: datetime
    customer_update: datetime
    escalate_if_unresolved: date | None


class OutcomeKind(StrEnum):
    """How a case ended, as seen afterwards. Any of them closes the case."""

    RESOLVED = "resolved"
    WAS_TOO_LATE = "was_too_late"
    WAS_NOT_NEEDED = "was_not_needed"


class Outcome(Noun):
    """How the case ended."""

    outcome: OutcomeKind
    note: Reason | None = None


class Forgetting(Noun):
    """What a forgetting removed, in counts."""

    texts: int = 0
    reasons: int = 0


class Entry(Noun):
    """One row of the record. `verdict` and the like are present by `kind`; their words are absent once forgotten."""

    sequence: int
    id: str
    kind: EntryKind
    run_id: str
    at: datetime
    by: str
    of_id: str | None = Field(default=None, description="the entry that an undo takes back")
    verdict: Verdict | None = None
    rescored: Rescored | None = None
    outcome: Outcome | None = None
    how: str | None = Field(default=None, description="by which door a text was read, such as 'show' or 'web'")
    undone: bool = False


class Look(StrEnum):
    """Why a person should look at a triage, the most pressing first."""

    HUMAN_MUST_LOOK = "human_must_look"
    SECOND_OPINION = "second_opinion"
    BAND_UNCERTAIN = "band_uncertain"
    IMPACT_HIDDEN = "impact_hidden"
    INJECTION = "injection"
    UNSUPPORTED = "unsupported"
    UNSTATED = "unstated"
    NEAR_BORDER = "near_border"
    OVERRULED = "overruled"
    LOW_CONFIDENCE = "low_confidence"


class DueBy(NamedTuple):
    """A deadline of an open case that is today's, or has passed."""

    due: Due
    by: datetime
    late: bool


class Summary(Noun):
    """One kept triage as a list shows it, with its standing verdict and outcome."""

    id: str
    made_at: datetime
    saved_at: datetime
    by: str
    account: str | None
    model: str | None
    embedded: bool
    prompts: tuple[str, ...]
    issue_type: IssueType
    scores: dict[Dimension, Level]
    total: int
    band: Band
    model_scores: dict[Dimension, Level] = Field(description="the model's own, before the CSM overruled any")
    model_band: Band = Field(description="the band of the model's own scores")
    decision: str
    owner: str
    owner_answer: datetime | None
    customer_word: datetime
    customer_update: datetime
    escalate_if_unresolved: date | None
    looks: tuple[Look, ...] = ()
    follows: str | None = None
    followed_by: str | None = None
    forgotten: bool = False
    verdict: Verdict | None = Field(default=None, description="the newest that was not taken back")
    verdict_id: str | None = None
    verdict_by: str | None = None
    verdict_at: datetime | None = None
    rescored: Rescored | None = None
    outcome: OutcomeKind | None = None

    def due(self, now: datetime) -> Iterator[DueBy]:
        """Its deadlines up to the end of this day in `now`'s zone, a verdict's where one stands; none once closed."""
        if self.outcome or self.followed_by:
            return
        stands = self.rescored or self
        # Where the CSM handles it, the customer's update ends the standing rule's day.
        update = Due.STANDING_RULE if stands.escalate_if_unresolved else Due.CUSTOMER_UPDATE
        deadlines = (
            (Due.CUSTOMER_WORD, stands.customer_word),
            (Due.OWNER_ANSWER, stands.owner_answer),
            (update, stands.customer_update),
        )
        for due, by in deadlines:
            if by is not None and (local := by.astimezone(now.tzinfo)).date() <= now.date():
                yield DueBy(due, local, late=local <= now)


class Run(Noun):
    """One kept triage with everything that is still kept of it."""

    summary: Summary
    assessment: Assessment = Field(description="as printed; without words and names once forgotten")
    situation: Situation | None = Field(description="the thread; None where it was not kept, or forgotten")
    grounded: Grounded | None = Field(description="what the engine decided on; None once forgotten")
    policy_digest: str
    keep_text: KeepText
    time_zone: str | None = Field(description="IANA name of the zone in which its deadlines were counted, where known")


class Filters(Noun):
    """Which kept triages a list shows; all given ones must hold."""

    since: datetime | None = None
    until: datetime | None = None
    account: str | None = Field(default=None, description="a part of the name, in any case")
    band: Band | None = None
    issue_type: IssueType | None = None
    model: str | None = None
    unverified: bool = False
    verified: bool = False
    open_only: bool = Field(default=False, description="without outcome and not followed by a newer triage")
    due_by: datetime | None = Field(default=None, description="some deadline of the standing decision by then")
    look: Look | None = None
    text: str | None = Field(default=None, description="words, each in the account's name or in the kept thread")


class Precedent(Noun):
    """What a manager corrected in an earlier case: the scores and the reason, and no word of that case's text."""

    verdict_id: str
    issue_type: IssueType
    moved: dict[Dimension, tuple[Level, Level]] = Field(description="from and to")
    reason: str
