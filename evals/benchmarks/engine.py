"""How long one decision takes, without holidays: `python -m evals.benchmarks.engine`.

Three cases: nothing to warn of, a usual case, and one that raises every warning an escalation can raise. Each figure is
the median over rounds; the ratio is that median to the 50 microseconds which are the engine's budget.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from statistics import median
from timeit import repeat
from zoneinfo import ZoneInfo

from agent.engine import decide
from agent.policy import load_default
from agent.schema import (
    Answer,
    Basis,
    Dimension,
    DimensionReading,
    DimensionScore,
    Evidence,
    Extraction,
    Grounded,
    IssueType,
    Period,
    RoutingCondition,
    Scores,
    StatedArr,
    SurpriseTest,
)

BUDGET_MICROSECONDS = 50
ROUNDS, CALLS = 41, 200
NOW = datetime(2026, 11, 24, 10, 15, tzinfo=ZoneInfo("Europe/Berlin"))


def case(*levels: int, attempts: int = 1, doubtful: bool = False) -> Grounded:
    """A reading with these levels; a doubtful one has nothing in its favour."""
    basis = Basis.UNSTATED if doubtful else Basis.STATED
    readings = {
        dimension.value: DimensionReading(quotes=(), basis=basis, rationale="because", score=level, question=None)
        for dimension, level in zip(Dimension, levels, strict=True)
    }
    scores = {
        name: DimensionScore(
            score=reading.score,
            rationale=reading.rationale,
            basis=basis,
            low_confidence=doubtful,
            evidence=(Evidence(quote="not there", found=False),) if doubtful else (),
        )
        for name, reading in readings.items()
    }
    extraction = Extraction(
        account="Acme",
        situation="The export fails.",
        open_now=("the export",),
        already_resolved=(),
        attempts=("restarted it",) * attempts,
        told_so_far=(),
        customer_request=None,
        customer_deadline=None,
        arr=StatedArr(words="USD 90k", amount=Decimal(90000), currency="USD", period=Period.YEAR) if doubtful else None,
        renewal=None,
        issue_type_reason="because",
        issue_type=IssueType.PRODUCT_DEFECT,
        issue_type_runner_up=None,
        routing_condition=RoutingCondition(reason="because", met=Answer.NO if doubtful else Answer.YES),
        surprise_test=SurpriseTest(reason="because", surprised=False),
        other_issues=("the invoice",) if doubtful else (),
        **readings,
    )
    return Grounded(extraction=extraction, scores=Scores(**scores))


def microseconds(call: Callable[[], object]) -> float:
    """Median time of one call."""
    return median(repeat(call, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


def main() -> None:
    """Print one line per case."""
    policy = load_default()
    cases = {
        "handle yourself, no warning": case(1, 2, 1, 2),
        "escalate, two warnings": case(3, 3, 3, 3, attempts=0),
        "escalate, every warning": case(4, 3, 3, 3, attempts=0, doubtful=True),
    }
    for name, grounded in cases.items():
        warned = len(decide(grounded, policy, NOW).warnings)
        spent = microseconds(lambda grounded=grounded: decide(grounded, policy, NOW))  # type: ignore[misc]
        print(f"{name} ({warned} warnings): {spent:.1f} us, {spent / BUDGET_MICROSECONDS:.2f} of the budget")


if __name__ == "__main__":
    main()
