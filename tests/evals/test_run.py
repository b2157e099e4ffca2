import json
import os
import signal
import subprocess
import sys
import time

import pytest

import agent.errors
from agent import policy as policies
from agent.cli.wiring import writing_minds
from agent.errors import ConfigurationError, PolicyError, StoreUnusable, TriageError
from agent.models.client import Client
from agent.models.hosted import HostedModel
from agent.schema import Basis, DimensionReading, Draft
from evals import contender, costs, items, kept, minds, run
from evals.cases import Case, load
from evals.results import Outcome
from tests.builders import extraction
from tests.cli.conftest import authored, readings
from tests.models.conftest import endpoint
from tests.models.endpoint import Reply, completion, failure
from tests.scripted import ScriptedModel

from .commands import DRAFT, LATER, ROOT, answered, dataset, entry, environment, evals

__all__ = ["endpoint", "environment", "evals"]

POLICY = policies.load_default()
READING = extraction((3, 3, 3, 3))
WRITTEN = Draft.model_validate(DRAFT)


def case(case_id="case-1", **fields):
    return Case.model_validate(entry(case_id, **fields))


def quiet(_):
    pass


def all_errors(kind=TriageError):
    return {kind} | {error for child in kind.__subclasses__() for error in all_errors(child)}


@pytest.mark.parametrize("kind", sorted(all_errors() - {TriageError}, key=lambda kind: kind.__name__))
def test_every_error_of_the_product_has_an_outcome_or_ends_the_run(kind):
    """A failure is a column of its own, never a wrong answer; what is wrong with the set-up is nobody's answer."""
    assert kind.__module__ == agent.errors.__name__
    if issubclass(kind, ConfigurationError | StoreUnusable):
        with pytest.raises(kind):
            contender.outcome(kind("no"))
    else:
        assert contender.outcome(kind("no")) is not Outcome.DONE


def test_a_case_is_triaged_at_its_own_moment_as_the_product_does_it():
    """Scores, decision and drafts; deadlines count from the case's `now`, and nobody signs."""
    with ScriptedModel(READING, WRITTEN) as model:
        result = run.Pipeline(lambda _: writing_minds(model), POLICY).answer(items.Item(case()))
    assert (result.outcome, result.case_id, result.variant, result.repeat) == (Outcome.DONE, "case-1", "clean", 1)
    made = result.assessment
    assert (made.total, made.provenance.made_at, made.provenance.model) == (12, case().now, "scripted")
    assert made.deadlines.owner_answer > case().now
    assert made.escalation.customer_message.body.rstrip().endswith("[your name]")


def test_a_fault_of_the_product_names_the_case():
    """A bug ends the run, loudly, and says which text to look at."""

    def broken(_):
        raise KeyError("bug")

    with pytest.raises(KeyError) as fault:
        run.gather(
            [items.Item(case())], run.Pipeline(broken, POLICY), kept=kept.Kept(None), concurrency=1, on_result=quiet
        )
    assert "case-1" in fault.value.__notes__[0]


def test_every_way_to_fail_is_told_apart(evals, endpoint, tmp_path):
    """Refused, truncated, invalid, timed out, unavailable, rejected: each as itself, and the run goes on to the end."""
    names = ("refused", "truncated", "invalid", "timed-out", "unavailable", "rejected", "done")
    path = dataset(tmp_path / "own.yaml", *(entry(name) for name in names))
    endpoint.plays(
        completion(None, refusal="I would rather not."),
        completion("{", finish_reason="length"),
        completion("not at all"),
        completion("still not"),
        Reply(silent=True),
        *[failure(503, retry_after="0")] * 4,
        failure(400, "too long"),
        *answered(READING),
    )
    done = evals(
        "end_to_end", "--cases", path, "--model", "played", "--base-url", endpoint.base_url, "--concurrency", 1,
        "--deadline", 4, "--no-gate", "--json", tmp_path / "report.json",
    )  # fmt: skip
    assert done.code == 0, done.err
    results = json.loads((tmp_path / "report.json").read_text())["contestants"][0]["run"]["results"]
    assert {r["case_id"]: r["outcome"] for r in results} == {name: name.replace("-", "_") for name in names}
    assert all(r["error"] for r in results if r["case_id"] != "done")


def test_what_failed_for_the_moment_is_asked_again_and_nothing_else(evals, endpoint, tmp_path):
    """The same command continues: an answer is not paid for twice; --fresh asks everything."""
    path = dataset(tmp_path / "own.yaml", entry("one"), entry("two"))
    command = (
        "end_to_end", "--cases", path, "--model", "played", "--base-url", endpoint.base_url, "--concurrency", 1, "--no-gate",
    )  # fmt: skip
    endpoint.plays(*answered(READING), LATER)
    first = evals(*command)
    assert "2/2 two (clean): unavailable" in first.err
    endpoint.plays(*answered(READING))
    second = evals(*command)
    assert "1 of 2 answers are kept from an earlier run" in second.err
    assert "1/1 two (clean): done" in second.err
    third = evals(*command)
    assert "2 of 2 answers are kept" in third.err
    assert len(endpoint.received) == 5
    endpoint.plays(*answered(READING), *answered(READING))
    assert "are kept" not in evals(*command, "--fresh").err


def test_a_killed_run_continues(evals, environment, endpoint, tmp_path):
    """Every result is on disk as soon as it is there, whatever becomes of the process."""
    path = dataset(tmp_path / "own.yaml", entry("one"), entry("two"))
    command = (
        "end_to_end", "--cases", str(path), "--model", "played", "--base-url", endpoint.base_url,
        "--concurrency", "1", "--no-gate",
    )  # fmt: skip
    endpoint.plays(*answered(READING), Reply(silent=True))
    log = tmp_path / "stderr"
    with log.open("w") as stderr:
        killed = subprocess.Popen(
            [sys.executable, "-m", "evals", *command], cwd=ROOT, env=environment, stdout=stderr, stderr=stderr
        )
    end = time.monotonic() + 60
    while "1/2 one (clean): done" not in log.read_text() or len(endpoint.received) < 3:
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(timeout=10)
    endpoint.plays(*answered(READING))
    again = evals(*command)
    assert "1 of 2 answers are kept from an earlier run" in again.err
    assert again.code == 0


def test_ctrl_c_ends_with_what_runs_and_says_how_to_go_on(evals, environment, endpoint, tmp_path):
    """What was asked is finished and kept, nothing else is begun; one line, exit code 130."""
    path = dataset(tmp_path / "own.yaml", entry("one"), entry("two"), entry("three"))
    command = (
        "end_to_end", "--cases", str(path), "--model", "played", "--base-url", endpoint.base_url,
        "--concurrency", "1", "--deadline", "5", "--no-gate",
    )  # fmt: skip
    endpoint.plays(*answered(READING), Reply(silent=True))
    stopped = subprocess.Popen(
        [sys.executable, "-m", "evals", *command], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        # A job in the background of a script ignores Ctrl-C, and would hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    told = ""
    while "1/3 one (clean): done" not in told and (line := stopped.stderr.readline()):
        told += line
    while len(endpoint.received) < 3:
        assert stopped.poll() is None, told
        time.sleep(0.05)
    stopped.send_signal(signal.SIGINT)
    _, rest = stopped.communicate(timeout=60)
    assert stopped.returncode == 130
    assert rest.splitlines()[-1] == "evals: interrupted; the same command continues where it stopped"
    assert "Traceback" not in rest
    endpoint.plays(*answered(READING), *answered(READING))
    assert "1 of 3 answers are kept from an earlier run" in evals(*command).err


def test_what_a_failed_call_took_is_paid_for_too(endpoint):
    """The real cost after a run holds the tokens of answers that could not be used."""
    endpoint.plays(completion("{", finish_reason="length", tokens=(100, 40, 10)))
    model = HostedModel(Client("played", base_url=endpoint.base_url))
    result = run.Pipeline(lambda _: writing_minds(model), POLICY).answer(items.Item(case()))
    assert result.outcome is Outcome.TRUNCATED
    spent = costs.spent([result])
    assert (spent.input_tokens, spent.cached_tokens, spent.output_tokens) == (100, 40, 10)


def test_a_line_cut_off_by_a_crash_costs_that_line_alone(tmp_path):
    """What stands before and after it is read."""
    path, one, two = tmp_path / "results.jsonl", items.Item(case("one")), items.Item(case("two"))
    result = run.CaseResult(case_id="one", outcome=Outcome.REFUSED)
    kept.Kept(path).keep(one, result)
    with path.open("a") as file:
        file.write('{"item": "cut of')
    again = kept.Kept(path)
    assert (again.find(one), again.find(two)) == (result, None)
    again.keep(two, run.CaseResult(case_id="two", outcome=Outcome.INVALID))
    assert kept.Kept(path).find(two).outcome is Outcome.INVALID


def test_a_kept_answer_is_good_for_the_same_text_and_moment_only():
    """A changed label costs nothing; a changed text or moment is another question."""
    item = items.Item(case())
    assert item.digest == items.Item(case(why="Another reason altogether.", levels=(3, 3, 3, 4))).digest
    for other in (
        items.Item(case(text=f"{case().text} Really.")),
        items.Item(case(now="2026-03-13T09:00:00+01:00")),
        items.Item(case(), variant="leak.plain.top.en"),
        items.Item(case(), repeat=2),
    ):
        assert item.digest != other.digest


def test_answers_are_kept_under_all_that_they_depend_on():
    """Another model, policy, endpoint or deadline starts anew."""
    german = POLICY.model_copy(update={"calendar": POLICY.calendar.model_copy(update={"country": "DE"})})
    files = {
        kept.cache_file("a", POLICY),
        kept.cache_file("b", POLICY),
        kept.cache_file("a", POLICY.model_copy(update={"digest": "0" * 64})),
        kept.cache_file("a", german),
        kept.cache_file("a", POLICY, base_url="http://localhost/v1"),
        kept.cache_file("a", POLICY, deadline=2.0),
    }
    assert len(files) == 6
    assert kept.cache_file("a", POLICY) in files


def test_the_set_up_being_wrong_ends_the_run():
    """One wrong file is one error, not as many failed cases as there are."""

    def unusable(_):
        raise PolicyError("broken")

    with pytest.raises(PolicyError):
        run.gather(
            [items.Item(case())], run.Pipeline(unusable, POLICY), kept=kept.Kept(None), concurrency=2, on_result=quiet
        )


def test_results_come_in_the_order_of_the_items_whoever_is_done_first():
    """Several at once give the same run as one at a time."""
    wanted = items.clean([case(f"case-{n}") for n in range(6)], repeat=2)

    class Slowest:
        def answer(self, item):
            time.sleep(0.02 if item.case.id == "case-0" else 0)
            return run.CaseResult(case_id=item.case.id, repeat=item.repeat, outcome=Outcome.REFUSED)

    results = run.gather(wanted, Slowest(), kept=kept.Kept(None), concurrency=4, on_result=quiet)
    assert [(r.case_id, r.repeat) for r in results] == [(i.case.id, i.repeat) for i in wanted]


def test_hand_written_answers_are_counted_apart(tmp_path):
    """What a person wrote is replayed, and nobody takes it for a model's."""
    one = case()
    directory = authored(tmp_path / "answers", one.situation, "extract", READING.model_dump(mode="json"))
    source = minds.replayed(directory, None)
    results = [
        run.Pipeline(source.minds_for, POLICY).answer(item)
        for item in items.clean([one, case("two", text="Else, " + one.text)])
    ]
    assert [r.outcome for r in results] == [Outcome.DONE, Outcome.UNAVAILABLE]
    assert costs.authored(results) == 1
    assert "the drafting call failed" in results[0].assessment.draft_note


def test_recorded_readings_are_replayed_through_the_embedded_scorer(tmp_path):
    """What was recorded about a text says which kind of model answered it."""
    one = case()
    directory = authored(tmp_path / "answers", one.situation, "probes", readings())
    result = run.Pipeline(minds.replayed(directory, None).minds_for, POLICY).answer(items.Item(one))
    assert result.assessment.provenance.embedded


def test_a_replayed_repeat_is_no_second_answer(tmp_path):
    """The same recording twice would look like perfect stability."""
    one = case()
    directory = authored(tmp_path / "answers", one.situation, "extract", READING.model_dump(mode="json"))
    pipeline = run.Pipeline(minds.replayed(directory, None).minds_for, POLICY)
    assert [pipeline.answer(i).outcome for i in items.clean([one], repeat=2)] == [Outcome.DONE, Outcome.UNAVAILABLE]


def test_an_attack_that_reads_as_the_clean_text_is_answered_by_its_recording(tmp_path):
    """Each variant counts its calls for itself, so the clean case and its attacks replay in any order."""
    one = case()
    directory = authored(tmp_path / "answers", one.situation, "extract", READING.model_dump(mode="json"))
    pipeline = run.Pipeline(minds.replayed(directory, None).minds_for, POLICY)
    for variant in ("inflate.hidden.top.en", "clean"):
        assert pipeline.answer(items.Item(one, variant=variant)).outcome is Outcome.DONE


def test_a_recorded_run_replays_and_a_stale_answer_is_named(evals, endpoint, tmp_path):
    """Recorded once, answered without the endpoint; what was recorded under another policy is named, case by case."""
    path, tapes, report = dataset(tmp_path / "own.yaml", entry()), tmp_path / "tapes", tmp_path / "report.json"
    base = ("end_to_end", "--cases", path, "--no-gate", "--json", report)
    endpoint.plays(*answered(READING))
    live = evals(*base, "--model", "played", "--base-url", endpoint.base_url, "--record", tapes)
    assert live.code == 0, live.err
    before = json.loads(report.read_text())["contestants"][0]
    replayed = evals(*base, "--replay", tapes)
    after = json.loads(report.read_text())["contestants"][0]
    assert "stale" not in replayed.err
    assert (before["run"]["model_class"], after["run"]["model_class"]) == ("hosted", "replay")
    assert before["suites"][0]["metrics"] == after["suites"][0]["metrics"]
    extract = next(tapes.glob("*-extract-1.json"))
    extract.write_text(extract.read_text().replace(POLICY.reference, "Another policy@0.1.0#000000000000"))
    stale = evals(*base, "--replay", tapes)
    assert "1 answers are stale (prompt, schema or policy changed since): case-1 (extract)" in stale.err
    assert json.loads(report.read_text())["contestants"][0]["run"]["stale_answers"] == 1


def test_attacks_and_repeats_are_recorded_in_folders_of_their_own(tmp_path):
    """Their texts may read the same; their answers must not overwrite each other."""
    one = case()
    folders = {
        minds.folder(tmp_path, item)
        for item in (
            items.Item(one),
            items.Item(one, repeat=2),
            items.Item(one, "../up", 1),
            items.Item(one, "../up", 2),
        )
    }
    assert len(folders) == 4
    assert all(path.resolve().is_relative_to(tmp_path.resolve()) for path in folders)


def test_cost_is_what_the_calls_say_and_unknown_is_not_zero():
    """Tokens add up over both calls of every case; a price nobody knows stays unknown."""
    with ScriptedModel(READING, WRITTEN) as model:
        result = run.Pipeline(lambda _: writing_minds(model), POLICY).answer(items.Item(case()))
    assert costs.spent([result]).input_tokens is None
    calls = result.assessment.provenance.calls
    counted = tuple(
        call.model_copy(update={"input_tokens": 900, "cached_tokens": 600, "output_tokens": 300}) for call in calls
    )
    told = result.assessment.model_copy(
        update={"provenance": result.assessment.provenance.model_copy(update={"calls": counted})}
    )
    spent = costs.spent([result.model_copy(update={"assessment": told, "seconds": 3.0})])
    assert (spent.input_tokens, spent.cached_tokens, spent.output_tokens, spent.usd) == (1800, 1200, 600, None)
    assert str(spent) == "1,800 tokens in (1,200 cached), 600 out, price not known, 3.0 s per case"


def test_the_estimate_grows_with_the_texts():
    """Both calls of every case with their schemas, at four characters to the token."""
    short = costs.estimate(items.clean([case()]), "openai/gpt-5-mini", POLICY, remote=True)
    longer = costs.estimate(
        items.clean([case(text=case().text + " x" * 4000)]), "openai/gpt-5-mini", POLICY, remote=True
    )
    assert short.input_tokens > 4_000  # prompts, rubric and schemas are sent whatever the text
    assert 3900 <= longer.input_tokens - short.input_tokens <= 4100
    assert costs.estimate(items.clean([case()]), "played", POLICY, remote=False).usd == 0.0


def test_a_limit_takes_the_same_spread_of_cases_every_time():
    """A small run stands for the whole: all bands, most issue types, whatever the order of the file."""
    every = load()
    chosen = items.stratified(every, 12, POLICY)
    assert len(chosen) == 12
    assert {c.id for c in chosen} == {c.id for c in items.stratified(every[::-1], 12, POLICY)}
    assert len({POLICY.band(c.expected.total) for c in chosen}) == 4
    assert len({c.expected.issue_type for c in chosen}) >= 5
    assert items.stratified(every, 500, POLICY) == every


def test_the_digest_of_the_cases_covers_labels_and_no_order():
    """Two reports with the same digest measured the same thing."""
    one, two = case("one"), case("two")
    assert items.dataset_digest([one, two]) == items.dataset_digest([two, one])
    assert items.dataset_digest([one]) != items.dataset_digest([case("one", why="Another reason altogether.")])


def test_a_missing_quote_is_asked_for_once_more_and_both_calls_count(evals, endpoint, tmp_path):
    """The harness runs the product as it is, second asking included, and reports what that took."""
    wrong = READING.model_copy(
        update={
            "customer_impact": DimensionReading(
                quotes=("nobody wrote this",), basis=Basis.STATED, rationale="Why.", score=3, question=None
            )
        }
    )
    endpoint.plays(completion(wrong.model_dump_json()), *answered(READING))
    path = dataset(tmp_path / "own.yaml", entry())
    done = evals(
        "extraction", "--cases", path, "--model", "played", "--base-url", endpoint.base_url, "--no-gate",
    )  # fmt: skip
    assert "played: 300 tokens in (120 cached), 30 out, USD 0.00" in done.err
