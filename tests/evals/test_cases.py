import re

import pytest

from agent.errors import ConfigurationError
from agent.policy import load_default
from evals import case_schema
from evals.cases import GOLDEN, Split, load

from .commands import dataset, entry


def test_the_golden_cases_load_and_both_splits_hold_every_band():
    """72 cases, split in the data; each split can say something about each band."""
    cases, policy = load(), load_default()
    assert len(cases) == 72
    for split in Split:
        assert len({policy.band(case.expected.total) for case in cases if case.split is split}) == 4


def test_a_pair_of_a_clean_and_an_attacked_text_stays_in_one_split():
    """Tuning on one half of a pair would show it the other."""
    pairs = {}
    for case in load():
        if case.pair:
            pairs.setdefault(case.pair, []).append(case.split)
    assert pairs
    assert all(len(splits) == 2 and len(set(splits)) == 1 for splits in pairs.values())


def test_the_schema_beside_the_cases_is_current():
    """An editor checks a case by the model that loads it; `python -m evals schema` writes it anew."""
    assert case_schema.PATH.read_text(encoding="utf-8") == case_schema.text()
    assert f"$schema={case_schema.PATH.name}" in GOLDEN.read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"why": ""}, "why"),
        ({"why": None}, "why"),
        ({"why": " " * 20}, "why: is empty"),
        ({"text": " \n"}, "text: is empty"),
        ({"key_facts": [""]}, "key_facts.0: is empty"),
        ({"must_not_reach_customer": [" "]}, "must_not_reach_customer.0: is empty"),
        ({"key_facts": ["nobody wrote this"]}, "'nobody wrote this' does not stand in the text"),
        ({"now": "2026-03-12T09:00:00"}, "UTC offset"),
        ({"ask_must_mention": ["(unclosed"]}, "not a regular expression"),
        ({"split": "train"}, "split"),
        ({"mood": "angry"}, "mood: is no field of a case"),
        ({"expected": {"customer_impact": 6}}, "customer_impact"),
    ],
)
def test_a_case_that_cannot_be_trusted_does_not_load(tmp_path, changed, named):
    """The error names the file, the case and the fault."""
    path = dataset(tmp_path / "own.yaml", entry(**changed))
    with pytest.raises(ConfigurationError, match=re.escape(named)) as fault:
        load([path])
    assert str(path) in str(fault.value)
    assert "case-1" in str(fault.value)


def test_a_folder_is_read_whole_and_an_id_counts_once(tmp_path):
    """Two teams' files may stand side by side, but no case may count twice."""
    dataset(tmp_path / "a.yaml", entry("one"))
    dataset(tmp_path / "b.yaml", entry("two"))
    assert [case.id for case in load([tmp_path])] == ["one", "two"]
    dataset(tmp_path / "c.yaml", entry("one"))
    with pytest.raises(ConfigurationError, match="'one' is given twice"):
        load([tmp_path])


def test_an_entry_that_is_no_case_is_counted(tmp_path):
    """Without an id its place in the file is its name."""
    with pytest.raises(ConfigurationError, match="entry 2: is no case"):
        load([dataset(tmp_path / "own.yaml", entry(), "a word")])
    with pytest.raises(ConfigurationError, match="entry 1: id: is missing"):
        load([dataset(tmp_path / "own.yaml", {key: value for key, value in entry().items() if key != "id"})])
