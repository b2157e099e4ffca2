"""What changed since the triage that this one goes on from."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from agent.schema.decision import Band
from agent.schema.noun import Noun
from agent.schema.rubric import Dimension, Level


class FoundBy(StrEnum):
    """How the earlier triage was found, the surest first."""

    GIVEN = "given"
    ID = "id"
    BODY = "body"
    SUBJECT = "subject"


class Kept(StrEnum):
    """What became of a deadline, as far as the thread shows it."""

    MET = "met"
    LATE = "late"
    NOT_SEEN = "not_seen"
    NOT_KNOWN = "not_known"
    PENDING = "pending"


class Due(StrEnum):
    """The deadlines of a triage, in the order in which they usually come."""

    CUSTOMER_WORD = "customer_word"
    OWNER_ANSWER = "owner_answer"
    CUSTOMER_UPDATE = "customer_update"
    STANDING_RULE = "standing_rule"


class DeadlineKept(Noun):
    """One earlier deadline and what became of it."""

    due: Due
    by: datetime
    kept: Kept
    seen: datetime | None = Field(default=None, description="when our word was sent; None where none is in the thread")


class Moved(Noun):
    """A score that is no longer what it was, with the new reason and the words it stands on."""

    dimension: Dimension
    before: Level
    after: Level
    why: str
    quotes: tuple[str, ...] = ()


class FollowUp(Noun):
    """The thread gone on: what is new, what moved, and what was promised."""

    follows: str = Field(description="id of the earlier triage")
    found_by: FoundBy
    made_at: datetime = Field(description="when the earlier one was made")
    new_messages: tuple[str, ...] = Field(
        default=(), description="a line each, the newest first; messages not seen then"
    )
    moved: tuple[Moved, ...] = ()
    total_before: int
    total_after: int
    band_before: Band
    band_after: Band
    decided_by_manager: bool = Field(default=False, description="true where the earlier figures are a verdict's")
    deadlines: tuple[DeadlineKept, ...] = ()
    promised: datetime | None = Field(
        default=None, description="by when the earlier draft told the customer they would hear; None without a draft"
    )
    rule_broken: date | None = Field(
        default=None, description="the standing rule's day, passed with the issue still open: escalate"
    )
