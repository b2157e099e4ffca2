"""Two runs side by side: what became better or worse, whether chance explains it, and the cases that changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.errors import ConfigurationError
from agent.policy import Policy
from agent.schema import Assessment
from evals import contrasts, paired
from evals.cases import Case
from evals.gates import gated
from evals.reports import html, page, phrases, plots
from evals.results import CaseVerdict, Comparison, Contestant, Contrast, Metric, ModelClass, Report, Run, SuiteReport


@dataclass(frozen=True)
class Change:
    """One case that passes a suite in one run and not in the other, with the answers of both."""

    suite: str
    gained: bool
    before: CaseVerdict
    after: CaseVerdict
    earlier_answer: Assessment | None
    view: html.CaseView | None


@dataclass(frozen=True)
class Sides:
    """The model of each report, with the suites that both measured."""

    before: Contestant
    after: Contestant
    suites: tuple[tuple[SuiteReport, SuiteReport], ...]
    elsewhere: tuple[str, ...] = ()  # suites of both reports that stand in another run of the earlier one

    @property
    def cases(self) -> int:
        """How many verdicts of a suite both have, at most."""
        return max((contrasts.suite(*pair).n for pair in self.suites), default=0)

    @property
    def passes(self) -> Comparison:
        """Suite by suite, whether a case passes."""
        return self._said(tuple(contrasts.suite(*pair) for pair in self.suites))

    def decisions(self, cases: Mapping[str, Case], policy: Policy) -> Comparison:
        """Question by question, whether what was answered is right."""
        return contrasts.compare(self.before.run, self.after.run, cases, policy)

    def _said(self, rows: tuple[Contrast, ...]) -> Comparison:
        return Comparison(before=self.before.run.contestant, after=self.after.run.contestant, contrasts=rows)


def sides(before: Report, after: Report) -> Sides:
    """What can be compared. Raises ConfigurationError where the reports share no case of a suite."""
    new = main_contestant(after)
    named = {suite.suite for suite in new.suites}
    # An accepted report may hold a contestant for each suite that was accepted at another time.
    old = max(_candidates(before), key=lambda one: len(named & {suite.suite for suite in one.suites}))
    pairs = tuple((s, t) for s in old.suites for t in new.suites if s.suite == t.suite)
    held = named & {suite.suite for one in _candidates(before) for suite in one.suites}
    found = Sides(old, new, pairs, tuple(sorted(held - {suite.suite for suite, _ in pairs})))
    if not found.cases:
        raise ConfigurationError(f"no case of a suite is in both reports: {_held(old)}, and {_held(new)}")
    return found


def _held(contestant: Contestant) -> str:
    suites = ", ".join(suite.suite for suite in contestant.suites)
    return f"{contestant.run.contestant} in {suites or 'no suite'} on the split {contestant.run.split}"


def render(before: Report, after: Report, cases: Mapping[str, Case], *, policy: Policy) -> str:
    """The models of both reports; every suite that both have is compared."""
    compared = sides(before, after)
    old, new, suites = compared.before, compared.after, compared.suites
    return page.fill(
        "compare.html",
        before=old.run,
        after=new.run,
        differs=differences(old.run, new.run),
        suite_tests=compared.passes,
        decision_tests=compared.decisions(cases, policy),
        cases=compared.cases,
        metrics=[(s.suite, name, was, now) for s, t in suites for name, was, now in metric_pairs(s, t)],
        difference=difference,
        bar=plots.bar,
        changes=[change for s, t in suites for change in changes((old, s), (new, t), cases, policy)],
        key_fact=html.KEY_FACT,
    )


def main_contestant(report: Report) -> Contestant:
    """The model that the report is about; the contestant without a model only where there is no other."""
    return _candidates(report)[0]


def _candidates(report: Report) -> list[Contestant]:
    contestants = gated(report) or report.contestants
    if not contestants:
        raise ConfigurationError("a report without a contestant has nothing to compare")
    return [c for c in contestants if c.run.model_class is not ModelClass.NONE] or list(contestants)


def differences(before: Run, after: Run) -> list[tuple[str, str, str]]:
    """What else changed between the runs, so that no difference is credited to the wrong cause."""
    about = ("contestant", "model_class", "prompts", "policy", "dataset", "split")
    said = [(name, getattr(before, name), getattr(after, name)) for name in about]
    return [(phrases.words(name), _in_words(was), _in_words(now)) for name, was, now in said if was != now]


def _in_words(value: str | tuple[str, ...]) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def metric_pairs(before: SuiteReport, after: SuiteReport) -> list[tuple[str, Metric | None, Metric | None]]:
    """Every metric of either run, with what each run measured."""
    earlier, later = ({metric.name: metric for metric in suite.metrics} for suite in (before, after))
    return [(name, earlier.get(name), later.get(name)) for name in dict.fromkeys((*earlier, *later))]


def difference(before: Metric | None, after: Metric | None) -> str:
    """The change of a figure with its sign, and in words whether that is better; empty where one is missing."""
    if before is None or after is None or before.value is None or after.value is None:
        return ""
    change = after.value - before.value
    size = phrases.number(abs(change), after.n)
    if size == phrases.number(0, after.n):
        return "same"
    better = (change > 0) == after.higher_is_better
    return f"{'+' if change > 0 else '−'}{size} {'better' if better else 'worse'}"


def changes(
    before: tuple[Contestant, SuiteReport],
    after: tuple[Contestant, SuiteReport],
    cases: Mapping[str, Case],
    policy: Policy,
) -> list[Change]:
    """The cases of one suite that changed, lost ones first."""
    pairs = paired.pair(paired.passed(before[1]), paired.passed(after[1]))
    was, now = (_by_key(suite) for _, suite in (before, after))
    earlier, later = (_answers(contestant) for contestant, _ in (before, after))
    return [
        Change(
            suite=after[1].suite,
            gained=gained,
            before=was[key],
            after=now[key],
            earlier_answer=earlier.get(key),
            view=html.case_view(cases[key[0]], later.get(key), (), policy) if key[0] in cases else None,
        )
        for gained, keys in ((False, pairs.lost), (True, pairs.gained))
        for key in keys
    ]


def _by_key(suite: SuiteReport) -> dict[paired.Key, CaseVerdict]:
    """One verdict per case and variant; of repeats, one that speaks for their majority."""
    majority = paired.passed(suite)
    return {(v.case_id, v.variant): v for v in reversed(suite.verdicts) if v.passed == majority[v.case_id, v.variant]}


def _answers(contestant: Contestant) -> dict[paired.Key, Assessment]:
    return {(r.case_id, r.variant): r.assessment for r in reversed(contestant.run.results) if r.assessment}
