import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import TRIAGE
from tests.models.endpoint import Reply, completion, failure

SCORES = ("--customer-impact", 3, "--account-value", 5, "--time-sensitivity", 3, "--csm-capability", 4)


def test_score_runs_the_engine_alone(triage):
    """The framework works with no model: same report, same formats."""
    ran = triage("score", *SCORES, "--issue-type", "product_defect", "--format", "json", "--now", "2026-03-12T09:00")
    assert ran.code == 0, ran.err
    assert (ran.json["total"], ran.json["band"], ran.json["route"]["owner"]) == (
        15,
        "escalate_with_urgency",
        "CS leadership",
    )
    assert ran.json["provenance"]["model"] is None
    assert {score["scored_by"] for score in ran.json["scores"].values()} == {"csm"}


@pytest.mark.parametrize(("impact", "part"), [(3, "escalation"), (1, "next_step")])
def test_score_words_what_follows_and_claims_no_fact(triage, impact, part):
    """Ask or next step and the customer message are there, from scores alone: the kind of issue, owner and dates."""
    scores = ("--customer-impact", impact, "--account-value", 2, "--time-sensitivity", 2, "--csm-capability", 3)
    ran = triage("score", *scores, "--issue-type", "product_defect", "--account", "Acme", "--format", "json")
    worded = ran.json[part]
    said = worded["ask"] if part == "escalation" else worded["action"]
    assert ran.json["draft_source"] == "template"
    assert said
    assert worded["customer_message"]["body"]
    # No fact behind the sentence: neither the policy's definitions of the levels, nor a quote, nor a stand-in text.
    words = json.dumps([said, worded["customer_message"]])
    assert "Scored by hand" not in words
    assert '\\"' not in words
    assert not any(score["rationale"] in words for score in ran.json["scores"].values())


def test_score_signs_with_the_settings(triage):
    """The signature is the CSM's own, as in every message."""
    ran = triage("score", *SCORES, "--issue-type", "feature_gap", TRIAGE_CSM_NAME="Nora Lind")
    assert "Nora Lind" in ran.out


def test_score_prints_the_frameworks_markdown_into_a_pipe(triage):
    """Into a pipe the report is Markdown."""
    ran = triage("score", *SCORES, "--issue-type", "feature_gap", "--account", "Acme")
    assert ran.out.startswith("## Escalation Assessment: Acme")
    assert "| **Total** | **15** | |" in ran.out


def test_score_answers_nothing_that_nobody_asked(triage):
    """Without a text there is no history to hand over, and the surprise test is put to the reader, not answered 'no'."""
    ran = triage("score", *SCORES, "--issue-type", "feature_gap")
    assert "- **Timeline**\n  - nothing in the text\n" in ran.out
    assert "from the customer first? Ask yourself: if yes, escalate." in ran.out


def test_score_without_scores_names_the_flags_where_nobody_can_be_asked(triage):
    """A pipe is never asked."""
    ran = triage("score", "--customer-impact", 3)
    assert ran.code == 2
    assert "--csm-capability" in ran.err
    assert "--customer-impact" not in ran.err


@pytest.mark.parametrize("level", [0, 6, "high"])
def test_score_refuses_a_level_outside_1_to_5(triage, level):
    """Levels are whole numbers from 1 to 5."""
    assert triage("score", "--customer-impact", level).code == 2


def test_a_company_makes_changes_and_uses_its_own_policy(triage, tmp_path):
    """init, edit, check, use: the report shows the company's own team name."""
    own = tmp_path / "own.yaml"
    assert triage("policy", "init", own).code == 0
    own.write_text(own.read_text().replace("name: CS leadership", "name: Ada's desk"))
    assert "proven" in triage("policy", "check", own).out
    ran = triage("score", *SCORES, "--issue-type", "product_defect", "--policy", own, "--format", "json")
    assert ran.json["route"]["owner"] == "Ada's desk"


def test_init_never_overwrites(triage, tmp_path):
    """A company's edits are not lost to a repeated command."""
    own = tmp_path / "own.yaml"
    own.write_text("mine")
    ran = triage("policy", "init", own)
    assert (ran.code, own.read_text()) == (2, "mine")


def test_check_names_the_path_of_the_fault(triage, tmp_path):
    """A broken copy is refused wherever it is used."""
    own = tmp_path / "own.yaml"
    triage("policy", "init", own)
    own.write_text(own.read_text().replace("to: 13", "to: 12"))
    for arguments in (("policy", "check", own), ("score", *SCORES, "--issue-type", "feature_gap", "--policy", own)):
        ran = triage(*arguments)
        assert ran.code == 2
        assert "bands.escalate_with_urgency.from" in ran.err


def test_policy_show_prints_the_rubric_as_tables(triage):
    """Dimensions, bands and routes; in a pipe every row is one line, whole in itself."""
    out = triage("policy", "show").out
    for words in ("Customer impact", "14-17", "Escalate immediately", "Product management"):
        assert words in out
    assert not set(out) & set("│┃─━")
    gap = [row for row in out.splitlines() if row.startswith("| Feature gap") and "Escalate with urgency" in row]
    assert len(gap) == 1
    assert "Product management" in gap[0]


@pytest.mark.parametrize(
    ("arguments", "own"),
    [
        (("assess", "--nonsense"), "triage assess"),
        (("score", "--customer-impact", "high"), "triage score"),
        (("policy", "init"), "triage policy init"),
        (("policy", "nonsense"), "triage policy"),
        (("nonsense",), "triage"),
    ],
)
def test_a_misuse_names_the_help_of_its_own_command(triage, arguments, own):
    """What is listed there is what can be written."""
    ran = triage(*arguments)
    assert ran.code == 2
    assert ran.err.endswith(f"; see `{own} --help`\n")
    assert ran.err.count("\n") == 1


def settings_file(triage, text):
    path = Path(triage("config", "path").out.strip())
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_flags_beat_the_environment_and_the_environment_beats_the_file(triage):
    """One order of precedence, visible in `config show`."""
    settings_file(triage, 'model = "from-file"\ncompany = "Parcelwise"\n')
    assert "from-file" in triage("config", "show").out
    shown = triage("config", "show", TRIAGE_MODEL="from-environment").out
    assert "from-environment" in shown
    assert "Parcelwise" in shown
    at = ("--base-url", "http://127.0.0.1:9/v1")
    assert triage("preview", "-", *at, "--model", "from-flag", stdin="It broke.").json["model"] == "from-flag"
    assert triage("preview", "-", *at, stdin="It broke.").json["model"] == "from-file"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('model = "m"\n\nmodell = "n"\n', ("line 3", "modell")),
        ('time_zone = "Berlin"\n', ("line 1", "time_zone")),
        ("model = \n", ("line 1",)),
        ("[models]\nname = 1\n", ("line 1", "models")),
        ('country = "Atlantis"\n', ("line 1", "country")),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(triage, text, words):
    """An unknown key is an error and not ignored."""
    settings_file(triage, text)
    ran = triage("score", *SCORES, "--issue-type", "feature_gap")
    assert ran.code == 2
    for word in ("config.toml", *words):
        assert word in ran.err


def test_deadlines_use_the_time_zone_and_the_holidays_of_the_settings(triage):
    """A Bavarian holiday moves a deadline for a user who set the country."""
    arguments = ("score", "--customer-impact", 3, "--account-value", 3, "--time-sensitivity", 3, "--csm-capability", 3)
    arguments += ("--issue-type", "feature_gap", "--now", "2026-12-23T09:00", "--format", "json")
    plain = triage(*arguments).json["deadlines"]["owner_answer"]
    bavaria = triage(*arguments, TRIAGE_COUNTRY="DE-BY").json["deadlines"]["owner_answer"]
    assert (plain[:10], bavaria[:10]) == ("2026-12-25", "2026-12-28")
    assert triage(*arguments, TRIAGE_TIME_ZONE="Asia/Tokyo").json["deadlines"]["owner_answer"].endswith("+09:00")
    assert triage(*arguments, TRIAGE_COUNTRY="ATLANTIS").code == 2


def test_doctor_says_which_model_and_tries_it(triage, endpoint):
    """Endpoint, key present or not, and one real call; the key's value is never printed."""
    endpoint.plays(completion('{"device": "oboe"}'))
    ran = triage("doctor", "--model", "m", "--base-url", endpoint.base_url, OPENAI_API_KEY="sk-secret-key")
    assert ran.code == 0, ran.err
    assert "OPENAI_API_KEY is set" in ran.out
    assert re.search(r"one call: +answered, 1 attempt\(s\) in \d+\.\d s", ran.out)
    assert "sk-secret-key" not in ran.out + ran.err


def doctor_says(ran):
    return re.search(r"constrained decoding: (\w+ ?\w*)", ran.out)[1].strip()


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (['{"device": "walrus"}'], "yes"),
        (['{"device": "printer"}'], "no"),
        (["It is the printer.", '{"device": "printer"}'], "no"),
        (["It is the printer.", "Still the printer."], "no"),
    ],
    ids=["the schema's word", "the prompt's word", "prose first", "prose only"],
)
def test_doctor_tells_a_server_that_constrains_from_one_that_does_not(triage, endpoint, answers, says):
    """The prompt asks for a word that the schema forbids: only a server that is not held to the schema can say it."""
    endpoint.plays(*map(completion, answers))
    ran = triage("doctor", "--model", "m", "--base-url", endpoint.base_url)
    assert doctor_says(ran).split()[0] == says
    assert ran.code == (5 if answers[-1].startswith("Still") else 0), ran.err
    sent = endpoint.received[0].body
    (allowed,) = (field["enum"] for field in sent["response_format"]["json_schema"]["schema"]["properties"].values())
    assert "printer" not in allowed
    assert '{"device": "printer"}' in sent["messages"][-1]["content"]
    assert not any(word in json.dumps(sent["messages"]) for word in allowed)


@pytest.mark.parametrize(
    "reply",
    [failure(401, "bad key"), completion(None, refusal="No."), Reply(body="<html>", content_type="text/html")],
    ids=["rejected", "refused", "no completion"],
)
def test_doctor_does_not_guess_about_decoding(triage, endpoint, reply):
    """A call without an answer tells nothing about how answers are made."""
    endpoint.plays(reply)
    ran = triage("doctor", "--model", "m", "--base-url", endpoint.base_url)
    assert ran.code in {4, 5}
    assert doctor_says(ran) == "could not"


def test_doctor_fails_with_the_models_own_exit_code(triage, endpoint):
    """What was found is printed before the fault."""
    endpoint.plays(failure(401, "bad key"))
    ran = triage("doctor", "--model", "m", "--base-url", endpoint.base_url)
    assert ran.code == 4
    assert "failed" in ran.out
    assert ran.err.startswith("triage: ")


def test_a_setting_may_start_with_a_byte_order_mark_and_name_a_policy_beside_it(triage, tmp_path):
    """Editors on Windows write the mark; a relative policy counts from the file that names it."""
    settings_file(triage, '\ufeffpolicy = "own.yaml"\n')
    own = Path(triage("config", "path").out.strip()).parent / "own.yaml"
    triage("policy", "init", own)
    own.write_text(own.read_text().replace("name: CS leadership", "name: Ada's desk"))
    ran = triage("score", *SCORES, "--issue-type", "product_defect", "--format", "json")
    assert ran.json["route"]["owner"] == "Ada's desk"


def test_check_proves_the_country_too(triage, tmp_path):
    """A country nobody knows would stop every run."""
    own = tmp_path / "own.yaml"
    triage("policy", "init", own)
    own.write_text(own.read_text().replace("  country:\n", "  country: Germany\n"))
    ran = triage("policy", "check", own)
    assert ran.code == 2
    assert "calendar.country" in ran.err


def test_preview_needs_no_key(triage):
    """Nothing is sent, so nothing is needed."""
    shown = triage("preview", "-", "--model", "openai/gpt-5-mini", stdin="The export is broken.").json
    assert shown["leaves_this_machine"] is True
    assert "Extraction" not in shown["response_schema"].get("title", "")
    assert "customer_impact" in shown["response_schema"]["properties"]


def test_a_full_disk_is_one_line(environment):
    """An output that cannot be written is a fault of its own, and no traceback."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [TRIAGE, "policy", "show"], stdout=full, stderr=subprocess.PIPE, env=environment, check=False
        )
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("triage: the output cannot be written")


@pytest.mark.parametrize("command", [["policy", "show"], ["config", "show"]])
def test_a_closed_pipe_is_no_fault(environment, command):
    """`triage ... | head -1` ends quietly."""
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{TRIAGE} {' '.join(command)} | head -1"],
        capture_output=True, env=environment, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_an_output_that_knows_fewer_letters_shows_codes(triage):
    """A pipe in ASCII is no reason to fail."""
    ran = triage("score", *SCORES, "--issue-type", "product_defect", "--format", "terminal", PYTHONIOENCODING="ascii")
    assert ran.code == 0, ran.err
