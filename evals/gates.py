"""Whether a report holds: its figures against the thresholds, its cases against the accepted report of the same model.

Everything but baselines in the same run is gated. Thresholds under `none` need no model and hold whoever answered.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from agent.policy import Policy
from agent.schema import Noun
from evals import contrasts, paired
from evals.cases import Case
from evals.results import Contestant, Contrast, Metric, ModelClass, Outcome, Report, SuiteReport
from evals.suites import end_to_end
from evals.thresholds import Threshold, Thresholds

# Both find a reading that is a little too mild everywhere, which right or wrong per case may not.
_GATED_CONTRASTS = (contrasts.ESCALATED_ENOUGH, contrasts.TOTAL_ERROR)


class GateKind(StrEnum):
    """Why a gate failed."""

    THRESHOLD = "threshold"
    NO_DATA = "no_data"
    REGRESSION = "regression"


class GateFinding(Noun):
    """One failed gate, with the cases to look at first."""

    kind: GateKind
    contestant: str
    suite: str
    metric: str | None = None
    cases: tuple[str, ...] = Field(default=(), description="failing case ids, each once")
    message: str
    why: str | None = Field(default=None, description="why the threshold is where it is")


def gated(report: Report) -> tuple[Contestant, ...]:
    """The contestants that have to hold; baselines in the same run are there to be beaten."""
    return tuple(c for c in report.contestants if c.run.model_class is not ModelClass.BASELINE)


@dataclass(frozen=True)
class Accepted:
    """The report to be held against, with what a case's right decision is."""

    report: Report
    cases: Mapping[str, Case]
    policy: Policy


@dataclass(frozen=True)
class Checked:
    """What was checked, so that no silence reads like success: bounds, and verdicts that the accepted run has too."""

    findings: tuple[GateFinding, ...]
    bounds: int = 0
    compared: int = 0


def check(report: Report, thresholds: Thresholds, accepted: Accepted | None = None) -> Checked:
    """Every gate that fails, regressions first."""
    compared, found = _regressions(report, accepted) if accepted else (0, [])
    bounds = 0
    for contestant in gated(report):
        for suite in contestant.suites:
            rules = _rules(contestant, suite, thresholds)
            bounds += len(rules)
            found += [finding for rule in rules for finding in _missed(contestant, suite, rule)]
    if not any(suite.verdicts for contestant in gated(report) for suite in contestant.suites):
        found.append(_nothing(report, "no case was judged"))
    return Checked(tuple(found), bounds, compared)


def _rules(contestant: Contestant, suite: SuiteReport, thresholds: Thresholds) -> list[Threshold]:
    classes = thresholds.get(suite.suite, {})
    return [
        rule for kind in dict.fromkeys((contestant.run.model_class, ModelClass.NONE)) for rule in classes.get(kind, ())
    ]


def _missed(contestant: Contestant, suite: SuiteReport, rule: Threshold) -> Iterator[GateFinding]:
    metric = next((metric for metric in suite.metrics if metric.name == rule.metric), None)
    value = _value(metric)
    if metric and value is not None and rule.holds(value):
        return
    says = f"is {value:.3g} (n {metric.n})" if metric and value is not None else "has no data"
    yield GateFinding(
        kind=GateKind.NO_DATA if value is None else GateKind.THRESHOLD,
        contestant=contestant.run.contestant,
        suite=suite.suite,
        metric=rule.metric,
        cases=tuple(dict.fromkeys(v.case_id for v in suite.verdicts if not v.passed)),
        message=f"{rule.metric} {says} and has to be {rule.bound}",
        why=rule.why,
    )


def _value(metric: Metric | None) -> float | None:
    """The metric's value; None where nothing was measured."""
    if metric is None or metric.value is None or metric.n == 0 or not math.isfinite(metric.value):
        return None
    return metric.value


def _regressions(report: Report, accepted: Accepted) -> tuple[int, list[GateFinding]]:
    """What got worse by more than chance explains; an accepted report that shares no case proves nothing, and fails."""
    earlier = {(c.run.contestant, c.run.model_class, s.suite): (c, s) for c in gated(accepted.report) for s in c.suites}
    compared, findings = 0, []
    for contestant in gated(report):
        for suite in contestant.suites:
            known = earlier.get((contestant.run.contestant, contestant.run.model_class, suite.suite))
            if known is None:
                continue
            before, suite_before = known
            pairs = paired.pair(paired.passed(suite_before), paired.passed(suite))
            compared += pairs.cases
            if pairs.regressed:
                findings.append(_lost(contestant, suite, pairs))
            if suite.suite == end_to_end.NAME:
                found = contrasts.compare(before.run, contestant.run, accepted.cases, accepted.policy)
                worse = [c for c in found.contrasts if c.name in _GATED_CONTRASTS and c.verdict == "worse"]
                findings += [_worse(contestant, suite, contrast) for contrast in worse]
    if not compared:
        message = "the accepted run shares no case with this one, so nothing was compared"
        findings.append(_nothing(report, message))
    return compared, findings


def _lost(contestant: Contestant, suite: SuiteReport, pairs: paired.Paired) -> GateFinding:
    lost = set(pairs.lost)
    silent = {(v.case_id, v.variant) for v in suite.verdicts if v.outcome is not Outcome.DONE} & lost
    unanswered = f", {len(silent)} of them without an answer" if silent else ""
    return GateFinding(
        kind=GateKind.REGRESSION,
        contestant=contestant.run.contestant,
        suite=suite.suite,
        cases=tuple(dict.fromkeys(case_id for case_id, _ in pairs.lost)),
        message=f"{len(pairs.lost)} of {pairs.cases} cases were lost{unanswered} and {len(pairs.gained)} gained "
        f"since the accepted run (exact McNemar, p {pairs.p:.2g})",
    )


def _worse(contestant: Contestant, suite: SuiteReport, contrast: Contrast) -> GateFinding:
    if contrast.p is not None:
        chance = f"exact McNemar, p {contrast.p:.2g}"
    else:
        chance = f"paired bootstrap, change {contrast.low:+.2f} to {contrast.high:+.2f}"
    return GateFinding(
        kind=GateKind.REGRESSION,
        contestant=contestant.run.contestant,
        suite=suite.suite,
        metric=contrast.name,
        cases=contrast.lost,
        message=f"{contrast.name} went from {contrast.before:.2f} to {contrast.after:.2f} on {contrast.n} cases "
        f"since the accepted run ({chance})",
    )


def _nothing(report: Report, message: str) -> GateFinding:
    name = gated(report)[0].run.contestant if gated(report) else "nobody"
    return GateFinding(kind=GateKind.NO_DATA, contestant=name, suite="any", message=message)
