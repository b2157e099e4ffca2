"""The words that every form of a report shares, so that no figure reads differently in two places."""

import math
from collections.abc import Sequence

from evals import stats
from evals.gates import gated
from evals.results import CaseResult, CaseVerdict, Contestant, Metric, ModelClass, Outcome, Report, Run, SuiteReport

FAILURES = tuple(outcome for outcome in Outcome if outcome is not Outcome.DONE)
NO_DATA = "no data"
LONGEST_LIST = 20  # case ids in one line; the rest is counted, never dropped without a word
_WHOLE_FROM = 10  # shares, kappas and distances lie below; tokens and counts lie above
_ANSWERED_BY = {
    ModelClass.NONE: "no model",
    ModelClass.HOSTED: "hosted model, live",
    ModelClass.EMBEDDED: "embedded model, live",
    ModelClass.REPLAY: "replayed answers",
    ModelClass.AUTHORED: "replayed, no model",
    ModelClass.BASELINE: "baseline",
}


def words(name: str) -> str:
    """A key as people read it: `timed_out` is "timed out"."""
    return name.replace("_", " ")


def number(value: float | None, n: int) -> str:
    """A figure no finer than n cases allow; tokens and counts stay whole."""
    if value is None or not math.isfinite(value):
        return NO_DATA
    if abs(value) >= _WHOLE_FROM:
        return f"{value:,.0f}"
    shown = stats.shown(value, n)
    return shown if float(shown) else shown.lstrip("-")


def interval(metric: Metric) -> str:
    """The interval in words; empty where there is none."""
    if metric.low is None or metric.high is None or number(metric.value, metric.n) == NO_DATA:
        return ""
    return f"{number(metric.low, metric.n)} to {number(metric.high, metric.n)}"


def figure(metric: Metric) -> str:
    """The figure with its interval and the number of cases behind it."""
    around = interval(metric)
    return f"{number(metric.value, metric.n)}{f' ({around})' if around else ''}, n {metric.n}"


def answered_by(run: Run) -> str:
    """What answered; answers that are stale or were written by hand are always named."""
    counted = ((run.stale_answers, "stale"), (run.authored_answers, "written by hand"))
    return ", ".join([_ANSWERED_BY[run.model_class], *(f"{count} {what}" for count, what in counted if count)])


def case_name(case: CaseVerdict | CaseResult) -> str:
    """The case's id, with its attack and its repeat where it has them."""
    attack = "" if case.variant == "clean" else f" / {case.variant}"
    return f"{case.case_id}{attack}" + (f" #{case.repeat}" if case.repeat > 1 else "")


def listed(names: Sequence[str]) -> str:
    """Names in one line; a long list ends with the count of the rest."""
    shown = ", ".join(names[:LONGEST_LIST])
    return f"{shown} and {rest} more" if (rest := len(names) - LONGEST_LIST) > 0 else shown


def failing(suite: SuiteReport) -> tuple[CaseVerdict, ...]:
    """The cases that were answered and are wrong; what was never answered is not among them."""
    return tuple(v for v in suite.verdicts if v.outcome is Outcome.DONE and not v.passed)


def unanswered(suite: SuiteReport) -> tuple[CaseVerdict, ...]:
    """The cases that ended without an answer, whatever stopped them."""
    return tuple(v for v in suite.verdicts if v.outcome is not Outcome.DONE)


def not_passed(report: Report) -> tuple[str, ...]:
    """Ids of all gated cases that are wrong or unanswered, each once, in the order of the suites."""
    verdicts = (v for contestant in gated(report) for suite in contestant.suites for v in suite.verdicts)
    return tuple(dict.fromkeys(v.case_id for v in verdicts if not v.passed))


def titles(contestants: Sequence[Contestant]) -> tuple[str, ...]:
    """One heading per contestant: its name and what answered."""
    return tuple(f"{c.run.contestant} ({answered_by(c.run)})" for c in contestants)


def metric_names(contestants: Sequence[Contestant]) -> dict[str, tuple[str, ...]]:
    """Per suite the names of its metrics, in the order in which they were first reported."""
    names: dict[str, dict[str, None]] = {}
    for contestant in contestants:
        for suite in contestant.suites:
            names.setdefault(suite.suite, {}).update(dict.fromkeys(metric.name for metric in suite.metrics))
    return {suite: tuple(metrics) for suite, metrics in names.items()}


def metric_of(contestant: Contestant, suite: str, name: str) -> Metric | None:
    """The contestant's metric; None where its suite did not measure it."""
    metrics = (m for s in contestant.suites if s.suite == suite for m in s.metrics)
    return next((m for m in metrics if m.name == name), None)
