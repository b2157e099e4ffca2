"""The hand-written answers that ship: the hosted path from end to end, without a model and without a key."""

import json
import shutil

import pytest

from agent import policy as policies
from agent.cli.wiring import writing_minds
from agent.errors import ConfigurationError
from agent.models.recording import schema_digest
from agent.models.replay import Replay
from agent.models.wire import response_schema
from agent.prompts import load as prompt
from agent.schema import AnswerSource, Draft, DraftSource, Extraction
from evals import contest, minds, run, signing
from evals.cases import Split, load
from evals.contest import Setting
from evals.items import Item, clean
from evals.results import ModelClass

from .commands import ROOT, environment, evals

__all__ = ["environment", "evals"]

ANSWERS = ROOT / "evals" / "recordings" / "hosted-authored"
POLICY = policies.load_default()
WRITTEN = {path.name[:6] for path in ANSWERS.glob("*.json")}
CASES = tuple(case for case in load() if case.id in WRITTEN)


def answer(case):
    return run.Pipeline(minds.replayed(ANSWERS, None).minds_for, POLICY).answer(Item(case)).assessment


def test_twelve_varied_cases_of_the_tune_split_have_answers():
    """Languages, bands and issue types vary, some texts are silent on something, one holds an injection."""
    assert len(CASES) == 12
    assert {case.split for case in CASES} == {Split.TUNE}
    assert {case.customer_language for case in CASES} == {"en", "de", "fr", "es"}
    assert len({POLICY.band(case.expected.total) for case in CASES}) == 4
    assert len({case.expected.issue_type for case in CASES}) == 7
    assert any(case.unstated for case in CASES)
    assert any("injection" in tag for case in CASES for tag in case.tags)


def test_every_answer_was_written_by_hand_and_is_current():
    """After a change of prompt, schema or policy they are read again and signed: `python -m evals sign`."""
    for path in ANSWERS.glob("*.json"):
        recording = json.loads(path.read_text())
        kind = {"extract": Extraction, "draft": Draft}[recording["purpose"]]
        assert recording["source"] == "authored"
        assert "model" not in recording
        assert recording["prompt"] == prompt(recording["purpose"]).reference(kind), path.name
        assert recording["schema"] == schema_digest(kind), path.name
        assert recording["policy"] == POLICY.reference, path.name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_both_calls_run_through_evidence_engine_and_guards(case):
    """Every quote stands in the text, the draft passes its guards, and nothing passes for a model's answer."""
    made = answer(case)
    assert made.draft_source is DraftSource.MODEL, made.draft_findings
    assert all(evidence.found for _, score in made.scores.items() for evidence in score.evidence)
    assert {call.source for call in made.provenance.calls} == {AnswerSource.AUTHORED}
    assert not made.provenance.embedded


def test_a_missing_quote_and_a_broken_guard_are_asked_about_again():
    """One answer quotes what is not in the text, one draft promises money; the second answers count."""
    calls = {case.id: [call.purpose for call in answer(case).provenance.calls] for case in CASES}
    assert calls["gc-006"] == ["extract", "extract", "draft"]
    assert calls["gc-069"] == ["extract", "draft", "draft"]
    assert sum(len(purposes) for purposes in calls.values()) == len(list(ANSWERS.glob("*.json")))


def test_every_suite_counts_hand_written_answers_apart(evals, tmp_path):
    """A contestant and a class of their own in the report, the tables, JUnit and Markdown; their own gates hold."""
    files = {name: tmp_path / f"report.{name}" for name in ("json", "junit", "markdown", "html")}
    flags = [part for name, path in files.items() for part in (f"--{name}", path)]
    done = evals(
        "extraction", "end_to_end", "drafting", "--split", "tune", "--replay", ANSWERS, "--only-recorded", *flags
    )
    assert done.code == 0, done.out + done.err
    assert "12 of 38 cases are recorded; the others are left out" in done.err
    assert "26 answers were written by hand, by no model" in done.err
    (contestant,) = json.loads(files["json"].read_text())["contestants"]
    assert (contestant["run"]["contestant"], contestant["run"]["model_class"]) == (contest.BY_HAND, "authored")
    assert contestant["run"]["authored_answers"] == 26
    for name in ("junit", "markdown", "html"):
        assert "26 written by hand" in files[name].read_text()
        assert contest.BY_HAND in files[name].read_text()
    assert "26 written by hand" in done.out


def test_answers_of_a_model_beside_them_stay_another_run(tmp_path):
    """One folder may hold both; no figure mixes them."""
    for path in ANSWERS.glob("*.json"):
        recording = json.loads(path.read_text())
        if path.name.startswith(CASES[0].id):
            recording |= {"source": "live", "model": "played"}
        (tmp_path / path.name).write_text(json.dumps(recording))
    cases = CASES[:3]
    made = contest.measured(contest.replayed(tmp_path, None), clean(cases), Setting(POLICY, cases, "tune"))
    assert [(r.contestant, r.model_class, len(r.results)) for r in made] == [
        ("played", ModelClass.REPLAY, 1),
        (contest.BY_HAND, ModelClass.AUTHORED, 2),
    ]
    assert [r.authored_answers > 0 for r in made] == [False, True]


def test_only_recorded_needs_recordings(evals):
    """A live model can be asked about every case, and an empty selection is not a run."""
    assert "--only-recorded needs --replay" in evals("extraction", "--only-recorded").err
    none = evals("extraction", "--split", "test", "--replay", ANSWERS, "--only-recorded")
    assert (none.code, "the recordings hold none of these cases" in none.err) == (2, True)


def test_answers_are_signed_after_a_change_and_broken_ones_are_not(evals, tmp_path):
    """Signing sets the references of today; an answer that no longer fits its schema has to be written anew."""
    kept = tmp_path / "answers"
    shutil.copytree(ANSWERS, kept)
    path = next(kept.glob("*-draft-1.json"))
    old = json.loads(path.read_text()) | {"policy": "Another policy@0.1.0#000000000000"}
    path.write_text(json.dumps(old))
    done = evals("sign", kept)
    assert (done.code, done.out.strip()) == (0, "26 hand-written answers are signed")
    assert json.loads(path.read_text())["policy"] == POLICY.reference
    path.write_text(json.dumps(old | {"response": {"ask": 1}}))
    with pytest.raises(ConfigurationError, match="does not fit the schema any more"):
        signing.sign(kept, POLICY)


CHARACTERS_PER_TOKEN = 3.8  # fewer than o200k takes on any of these cases, so the estimate is on the safe side
MOST_IN, MOST_OUT = 6_000, 1_200


class Watched:
    """The recorded answers, with every request that was made for one and what came back."""

    remote = False

    def __init__(self):
        self._model = Replay(ANSWERS)
        self.reference, self.context_characters = self._model.reference, self._model.context_characters
        self.calls = []

    def complete(self, request, response_type, deadline):
        done = self._model.complete(request, response_type, deadline)
        self.calls.append((request, response_type, done.output))
        return done


def calls_for(case):
    watched = Watched()
    assert run.Pipeline(lambda _: writing_minds(watched), POLICY).answer(Item(case)).assessment
    return watched.calls


def test_a_triage_of_three_hundred_words_stays_within_its_tokens():
    """Both calls, system prompt, rubric and response schema included: 6,000 tokens in and 1,200 out."""
    calls = calls_for(next(case for case in CASES if 300 <= len(case.text.split()) <= 350))
    sent = "".join(message.content for request, _, _ in calls for message in request.messages)
    schemas = "".join(json.dumps(response_schema(kind, limits=False)) for _, kind, _ in calls)
    written = "".join(output.model_dump_json() for _, _, output in calls)
    assert [request.purpose for request, _, _ in calls] == ["extract", "draft"]
    assert len(sent + schemas) / CHARACTERS_PER_TOKEN < MOST_IN
    assert len(written) / CHARACTERS_PER_TOKEN < MOST_OUT


def test_the_prefix_of_every_request_is_the_same():
    """Providers cache it: the system message of each call is one text for all cases, comes first, and names no case."""
    prefixes = {}
    for case in CASES:
        for request, _, _ in calls_for(case):
            assert request.messages[0].role == "system"
            prefixes.setdefault(request.purpose, set()).add(request.messages[0].content)
    assert {purpose: len(texts) for purpose, texts in prefixes.items()} == {"extract": 1, "draft": 1}
