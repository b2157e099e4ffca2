"""The whole assessment, as it is printed, kept and compared. Its JSON schema ships and is versioned."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from agent.schema.call import AnswerSource, CallRecord
from agent.schema.decision import Band, Deadlines, Question, Robustness, Route, TriageWarning
from agent.schema.drafts import CustomerMessage, DraftSource, Finding
from agent.schema.extraction import FactReading, IssueType, Scores, SurpriseTest
from agent.schema.noun import Noun
from agent.schema.situation import LeftOut

SCHEMA_VERSION: Literal["1"] = "1"


class Escalation(Noun):
    """Where it escalates: the ask, the time by which it is answered, and what the customer hears."""

    ask: str | None
    by_when: datetime
    customer_message: CustomerMessage | None


class NextStep(Noun):
    """Where the CSM handles it: the next step and a short reply."""

    action: str | None
    customer_message: CustomerMessage | None


class HandOver(Noun):
    """What the escalation brief writer needs, and what is still missing for a good brief."""

    timeline: tuple[str, ...] = ()
    open_now: tuple[str, ...] = ()
    already_resolved: tuple[str, ...] = ()
    customer_request: str | None = None
    customer_deadline: str | None = Field(default=None, description="verbatim")
    attempts: tuple[str, ...] = ()
    commercial_context: tuple[str, ...] = ()
    told_so_far: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Tokens(Noun):
    """Tokens over all calls; None where no provider counted."""

    input: int | None = None
    cached: int | None = None
    output: int | None = None


class Provenance(Noun):
    """What made this assessment: enough to make it again."""

    made_at: datetime
    model: str | None = Field(description="None where no model was used")
    embedded: bool = Field(
        default=False, description="the small built-in model answered: read everything as low confidence"
    )
    prompts: tuple[str, ...] = ()
    policy: str
    input_digest: str = Field(description="sha256 of the input as read")
    source: AnswerSource | None = None
    attempts: int = 0
    tokens: Tokens = Tokens()
    cost: float | None = Field(default=None, description="USD over all calls; None where no price is known")
    seconds: float = 0.0
    calls: tuple[CallRecord, ...] = ()
    left_the_machine: bool = Field(default=False, description="true if the text was sent to another machine")


class Assessment(Noun):
    """One assessment. `escalation` stands where the band escalates, `next_step` where the CSM handles it."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    account: str | None
    situation: str
    scores: Scores
    issue_type: IssueType
    issue_type_runner_up: IssueType | None
    issue_type_reason: str
    total: int = Field(ge=4, le=20)
    band: Band
    decision: str
    arr_eur: int | None
    route: Route
    deadlines: Deadlines
    escalation: Escalation | None
    next_step: NextStep | None
    draft_source: DraftSource | None = None
    draft_findings: tuple[Finding, ...] = ()
    draft_note: str | None = None
    hand_over: HandOver | None
    robustness: Robustness
    warnings: tuple[TriageWarning, ...]
    questions: tuple[Question, ...]
    surprise_test: SurpriseTest
    facts: tuple[FactReading, ...] = ()
    not_found: tuple[str, ...] = Field(default=(), description="words claimed from the text that do not stand in it")
    left_out: LeftOut | None = None
    intake_notes: tuple[str, ...] = ()
    provenance: Provenance

    @property
    def human_must_look(self) -> bool:
        """What `--strict` exits on."""
        return any(w.human_must_look for w in self.warnings)
