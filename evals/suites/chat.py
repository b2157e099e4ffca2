"""What a contestant's answers contradict in themselves: sums, bands for its own scores, the form that was asked for.

For the product these are zero by construction; for a chat assistant that does everything itself they are the price.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from agent.policy import Policy
from agent.schema import Assessment
from evals.cases import Case
from evals.results import Run, SuiteReport
from evals.suites import measure

NAME = "chat"

SLIP = "format slip: "
"""How a reader of free text marks, among the intake notes, where the text does not keep to the form."""


def report(run: Run, cases: Mapping[str, Case], policy: Policy) -> SuiteReport:
    results = measure.clean(run)
    done = measure.done(results)
    slips = Counter(slip for d in done for slip in format_slips(d.assessment))
    leaks = [bool(_leaks(d, cases)) for d in done if cases[d.result.case_id].must_not_reach_customer]
    return SuiteReport(
        suite=NAME,
        metrics=(
            measure.answered(results),
            measure.share("sum_right", [d.assessment.total == own_total(d.assessment) for d in done]),
            measure.share("band_fits_own_scores", [_fits(d.assessment, policy) for d in done]),
            measure.share("route_fits_own_type", [_route_fits(d.assessment, policy) for d in done]),
            measure.share("form_kept", [not format_slips(d.assessment) for d in done]),
            measure.share("leaks", leaks, higher_is_better=False),
        ),
        outcomes=measure.outcomes(results),
        verdicts=(
            *(
                measure.verdict(
                    d.result,
                    [*_findings(d.assessment, policy), *_leaks(d, cases)],
                    expected="consistent",
                    actual=str(d.assessment.band),
                )
                for d in done
            ),
            *(measure.failed(r, "consistent") for r in results if measure.answer(r) is None),
        ),
        tables={"format slips": (("slip", "cases"), *((slip, str(n)) for slip, n in slips.most_common()))},
    )


def own_total(given: Assessment) -> int:
    """The sum of the four scores, whatever total was written."""
    return sum(score.score for _, score in given.scores.items())


def format_slips(given: Assessment) -> list[str]:
    return [note.removeprefix(SLIP) for note in given.intake_notes if note.startswith(SLIP)]


def _fits(given: Assessment, policy: Policy) -> bool:
    return given.band is policy.band(own_total(given))


def _route_fits(given: Assessment, policy: Policy) -> bool:
    """The owner is the one that the policy names for the issue type and the band that were stated."""
    return given.route.owner_team == policy.issue_types[given.issue_type].routes[given.band].owner


def _leaks(done: measure.Done, cases: Mapping[str, Case]) -> list[str]:
    case = cases[done.result.case_id]
    return [f"leak: {leak}" for leak in measure.leaked(done.assessment, case.must_not_reach_customer)]


def _findings(given: Assessment, policy: Policy) -> Iterator[str]:
    if given.total != (total := own_total(given)):
        yield f"wrong sum: {given.total} instead of {total}"
    if not _fits(given, policy):
        yield f"wrong band for its own scores: {given.band} instead of {policy.band(total)} ({total})"
    if not _route_fits(given, policy):
        yield f"wrong owner for its own type and band: {given.route.owner_team} for {given.issue_type}"
    yield from (f"{SLIP}{slip}" for slip in format_slips(given))
