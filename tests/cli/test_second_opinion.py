"""`--second-opinion` as a user runs it: a chat endpoint and a decision endpoint, both on loopback."""

import json

import pytest

from tests.builders import extraction
from tests.cli.conftest import NOW
from tests.models import decision_replies as said
from tests.models.conftest import serving
from tests.models.endpoint import Reply, completion, failure

DIMENSIONS = ("customer_impact", "account_value", "time_sensitivity", "csm_capability")
TYPES = {"product_defect": 0.4} | dict.fromkeys(
    ("feature_gap", "service_failure", "commercial_dispute", "relationship_risk", "executive_intervention",
     "cross_functional"), 0.1,
)  # fmt: skip
WEIGHED = ((0, 0, 0.1, 0.3, 0.6), (0, 0.1, 0.8, 0.1, 0), (0, 0, 0, 0.3, 0.7), (0, 0.2, 0.6, 0.2, 0))


def decided(*levels):
    answers = [said.score(name, *shares) for name, shares in zip(DIMENSIONS, levels or WEIGHED, strict=True)]
    return said.decisions(*answers, said.choice("issue_type", TYPES), said.predicate("surprised", 0.9))


def system_one():
    levels = {name: said.levels(*shares) for name, shares in zip(DIMENSIONS, WEIGHED, strict=True)}
    return said.system_one(**levels, issue_type=said.one_of(TYPES), surprised=said.noul(0.9))


@pytest.fixture
def second():
    """The decision model's endpoint."""
    yield from serving()


@pytest.fixture
def asked(triage, thread, endpoint, second, tmp_path):
    """One triage with a second opinion, as JSON or as a page."""

    def run(reply, *arguments, form="decisions", output="json", scores=(5, 3, 5, 3), **variables):
        endpoint.plays(completion(extraction(scores).model_dump_json()))
        second.plays(reply)
        return triage(
            "assess", thread, "--no-draft", "--no-save", "--now", NOW, "--format", output, "--model", "chat",
            "--base-url", endpoint.base_url, "--second-opinion", f"{form}/luna",
            "--second-opinion-base-url", second.base_url, *arguments, **variables,
        )  # fmt: skip

    return run


@pytest.mark.parametrize(("form", "reply"), [("decisions", decided()), ("systemone", system_one())])
def test_it_is_shown_beside_the_scores_and_moves_none(asked, form, reply):
    """The scores of record are the chat model's; the second opinion stands beside them with its weights."""
    assessment = asked(reply, form=form).json
    assert [assessment["scores"][name]["score"] for name in DIMENSIONS] == [5, 3, 5, 3]
    assert assessment["comparison"]["levels"] == dict(zip(DIMENSIONS, (5, 3, 5, 3), strict=True))
    assert assessment["second_opinion"]["model"] == f"{form}/luna"
    likelihood = assessment["likelihood"]
    assert (likelihood["second_opinion"], likelihood["calibrated"]) == (True, False)
    assert sum(likelihood["bands"].values()) == pytest.approx(1)
    calls = {call["purpose"]: call for call in assessment["provenance"]["calls"]}
    assert (calls["second_opinion"]["input_tokens"], assessment["provenance"]["tokens"]["input"]) == (900, 1000)


def test_the_page_says_how_sure_and_what_differs(asked):
    """Uncalibrated numbers are called model weights; two levels apart is a warning at which a human must look."""
    ran = asked(decided((0, 0, 1, 0, 0), *WEIGHED[1:]), "--strict", output="markdown")
    assert ran.code == 3, ran.err
    assert "- Model weights of the second opinion, not calibrated: Escalate" in ran.out
    assert "robability of" not in ran.out
    assert "- Customer impact: 3 instead of 5, 2 apart (3 at 100%)" in ran.out
    assert "- Account value: 3, agrees" in ran.out
    assert "second_opinion_differs" in ran.out


def test_its_failure_never_costs_the_triage(asked):
    """A refused request is a note; the decision stands and the exit code is 0."""
    ran = asked(failure(400, "no such model"))
    assert ran.code == 0, ran.err
    assert "no such model" in ran.json["second_opinion"]["note"]
    assert (ran.json["total"], ran.json["likelihood"]) == (16, None)


def test_one_that_hangs_is_gone_on_without(asked):
    """The decision comes without it, and the report says so."""
    ran = asked(Reply(silent=True), output="markdown")
    assert ran.code == 0, ran.err
    assert "gone on without it" in ran.out


def test_only_its_own_key_is_sent_to_it(asked, second):
    """The key of the chat model's server stays with that server."""
    asked(decided(), OPENAI_API_KEY="sk-chat")
    assert second.received[0].headers["authorization"] == "Bearer none"


def test_a_recorded_run_is_answered_again(asked, triage, thread, tmp_path):
    """--record keeps both calls, and --replay answers both without a flag."""
    first = asked(decided(), "--record", tmp_path / "kept").json
    again = triage(
        "assess", thread, "--no-draft", "--no-save", "--now", NOW, "--format", "json", "--replay", tmp_path / "kept"
    ).json
    assert again["likelihood"] == first["likelihood"]
    assert again["second_opinion"]["model"] == "decisions/luna"
    assert {call["source"] for call in again["provenance"]["calls"]} == {"replayed"}


def test_preview_prints_exactly_what_it_would_be_sent(asked, triage, thread, endpoint, second):
    """Endpoint and body are those of the real call, apart from the random word; nothing is sent."""
    asked(decided())
    sent = second.received[0]
    ran = triage(
        "preview", thread, "--model", "chat", "--base-url", endpoint.base_url, "--second-opinion", "decisions/luna",
        "--second-opinion-base-url", second.base_url,
    )  # fmt: skip
    told = ran.json["second_opinion"]
    assert told["endpoint"].endswith(sent.path)
    assert told["leaves_this_machine"] is False
    nonces = [body["input"].split()[1] for body in (told["body"], sent.body)]
    shown = json.dumps(told["body"]).replace(nonces[0], nonces[1])
    assert json.loads(shown) == sent.body
    assert len(second.received) == 1


def test_doctor_tries_it(triage, endpoint, second):
    """The second opinion has its own lines, and its own small call."""
    endpoint.plays(completion('{"device": "oboe"}'))
    second.plays(said.decisions(said.predicate("paper", 0.1)))
    ran = triage(
        "doctor", "--model", "chat", "--base-url", endpoint.base_url, "--second-opinion", "decisions/luna",
        "--second-opinion-base-url", second.base_url,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "second opinion:       decisions/luna" in ran.out
    assert "answered with a probability" in ran.out


def test_a_decision_model_alone_can_score(triage, thread, endpoint):
    """Its levels, quotes from the text, a plain wording, and band weights of its own."""
    endpoint.plays(decided())
    ran = triage(
        "assess", thread, "--no-save", "--now", NOW, "--format", "json", "--model", "decisions/luna", "--base-url",
        endpoint.base_url,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert [ran.json["scores"][name]["score"] for name in DIMENSIONS] == [5, 3, 5, 3]
    assert ran.json["likelihood"]["second_opinion"] is False
    assert ran.json["draft_source"] == "template"
    quotes = [e for name in DIMENSIONS for e in ran.json["scores"][name]["evidence"]]
    assert quotes
    assert all(quote["found"] for quote in quotes)


def test_a_refusing_decision_model_ends_with_its_refusal(triage, thread, endpoint):
    """Without a level there is no triage: exit 5, one line, which question."""
    endpoint.plays(said.decisions(said.refusal("customer_impact"), *decided().body["answers"][1:]))
    ran = triage(
        "assess", thread, "--no-save", "--now", NOW, "--model", "decisions/luna", "--base-url", endpoint.base_url
    )
    assert ran.code == 5
    assert "customer_impact (declined)" in ran.err


def test_a_team_calibration_is_applied_and_named(asked, tmp_path):
    """With a map of that model the numbers are a probability, and provenance names the map."""
    fitted = {
        "format": 1, "name": "team", "version": "2", "model": "decisions/luna", "source": "decision_model",
        "fitted_on": "verdicts", "pairs": dict.fromkeys(DIMENSIONS, 40), "temperatures": dict.fromkeys(DIMENSIONS, 1.5),
    }  # fmt: skip
    (tmp_path / "map.json").write_text(json.dumps(fitted))
    ran = asked(decided(), output="markdown", TRIAGE_CALIBRATION=str(tmp_path / "map.json"))
    assert "- Probability of the second opinion: Escalate" in ran.out
    assert "- Calibration: team@2" in ran.out


@pytest.mark.parametrize("name", ["gpt-5", "systemone/jev"])
def test_what_is_wrong_is_told_before_anything_is_sent(triage, thread, name):
    """Another kind of model, or one without a server: exit 2, one line."""
    ran = triage("assess", thread, "--model", "m", "--base-url", "http://localhost:1/v1", "--second-opinion", name)
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1
