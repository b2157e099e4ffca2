"""A report for a person at a terminal: what failed first, then figures, then how the cases ended."""

import io

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.report.plain import line
from evals.gates import Checked
from evals.reports import phrases
from evals.results import Comparison, Outcome, Report

_NARROWEST = 100
_WIDTH_OF_NAMES, _WIDTH_OF_FIGURE = 60, 30


def render(
    report: Report,
    *,
    checked: Checked | None = None,
    width: int | None = None,
    colour: bool = False,
) -> str:
    """`checked` is None where nobody asked for the gates.

    Without a `width` in characters a line is as long as its columns need.
    """
    page = io.StringIO()
    width = width or max(_NARROWEST, _WIDTH_OF_NAMES + _WIDTH_OF_FIGURE * len(report.contestants))
    console = Console(file=page, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    if checked is not None:
        _gates(console, checked)
    if failed := phrases.not_passed(report):
        console.print(Text(f"Not passed: {line(phrases.listed(failed))}\n", style="bold"))
    console.print(_figures(report))
    if least := phrases.smallest_difference(phrases.cases(report)):
        console.print(Text(f"{least}\n", style="dim"))
    for comparison in report.comparisons:
        console.print(contrasts(comparison))
    console.print(_endings(report))
    for reason in phrases.reasons(report):
        console.print(Text(line(reason), style="yellow"))
    return "\n".join(shown.rstrip() for shown in page.getvalue().splitlines())


def compared(*comparisons: Comparison) -> str:
    """Two reports side by side: suites, then decisions; the lost cases stand first."""
    page = io.StringIO()
    console = Console(file=page, width=_NARROWEST, highlight=False)
    lost = dict.fromkeys(case_id for one in comparisons[0].contrasts for case_id in one.lost)
    console.print(
        Text(
            f"Lost: {line(phrases.listed(tuple(lost)))}\n" if lost else "No case that passed was lost.\n", style="bold"
        )
    )
    for comparison in comparisons:
        console.print(contrasts(comparison))
    return "\n".join(shown.rstrip() for shown in page.getvalue().splitlines())


def _gates(console: Console, checked: Checked) -> None:
    if not checked.findings:
        held = checked.bounds or checked.compared
        console.print(Text(f"{phrases.gates(checked)}.", style="green" if held else "yellow"))
    for finding in checked.findings:
        if finding.cases:
            console.print(Text(line(phrases.listed(finding.cases)), style="bold red"))
        console.print(
            Text(f"  {line(finding.suite)} ({line(finding.contestant)}): {line(finding.message)}", style="red")
        )
        if finding.why:
            console.print(Text(f"  {line(finding.why)}", style="dim"))
    console.print()


def _figures(report: Report) -> Table:
    """One row per metric, one column per contestant."""
    table = Table(title="Figures", title_justify="left", title_style="bold")
    table.add_column("Suite", no_wrap=True)
    table.add_column("Metric")
    for title in phrases.titles(report.contestants):
        table.add_column(Text(line(title)), justify="right")
    for suite, names in phrases.metric_names(report.contestants).items():
        for row, name in enumerate(names):
            metrics = [phrases.metric_of(contestant, suite, name) for contestant in report.contestants]
            cells = [phrases.figure(metric) if metric else "" for metric in metrics]
            first = Text(line(phrases.words(suite)) if row == 0 else "")
            table.add_row(first, Text(line(phrases.words(name))), *cells, end_section=row == len(names) - 1)
    return table


def contrasts(comparison: Comparison) -> Table:
    """Two runs on the same cases: every question with its figures, and whether the difference can be chance."""
    before, after = map(line, phrases.sides(comparison))
    table = Table(title=Text(f"On the same cases: {before}, {after}", style="bold"), title_justify="left")
    for heading in ("Question", before, after, "lost", "gained", "chance", ""):
        table.add_column(Text(heading), justify="left" if heading in ("Question", "") else "right")
    for one in comparison.contrasts:
        figures = (phrases.number(value, one.n) for value in (one.before, one.after))
        style = {"worse": "red", "better": "green"}.get(one.verdict, "dim")
        table.add_row(
            phrases.words(one.name), *figures, *phrases.moved(one), phrases.chance(one), Text(one.verdict, style=style)
        )
    return table


def _endings(report: Report) -> Table:
    """How the cases ended; a case without an answer is its own column, and never counted as wrong."""
    seen = [o for o in phrases.FAILURES if any(s.outcomes.get(o) for c in report.contestants for s in c.suites)]
    table = Table(title="How the cases ended", title_justify="left", title_style="bold")
    table.add_column("Contestant")
    for heading in ("Suite", "passed", "wrong", *(phrases.words(outcome) for outcome in seen)):
        table.add_column(heading, justify="left" if heading == "Suite" else "right", no_wrap=heading != "Suite")
    for contestant, title in zip(report.contestants, phrases.titles(report.contestants), strict=True):
        for row, suite in enumerate(contestant.suites):
            failures = (Text(str(count), style="yellow") if (count := suite.outcomes.get(o, 0)) else "0" for o in seen)
            passed = sum(v.passed for v in suite.verdicts if v.outcome is Outcome.DONE)
            table.add_row(
                Text(line(title) if row == 0 else ""),
                Text(line(phrases.words(suite.suite))),
                str(passed),
                str(len(phrases.failing(suite))),
                *failures,
                end_section=row == len(contestant.suites) - 1,
            )
    return table
