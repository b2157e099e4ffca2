"""The words that every form of a report shares, so that no figure reads differently in two places."""

import math
from collections import Counter
from collections.abc import Sequence

from evals import stats
from evals.gates import Checked, gated
from evals.results import (
    CaseResult,
    CaseVerdict,
    Comparison,
    Contestant,
    Contrast,
    Metric,
    ModelClass,
    Outcome,
    Report,
    Run,
    SuiteReport,
)

FAILURES = tuple(outcome for outcome in Outcome if outcome is not Outcome.DONE)
NO_DATA = "no data"
LONGEST_LIST = 20  # case ids in one line; the rest is counted, never dropped without a word
MOST_REASONS = 5
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


def gates(checked: Checked) -> str:
    """How the gates ended, in a heading; where nothing fails, what was checked at all."""
    if failed := len(checked.findings):
        return f"{failed} gate fails" if failed == 1 else f"{failed} gates fail"
    if not checked.bounds and not checked.compared:
        return "No gate judges this run"
    beside = f"{checked.compared} verdicts beside the accepted report" if checked.compared else "no accepted report"
    return f"No gate fails ({checked.bounds} {'bound' if checked.bounds == 1 else 'bounds'}, {beside})"


def smallest_difference(n: int) -> str:
    """What so many cases can show; empty where there are none."""
    if not n:
        return ""
    least = stats.smallest_difference(n)
    if math.isinf(least):
        return f"{n} cases cannot show any difference between two runs."
    small = f"a difference below {100 * least:.0f} points"
    return f"With {n} cases {small} between two runs stays unseen more often than one time in five."


def sides(comparison: Comparison) -> tuple[str, str]:
    """What the columns of two runs are called: by their names, and before and after where the names are the same."""
    same = comparison.before == comparison.after
    return ("before", "after") if same else (comparison.before, comparison.after)


def moved(contrast: Contrast) -> tuple[str, str]:
    """How many cases were lost and gained; empty where the question is not asked case by case."""
    if contrast.p is None and not contrast.lost and not contrast.gained:
        return "", ""
    return str(len(contrast.lost)), str(len(contrast.gained))


def chance(contrast: Contrast) -> str:
    """What chance explains of a difference: p, or the interval of the change."""
    if contrast.p is not None:
        return f"p {contrast.p:.2g}"
    if contrast.low is None or contrast.high is None:
        return f"too few cases ({contrast.n})"
    return f"{contrast.low:+.2f} to {contrast.high:+.2f}"


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


def cases(report: Report) -> int:
    """How many cases the model answered, unattacked and each once."""
    runs = (contestant.run for contestant in gated(report))
    answered = ({r.case_id for r in run.results if r.variant == "clean" and r.assessment} for run in runs)
    return max(map(len, answered), default=0)


def reasons(report: Report) -> tuple[str, ...]:
    """Why there was no answer, the most frequent reason first; whoever reads it can put most of them right."""
    said = Counter(
        f"{words(result.outcome)}: {result.error}"
        for contestant in gated(report)
        for result in contestant.run.results
        if result.error
    )
    told = tuple(f"{count} x {reason}" for reason, count in said.most_common(MOST_REASONS))
    return (*told, f"{len(said) - MOST_REASONS} more reasons") if len(said) > MOST_REASONS else told


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
