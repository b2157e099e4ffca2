import pytest

from agent.errors import ConfigurationError
from agent.policy import load_default
from evals import accepted, gates
from evals.gates import Accepted
from evals.reports import json_form
from evals.results import ModelClass
from tests.evals import report_builders as make

POLICY = load_default()


def measured(*, name="end_to_end", **fields):
    suite = make.suite([make.verdict(findings=("says: our drivers wait",))], [make.metric()], name)
    return make.report(make.contestant(suite, results=[make.done(make.answer(POLICY))], **fields))


def test_an_accepted_report_is_found_for_its_own_model_and_class_alone(tmp_path):
    """A replay is not held against a live run."""
    path = accepted.accept(measured(), tmp_path)
    assert path.name == "openai-some-model.hosted.json"
    assert accepted.find(measured(), tmp_path) == accepted.trimmed(measured())
    assert accepted.find(measured(model_class=ModelClass.REPLAY), tmp_path) is None
    held = Accepted(accepted.find(measured(), tmp_path), {}, POLICY)
    assert gates.check(measured(), {}, held).findings == ()


def test_a_run_of_other_suites_is_not_held_against_it(tmp_path):
    """An attack run has nothing to compare with where only clean cases were accepted."""
    accepted.accept(measured(), tmp_path)
    assert accepted.find(measured(name="attack"), tmp_path) is None


def test_another_suite_joins_what_was_accepted_before(tmp_path):
    """Attacks are run apart; accepting them must not take away what the clean cases are held against."""
    accepted.accept(measured(), tmp_path)
    path = accepted.accept(measured(name="attack"), tmp_path)
    assert accepted.told(json_form.load(path)) == "attack (1 cases), end_to_end (1 cases)"
    accepted.accept(measured(), tmp_path)
    assert accepted.told(json_form.load(path)) == "end_to_end (1 cases), attack (1 cases)"


@pytest.mark.parametrize("other", [{"policy": "Ours@2#feed"}, {"prompts": ("extract@9#old",)}])
def test_what_was_accepted_under_another_policy_or_prompt_goes(tmp_path, other):
    """Figures of two versions never stand side by side as one."""
    earlier, later = measured(), measured(name="attack")
    (contestant,) = earlier.contestants
    run = contestant.run.model_copy(update={"prompts": ("extract@1#new",)} | other)
    accepted.accept(earlier.model_copy(update={"contestants": (contestant.model_copy(update={"run": run}),)}), tmp_path)
    (contestant,) = later.contestants
    run = contestant.run.model_copy(update={"prompts": ("extract@1#new",)})
    later = later.model_copy(update={"contestants": (contestant.model_copy(update={"run": run}),)})
    path = accepted.accept(later, tmp_path)
    assert accepted.told(json_form.load(path)) == "attack (1 cases)"


def test_a_run_of_another_split_is_not_held_against_it(tmp_path):
    """Who works on `tune` shares no case with what was accepted on `test`."""
    accepted.accept(measured(), tmp_path)
    assert accepted.find(measured(split="tune"), tmp_path) is None


def test_an_accepted_report_keeps_figures_and_none_of_the_customers_words(tmp_path):
    """Scores, bands, verdicts and metrics stay; quotes, rationales, drafts and findings go."""
    text = accepted.accept(measured(), tmp_path).read_text(encoding="utf-8")
    for words in (make.QUOTE, "drivers", "Why customer_impact", "Engineering: find the cause", "Hello"):
        assert words not in text
    kept = accepted.trimmed(measured()).contestants[0]
    assert kept.run.results[0].assessment.total == 12
    assert kept.suites[0].metrics == (make.metric(),)


def test_baselines_of_the_same_run_are_not_kept():
    """They are measured anew in every run that names them."""
    both = make.report(*measured().contestants, *measured(model_class=ModelClass.BASELINE).contestants)
    assert len(accepted.trimmed(both).contestants) == 1


def test_stale_answers_are_never_accepted(tmp_path):
    """They measure a prompt that nobody runs any more."""
    with pytest.raises(ConfigurationError, match="2 answers are stale"):
        accepted.accept(measured(stale_answers=2), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_baselines_load():
    """A baseline that cannot be read would fail every later run."""
    for path in accepted.FOLDER.glob("*.json"):
        assert accepted.path_for(json_form.load(path)) == path
