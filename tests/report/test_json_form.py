"""The assessment as JSON, and its shipped schema."""

import json
from importlib import resources

import pytest

from agent.policy import load_default
from agent.report import schema_text, to_json
from agent.schema import Assessment, Dimension, Evidence
from tests.builders import grounded
from tests.decisions import assessment

POLICY = load_default()
QUOTED = {Dimension.CUSTOMER_IMPACT: {"evidence": (Evidence(quote="it stopped", found=True, message=1),)}}
ESCALATED = assessment(grounded(score_fields=QUOTED), POLICY)
HANDLED = assessment(grounded((1, 1, 1, 1)), POLICY)


def at(document: object, path: str) -> object:
    for key in path.split("."):
        document = document[int(key) if key.isdigit() else key]
    return document


@pytest.mark.parametrize(
    "path",
    [
        "schema_version",
        "account",
        "situation",
        *(
            f"scores.{d.value}.{field}"
            for d in Dimension
            for field in ("score", "rationale", "basis", "overruled_from")
        ),
        "scores.customer_impact.evidence.0.quote",
        "scores.customer_impact.evidence.0.found",
        "issue_type",
        "issue_type_runner_up",
        "total",
        "band",
        "decision",
        *(f"route.{field}" for field in ("owner", "inform", "condition", "condition_met")),
        "deadlines",
        "escalation.ask",
        "escalation.by_when",
        *(f"escalation.customer_message.{field}" for field in ("language", "subject", "body")),
        "next_step",
        "robustness",
        "warnings.0.code",
        "warnings.0.message",
        *(
            f"provenance.{field}"
            for field in ("model", "prompts", "policy", "input_digest", "attempts", "tokens", "cost", "seconds")
        ),
    ],
)
def test_every_promised_path_is_there(path):
    """Programs that read the JSON find every documented field, empty or not."""
    at(json.loads(to_json(ESCALATED)), path)


def test_exactly_one_of_escalation_and_next_step_is_filled():
    """The band decides which of the two carries the words."""
    assert at(json.loads(to_json(ESCALATED)), "next_step") is None
    assert at(json.loads(to_json(HANDLED)), "escalation") is None
    assert at(json.loads(to_json(HANDLED)), "next_step.action") == "Reproduce it."


@pytest.mark.parametrize("whole", [ESCALATED, HANDLED], ids=["escalated", "handled"])
def test_what_is_written_reads_back(whole):
    """The JSON holds the whole assessment and nothing else."""
    assert Assessment.model_validate_json(to_json(whole)) == whole


def test_letters_stay_readable_and_controls_stay_escaped():
    """Words of any language are written as they are; what a terminal obeys is written as an escape and reads back."""
    words = "Zürich 万円 \x1b[31m\x9b2J\u202e"
    whole = ESCALATED.model_copy(update={"situation": words})
    text = to_json(whole)
    assert "Zürich 万円" in text
    assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    assert json.loads(text)["situation"] == words


def test_the_shipped_schema_is_current():
    """The file beside the code is what the code generates; write it anew with `agent.report.schema_text()`."""
    shipped = resources.files("agent.report").joinpath("assessment.schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text()


def test_the_schema_promises_every_field():
    """The schema requires every field that is always written, so that a reader may rely on it."""
    schema = json.loads(schema_text())
    assert set(schema["required"]) == set(json.loads(to_json(ESCALATED)))
    assert schema["additionalProperties"] is False
