"""Suite: do the probabilities come true as often as they say? Nothing is claimed where there are none."""

from collections.abc import Iterator, Mapping

from agent.policy import Policy
from evals import reliability
from evals.cases import Case
from evals.reliability import Told
from evals.results import CaseVerdict, Metric, Run, SuiteReport
from evals.suites import measure

NAME = "calibration"

Row = tuple[str, ...]


def report(run: Run, cases: Mapping[str, Case], policy: Policy) -> SuiteReport:
    """Expected calibration error and Brier score per dimension and band; a case passes if it told how sure it was."""
    results = measure.clean(run)
    done = measure.done(results)
    told = reliability.collect(((cases[d.result.case_id], d.assessment) for d in done), policy)
    return SuiteReport(
        suite=NAME,
        metrics=(
            measure.answered(results),
            *(metric for name, each in told.items() for metric in _metrics(name, each)),
        ),
        outcomes=measure.outcomes(results),
        verdicts=(
            *(_verdict(d) for d in done),
            *(measure.failed(r, "probabilities") for r in results if measure.answer(r) is None),
        ),
        tables={"reliability": _table(told)},
    )


def _metrics(name: str, told: list[Told]) -> Iterator[Metric]:
    yield measure.mean(f"{name}_brier", [reliability.brier(one) for one in told])
    error = f"{name}_calibration_error"
    if not told:
        yield Metric(name=error, value=None, n=0, higher_is_better=False)
        return
    low, high = measure.interval(told, reliability.calibration_error)
    value = reliability.calibration_error(told)
    if low is not None and high is not None:
        # Every resample of few readings is off by chance, so that the plain interval may lie above the figure itself.
        low, high = min(low, value), max(high, value)
    yield Metric(name=error, value=value, n=len(told), low=low, high=high, higher_is_better=False)


def _table(told: Mapping[str, list[Told]]) -> tuple[Row, ...]:
    rows = (
        (name, f"{one.said:.2f}", f"{one.came_true:.2f}", str(one.n))
        for name, each in told.items()
        for one in reliability.bins(each)
    )
    return ("about", "said", "came true", "n"), *rows


def _verdict(done: measure.Done) -> CaseVerdict:
    likely = done.assessment.likelihood
    said = "none" if likely is None else ", ".join(f"{band} {share:.2f}" for band, share in likely.bands.items())
    findings = () if likely else ("no probabilities",)
    return measure.verdict(done.result, findings, expected="probabilities", actual=said)
