import os

import platformdirs
import pytest

from agent.models import weights
from tests.cli.conftest import EXAMPLES, NOW

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not weights.installed(), reason="the extra 'local' is not installed"),
]


@pytest.fixture
def cache():
    """The user's own cache, so that a test run does not put the weights together once more."""
    return os.environ.get("TRIAGE_CACHE_DIR") or platformdirs.user_cache_dir("escalation-triage")


def test_the_embedded_model_assesses_a_real_thread(triage, cache):
    """The README's main job: a decision, quotes that stand in the text, a message, and nothing left the machine."""
    ran = triage(
        "assess", EXAMPLES / "cold-chain.eml", "--arr", "EUR 64k", "--model", "local", "--now", NOW, "--format", "json",
        TRIAGE_CACHE_DIR=cache,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    provenance = ran.json["provenance"]
    assert (provenance["source"], provenance["embedded"], provenance["left_the_machine"]) == ("live", True, False)
    assert ran.json["account"] == "Brightwater Foods"
    assert ran.json["band"] in {"escalate_with_urgency", "escalate_immediately"}
    evidence = [e for score in ran.json["scores"].values() for e in score["evidence"]]
    assert evidence
    assert all(e["found"] for e in evidence)
    body = ran.json["escalation"]["customer_message"]["body"]
    assert body.startswith("Hello Jonas Weber")
    assert "64" not in body


def test_a_small_matter_is_handled_by_the_csm(triage, cache):
    """No panic: a seat on an invoice is the CSM's own, with the standing rule's date."""
    ran = triage(
        "assess", EXAMPLES / "billing-question.txt", "--model", "local", "--now", NOW, "--format", "json",
        TRIAGE_CACHE_DIR=cache,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.json["band"] == "handle_yourself"
    assert ran.json["issue_type"] == "commercial_dispute"
    assert ran.json["deadlines"]["escalate_if_unresolved"]
