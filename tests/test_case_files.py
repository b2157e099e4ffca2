"""Verdicts as labelled cases: the manager's levels, placeholders for names, nothing where there is no text."""

import pytest
import yaml

from agent import case_files, verdicts
from agent.schema import Band, Dimension
from agent.schema.record import KeepText, Verdict
from agent.store import Store
from tests.store import kept


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "record.db") as opened:
        yield opened


def judged(store, verdict=None, **fields):
    key = kept.keep(store, **fields)
    verdicts.give(store, store.get(key), verdict or Verdict(), by="Ada")
    return store.get(key)


def test_a_case_carries_the_managers_levels_and_no_name(store):
    """Names, addresses and numbers are placeholders, the same everywhere; quotes still stand in the text."""
    moved = Verdict(scores={Dimension.CSM_CAPABILITY: 5}, reason="Jonas Weber has no access, and neither have we.")
    text, made, left_out = case_files.render([judged(store, moved)])
    (case,) = yaml.safe_load(text)
    assert (made, left_out) == (1, 0)
    assert case["expected"] == {
        "customer_impact": 3,
        "account_value": 3,
        "time_sensitivity": 3,
        "csm_capability": 5,
        "issue_type": "product_defect",
    }
    assert case["why"] == "[PERSON_1] has no access, and neither have we."
    assert case["key_facts"] == ["the export"]
    assert case["tags"] == ["from-verdict", case_files.TO_CHECK]
    for word in ("Jonas", "Weber", "Maya", "acme.example", "1234567", "Acme"):
        assert word not in text


def test_what_gives_no_case_is_counted(store):
    """Without a kept text, or where only a band was set by hand, there is nothing to label."""
    runs = [
        judged(store, keep_text=KeepText.NONE),
        judged(store, Verdict(decision=Band.ESCALATE_IMMEDIATELY, reason="The board knows.")),
        judged(store),
    ]
    assert case_files.render(runs)[1:] == (1, 2)


def test_agreement_gives_a_case_with_a_reason_of_its_own(store):
    """The format wants to know why; an agreement without words says what it is."""
    (case,) = yaml.safe_load(case_files.render([judged(store)])[0])
    assert case["why"] == "A manager agreed with the tool's scores."


def test_copies_streets_and_the_title_are_pseudonymised(store):
    """Who was copied in, where somebody lives, and a title that is cut from hidden words, never from raw ones."""
    letter = (
        "From: Weber, Jonas <j.weber@acme.example>\nTo: Maya Lind <maya@vendor.example>\n"
        "Cc: Ottilie Brandauer <o.brandauer@acme.example>\nDate: Mon, 23 Nov 2026 09:05:00 +0100\nSubject: Export\n\n"
        "Hello Maya, the export fails and Ottilie waits at Hauptstraße 5, 80331 München.\nJonas\n"
    )
    situation = "Ottilie Brandauer at Acme reports that " + "the export fails again and " * 3 + "Jonas Weber waits."
    text, made, _ = case_files.render([judged(store, text=letter, situation=situation)])
    assert made == 1
    (case,) = yaml.safe_load(text)
    assert case["title"].startswith("[PERSON_")
    assert len(case["title"]) <= 90
    for word in ("Weber", "Jonas", "Ottilie", "Brandauer", "Hauptstra", "80331", "Maya", "acme.example", "Acme"):
        assert word not in text, word
