"""`triage verdict`, `outcome`, `agreement`, threads that go on, and precedents, as their users run them."""

import re

import pytest
import yaml

from agent import verdicts
from agent.calibration import load
from agent.schema import Dimension
from agent.schema.record import Verdict
from agent.store import Store
from tests.builders import extraction
from tests.cli.conftest import EXAMPLES, NOW, authored, read
from tests.cli.recorded import answered, assess, ids, later_mail
from tests.cli.test_second_opinion import decided


def test_a_verdict_is_rescored_and_kept_beside_the_others(triage, tmp_path):
    """The engine's new decision is printed; a second manager is told of the first; an undo brings the first back."""
    assess(triage, tmp_path, (3, 3, 3, 3))
    (key,) = ids(triage)
    no_reason = triage("verdict", key, "--set", "csm_capability=5")
    assert (no_reason.code, "needs a reason" in no_reason.err) == (2, True)
    moved = triage("verdict", key, "--set", "csm_capability=5", "--reason", "No access.", "--by", "Ada")
    assert "csm_capability = 5 -> Escalate with urgency (14): No access." in moved.out
    second = triage("verdict", key, "--agree", TRIAGE_CSM_NAME="Bob")
    assert (second.code, "Ada gave a verdict before" in second.err) == (0, True)
    (row,) = triage("log", "--json").json
    assert (row["verdict"], row["total"]) == ("agrees (Bob)", 12)
    assert "taken back" in triage("verdict", key, "--undo", "--by", "Bob").out
    (row,) = triage("log", "--json").json
    assert (row["verdict"], row["decision"]) == ("csm_capability 3->5 (Ada)", "Escalate with urgency")


def test_what_colleagues_typed_does_nothing_to_a_terminal(triage, tmp_path):
    """Names, reasons and notes are shown without what colours, moves or retitles, by every command that shows them."""
    assess(triage, tmp_path, (3, 3, 3, 3))
    (key,) = ids(triage)
    name, words = "Ada\x1b[31m", "So\x1b]0;title\x07 it\x9b2J is."
    given = (
        triage("verdict", key, "--agree", "--reason", words, "--by", name),
        triage("verdict", key, "--agree", "--by", "Bob"),
        triage("outcome", key, "--resolved", "--note", words, "--by", name),
        triage("show", key),
        triage("log"),
        triage("verdict", key, "--undo"),
    )
    for ran in given:
        assert ran.code == 0
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", ran.out + ran.err)
    assert "Ada gave a verdict before" in given[1].err


def test_agreement_in_words_and_json(triage, tmp_path):
    """Every figure is in the JSON; without a verdict it says how to give one."""
    assert "no verdict yet" in triage("agreement").out
    assess(triage, tmp_path, (3, 3, 3, 3))
    (key,) = ids(triage)
    triage("verdict", key, "--set", "csm_capability=5", "--reason", "No access.")
    figures = triage("agreement", "--json").json
    assert (figures["verdicts"], figures["most_moved"]) == (1, "csm_capability")
    assert figures["bands"]["under"]["hits"] == 1
    shown = triage("agreement")
    assert (shown.code, "Managers move CSM capability most" in shown.out) == (0, True)


def test_a_dimension_is_set_once(triage, tmp_path):
    """Two levels for one dimension are an error that names it: neither is guessed to be meant, and nothing is kept."""
    assess(triage, tmp_path, (3, 3, 3, 3))
    (key,) = ids(triage)
    twice = ("--set", "csm_capability=5", "--set", "csm_capability=2")
    ran = triage("verdict", key, *twice, "--reason", "No access.")
    assert (ran.code, "csm_capability is given twice" in ran.err) == (2, True)
    assert triage("log", "--json").json[0]["verdict"] is None


def test_agreement_is_plain_in_a_pipe(triage, tmp_path):
    """Columns by spaces, one line a row however narrow the terminal was, and no line drawn."""
    assess(triage, tmp_path, (3, 3, 3, 3))
    (key,) = ids(triage)
    triage("verdict", key, "--agree")
    shown = triage("agreement", COLUMNS="40").out
    assert not re.search("[\u2500-\u257f]", shown)
    (row,) = [line for line in shown.splitlines() if line.startswith("CSM capability")]
    assert row.split()[2:5] == ["100%", "(21%", "to"]


@pytest.fixture
def weighed(triage, endpoint, environment, tmp_path):
    """Runs a decision model that is sure of 3 everywhere, keeps it; returns the run."""
    environment["TRIAGE_DATA_DIR"] = str(tmp_path / "data")

    def run(*arguments, **variables):
        shares = [(0.01, 0.01, 0.96, 0.01, 0.01)] * len(Dimension)
        endpoint.plays(decided(*shares))
        model = ("--model", "decisions/luna", "--base-url", endpoint.base_url)
        return triage(
            "assess", EXAMPLES / "cold-chain.eml", *model, "--now", NOW, "--no-draft", *arguments, **variables
        )

    return run


def test_verdicts_make_weights_probabilities(triage, weighed, tmp_path):
    """A map fitted on 20 verdicts, three of five as the model said: the next report says probability and names the map."""
    before = weighed("--format", "markdown")
    assert "Model weights, not calibrated" in before.out
    with Store(tmp_path / "data" / "record.db") as store:
        (first,) = store.list()
        run = store.get(first.id)
        policy = verdicts.policy_of_record(store, run)
        for level in (3, 3, 3, 1, 5) * 4:
            key = store.save(run.assessment, situation=run.situation, grounded=run.grounded, policy=policy, by="Maya")
            moved = Verdict(scores={Dimension.TIME_SENSITIVITY: level}, reason="x") if level != 3 else Verdict()
            verdicts.give(store, store.get(key), moved, by="Ada")
    fitted = triage("agreement", "--calibrate", "map.json")
    assert fitted.code == 0, fitted.err
    assert "map.json: verdicts@" in fitted.out
    assert "Time sensitivity: temperature " in fitted.out
    assert f'calibration = "{tmp_path / "map.json"}"' in fitted.out
    after = weighed("--format", "json", "--no-save", TRIAGE_CALIBRATION=str(tmp_path / "map.json"))
    assert after.json["provenance"]["calibrations"] == [load(tmp_path / "map.json").reference]
    assert after.json["scores"]["time_sensitivity"]["probabilities"]["values"][2] == pytest.approx(0.6, abs=0.03)
    shown = weighed("--format", "markdown", "--no-save", TRIAGE_CALIBRATION=str(tmp_path / "map.json"))
    assert "- Probability: " in shown.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--calibrate", "map.json"), "nothing to fit"),
        (("--calibrate", "there.json"), "exists already"),
        (("--calibrate", "map.json", "--json"), "exclude each other"),
    ],
)
def test_a_map_that_cannot_be_made_is_told(triage, weighed, tmp_path, arguments, told):
    """Exit code 2, one line, and no file is written or changed."""
    weighed()
    (tmp_path / "there.json").write_text("mine")
    ran = triage("agreement", *arguments)
    assert (ran.code, len(ran.err.strip().splitlines())) == (2, 1)
    assert told in ran.err
    assert not (tmp_path / "map.json").exists()
    assert (tmp_path / "there.json").read_text() == "mine"


def test_a_thread_goes_on(triage, tmp_path):
    """A later mail is recognised and proposed; with --follows the report says what moved and what became of the deadlines."""
    assess(triage, tmp_path, (2, 2, 2, 2))
    (first,) = ids(triage)
    mail = later_mail(tmp_path)
    answers = answered(tmp_path / "later", mail, (5, 2, 5, 4), quote="nothing chilled leaves the building")
    flags = ("--replay", answers, "--no-draft", "--now", "2026-03-23T10:00+01:00")
    proposed = triage("assess", mail, *flags)
    assert f"--follows {first} shows what changed" in proposed.err
    followed = triage("assess", mail, *flags, "--follows", first)
    assert followed.err == ""
    assert "### Since the last triage" in followed.out
    assert "Handle yourself (8) -> Escalate with urgency (16)" in followed.out
    assert "Customer impact 2 -> 5" in followed.out
    assert "passed, and no word of ours is in the thread" in followed.out
    assert "standing_rule_broken" in followed.out
    found = triage("assess", mail, *flags, "--follows", "auto", "--format", "json")
    assert found.json["follow_up"]["found_by"] in {"id", "body"}
    unknown = triage("assess", mail, *flags, "--follows", "zzz")
    assert (unknown.code, unknown.out) == (2, "")
    assert first not in [row["id"] for row in triage("due", "--now", "2026-04-23T10:00+02:00", "--json").json]


def test_auto_finds_nothing_in_words(triage, tmp_path):
    """No earlier triage is no error: the run goes on without."""
    ran = assess(triage, tmp_path, (3, 3, 3, 3), "--follows", "auto")
    assert (ran.code, ran.json["follow_up"]) == (0, None)
    assert "no earlier triage" in ran.err


def test_verdicts_become_cases_for_the_evals(triage, tmp_path):
    """Pseudonymised YAML with a mark that a person has to check it; what has no text is counted as left out."""
    assess(triage, tmp_path, (3, 3, 3, 3))
    assess(triage, tmp_path, (3, 3, 3, 3), TRIAGE_KEEP_TEXT="none")
    for key in ids(triage):
        triage("verdict", key, "--set", "csm_capability=5", "--reason", "Jonas Weber says that we have no access.")
    ran = triage("export", "cases", "--since", "2026-01-01")
    (case,) = yaml.safe_load(ran.out)
    assert "1 cases to check; 1 left out" in ran.err
    assert "to-check" in case["tags"]
    assert case["expected"]["csm_capability"] == 5
    for name in ("Jonas", "Weber", "Maya", "Lindgren", "Brightwater Foods", "brightwaterfoods.example"):
        assert name not in ran.out


def test_precedents_are_in_the_preview_and_in_the_provenance(triage, tmp_path, endpoint):
    """What a model that writes would be shown is in the request, and named in the report; the embedded model is shown none."""
    assess(triage, tmp_path, (3, 3, 3, 3))
    (key,) = ids(triage)
    triage("verdict", key, "--set", "csm_capability=5", "--reason", "Only the platform team may change that.")
    thread = EXAMPLES / "cold-chain.eml"
    model = ("--model", "m", "--base-url", "http://localhost:1/v1")
    shown = triage("preview", thread, *model, "--precedents", 3)
    assert "Only the platform team may change that." in shown.json["messages"][1]["content"]
    assert "Only the platform team" not in triage("preview", thread, *model).out
    assert "Only the platform team" in triage("preview", thread, *model, TRIAGE_PRECEDENTS="3").out
    embedded = triage("preview", thread, "--model", "local", "--precedents", 3)
    if embedded.code == 0:  # the extra `local` may not be installed
        assert "only a model that writes" in embedded.err
        assert "Only the platform team" not in embedded.out


def test_an_unreachable_record_stops_what_was_asked_of_it(triage, tmp_path):
    """`--follows` and `--precedents` are wishes that cannot be met, so nothing is sent; the settings' wish is only a word."""
    situation = read(EXAMPLES / "cold-chain.eml")
    answers = authored(tmp_path / "a", situation, "extract", extraction((3, 3, 3, 3)).model_dump(mode="json"))
    gone = {"TRIAGE_DATA_DIR": "/proc/none"}
    thread = EXAMPLES / "cold-chain.eml"
    assert triage("assess", thread, "--replay", answers, "--no-draft", "--follows", "abc", **gone).code == 73
    model = ("--model", "m", "--base-url", "http://localhost:1/v1")
    assert triage("preview", thread, *model, "--precedents", 3, **gone).code == 73
    by_setting = triage("preview", thread, *model, **gone, TRIAGE_PRECEDENTS="3")
    assert (by_setting.code, "without precedents" in by_setting.err) == (0, True)
