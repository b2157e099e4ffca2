"""Reports for tests of what shows and gates them: small, hand-built, and hostile where a test asks for it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.policy import Policy
from agent.schema import Assessment, Dimension, Evidence, IssueType
from evals.cases import Case, Labels, Split
from evals.results import (
    CaseResult,
    CaseVerdict,
    Contestant,
    Metric,
    ModelClass,
    Outcome,
    Report,
    Run,
    SuiteReport,
)
from tests.builders import grounded
from tests.decisions import assessment

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
TEXT = "Hello Ada,\n\nthe export fails every morning and our drivers wait at the gate.\n\nBest, Tom"
QUOTE = "the export fails every morning"
HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> ]]> | a | b | "
    "\x1b[31mred\x1b[0m \u202egnp\u202c `tick` [link](javascript:alert) \x00\ufffe\n# heading\n</textarea></style>"
)


def case(case_id: str = "case-1", text: str = TEXT, **fields: Any) -> Case:
    given: dict[str, Any] = {
        "id": case_id,
        "split": Split.TEST,
        "title": "Export fails",
        "tags": ("export",),
        "account": None,
        "now": NOW,
        "text": text,
        "expected": Labels(
            customer_impact=3,
            account_value=3,
            time_sensitivity=3,
            csm_capability=3,
            issue_type=IssueType.PRODUCT_DEFECT,
        ),
        "rated_range": dict.fromkeys(Dimension, (2, 4)),
        "customer_language": "en",
        "why": "Drivers wait, but only in the morning.",
    }
    return Case(**given | fields)


def cases(*made: Case) -> dict[str, Case]:
    return {one.id: one for one in made}


def answer(policy: Policy, scores: Iterable[int] = (3, 3, 3, 3), quote: str = QUOTE, **fields: Any) -> Assessment:
    quoted = {
        Dimension.CUSTOMER_IMPACT: {
            "evidence": (
                Evidence(quote=quote, found=True, message=1),
                Evidence(quote="nobody wrote this", found=False),
            )
        }
    }
    return assessment(grounded(scores, score_fields=quoted, evidence=()), policy, **fields)


def verdict(case_id: str = "case-1", *, passed: bool = True, **fields: Any) -> CaseVerdict:
    given: dict[str, Any] = {
        "case_id": case_id,
        "outcome": Outcome.DONE,
        "passed": passed,
        "expected": "escalate_for_support",
        "actual": "escalate_for_support" if passed else "handle_yourself",
    }
    return CaseVerdict(**given | fields)


def metric(name: str = "band_exact", value: float | None = 0.75, n: int = 36, **fields: Any) -> Metric:
    return Metric(name=name, value=value, n=n, **fields)


def suite(
    verdicts: Iterable[CaseVerdict] = (),
    metrics: Iterable[Metric] = (),
    name: str = "end_to_end",
    tables: Mapping[str, tuple[tuple[str, ...], ...]] | None = None,
) -> SuiteReport:
    kept = tuple(verdicts)
    outcomes = {outcome: sum(v.outcome is outcome for v in kept) for outcome in Outcome}
    return SuiteReport(
        suite=name,
        metrics=tuple(metrics),
        outcomes={outcome: count for outcome, count in outcomes.items() if count},
        verdicts=kept,
        tables=dict(tables or {}),
    )


def contestant(
    *suites: SuiteReport,
    results: Iterable[CaseResult] = (),
    name: str = "openai/some-model",
    model_class: ModelClass = ModelClass.HOSTED,
    **fields: Any,
) -> Contestant:
    run = Run(
        **{
            "contestant": name,
            "model_class": model_class,
            "prompts": ("extract@1#abc",),
            "policy": "framework@1#def",
            "dataset": "0" * 64,
            "split": "test",
            "made_at": NOW,
            "results": tuple(results),
        }
        | fields
    )
    return Contestant(run=run, suites=suites)


def report(*contestants: Contestant) -> Report:
    return Report(contestants=contestants)


def done(made: Assessment, case_id: str = "case-1", **fields: Any) -> CaseResult:
    return CaseResult(case_id=case_id, outcome=Outcome.DONE, assessment=made, seconds=1.5, **fields)


def failure(
    outcome: Outcome = Outcome.TIMED_OUT, case_id: str = "case-1", error: str = "no answer in 60 s"
) -> CaseResult:
    return CaseResult(case_id=case_id, outcome=outcome, error=error)
