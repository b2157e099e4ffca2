import json
import stat
from pathlib import Path

import pytest

from agent.errors import ConfigurationError, ModelInvalid, ModelRefused, ReplayError
from agent.models.client import Client
from agent.models.hosted import HostedModel
from agent.models.recorders import DecisionRecorder, ProbeRecorder, Recorder
from agent.models.replay import Replay
from agent.schema import AnswerSource

from .endpoint import Endpoint, completion
from .tapes import DECISIONS, FIRST, NO_END, PROBES, Deciding, Scripted, Verdict, recorded, request


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
    model = HostedModel(Client("played", base_url=endpoint.base_url, api_key="sk-secret"))
    Recorder(model, tmp_path).complete(request(), Verdict, NO_END)
    (path,) = tmp_path.iterdir()
    assert "sk-secret" in endpoint.received[0].headers["authorization"]
    assert "sk-secret" not in path.read_text()


def test_states_are_never_kept(tmp_path: Path) -> None:
    """A recording holds what the probes read, and neither their directions nor the states."""
    ProbeRecorder(Scripted({"impact": 4.2, "time": 1.5}), tmp_path).probe(
        ("It is down.",), PROBES, input_digest="d", deadline=NO_END
    )
    (path,) = tmp_path.iterdir()
    assert "direction" not in path.read_text()


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
    live = HostedModel(Client("played", base_url=endpoint.base_url))
    with pytest.raises(ModelInvalid) as failed:
        Recorder(live, tmp_path).complete(request(purpose="draft"), Verdict, NO_END)
    with pytest.raises(ReplayError) as replayed:
        Replay(tmp_path).complete(request(purpose="draft"), Verdict, NO_END)
    call = replayed.value.call
    assert (call.attempts, call.input_tokens, call.source) == (2, 200, AnswerSource.REPLAYED)
    assert (call.prompt, call.error) == ("e@1#a", str(failed.value))


def test_a_failed_decision_is_recorded_with_its_error(tmp_path: Path) -> None:
    """A replay fails in the same words."""
    with pytest.raises(ModelRefused):
        DecisionRecorder(Deciding(ModelRefused("it declined")), tmp_path).decide(DECISIONS, NO_END)
    with pytest.raises(ReplayError, match="it declined"):
        Replay(tmp_path).decide(DECISIONS, NO_END)
