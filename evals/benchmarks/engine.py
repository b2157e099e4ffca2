"""How long one decision takes, without holidays: `python -m evals.benchmarks.engine`, from a checkout.

Every combination of scores and issue type, and three cases: nothing to warn of, a usual escalation, and the worst
reading there can be; then the likelihood of the bands alone, which has a budget of its own. Each figure is a median,
over the inputs or over rounds; the ratio is that median to the budget, 50 microseconds for a decision.
"""

from collections.abc import Callable
from itertools import product
from statistics import median
from time import process_time
from timeit import repeat

from agent.engine import decide, likelihood
from agent.policy import LEVELS, Policy, load_default
from agent.schema import (
    Answer,
    Basis,
    Dimension,
    Evidence,
    IssueType,
    LevelProbabilities,
    ProbabilitySource,
    RoutingCondition,
)
from tests.builders import NOW, grounded, stated_arr

BUDGET_MICROSECONDS = 50
BUDGET_OF_LIKELIHOOD_MICROSECONDS = 200
ROUNDS, CALLS = 41, 200
CALLS_PER_INPUT = 10

CASES = {
    "handle yourself": grounded((1, 2, 1, 2)),
    "a usual escalation": grounded((3, 3, 3, 3), attempts=()),
    "every doubt at once": grounded(
        (4, 3, 3, 3),
        attempts=(),
        arr=stated_arr(90_000, "USD"),
        routing_condition=RoutingCondition(reason="because", met=Answer.NO),
        other_issues=("the invoice",),
        score_fields={
            dimension: {
                "basis": Basis.UNSTATED,
                "low_confidence": True,
                "evidence": (Evidence(quote="stands nowhere", found=False),),
            }
            for dimension in Dimension
        },
    ),
}


IN_DOUBT = grounded(
    (3, 3, 3, 3),
    score_fields={
        dimension: {
            "probabilities": LevelProbabilities(values=(0.1, 0.2, 0.4, 0.2, 0.1), source=ProbabilitySource.HEADS)
        }
        for dimension in Dimension
    },
)


def microseconds(call: Callable[[], object], *, calls: int = CALLS, rounds: int = ROUNDS) -> float:
    """Median processor time of one call; what else runs on the machine does not count."""
    return median(repeat(call, timer=process_time, number=calls, repeat=rounds)) / calls * 1e6


def over_all_inputs(policy: Policy) -> float:
    """Median over the 4,375 inputs that the framework knows."""
    readings = [grounded(levels, issue) for levels in product(LEVELS, repeat=len(Dimension)) for issue in IssueType]
    return median(
        microseconds(lambda reading=reading: decide(reading, policy, NOW), calls=CALLS_PER_INPUT, rounds=1)  # type: ignore[misc] # binds the reading
        for reading in readings
    )


def main() -> None:
    """Print one line for all inputs, and one per case."""
    policy = load_default()
    spent = over_all_inputs(policy)
    print(f"every score and issue type: median {spent:.1f} us, ratio to budget {spent / BUDGET_MICROSECONDS:.2f}")
    for name, reading in CASES.items():
        warned = len(decide(reading, policy, NOW).warnings)
        spent = microseconds(lambda reading=reading: decide(reading, policy, NOW))  # type: ignore[misc] # binds the case
        print(f"{name}, {warned} warnings: median {spent:.1f} us, ratio to budget {spent / BUDGET_MICROSECONDS:.2f}")
    spent = microseconds(lambda: likelihood.measure(IN_DOUBT, policy))
    ratio = spent / BUDGET_OF_LIKELIHOOD_MICROSECONDS
    print(f"bands and doubt of four uncertain dimensions: median {spent:.1f} us, ratio to budget {ratio:.2f}")


if __name__ == "__main__":
    main()
