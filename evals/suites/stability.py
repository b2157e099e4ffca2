"""Suite 6: does the same text get the same answer? The same case several times, unattacked."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from agent.policy import Policy
from agent.schema import Assessment, Dimension
from evals.cases import Case
from evals.items import CLEAN
from evals.results import Run, SuiteReport
from evals.suites import measure

NAME = "stability"

_LEAST_REPEATS = 2


def report(run: Run, cases: Mapping[str, Case], policy: Policy) -> SuiteReport:  # noqa: ARG001 - a suite's signature
    results = [result for result in run.results if result.variant == CLEAN]
    by_case: dict[str, list[measure.Done]] = defaultdict(list)
    for one in measure.done(results):
        by_case[one.result.case_id].append(one)
    repeated = {case: done for case, done in by_case.items() if len(done) >= _LEAST_REPEATS}
    answers = {case: [one.assessment for one in done] for case, done in repeated.items()}
    modal = {case: _modal_share(given) for case, given in answers.items()}
    spreads = {d: [_spread(given, d) for given in answers.values()] for d in Dimension}
    return SuiteReport(
        suite=NAME,
        metrics=(
            measure.answered(results),
            measure.mean("same_band", list(modal.values()), higher_is_better=True),
            measure.share("always_same_band", [share == 1 for share in modal.values()]),
            *(measure.mean(f"{d}_spread", spread) for d, spread in spreads.items()),
        ),
        outcomes=measure.outcomes(results),
        verdicts=tuple(
            measure.verdict(
                done[0].result, _changes(answers[case]), expected="the same band", actual=_bands(answers[case])
            )
            for case, done in repeated.items()
        ),
    )


def _modal_share(given: Sequence[Assessment]) -> float:
    """Share of a case's answers that give its most frequent band."""
    return max(Counter(assessment.band for assessment in given).values()) / len(given)


def _spread(given: Sequence[Assessment], dimension: Dimension) -> int:
    """Points between the lowest and the highest level."""
    levels = [assessment.scores.of(dimension).score for assessment in given]
    return max(levels) - min(levels)


def _changes(given: Sequence[Assessment]) -> list[str]:
    """What moved, if the band did not hold."""
    if _modal_share(given) == 1:
        return []
    return [_bands(given), *(f"{d}: spread of {points}" for d in Dimension if (points := _spread(given, d)))]


def _bands(given: Sequence[Assessment]) -> str:
    counts = Counter(assessment.band.value for assessment in given)
    return ", ".join(f"{count} x {band}" for band, count in counts.most_common())
