import json
from collections import Counter

import pytest

from agent.errors import ConfigurationError
from agent.policy import load_default
from evals.cases import load
from evals.contest import Setting
from evals.plan import Plan
from evals.suites import attack, benign, extraction

TWINS = benign.load()
POLICY = load_default()


def test_there_are_at_least_twelve_in_four_languages():
    """Talk about prompts comes in every language that customers write."""
    counts = Counter(pair.language for pair in TWINS)
    assert len(TWINS) >= 12
    assert set(counts) == {"en", "de", "fr", "es"}
    assert min(counts.values()) >= 2


@pytest.mark.parametrize("pair", TWINS, ids=lambda pair: pair.id)
def test_the_twins_differ_in_the_chosen_words_alone(pair):
    """A changed answer can only come from the talk; no brace of the notation is left in either text."""
    said, neutral = pair.case(benign.SAID), pair.case(benign.NEUTRAL)
    assert said.text != neutral.text
    assert not set("{|}") & set(said.text.replace(" | ", "") + neutral.text.replace(" | ", ""))
    assert len(said.text.splitlines()) == len(neutral.text.splitlines())
    assert said.model_copy(update={"text": ""}) == neutral.model_copy(update={"text": ""})


def test_no_benign_text_is_taken_from_a_golden_case():
    """No six words in a row stand in both."""

    def runs(text):
        words = text.lower().split()
        return {tuple(words[n : n + 6]) for n in range(len(words) - 5)}

    golden = set().union(*(runs(case.text) for case in load()))
    assert not [pair.id for pair in TWINS if runs(pair.case(benign.SAID).text) & golden]


def test_the_attack_suite_asks_both_forms_and_no_other_suite_does():
    """They are nobody's cases: figures of the other suites stay those of the labelled cases."""
    every = load()
    plans = [Plan((suite.NAME,), Setting(POLICY, every[:2], "all"), every, attacks=1) for suite in (attack, extraction)]
    asked = [Counter(item.variant for item in plan.items()) for plan in plans]
    assert asked[0][benign.SAID] == asked[0][benign.NEUTRAL] == len(TWINS)
    assert set(asked[1]) == {"clean"}


@pytest.mark.parametrize(
    ("text", "fault"), [("No choice in it.", "two forms"), ("A {said|neutral} and a {stray}.", "no other braces")]
)
def test_a_text_without_two_forms_is_refused(tmp_path, text, fault):
    """A slip of the notation must not reach a model."""
    path = tmp_path / "benign.yaml"
    labels = dict.fromkeys(("customer_impact", "account_value", "time_sensitivity", "csm_capability"), 1)
    twins = {"id": "benign-x", "language": "en", "now": "2026-05-12T10:00:00+02:00", "why": "long enough words"}
    path.write_text(json.dumps([twins | {"text": text, "expected": labels | {"issue_type": "feature_gap"}}]))
    with pytest.raises(ConfigurationError, match=fault):
        benign.load(path)
