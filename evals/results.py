"""What a run leaves behind: one result per case and repeat, and the metrics that suites make of them."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from agent.schema import Assessment, CallRecord, Noun

REPORT_VERSION: Literal["1"] = "1"
SIGNIFICANT = 0.05


class Outcome(StrEnum):
    """How a case ended. Only `done` can be right or wrong; everything else is a failure of its own kind."""

    DONE = "done"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    INVALID = "invalid"
    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"
    REJECTED = "rejected"
    ABSTAINED = "abstained"


class ModelClass(StrEnum):
    """What answered: thresholds differ by it, and no figure of one is ever shown as another's.

    `authored` answers are recordings that a person wrote: they prove the pipeline and no model.
    """

    NONE = "none"
    HOSTED = "hosted"
    EMBEDDED = "embedded"
    REPLAY = "replay"
    AUTHORED = "authored"
    BASELINE = "baseline"


class CaseResult(Noun):
    """One case, once. `variant` is 'clean' or the id of an attack."""

    case_id: str
    variant: str = "clean"
    repeat: int = 1
    outcome: Outcome
    error: str | None = None
    assessment: Assessment | None = None
    failed_call: CallRecord | None = Field(default=None, description="what the call took that ended the case")
    seconds: float = 0.0


class Run(Noun):
    """All results of one contestant, and what produced them."""

    contestant: str = Field(description="the model's reference, or the baseline's name")
    model_class: ModelClass
    prompts: tuple[str, ...] = ()
    policy: str
    dataset: str = Field(description="sha256 of the cases, their labels included")
    split: str
    made_at: datetime
    stale_answers: int = 0
    authored_answers: int = 0
    results: tuple[CaseResult, ...]


class Metric(Noun):
    """One figure with its interval; `value` is None where there is no data, which fails a gate."""

    name: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    higher_is_better: bool = True


class CaseVerdict(Noun):
    """How one case fared in one suite, ready to be a test case in JUnit."""

    case_id: str
    variant: str = "clean"
    repeat: int = 1
    outcome: Outcome
    passed: bool
    expected: str
    actual: str
    findings: tuple[str, ...] = Field(default=(), description="what went wrong, each with the words at fault")


class SuiteReport(Noun):
    """What one suite says about one contestant."""

    suite: str
    metrics: tuple[Metric, ...]
    outcomes: dict[Outcome, int]
    verdicts: tuple[CaseVerdict, ...]
    tables: dict[str, tuple[tuple[str, ...], ...]] = Field(
        default={}, description="named tables, first row the heading, such as the confusion matrix"
    )


class Contestant(Noun):
    """One run with its suites."""

    run: Run
    suites: tuple[SuiteReport, ...]


class Contrast(Noun):
    """One question asked of the same cases in two runs: its figure before and after, and what chance explains."""

    name: str
    n: int
    before: float
    after: float
    p: float | None = Field(default=None, description="exact McNemar, where each case is right or not")
    low: float | None = Field(default=None, description="interval of the change, by a paired bootstrap over the cases")
    high: float | None = None
    higher_is_better: bool = True
    lost: tuple[str, ...] = Field(default=(), description="ids of the cases that got worse")
    gained: tuple[str, ...] = ()

    @property
    def shown(self) -> bool:
        """True where chance alone would rarely make such a difference."""
        if self.p is not None:
            return self.p < SIGNIFICANT
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    @property
    def verdict(self) -> Literal["better", "worse", "no difference shown"]:
        if not self.shown or self.after == self.before:
            return "no difference shown"
        return "better" if (self.after > self.before) == self.higher_is_better else "worse"


class Comparison(Noun):
    """Two runs on the same cases, question by question."""

    before: str
    after: str
    contrasts: tuple[Contrast, ...]


class Report(Noun):
    """Everything `python -m evals` found; contestants after the first are baselines in the same run."""

    version: Literal["1"] = REPORT_VERSION
    contestants: tuple[Contestant, ...]
    comparisons: tuple[Comparison, ...] = Field(default=(), description="the model after each baseline of the run")
