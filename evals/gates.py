"""What a change may not make worse: thresholds per suite and model class, and a paired test against the accepted run.

Everything but baselines in the same run is gated. Thresholds under `none` need no model and hold whoever answered.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from agent import strict_yaml
from agent.errors import ConfigurationError
from agent.schema import Noun
from evals import paired
from evals.results import Contestant, Metric, ModelClass, Outcome, Report, SuiteReport

THRESHOLDS = Path(__file__).parent / "thresholds.yaml"


class Threshold(Noun):
    """The least or the most that one metric may be, and why that number."""

    metric: str
    minimum: float | None = None
    maximum: float | None = None
    why: str = Field(min_length=10)

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.minimum is None) == (self.maximum is None):
            raise ValueError("give exactly one of minimum and maximum")
        return self

    def holds(self, value: float) -> bool:
        return value >= self.minimum if self.minimum is not None else value <= (self.maximum or 0)

    @property
    def bound(self) -> str:
        return f"at least {self.minimum:g}" if self.minimum is not None else f"at most {self.maximum:g}"


Thresholds = Mapping[str, Mapping[ModelClass, tuple[Threshold, ...]]]


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


def load(path: Path = THRESHOLDS) -> Thresholds:
    """Thresholds from YAML. Raises ConfigurationError with the path of the fault inside the file."""
    try:
        document = strict_yaml.load(path.read_text(encoding="utf-8"))
        thresholds = TypeAdapter(dict[str, dict[ModelClass, tuple[Threshold, ...]]]).validate_python(document)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ConfigurationError(f"{path}: {where}: {fault['msg'].removeprefix('Value error, ')}") from error
    except (OSError, UnicodeDecodeError, ConfigurationError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    for suite, classes in thresholds.items():
        if ModelClass.BASELINE in classes:
            raise ConfigurationError(f"{path}: {suite}.baseline: a baseline in the same run is never gated")
        for model_class, rules in classes.items():
            if len({rule.metric for rule in rules}) < len(rules):
                raise ConfigurationError(f"{path}: {suite}.{model_class}: a metric is given twice")
    return thresholds


def gated(report: Report) -> tuple[Contestant, ...]:
    """The contestants that have to hold; baselines in the same run are there to be beaten."""
    return tuple(c for c in report.contestants if c.run.model_class is not ModelClass.BASELINE)


def check(report: Report, thresholds: Thresholds, baseline: Report | None = None) -> tuple[GateFinding, ...]:
    """Every gate that fails; empty if all hold. Regressions stand first."""
    contestants = gated(report)
    missed = [f for c in contestants for suite in c.suites for f in _missed(c, suite, thresholds)]
    if not any(suite.verdicts for c in contestants for suite in c.suites):
        name = contestants[0].run.contestant if contestants else "nobody"
        missed.append(GateFinding(kind=GateKind.NO_DATA, contestant=name, suite="any", message="no case was judged"))
    return (*(_regressions(report, baseline) if baseline else ()), *missed)


def _missed(contestant: Contestant, suite: SuiteReport, thresholds: Thresholds) -> list[GateFinding]:
    classes = thresholds.get(suite.suite, {})
    metrics = {metric.name: metric for metric in suite.metrics}
    findings = []
    for model_class in dict.fromkeys((contestant.run.model_class, ModelClass.NONE)):
        for rule in classes.get(model_class, ()):
            value = _value(metrics.get(rule.metric))
            if value is not None and rule.holds(value):
                continue
            says = "has no data" if value is None else f"is {value:.3g} (n {metrics[rule.metric].n})"
            findings.append(
                GateFinding(
                    kind=GateKind.NO_DATA if value is None else GateKind.THRESHOLD,
                    contestant=contestant.run.contestant,
                    suite=suite.suite,
                    metric=rule.metric,
                    cases=tuple(dict.fromkeys(v.case_id for v in suite.verdicts if not v.passed)),
                    message=f"{rule.metric} {says} and has to be {rule.bound}",
                    why=rule.why,
                )
            )
    return findings


def _value(metric: Metric | None) -> float | None:
    """The metric's value; None where nothing was measured."""
    if metric is None or metric.value is None or metric.n == 0 or not math.isfinite(metric.value):
        return None
    return metric.value


def _regressions(report: Report, baseline: Report) -> list[GateFinding]:
    """Suites that lost more cases than chance explains. A baseline that shares no case proves nothing, so it fails."""
    accepted = {(c.run.contestant, c.run.model_class, s.suite): s for c in gated(baseline) for s in c.suites}
    compared, findings = 0, []
    for contestant in gated(report):
        for suite in contestant.suites:
            before = accepted.get((contestant.run.contestant, contestant.run.model_class, suite.suite))
            if before is None:
                continue
            pairs = paired.pair(paired.passed(before), paired.passed(suite))
            compared += pairs.cases
            if pairs.regressed:
                findings.append(_regression(contestant, suite, pairs))
    if not compared:
        name = gated(report)[0].run.contestant if gated(report) else "nobody"
        message = "the accepted run shares no case with this one, so nothing was compared"
        findings.append(GateFinding(kind=GateKind.NO_DATA, contestant=name, suite="any", message=message))
    return findings


def _regression(contestant: Contestant, suite: SuiteReport, pairs: paired.Paired) -> GateFinding:
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
