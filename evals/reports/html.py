"""A report as one HTML page: figures first, then every case with its thread, what was expected and what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.policy import Policy
from agent.report.plain import clean
from agent.schema import Assessment, Band
from evals.cases import Case
from evals.gates import Checked, gated
from evals.reports import page, phrases, plots, reliability_plots
from evals.reports.highlight import Passage, passages
from evals.results import CaseVerdict, Contestant, Metric, ModelClass, Report

KEY_FACT = "key fact"  # label of a passage that a rater named; every other label is a dimension that quotes it

_SHADES = 5
_LONGEST_TABLE = 12
# The one figure that each suite is known by; a suite that is not named here is known by its first.
_HEADLINES = {
    "engine": "band_exact",
    "extraction": "inside_raters_range",
    "end_to_end": "band_exact",
    "drafting": "sendable",
    "attack": "band_flips",
    "stability": "always_same_band",
    "calibration": "band_calibration_error",
}


@dataclass(frozen=True)
class Judged:
    """A verdict with the suite and the contestant that it belongs to."""

    suite: str
    contestant: str
    gated: bool
    verdict: CaseVerdict

    @property
    def name(self) -> str:
        return phrases.case_name(self.verdict)

    @property
    def failed(self) -> bool:
        """True where a contestant that has to hold did not pass."""
        return self.gated and not self.verdict.passed


@dataclass(frozen=True)
class CaseView:
    """All that the page says of one case."""

    case: Case
    expected_band: Band
    answer: Assessment | None
    thread: tuple[Passage, ...]
    hidden: int
    judged: tuple[Judged, ...]

    @property
    def failed(self) -> bool:
        return any(judged.failed for judged in self.judged)

    @property
    def bands(self) -> tuple[Band, ...]:
        """The expected and the given band, each once."""
        return tuple(dict.fromkeys((self.expected_band, *((self.answer.band,) if self.answer else ()))))


class TableCell(NamedTuple):
    """One cell; in a confusion matrix with a shade from 0 to 5, and `hit` where given and expected agree."""

    text: str
    shade: int | None = None
    hit: bool = False


@dataclass(frozen=True)
class TableView:
    """A suite's table, ready to be drawn."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]

    @property
    def long(self) -> bool:
        """True where the table would hide what comes after it, and is folded instead."""
        return len(self.rows) > _LONGEST_TABLE


def render(
    report: Report,
    cases: Mapping[str, Case],
    *,
    policy: Policy,
    checked: Checked | None = None,
) -> str:
    """`checked` is None where nobody asked for the gates."""
    views = case_views(report, cases, policy)
    return page.fill(
        "report.html",
        report=report,
        checked=checked,
        headlines=headlines(report),
        metrics=phrases.metric_names(report.contestants),
        bar=plots.bar,
        tables=[
            (phrases.words(s.suite), c, table_view(name, rows))
            for c in report.contestants
            for s in c.suites
            for name, rows in s.tables.items()
            if len(rows) > 1  # a heading alone says nothing
        ],
        plots=[(c.run.contestant, drawn) for c in gated(report) if (drawn := plots.level_plots(c.run, cases))],
        cell=plots.CELL,
        reliability=[
            (c.run.contestant, curves)
            for c in gated(report)
            if (curves := reliability_plots.plots(c.run, cases, policy))
        ],
        side=reliability_plots.SIDE,
        cases=views,
        policy_bands={band: policy.bands[band].label for band in Band},
        baseline=ModelClass.BASELINE,
        tags=sorted({tag for view in views for tag in view.case.tags}),
        languages=sorted({view.case.customer_language for view in views}),
        suites=list(dict.fromkeys(judged.suite for view in views for judged in view.judged)),
        key_fact=KEY_FACT,
    )


def headlines(report: Report) -> list[tuple[str, str, Metric]]:
    """Suite, contestant and the one figure that every gated suite is known by."""
    found = []
    for contestant in gated(report):
        for suite in contestant.suites:
            by_name = {metric.name: metric for metric in reversed(suite.metrics)}
            metric = by_name.get(_HEADLINES.get(suite.suite, ""), suite.metrics[0] if suite.metrics else None)
            if metric:
                found.append((suite.suite, contestant.run.contestant, metric))
    return found


def case_views(report: Report, cases: Mapping[str, Case], policy: Policy) -> list[CaseView]:
    """Every judged case, those that did not pass first, with the gated contestant's answer to the clean text."""
    judged: dict[str, list[Judged]] = {}
    for contestant in report.contestants:
        counts = contestant in gated(report)
        for suite in contestant.suites:
            for verdict in suite.verdicts:
                one = Judged(suite.suite, contestant.run.contestant, counts, verdict)
                judged.setdefault(verdict.case_id, []).append(one)
    answers = _answers(gated(report))
    views = [
        case_view(cases[case_id], answers.get(case_id), tuple(verdicts), policy)
        for case_id, verdicts in judged.items()
        if case_id in cases
    ]
    return sorted(views, key=lambda view: not view.failed)


def case_view(case: Case, answer: Assessment | None, judged: tuple[Judged, ...], policy: Policy) -> CaseView:
    """The case with its thread, in which the found quotes and the raters' key facts are marked."""
    quotes = [(KEY_FACT, fact) for fact in case.key_facts]
    if answer:
        quotes += [(phrases.words(d), e.quote) for d, score in answer.scores.items() for e in score.evidence if e.found]
    return CaseView(
        case=case,
        expected_band=policy.band(case.expected.total),
        answer=answer,
        thread=passages(case.text, quotes),
        hidden=len(case.text.replace("\r\n", "\n")) - len(clean(case.text)),
        judged=judged,
    )


def table_view(title: str, rows: tuple[tuple[str, ...], ...]) -> TableView:
    """A table of counts whose rows are also columns is a confusion matrix and is shaded; any other is shown as is."""
    head, *body = rows
    matrix = bool(body) and all(row[0] in head[1:] and all(cell.isdecimal() for cell in row[1:]) for row in body)
    most = max((int(cell) for row in body for cell in row[1:]), default=0) if matrix else 0

    def cell(row: tuple[str, ...], column: int) -> TableCell:
        if not most or not column:
            return TableCell(row[column])
        shade = -(-_SHADES * int(row[column]) // most)  # rounded up, so that no count looks like none
        return TableCell(row[column], shade, hit=head[column] == row[0])

    cells = tuple(tuple(cell(row, column) for column in range(len(row))) for row in body)
    return TableView(phrases.words(title), head, cells)


def _answers(contestants: Sequence[Contestant]) -> dict[str, Assessment]:
    """The first answer to each case's clean text."""
    answers: dict[str, Assessment] = {}
    for contestant in contestants:
        for result in contestant.run.results:
            if result.assessment and result.variant == "clean":
                answers.setdefault(result.case_id, result.assessment)
    return answers
