"""A report for a pull request's summary: failing cases first, then regressions, then the headline table."""

from collections.abc import Mapping, Sequence

from agent.report.plain import inline
from evals.cases import Case
from evals.gates import Checked, GateFinding, GateKind, gated
from evals.reports import phrases
from evals.results import Comparison, Contestant, Outcome, Report, SuiteReport

_LONGEST_DETAIL = 40  # cases spelled out per suite: a job's summary is cut off at 1 MiB, and nobody reads that far


def render(report: Report, cases: Mapping[str, Case], *, checked: Checked | None = None) -> str:
    """`checked` is None where nobody asked for the gates."""
    blocks = [_verdict(report, checked)]
    blocks += [_gates(checked.findings)] if checked and checked.findings else []
    blocks += [_figures(report), phrases.smallest_difference(phrases.cases(report))]
    blocks += [_contrasts(comparison) for comparison in report.comparisons] + [_endings(report)]
    blocks += [_details(c, suite, cases) for c in gated(report) for suite in c.suites]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _verdict(report: Report, checked: Checked | None) -> str:
    verdict = "## Evals" if checked is None else f"## Evals: {phrases.gates(checked)}"
    failed = phrases.not_passed(report)
    return f"{verdict}\n\n" + (f"**Not passed:** {inline(phrases.listed(failed))}" if failed else "Every case passed.")


def _gates(findings: Sequence[GateFinding]) -> str:
    """Regressions, then missed thresholds; the cases to look at stand first in every line."""
    ordered = sorted(findings, key=lambda finding: finding.kind is not GateKind.REGRESSION)
    return "### Failed gates\n\n" + "\n".join(_gate(finding) for finding in ordered)


def _gate(finding: GateFinding) -> str:
    cases = f"{inline(phrases.listed(finding.cases))}: " if finding.cases else ""
    why = f" *{inline(finding.why)}*" if finding.why else ""
    where = f"**{inline(phrases.words(finding.suite))}** ({inline(finding.contestant)})"
    return f"- {cases}{where} {inline(finding.message)}.{why}"


def _figures(report: Report) -> str:
    rows = [("Suite", "Metric", *(inline(title) for title in phrases.titles(report.contestants)))]
    for suite, names in phrases.metric_names(report.contestants).items():
        for name in names:
            metrics = (phrases.metric_of(contestant, suite, name) for contestant in report.contestants)
            cells = (phrases.figure(metric) if metric else "" for metric in metrics)
            rows.append((inline(phrases.words(suite)), inline(phrases.words(name)), *cells))
    return f"### Figures\n\n{_table(rows)}"


def _contrasts(comparison: Comparison) -> str:
    before, after = map(inline, phrases.sides(comparison))
    rows: list[tuple[str, ...]] = [("Question", before, after, "lost", "gained", "chance", "")]
    for one in comparison.contrasts:
        figures = (phrases.number(value, one.n) for value in (one.before, one.after))
        rows.append((phrases.words(one.name), *figures, *phrases.moved(one), phrases.chance(one), one.verdict))
    return f"### On the same cases: {before}, {after}\n\n{_table(rows)}"


def _endings(report: Report) -> str:
    rows = [("Contestant", "Suite", "passed", "wrong", *(phrases.words(outcome) for outcome in phrases.FAILURES))]
    for contestant in report.contestants:
        for suite in contestant.suites:
            counts = (suite.outcomes.get(outcome, 0) for outcome in phrases.FAILURES)
            passed = sum(verdict.passed for verdict in suite.verdicts)
            name, what = inline(contestant.run.contestant), inline(phrases.words(suite.suite))
            rows.append((name, what, *(str(n) for n in (passed, len(phrases.failing(suite)), *counts))))
    why = "".join(f"\n- {inline(reason)}" for reason in phrases.reasons(report))
    return f"### How the cases ended\n\n{_table(rows)}" + (f"\n{why}" if why else "")


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, f"|{' --- |' * len(rows[0])}", *body))


def _details(contestant: Contestant, suite: SuiteReport, cases: Mapping[str, Case]) -> str:
    """The cases that are wrong or unanswered, folded away."""
    open_cases = (*phrases.failing(suite), *phrases.unanswered(suite))
    if not open_cases:
        return ""
    rows: list[tuple[str, ...]] = [("Case", "Expected", "Actual", "Why the case is labelled so")]
    for verdict in open_cases[:_LONGEST_DETAIL]:
        said = "; ".join((verdict.actual, *verdict.findings))
        actual = said if verdict.outcome is Outcome.DONE else f"{phrases.words(verdict.outcome)}: {said}"
        why = cases[verdict.case_id].why if verdict.case_id in cases else ""
        rows.append(tuple(inline(cell) for cell in (phrases.case_name(verdict), verdict.expected, actual, why)))
    rest = len(open_cases) - _LONGEST_DETAIL
    more = f"\n\n{rest} more stand in the HTML report." if rest > 0 else ""
    title = f"{phrases.words(suite.suite)} ({contestant.run.contestant}): {len(open_cases)} not passed"
    return f"<details><summary>{inline(title)}</summary>\n\n{_table(rows)}{more}\n\n</details>"
