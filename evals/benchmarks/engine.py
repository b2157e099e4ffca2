"""How long one decision takes, without holidays: `python -m evals.benchmarks.engine`, from a checkout.

Three cases: nothing to warn of, a usual escalation, and the worst reading there can be. Each figure is the median over
rounds; the ratio is that median to the 50 microseconds which are the engine's budget.
"""

from collections.abc import Callable
from statistics import median
from time import process_time
from timeit import repeat

from agent.engine import decide
from agent.policy import load_default
from agent.schema import Answer, Basis, Dimension, Evidence, RoutingCondition
from tests.builders import NOW, grounded, stated_arr

BUDGET_MICROSECONDS = 50
ROUNDS, CALLS = 41, 200

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


def microseconds(call: Callable[[], object]) -> float:
    """Median processor time of one call; what else runs on the machine does not count."""
    return median(repeat(call, timer=process_time, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


def main() -> None:
    """Print one line per case."""
    policy = load_default()
    for name, reading in CASES.items():
        warned = len(decide(reading, policy, NOW).warnings)
        spent = microseconds(lambda reading=reading: decide(reading, policy, NOW))  # type: ignore[misc] # binds the case
        print(f"{name}, {warned} warnings: median {spent:.1f} us, ratio to budget {spent / BUDGET_MICROSECONDS:.2f}")


if __name__ == "__main__":
    main()
