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
