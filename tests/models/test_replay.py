import json
from pathlib import Path
from typing import Any

import pytest

from agent.errors import ConfigurationError, DeadlineExceeded, ModelInvalid, ReplayError
from agent.models.port import (
    Completion,
    Deadline,
)
from agent.models.recorders import DecisionRecorder, ProbeRecorder, Recorder
from agent.models.replay import Replay
from agent.schema import AnswerSource, CallRecord, Noun

from .tapes import DECISIONS, FIRST, NO_END, PROBES, SECOND, Deciding, Scripted, Verdict, authored, recorded, request


def test_a_recorded_call_is_answered_again_without_its_model(tmp_path: Path) -> None:
    """The answer comes back as it was, marked as replayed, with what the recorded call took."""
    recorded(tmp_path, FIRST)
    replay = Replay(tmp_path)
    answer = replay.complete(request(), Verdict, NO_END)
    assert answer.output == FIRST
    assert (answer.call.source, answer.call.stale) == (AnswerSource.REPLAYED, False)
    assert (answer.call.model, answer.call.attempts, answer.call.input_tokens) == ("scripted", 2, 9)
    assert (replay.reference, replay.remote) == ("scripted", False)


def test_a_second_call_of_a_purpose_has_its_own_answer(tmp_path: Path) -> None:
    """A re-ask replays the re-ask; what was never recorded is not answered by something else."""
    recorded(tmp_path, FIRST, SECOND)
    replay = Replay(tmp_path)
    assert [replay.complete(request(), Verdict, NO_END).output for _ in range(2)] == [FIRST, SECOND]
    with pytest.raises(ReplayError, match=f"'extract' number 3 for the input digest {'d' * 64}") as raised:
        replay.complete(request(), Verdict, NO_END)
    assert str(tmp_path) in str(raised.value)


@pytest.mark.parametrize("changes", [{"purpose": "draft"}, {"input_digest": "other"}])
def test_another_call_is_not_answered(tmp_path: Path, changes: dict[str, str]) -> None:
    """Purpose and input have to be those of the recording."""
    recorded(tmp_path, FIRST)
    with pytest.raises(ReplayError):
        Replay(tmp_path).complete(request(**changes), Verdict, NO_END)


@pytest.mark.parametrize("changes", [{"prompt": "e@2#c"}, {"policy": "p@2#d"}])
def test_an_answer_to_an_older_prompt_or_policy_is_stale(tmp_path: Path, changes: dict[str, str]) -> None:
    """It is given, and never silently as a current one."""
    recorded(tmp_path, FIRST)
    assert Replay(tmp_path).complete(request(**changes), Verdict, NO_END).call.stale


def test_an_answer_to_an_older_schema_is_stale(tmp_path: Path) -> None:
    """Descriptions are prompt text: a schema that differs in one is another question."""
    recorded(tmp_path, FIRST)

    class Verdict(Noun):
        """A small answer, described anew."""

        words: tuple[str, ...]
        score: int

    assert Replay(tmp_path).complete(request(), Verdict, NO_END).call.stale


def test_an_answer_written_by_hand_needs_five_fields_and_is_marked(tmp_path: Path) -> None:
    """What a person wrote is never shown as a model's."""
    authored(tmp_path, {"words": [], "score": 3})
    replay = Replay(tmp_path)
    answer = replay.complete(request(), Verdict, NO_END)
    assert (answer.output.score, answer.call.source, answer.call.stale) == (3, AnswerSource.AUTHORED, False)
    assert (replay.reference, answer.call.prompt) == ("replay", "e@1#a")


def test_a_response_that_does_not_fit_names_its_file(tmp_path: Path) -> None:
    """A slip in a hand-written answer is found by file and field."""
    path = authored(tmp_path, {"words": [], "score": "four"})
    with pytest.raises(ModelInvalid, match=f"{path.name}: .*score"):
        Replay(tmp_path).complete(request(), Verdict, NO_END)


def test_two_answers_to_one_call_are_an_error(tmp_path: Path) -> None:
    """Which of two files answers is never left to the order of a directory."""
    authored(tmp_path, {"words": [], "score": 3})
    authored(tmp_path, {"words": [], "score": 4})
    with pytest.raises(ReplayError, match="'sequence'"):
        Replay(tmp_path)


def test_a_replay_ends_with_the_deadline_too(tmp_path: Path) -> None:
    """A run's end counts whatever answers."""
    recorded(tmp_path, FIRST)
    with pytest.raises(DeadlineExceeded):
        Replay(tmp_path).complete(request(), Verdict, Deadline(0))


def test_a_directory_that_is_not_there_cannot_be_replayed(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(ConfigurationError, match="nowhere"):
        Replay(tmp_path / "nowhere")


def test_readings_are_recorded_and_replayed(tmp_path: Path) -> None:
    """Readings come back by name, and other probes make them stale."""
    values = {"impact": 4.2, "time": 1.5}
    recorder = ProbeRecorder(Scripted(values), tmp_path)
    given = recorder.probe(("It is down.",), PROBES, input_digest="d", deadline=NO_END)
    again = Replay(tmp_path).probe(("It is down.",), PROBES, input_digest="d", deadline=NO_END)
    assert again.whole() == given.whole() == values
    assert (again.call.source, again.call.stale) == (AnswerSource.REPLAYED, False)
    fewer = Replay(tmp_path).probe(("It is down.",), PROBES[1:], input_digest="d", deadline=NO_END)
    assert fewer.call.stale


def test_readings_follow_their_passage_into_another_cut(tmp_path: Path) -> None:
    """The whole reads as before however the text is cut; what is cut otherwise has no reading of its own."""
    values = {"impact": 4.2, "time": 1.5}
    ProbeRecorder(Scripted(values), tmp_path).probe(("It is down.",), PROBES, input_digest="d", deadline=NO_END)
    again = Replay(tmp_path).probe(("It is ", "down."), PROBES, input_digest="d", deadline=NO_END)
    assert (again.whole(), again.call.stale) == (values, False)
    assert [reading.passage for reading in again.passages] == [2]


def test_readings_of_another_text_are_stale(tmp_path: Path) -> None:
    """The same input may read as other words by now."""
    ProbeRecorder(Scripted({"impact": 4.2, "time": 1.5}), tmp_path).probe(
        ("It is down.",), PROBES, input_digest="d", deadline=NO_END
    )
    assert Replay(tmp_path).probe(("It was down.",), PROBES, input_digest="d", deadline=NO_END).call.stale


@pytest.mark.parametrize("passages", [[], [{"passage": 0, "tokens": 1, "values": {"time": 1.0}}]])
def test_a_probe_without_its_reading_names_the_file(tmp_path: Path, passages: list[Any]) -> None:
    """A hand-written file has to give a reading for every probe."""
    path = authored(tmp_path, {"passages": passages}, purpose="probes", input_digest="d")
    with pytest.raises(ModelInvalid, match=path.name):
        Replay(tmp_path).probe(("It is down.",), PROBES, input_digest="d", deadline=NO_END)


def test_a_decision_model_is_recorded_and_replayed(tmp_path: Path) -> None:
    """What was weighed and what was declined come back, with the tokens of the call and the questions that were asked."""
    DecisionRecorder(Deciding(), tmp_path).decide(DECISIONS, NO_END)
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text())["request"]["text"] == "It is down."
    again = Replay(tmp_path).decide(DECISIONS, NO_END)
    assert [(a.probabilities, a.unanswered) for a in again.answers] == [((0.9, 0.1), None), ((), "declined")]
    assert (again.call.source, again.call.model, again.call.input_tokens) == (
        AnswerSource.REPLAYED, "decisions/scripted", 7,
    )  # fmt: skip
    assert not again.call.stale
    changed = DECISIONS.model_copy(update={"prompt": "rubric@1#z"})
    assert Replay(tmp_path).decide(changed, NO_END).call.stale


@pytest.mark.parametrize(
    "answers",
    [
        [{"name": "blocked", "probabilities": [0.9, 0.3]}, {"name": "minor", "probabilities": [1, 0]}],
        [{"name": "blocked", "probabilities": [0.9, 0.1]}],
        [{"name": "blocked", "probabilities": [0.5, 0.3, 0.2]}, {"name": "minor", "probabilities": [1, 0]}],
    ],
)
def test_a_hand_written_decision_that_is_none_is_refused(tmp_path: Path, answers: list[Any]) -> None:
    """Wrong sums, missing questions and wrong counts name the file."""
    about = {"format": 1, "source": "authored", "purpose": "decide", "input_digest": "d" * 64}
    (tmp_path / "own.json").write_text(json.dumps({**about, "response": {"answers": answers}}))
    with pytest.raises(ModelInvalid, match=r"own\.json"):
        Replay(tmp_path).decide(DECISIONS, NO_END)


def test_the_weights_of_scores_are_replayed(tmp_path: Path) -> None:
    """What else a model might have said comes back with its answer."""
    told = {"impact": {"4": 0.8, "5": 0.2}}
    answer = Completion(
        output=Verdict(words=(), score=4), call=CallRecord(purpose="extract", model="m", prompt="e@1#a"), weights=told
    )

    class Weighing(Scripted):
        def complete(self, *_: Any) -> Completion[Verdict]:
            return answer

    Recorder(Weighing(), tmp_path).complete(request(), Verdict, NO_END)
    assert Replay(tmp_path).complete(request(), Verdict, NO_END).weights == told
