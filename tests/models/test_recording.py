import json
import stat
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from agent.errors import ConfigurationError, DeadlineExceeded, ModelInvalid, ModelRefused, ReplayError
from agent.models.hosted import HostedModel
from agent.models.port import (
    ChatMessage,
    Completion,
    Deadline,
    DecisionRequest,
    PassageReading,
    Probe,
    ProbeReadings,
    QuestionKind,
    Request,
    TypedAnswer,
    TypedAnswers,
    TypedQuestion,
)
from agent.models.probing import reference
from agent.models.recording import DecisionRecorder, ProbeRecorder, Recorder, Replay
from agent.schema import AnswerSource, CallRecord, Noun

from .endpoint import Endpoint, completion

NO_END = Deadline(None)


class Verdict(Noun):
    """A small answer."""

    words: tuple[str, ...]
    score: int


def request(**changes: Any) -> Request:
    told = (ChatMessage(role="user", content="It is down."),)
    fields = {"purpose": "extract", "prompt": "e@1#a", "policy": "p@1#b", "input_digest": "d" * 64, "messages": told}
    return Request(**{**fields, **changes})


class Scripted:
    """Both kinds of model, from a queue that fails when it runs dry."""

    reference, remote, context_characters = "scripted", True, 1000

    def __init__(self, *outputs: Any) -> None:
        self.outputs = deque(outputs)

    def complete(self, asked: Request, response_type: type[Any], deadline: Deadline) -> Completion[Any]:
        call = CallRecord(purpose=asked.purpose, model="scripted", prompt=asked.prompt, attempts=2, input_tokens=9)
        return Completion[response_type](output=self.outputs.popleft(), call=call)

    def probe(self, passages: Any, probes: Any, *, input_digest: str, deadline: Deadline) -> ProbeReadings:
        call = CallRecord(purpose="read", model="scripted", prompt=reference(probes))
        read = PassageReading(passage=0, tokens=1, values=self.outputs.popleft())
        return ProbeReadings(passages=(read,), call=call)


FIRST, SECOND = Verdict(words=("it is", "down"), score=4), Verdict(words=(), score=2)


def recorded(directory: Path, *outputs: Verdict) -> None:
    recorder = Recorder(Scripted(*outputs), directory)
    for _ in outputs:
        recorder.complete(request(), Verdict, NO_END)


def authored(directory: Path, response: dict[str, Any], **changes: Any) -> Path:
    kept = {"format": 1, "source": "authored", "purpose": "extract", "input_digest": "d" * 64, "response": response}
    path = directory / f"{len(list(directory.iterdir()))}.json"
    path.write_text(json.dumps({**kept, **changes}))
    return path


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


@pytest.mark.parametrize(
    ("text", "fault"), [("{", "Invalid JSON"), ('{"format": 2}', "format"), ("\udcff", "cannot be read")]
)
def test_a_file_that_is_no_recording_is_named(tmp_path: Path, text: str, fault: str) -> None:
    """A broken file is an error and not a missing answer."""
    (tmp_path / "broken.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReplayError, match=f"broken.json: .*{fault}"):
        Replay(tmp_path)


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


def test_a_directory_that_cannot_be_made_stops_the_run_before_it_costs_anything(tmp_path: Path) -> None:
    """Nothing is asked of a model whose answer could not be kept."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="file"):
        Recorder(Scripted(), tmp_path / "file" / "recordings")


def test_a_recording_holds_the_call_and_is_for_the_owners_eyes(tmp_path: Path) -> None:
    """Request, response and references stand in one file, mode 0600, whole or not there."""
    recorded(tmp_path / "new", FIRST)
    (path,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = json.loads(path.read_text())
    assert kept["request"]["messages"] == [{"role": "user", "content": "It is down."}]
    assert kept["response"] == {"words": ["it is", "down"], "score": 4}
    assert (kept["format"], kept["source"], kept["sequence"], kept["policy"]) == (1, "live", 1, "p@1#b")
    assert list(kept) == [
        "format", "source", "purpose", "input_digest", "sequence", "model", "prompt", "schema", "policy", "request",
        "response", "weights", "error", "usage",
    ]  # fmt: skip


def test_a_recording_never_holds_the_key(tmp_path: Path, endpoint: Endpoint) -> None:
    """Of a real call over HTTP, the key stays out of the file."""
    endpoint.plays(completion('{"words": [], "score": 4}'))
    model = HostedModel("played", base_url=endpoint.base_url, api_key="sk-secret")
    Recorder(model, tmp_path).complete(request(), Verdict, NO_END)
    (path,) = tmp_path.iterdir()
    assert "sk-secret" in endpoint.received[0].headers["authorization"]
    assert "sk-secret" not in path.read_text()


PROBES = (Probe(name="impact", direction=(1.0,), bias=0.0), Probe(name="time", direction=(2.0,), bias=0.0))


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


def test_states_are_never_kept(tmp_path: Path) -> None:
    """A recording holds what the probes read, and neither their directions nor the states."""
    ProbeRecorder(Scripted({"impact": 4.2, "time": 1.5}), tmp_path).probe(
        ("It is down.",), PROBES, input_digest="d", deadline=NO_END
    )
    (path,) = tmp_path.iterdir()
    assert "direction" not in path.read_text()


@pytest.mark.parametrize("passages", [[], [{"passage": 0, "tokens": 1, "values": {"time": 1.0}}]])
def test_a_probe_without_its_reading_names_the_file(tmp_path: Path, passages: list[Any]) -> None:
    """A hand-written file has to give a reading for every probe."""
    path = authored(tmp_path, {"passages": passages}, purpose="probes", input_digest="d")
    with pytest.raises(ModelInvalid, match=path.name):
        Replay(tmp_path).probe(("It is down.",), PROBES, input_digest="d", deadline=NO_END)


def test_a_failed_call_is_kept_and_fails_again(tmp_path):
    """Every call is kept: what was sent and why there is no answer; its replay does not invent one."""

    class Refusing:
        reference, remote, context_characters = "refusing", False, 100

        def complete(self, request, response_type, deadline):
            raise ModelRefused("I would rather not")

    with pytest.raises(ModelRefused):
        Recorder(Refusing(), tmp_path).complete(request(purpose="draft"), Verdict, NO_END)
    kept = json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))
    assert (kept["error"], kept["response"]) == ("I would rather not", None)
    assert kept["request"]["messages"][0]["content"] == "It is down."
    with pytest.raises(ReplayError, match="failed when it was recorded"):
        Replay(tmp_path).complete(request(purpose="draft"), Verdict, NO_END)


def test_what_a_failed_call_took_is_kept_and_counted_again(endpoint: Endpoint, tmp_path: Path) -> None:
    """A replayed failure has the attempts and tokens of the live one, and today's words of why."""
    endpoint.plays(*[completion("garbage")] * 2)
    live = HostedModel("played", base_url=endpoint.base_url)
    with pytest.raises(ModelInvalid) as failed:
        Recorder(live, tmp_path).complete(request(purpose="draft"), Verdict, NO_END)
    with pytest.raises(ReplayError) as replayed:
        Replay(tmp_path).complete(request(purpose="draft"), Verdict, NO_END)
    call = replayed.value.call
    assert (call.attempts, call.input_tokens, call.source) == (2, 200, AnswerSource.REPLAYED)
    assert (call.prompt, call.error) == ("e@1#a", str(failed.value))


DECISIONS = DecisionRequest(
    purpose="decide",
    prompt="rubric@1#a",
    policy="p@1#b",
    input_digest="d" * 64,
    text="It is down.",
    questions=(
        TypedQuestion(kind=QuestionKind.PREDICATE, name="blocked", instructions="They are blocked."),
        TypedQuestion(kind=QuestionKind.PREDICATE, name="minor", instructions="It is minor."),
    ),
)


class Deciding:
    """A decision model that answers one question and declines the other, or fails."""

    reference, remote, context_characters = "decisions/scripted", True, 1000

    def __init__(self, error: ModelRefused | None = None) -> None:
        self._error = error

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        if self._error:
            raise self._error
        answers = (
            TypedAnswer(name="blocked", probabilities=(0.9, 0.1)),
            TypedAnswer(name="minor", unanswered="declined"),
        )
        call = CallRecord(purpose=request.purpose, model=self.reference, prompt=request.prompt, input_tokens=7)
        return TypedAnswers(answers=answers, call=call)


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


def test_a_failed_decision_is_recorded_with_its_error(tmp_path: Path) -> None:
    """A replay fails in the same words."""
    with pytest.raises(ModelRefused):
        DecisionRecorder(Deciding(ModelRefused("it declined")), tmp_path).decide(DECISIONS, NO_END)
    with pytest.raises(ReplayError, match="it declined"):
        Replay(tmp_path).decide(DECISIONS, NO_END)


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
