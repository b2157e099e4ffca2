from xml.etree import ElementTree as ET

import pytest

from agent.errors import ConfigurationError
from agent.policy import load_default
from evals.gates import Checked, GateFinding, GateKind
from evals.reports import json_form, junit, markdown, phrases, terminal
from evals.results import Comparison, Contrast, ModelClass, Outcome
from tests.evals import report_builders as make

POLICY = load_default()
LOST = GateFinding(
    kind=GateKind.REGRESSION, contestant="openai/some-model", suite="end_to_end", cases=("b",), message="6 were lost"
)
LOW = GateFinding(
    kind=GateKind.THRESHOLD,
    contestant="openai/some-model",
    suite="end_to_end",
    metric="band_exact",
    cases=("b",),
    message="band_exact is 0.5 (n 36) and has to be at least 0.7",
    why="Measured in March.",
)


def full_report(hostile: str = "plain words"):
    """One right, one wrong and one unanswered case of a model, and a baseline beside it."""
    verdicts = [
        make.verdict("a"),
        make.verdict("b", passed=False, actual=hostile, findings=(hostile,)),
        make.verdict("c", passed=False, outcome=Outcome.TIMED_OUT, actual="no answer"),
    ]
    results = [
        make.done(make.answer(POLICY), "a"),
        make.done(make.answer(POLICY, quote=hostile), "b"),
        make.failure(Outcome.TIMED_OUT, "c"),
    ]
    suite = make.suite(verdicts, [make.metric(low=0.58, high=0.86), make.metric("leaks", None, 0)])
    rules = make.contestant(
        make.suite([make.verdict("a", passed=False)], [make.metric(value=0.5)]),
        name="rules",
        model_class=ModelClass.BASELINE,
    )
    return make.report(make.contestant(suite, results=results, stale_answers=2, authored_answers=1), rules)


def every_case(hostile: str = "Drivers wait, but only in the morning."):
    return make.cases(*(make.case(name, why=hostile, title=hostile) for name in "abc"))


def test_a_figure_is_no_finer_than_its_cases_and_says_so_where_there_is_none():
    """Two digits on 36 cases, one on 8, whole tokens, and never a number for missing data."""
    assert phrases.figure(make.metric(value=0.7512, low=0.58, high=0.861)) == "0.75 (0.58 to 0.86), n 36"
    assert phrases.figure(make.metric(value=0.75, n=8)) == "0.8, n 8"
    assert phrases.figure(make.metric(value=4512.4, n=8)) == "4,512, n 8"
    assert phrases.figure(make.metric(value=-0.001)) == "0.00, n 36"
    assert phrases.figure(make.metric(value=None, n=0, low=0.1, high=0.2)) == "no data, n 0"
    assert phrases.figure(make.metric(value=float("nan"))) == "no data, n 36"


def test_what_answered_is_named_with_what_is_stale_or_written_by_hand():
    """No figure of a replay reads like a live one."""
    run = make.contestant(model_class=ModelClass.REPLAY, stale_answers=3, authored_answers=1).run
    assert phrases.answered_by(run) == "replayed answers, 3 stale, 1 written by hand"
    assert phrases.answered_by(make.contestant().run) == "hosted model, live"


def test_a_long_list_of_cases_counts_the_rest():
    """Nothing is left out without a word."""
    assert phrases.listed([f"c{n}" for n in range(23)]).endswith("c19 and 3 more")


def test_the_terminal_shows_figures_endings_and_failing_cases_first():
    """What failed stands above the tables; a failure to answer is a column of its own."""
    shown = terminal.render(
        full_report(),
        checked=Checked(
            (
                LOST,
                LOW,
            )
        ),
        width=160,
    )
    assert shown.index("6 were lost") < shown.index("Not passed: b, c") < shown.index("Figures")
    assert "0.75 (0.58 to 0.86), n 36" in shown
    assert "no data, n 0" in shown
    assert "2 stale, 1 written by hand" in shown
    endings = shown[shown.index("How the cases ended") :]
    assert "timed out" in endings
    assert "refused" not in endings
    row = next(line for line in endings.splitlines() if "some-model" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")][1:] == ["end to end", "1", "1", "1"]


@pytest.mark.parametrize(
    ("checked", "said"),
    [
        (Checked((), bounds=3, compared=9), "No gate fails (3 bounds, 9 verdicts beside the accepted report)"),
        (Checked((), bounds=1), "No gate fails (1 bound, no accepted report)"),
        (Checked(()), "No gate judges this run"),
        (Checked((LOW,), bounds=1), "1 gate fails"),
    ],
)
def test_how_the_gates_ended_says_what_was_checked(checked, said):
    """A run that nothing judges has passed nothing; every form says so, and JUnit skips the test."""
    assert phrases.gates(checked) == said
    shown = [
        terminal.render(full_report(), checked=checked),
        markdown.render(full_report(), every_case(), checked=checked),
    ]
    assert said in shown[1]
    assert checked.findings or said in shown[0]
    root = ET.fromstring(junit.render(full_report(), every_case(), checked=checked))
    assert (root.find("testsuite[@name='gates']/testcase/skipped") is not None) is (said == "No gate judges this run")


def test_a_baseline_of_the_same_run_stands_beside_the_model_with_what_chance_explains():
    """Better than keywords is a claim; the paired test says whether these cases show it."""
    contrast = Contrast(name="escalated_enough", n=36, before=0.5, after=0.75, p=0.012, gained=("a",))
    report = full_report().model_copy(
        update={"comparisons": (Comparison(before="rules", after="some-model", contrasts=(contrast,)),)}
    )
    cells = ["escalated enough", "0.50", "0.75", "0", "1", "p 0.012", "better"]
    row = next(line for line in terminal.render(report).splitlines() if "escalated enough" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == cells
    shown = markdown.render(report, every_case())
    assert "### On the same cases: rules, some-model" in shown
    assert f"| {' | '.join(cells)} |" in shown


def test_why_there_was_no_answer_is_said_once_per_reason():
    """A wrong key is named, not only counted as so many rejected cases."""
    one, other = (make.failure(Outcome.REJECTED, name, error="the key is | wrong") for name in "ab")
    report = make.report(make.contestant(make.suite([make.verdict()]), results=(one, other, make.failure())))
    assert phrases.reasons(report) == ("2 x rejected: the key is | wrong", "1 x timed out: no answer in 60 s")
    assert "2 x rejected: the key is | wrong" in terminal.render(report)
    assert "\n- 2 x rejected: the key is \\| wrong\n" in markdown.render(report, {})
    many = [make.failure(Outcome.INVALID, f"c{n}", error=f"fault {n}") for n in range(7)]
    assert phrases.reasons(make.report(make.contestant(results=many)))[-1] == "2 more reasons"


def test_what_so_few_cases_can_show_is_said():
    """Two answers show no difference at all."""
    said = "2 cases cannot show any difference between two runs"
    assert said in terminal.render(full_report())
    assert said in markdown.render(full_report(), every_case())
    assert "With 34 cases a difference below 29 points" in phrases.smallest_difference(34)


def test_a_table_in_a_pipe_is_as_wide_as_its_figures():
    """Three columns of figures with their intervals and the longest name stand in one line each."""
    figure = make.metric("account_value_exact_where_amount_stated", value=0.5, low=-0.34, high=0.66, n=136)
    suite = make.suite([make.verdict()], [figure], "extraction")
    shown = terminal.render(make.report(*(make.contestant(suite, name=name) for name in ("one", "two", "three"))))
    row = next(line for line in shown.splitlines() if "account value exact where amount stated" in line)
    assert row.count("0.50 (-0.34 to 0.66), n 136") == 3


def test_the_terminal_says_when_no_gate_fails_and_nothing_when_none_was_checked():
    """Silence must not read like success."""
    assert "No gate fails" in terminal.render(full_report(), checked=Checked((), bounds=3, compared=9))
    assert "gate" not in terminal.render(full_report()).lower()


def test_the_terminal_passes_no_control_sequence_of_a_case_on():
    """Names and messages may come from anybody; colours and cursor moves in them are dropped."""
    hostile = LOW.model_copy(update={"message": make.HOSTILE, "why": make.HOSTILE, "cases": (make.HOSTILE,)})
    report = make.report(make.contestant(make.suite([make.verdict()], [make.metric("\x1b[2Jname [bold]")])))
    shown = terminal.render(report, checked=Checked((hostile,)), width=200)
    assert not set(shown) & {"\x1b", "\x00", "\u202e"}
    assert "name [bold]" in shown


def test_markdown_puts_failing_cases_first_then_regressions_then_figures():
    """Who opens the summary of a failed job sees the cases before anything else."""
    shown = markdown.render(
        full_report(),
        every_case(),
        checked=Checked(
            (
                LOW,
                LOST,
            )
        ),
    )
    marks = ["2 gates fail", "**Not passed:** b, c", "6 were lost", "at least 0.7", "### Figures", "<details>"]
    places = [shown.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "- b: **end to end**" in shown
    assert "| end to end | band exact | 0.75 (0.58 to 0.86), n 36 | 0.50, n 36 |" in shown
    assert "Drivers wait, but only in the morning." in shown
    assert "| timed out: no answer |" in shown


def test_markdown_tables_keep_their_shape_under_hostile_words():
    """Every row of a table has as many cells as its head, and no tag or control character gets through."""
    shown = markdown.render(full_report(make.HOSTILE), every_case(make.HOSTILE), checked=Checked((LOW,)))
    width = None
    for line in shown.splitlines():
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else None
        assert cells is None or width in (None, cells)
        width = cells
    assert "<script" not in shown
    assert "<img" not in shown
    assert not set(shown) & {"\x1b", "\x00", "\u202e"}
    assert shown.count("<details>") == shown.count("</details>") == 1


def test_junit_reads_back_with_failures_errors_and_their_reasons():
    """A wrong case fails with expected, actual, quotes and why; a case without an answer is an error."""
    root = ET.fromstring(junit.render(full_report(), every_case(), checked=Checked((LOW,))))
    suite = root.find("testsuite")
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
    by_name = {test.get("name"): test for test in suite.findall("testcase")}
    assert list(by_name["a"]) == []
    failure = by_name["b"].find("failure")
    for words in ("expected: escalate_for_support", "actual: plain words", 'customer impact 3: "plain words"'):
        assert words in failure.text
    assert '"nobody wrote this" (not found in the text)' in failure.text
    assert "why: Drivers wait" in failure.text
    error = by_name["c"].find("error")
    assert (error.get("type"), error.get("message")) == ("timed_out", "no answer in 60 s")
    said = {p.get("name"): p.get("value") for p in suite.iter("property")}
    assert said["answered by"] == "hosted model, live, 2 stale, 1 written by hand"


def test_junit_has_no_test_of_a_baseline_and_one_per_failed_gate():
    """A baseline's misses would turn a good run red; a missed gate must."""
    root = ET.fromstring(
        junit.render(
            full_report(),
            every_case(),
            checked=Checked(
                (
                    LOW,
                    LOST,
                )
            ),
        )
    )
    names = [suite.get("name") for suite in root]
    assert names == ["end_to_end (openai/some-model)", "gates"]
    assert len(root[1].findall("testcase/failure")) == 2
    held = ET.fromstring(junit.render(full_report(), every_case(), checked=Checked((), bounds=3, compared=9)))
    assert held[1].get("failures") == "0"
    assert held[1].find("testcase").get("name") == "no gate fails"


def test_junit_stays_well_formed_under_hostile_words():
    """Markup, CDATA ends, control characters and lone surrogates of a text never break the file."""
    hostile = make.HOSTILE + "\ud800"
    root = ET.fromstring(junit.render(full_report(hostile), every_case(), checked=Checked((), bounds=3, compared=9)))
    assert "]]>" in root.find(".//failure").text
    assert "<script>" in root.find(".//failure").text


def test_json_comes_back_as_it_was(tmp_path):
    """A report is complete on disk."""
    path = tmp_path / "report.json"
    path.write_text(json_form.render(full_report(make.HOSTILE)), encoding="utf-8")
    assert json_form.load(path) == full_report(make.HOSTILE)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("{", "Invalid JSON"), ('{"version": "0", "contestants": []}', "version"), ("{}", "contestants")],
)
def test_a_file_that_is_no_report_is_refused_by_name(tmp_path, text, fault):
    """The message names the file, the fault and the version that is read."""
    path = tmp_path / "report.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"report\.json.*{fault}.*version 1"):
        json_form.load(path)
    with pytest.raises(ConfigurationError, match="missing"):
        json_form.load(tmp_path / "missing.json")
