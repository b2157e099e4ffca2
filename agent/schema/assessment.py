"""The whole assessment, as it is printed, kept and compared. Its JSON schema ships and is versioned."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from agent.schema.call import AnswerSource, CallRecord
from agent.schema.decision import Band, Comparison, Deadlines, Likelihood, Question, Robustness, Route, TriageWarning
from agent.schema.drafts import CustomerMessage, DraftSource, Finding
from agent.schema.extraction import Scores, SurpriseTest
from agent.schema.follow_up import FollowUp
from agent.schema.noun import Noun
from agent.schema.probabilities import IssueTypeProbabilities
from agent.schema.rubric import IssueType
from agent.schema.screening import Mark, Removed, Replaced
from agent.schema.second_opinion import SecondOpinion
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
    calibrations: tuple[str, ...] = Field(default=(), description="name@version of every calibration in use")
    policy: str
    input_digest: str = Field(description="sha256 of the input as read")
    source: AnswerSource | None = None
    attempts: int = 0
    tokens: Tokens = Tokens()
    cost: float | None = Field(default=None, description="USD over all calls; None where no price is known")
    seconds: float = 0.0
    calls: tuple[CallRecord, ...] = ()
    precedents: tuple[str, ...] = Field(
        default=(), description="ids of the managers' verdicts that the model was shown; the engine never sees them"
    )
    left_the_machine: bool = Field(default=False, description="true if the text was sent to another machine")
    redacted: tuple[Replaced, ...] | None = Field(
        default=None, description="what was replaced by placeholders in everything sent; None where that was off"
    )


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
    likelihood: Likelihood | None = None
    issue_type_probabilities: IssueTypeProbabilities | None = None
    second_opinion: SecondOpinion | None = None
    comparison: Comparison | None = Field(default=None, description="the second opinion beside the scores of record")
    follow_up: FollowUp | None = Field(default=None, description="what changed since the triage this one goes on from")
    warnings: tuple[TriageWarning, ...]
    questions: tuple[Question, ...]
    surprise_test: SurpriseTest
    not_found: tuple[str, ...] = Field(default=(), description="words claimed from the text that do not stand in it")
    left_out: LeftOut | None = None
    intake_notes: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = Field(default=(), description="what no reader saw, taken out before it was read")
    marks: tuple[Mark, ...] = Field(
        default=(), description="passages that speak to a machine, or mix alphabets; ignored"
    )
    provenance: Provenance

    @property
    def human_must_look(self) -> bool:
        """What `--strict` exits on."""
        return any(w.human_must_look for w in self.warnings)
