import json
import os
import signal
import sys
import xml.etree.ElementTree as ET

import pytest

from agent import policy as policies
from agent.intake import read_text
from evals import case_schema, cli
from evals.cases import load
from tests.builders import extraction
from tests.cli.conftest import authored
from tests.cli.test_terminal import Terminal
from tests.models.conftest import endpoint
from tests.models.endpoint import completion

from .commands import ROOT, TEXT, answered, dataset, entry, environment, evals

__all__ = ["endpoint", "environment", "evals"]

COMMANDS = ("run", "new", "lint", "schema", "compare", "accept", "sign", "calibrate", "distil")


def taped(folder):
    """A folder with one recording in it."""
    return authored(folder, read_text(TEXT), "extract", extraction().model_dump(mode="json"))


@pytest.fixture
def moved(tmp_path):
    """A policy whose second band ends earlier than the framework's."""
    text = policies.default_text().replace("    to: 13\n", "    to: 10\n").replace("    from: 14\n", "    from: 11\n")
    path = tmp_path / "moved.yaml"
    path.write_text(text)
    return path


def test_the_engine_is_proved_without_a_model(evals, tmp_path):
    """No key, no weights, no network: every golden case, whatever the split and the limit."""
    done = evals("engine", "--limit", 3, "--json", tmp_path / "report.json")
    assert done.code == 0, done.err
    (contestant,) = json.loads((tmp_path / "report.json").read_text())["contestants"]
    assert contestant["run"]["model_class"] == "none"
    assert {metric["n"] for metric in contestant["suites"][0]["metrics"]} == {72}


def test_run_is_what_stands_there_when_no_command_is_named(evals):
    """A suite first, or a flag first: both are `run`."""
    assert evals("engine").out == evals("run", "engine").out
    assert "'train' is not one of" in evals("--split", "train", "engine").err


def test_every_command_is_listed_and_documented(evals):
    """`--help` names the commands, and each says what it does, with an example of its own where it takes arguments."""
    listed = evals("--help").out
    assert all(f" {command} " in listed for command in COMMANDS)
    assert {command.name or command.callback.__name__ for command in cli.app.registered_commands} == set(COMMANDS)
    flags = evals("run", "--help").out
    for flag in (
        "--model", "--base-url", "--cases", "--split", "--repeat", "--limit", "--concurrency", "--deadline", "--record",
        "--replay", "--only-recorded", "--against", "--policy", "--json", "--junit", "--markdown", "--html", "--gate", "--thresholds", "--baseline", "--fresh",
    ):  # fmt: skip
        assert flag in flags


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nonsense",), "'nonsense' is neither a command nor one of the suites engine"),
        (("--split", "train"), "'train' is not one of test, tune, all"),
        (("--record", "a", "--replay", "b"), "exclude each other"),
        (("end_to_end", "--replay", "/nowhere"), "/nowhere is not a directory"),
        (("end_to_end", "--against", "coin"), "'coin' is not one of"),
        (("engine", "--against", "rules"), "name another suite"),
        (("--no-such-flag",), "--no-such-flag"),
        (("--cases", "/nowhere.yaml"), "/nowhere.yaml: cannot be read (No such file or directory)"),
        (("end_to_end", "--baseline", "/nowhere.json"), "/nowhere.json: cannot be read"),
        (("end_to_end", "--thresholds", "/nowhere.yaml"), "/nowhere.yaml: cannot be read (No such file or directory)"),
        (("end_to_end", "--html", "/proc/none/report.html"), "/proc/none/report.html: cannot be written"),
        (("end_to_end", "--json", "/tmp"), "/tmp: cannot be written (Is a directory)"),
    ],
)
def test_a_wrong_flag_is_one_line_and_exit_code_2(evals, tmp_path, arguments, says):
    """Told before anything is asked, with what would have been right."""
    # The replay stands in for a model: what is wrong must show without one.
    tapes = taped(tmp_path / "tapes")
    given = arguments if "--replay" in arguments or "--record" in arguments else (*arguments, "--replay", tapes)
    done = evals(*given)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert done.err.startswith("evals: ")
    assert done.err.count("\n") == 1


def test_a_split_without_cases_is_said(evals, tmp_path):
    """An empty run would pass every gate of a careless reader."""
    path = dataset(tmp_path / "own.yaml", entry(split="tune"))
    done = evals("end_to_end", "--cases", path, "--replay", taped(tmp_path / "tapes"))
    assert (done.code, "no case is in the split 'test'" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no .yaml file in it"),
        (b"", "holds no cases"),
        (b"[]", "holds no cases"),
        (b"a: 1", "holds no cases"),
        (b"- id: [1\n", "line 2"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"- id: one\n", "one: split: is missing"),
    ],
)
def test_cases_that_cannot_be_read_are_named(evals, tmp_path, content, says):
    """A folder or file without cases, no YAML, no text, no case: which file it is and what is wrong with it."""
    folder = tmp_path / "cases"
    folder.mkdir()
    if content is not None:
        (folder / "own.yml").write_bytes(content)
    done = evals("lint", "--cases", folder)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert str(folder) in done.err
    assert says in done.err


def test_a_replay_without_recordings_is_said(evals, tmp_path):
    """A wrong folder is no run in which nothing was answered."""
    done = evals("end_to_end", "--replay", tmp_path)
    assert (done.code, f"{tmp_path} holds no recordings" in done.err) == (2, True)


def test_a_missed_threshold_ends_with_1_and_names_the_cases(evals, moved):
    """CI refuses it, and the first thing told is which cases to look at."""
    done = evals("engine", "--policy", moved)
    assert done.code == 1
    first = next(case.id for case in load() if 11 <= case.expected.total <= 13)
    assert first in done.out
    assert evals("engine", "--policy", moved, "--no-gate").code == 0


def test_a_regression_against_the_accepted_report_ends_with_1(evals, tmp_path, moved):
    """More cases lost than chance explains, on the same cases."""
    before = tmp_path / "before.json"
    assert evals("engine", "--json", before).code == 0
    assert evals("engine", "--baseline", before).code == 0
    done = evals("engine", "--policy", moved, "--baseline", before)
    assert done.code == 1
    assert "since the accepted run" in " ".join(done.out.split())


def test_one_run_writes_every_kind_of_report(evals, endpoint, tmp_path):
    """The same figures for the terminal, a machine, CI, a pull request and a reader."""
    path = dataset(tmp_path / "own.yaml", entry("right"), entry("wrong", levels=(5, 5, 5, 5)))
    reading = extraction((3, 3, 3, 3))
    endpoint.plays(*answered(reading), *answered(reading))
    files = {kind: tmp_path / "out" / f"report.{kind}" for kind in ("json", "junit", "markdown", "html")}
    done = evals(
        "end_to_end", "engine", "--cases", path, "--model", "played", "--base-url", endpoint.base_url,
        "--concurrency", 1, "--against", "rules", "--no-gate", *(f"--{kind}={file}" for kind, file in files.items()),
    )  # fmt: skip
    assert done.code == 0, done.err
    report = json.loads(files["json"].read_text())
    assert [c["run"]["contestant"] for c in report["contestants"]] == ["played", "engine", "rules"]
    band = next(m for m in report["contestants"][0]["suites"][0]["metrics"] if m["name"] == "band_exact")
    assert (band["value"], band["n"]) == (0.5, 2)
    assert ET.parse(files["junit"]).getroot().find(".//failure") is not None
    assert "wrong" in files["markdown"].read_text()
    assert files["html"].read_text().startswith("<!doctype html>") or "<html" in files["html"].read_text()
    assert "estimate for 2 answers: about" in done.err
    assert "played: 400 tokens in (160 cached), 40 out" in done.err


def test_the_chat_baseline_is_asked_in_the_same_run(evals, endpoint, tmp_path):
    """Ours and a chat that does everything itself, on the same case; an answer that cannot be read is invalid, not wrong."""
    path = dataset(tmp_path / "own.yaml", entry())
    endpoint.plays(*answered(extraction((3, 3, 3, 3))), completion(json.dumps({"markdown": "I would escalate."})))
    done = evals(
        "end_to_end", "--cases", path, "--model", "played", "--base-url", endpoint.base_url,
        "--against", "chat", "--no-gate", "--json", tmp_path / "report.json",
    )  # fmt: skip
    assert done.code == 0, done.err
    ours, chat = json.loads((tmp_path / "report.json").read_text())["contestants"]
    assert [suite["suite"] for suite in chat["suites"]] == ["end_to_end", "chat"]  # wrong sums are what it costs
    assert ours["run"]["results"][0]["outcome"] == "done"
    assert (chat["run"]["model_class"], chat["run"]["results"][0]["outcome"]) == ("baseline", "invalid")


def test_two_reports_are_compared_on_one_page(evals, endpoint, tmp_path):
    """Before and after a change, case by case."""
    path = dataset(tmp_path / "own.yaml", entry())
    for name, levels in (("before", (3, 3, 3, 3)), ("after", (5, 5, 5, 5))):
        endpoint.plays(*answered(extraction(levels)))
        evals(
            "end_to_end", "--cases", path, "--model", "played", "--base-url", endpoint.base_url, "--fresh", "--no-gate",
            "--json", tmp_path / f"{name}.json",
        )  # fmt: skip
    page = tmp_path / "page.html"
    done = evals("compare", tmp_path / "before.json", tmp_path / "after.json", "--html", page, "--cases", path)
    assert done.code == 0, done.err
    assert "case-1" in page.read_text()
    assert done.out.startswith("Lost: case-1\n")
    assert "total error" in done.out
    same = evals("compare", tmp_path / "before.json", tmp_path / "before.json", "--cases", path)
    assert (same.code, same.out.splitlines()[0]) == (0, "No case that passed was lost.")


def test_cases_of_ones_own_are_not_held_to_what_was_measured_on_others(evals, endpoint, tmp_path):
    """A team's first run on its own cases says that no gate judges it; `--thresholds` names theirs."""
    path = dataset(tmp_path / "own.yaml", entry(levels=(5, 5, 5, 5)))
    asked = ("end_to_end", "--cases", path, "--model", "played", "--base-url", endpoint.base_url)
    endpoint.plays(*answered(extraction((3, 3, 3, 3))))
    done = evals(*asked)
    assert (done.code, done.out.splitlines()[0]) == (0, "No gate judges this run.")
    ours = tmp_path / "ours.yaml"
    ours.write_text(
        "end_to_end:\n  hosted:\n    - {metric: band_exact, minimum: 0.7, why: our managers agreed on it}\n"
    )
    done = evals(*asked, "--thresholds", ours)
    assert (done.code, done.out.splitlines()[0]) == (1, "case-1")


def test_lint_ends_with_1_on_errors_only(evals, tmp_path):
    """A warning asks for a look; an error spoils figures."""
    assert evals("lint").code == 0
    done = evals("lint", "--cases", dataset(tmp_path / "own.yaml", entry(must_not_reach_customer=["EUR 50k"])))
    assert done.code == 1
    assert "error: case-1: must_not_reach_customer: 'EUR 50k' does not stand in the text" in done.out


def test_a_new_case_needs_someone_to_ask(evals, tmp_path):
    """In a pipe nobody can answer; the error says what to do instead, and nothing is written."""
    thread = tmp_path / "thread.txt"
    thread.write_text(TEXT)
    for file in (thread, "-"):
        done = evals("new", file, "--into", tmp_path / "cases", stdin=TEXT)
        assert (done.code, "needs a terminal" in done.err) == (2, True)
    assert not (tmp_path / "cases").exists()


LABELS = (
    ("Title", "Export fails daily"),
    ("1-5", "4"), ("1-5", "3"), ("1-5", "3"), ("1-5", "2"),
    ("1-7", "1"),
    ("silent on Customer impact", "n"), ("silent on Account value", "y"),
    ("silent on Time sensitivity", ""), ("silent on CSM capability", ""),
    ("Key fact", "the export never worked"), ("does not stand in the text", "we lose orders"), ("Key fact", ""),
    ("never read", ""),
    ("Why these levels", "short"), ("will not do", "Orders are lost every morning."),
    ("language", ""), ("Moment", "2026-03-12T09:00+01:00"), ("Account, as", ""), ("Split", ""), ("Id", ""),
)  # fmt: skip


class Asking(Terminal):
    """`python -m evals` at a pseudo-terminal."""

    def __init__(self, arguments, environment):
        super().__init__(arguments, environment, ROOT, program=(sys.executable, "-m", "evals"))

    def label(self, *labels):
        for words, answer in labels or LABELS:
            self.wait_for(words)
            self.raw = ""
            self.type(f"{answer}\n")
        assert self.finish() == 0, self.screen

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def test_a_new_case_is_asked_for_and_loads(environment, tmp_path):
    """The thread is shown, every label asked with its definitions, a key fact that does not stand there asked again."""
    thread = tmp_path / "thread.txt"
    thread.write_text(TEXT)
    asking = Asking(("new", thread, "--into", tmp_path / "cases"), environment)
    try:
        asking.label()
    finally:
        asking.close()
    (case,) = load([tmp_path / "cases"])
    assert (case.id, case.title, case.text, case.expected.total) == (
        "export-fails-daily",
        "Export fails daily",
        TEXT,
        12,
    )
    assert (case.key_facts, case.unstated, case.customer_language) == (("we lose orders",), ("account_value",), "en")
    assert case.account is None
    schema = (tmp_path / "cases" / "export-fails-daily.yaml").read_text().splitlines()[0].partition("$schema=")[2]
    assert not schema.startswith("/")  # a team shares the file
    assert (tmp_path / "cases" / schema).resolve() == case_schema.PATH


def test_a_new_case_starts_from_a_paste(environment, tmp_path):
    """Without a file the thread is pasted, and the same terminal asks for the labels afterwards."""
    asking = Asking(("new", "--into", tmp_path), environment)
    try:
        asking.wait_for("Ctrl-D")
        asking.type(f"{TEXT}\n\x04")
        asking.label()
    finally:
        asking.close()
    (case,) = load([tmp_path])
    assert case.text.rstrip() == TEXT


def test_a_question_that_is_interrupted_promises_nothing(environment, tmp_path):
    """Only a run can be continued: what was answered to `new` is gone, and nothing is written."""
    thread = tmp_path / "thread.txt"
    thread.write_text(TEXT)
    asking = Asking(("new", thread, "--into", tmp_path / "cases"), environment)
    try:
        asking.wait_for("Title")
        asking.process.send_signal(signal.SIGINT)
        assert asking.finish() == 130
    finally:
        asking.close()
    assert asking.screen.rstrip().endswith("evals: interrupted")
    assert list((tmp_path / "cases").iterdir()) == []


def test_a_place_that_takes_no_case_is_said_before_the_questions(environment, tmp_path):
    """Nobody answers twenty questions for nothing."""
    (tmp_path / "file").write_text("no folder")
    asking = Asking(("new", "--into", tmp_path / "file"), environment)
    try:
        assert asking.finish() == 2
    finally:
        asking.close()
    assert "Ctrl-D" not in asking.screen
    assert "case.yaml: cannot be written" in asking.screen


def test_an_id_that_is_taken_is_asked_for_again(environment, tmp_path):
    """The labels are not lost for a name, and the other case stays as it is."""
    thread, other = tmp_path / "thread.txt", tmp_path / "cases" / "export-fails-daily.yaml"
    thread.write_text(TEXT)
    other.parent.mkdir()
    dataset(other, entry("export-fails-daily"))
    before = other.read_text()
    asking = Asking(("new", thread, "--into", other.parent), environment)
    try:
        asking.label(*LABELS, ("will not do", "another"))
    finally:
        asking.close()
    assert other.read_text() == before
    assert [case.id for case in load([other.parent])] == ["another", "export-fails-daily"]
