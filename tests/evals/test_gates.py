import pytest

from agent.errors import ConfigurationError
from agent.policy import load_default
from evals import gates, thresholds
from evals.gates import Accepted, GateKind
from evals.results import ModelClass, Outcome
from evals.suites import engine
from evals.thresholds import Threshold
from tests.evals import report_builders as make

POLICY = load_default()
WHY = "Measured on 36 cases in March."
AT_LEAST = {"end_to_end": {ModelClass.HOSTED: (Threshold(metric="band_exact", minimum=0.7, why=WHY),)}}
AT_MOST = {"end_to_end": {ModelClass.HOSTED: (Threshold(metric="band_exact", maximum=0.1, why=WHY),)}}


def measured(value, n=36, **contestant):
    suite = make.suite([make.verdict("a"), make.verdict("b", passed=False)], [make.metric(value=value, n=n)])
    return make.report(make.contestant(suite, **contestant))


def failing(report, rules, accepted=None, cases=None):
    held = None if accepted is None else Accepted(accepted, cases or {}, POLICY)
    return gates.check(report, rules, held).findings


def outcome_of(passed):
    return make.report(make.contestant(make.suite([make.verdict(f"c{n}", passed=p) for n, p in enumerate(passed)])))


@pytest.mark.parametrize(("rules", "value"), [(AT_LEAST, 0.7), (AT_LEAST, 0.9), (AT_MOST, 0.1), (AT_MOST, 0.0)])
def test_a_bound_that_is_met_holds(rules, value):
    """The bound itself is good enough."""
    assert failing(measured(value), rules) == ()


@pytest.mark.parametrize(("rules", "value"), [(AT_LEAST, 0.69), (AT_MOST, 0.11)])
def test_a_missed_bound_fails_and_names_figure_bound_reason_and_cases(rules, value):
    """A reader sees what was measured, what had to be, why, and which cases to open."""
    (finding,) = failing(measured(value), rules)
    assert (finding.kind, finding.cases, finding.why) == (GateKind.THRESHOLD, ("b",), WHY)
    assert f"{value:.3g} (n 36)" in finding.message


@pytest.mark.parametrize(("value", "n"), [(None, 0), (0.9, 0), (float("nan"), 36)])
def test_a_metric_without_data_fails_its_gate(value, n):
    """No figure, a figure of no case, and not-a-number prove nothing."""
    (finding,) = failing(measured(value, n), AT_LEAST)
    assert finding.kind is GateKind.NO_DATA


def test_a_metric_that_the_suite_no_longer_reports_fails_its_gate():
    """Renaming a metric must not switch its gate off."""
    renamed = make.suite([make.verdict()], [make.metric("band_right")])
    (finding,) = failing(make.report(make.contestant(renamed)), AT_LEAST)
    assert finding.kind is GateKind.NO_DATA


@pytest.mark.parametrize("suite", ["extraction", "end_to_end", "drafting", "attack", "stability"])
def test_a_hosted_model_is_held_to_something_in_every_suite_that_asks_it(suite):
    """A first live run is judged as well; every number says why it is that one."""
    rules = thresholds.load()[suite][ModelClass.HOSTED]
    assert rules
    assert all(len(rule.why.split()) > 5 for rule in rules)


def test_a_rule_holds_for_its_model_class_alone():
    """A figure of the embedded model is not measured against a hosted model's bound."""
    assert failing(measured(0.1, model_class=ModelClass.EMBEDDED), AT_LEAST) == ()


def test_a_rule_that_needs_no_model_holds_whoever_answered():
    """Rules under `none` apply to every class."""
    rules = {"end_to_end": {ModelClass.NONE: AT_LEAST["end_to_end"][ModelClass.HOSTED]}}
    assert len(failing(measured(0.1, model_class=ModelClass.EMBEDDED), rules)) == 1


def test_a_baseline_of_the_same_run_is_never_gated():
    """It is there to be beaten."""
    beaten = measured(0.1, model_class=ModelClass.BASELINE).contestants
    assert failing(make.report(*measured(0.9).contestants, *beaten), AT_LEAST) == ()


def test_a_run_that_judged_nothing_fails():
    """No case is no evidence, even where no threshold names the suite."""
    for nothing in (make.report(), make.report(make.contestant(make.suite()))):
        (finding,) = failing(nothing, {})
        assert finding.kind is GateKind.NO_DATA


def test_a_significant_loss_against_the_accepted_run_fails_with_the_lost_cases():
    """6 cases lost and none gained is p 0.031."""
    accepted, now = outcome_of([True] * 20), outcome_of([False] * 6 + [True] * 14)
    (finding,) = failing(now, {}, accepted)
    assert finding.kind is GateKind.REGRESSION
    assert finding.cases == ("c0", "c1", "c2", "c3", "c4", "c5")
    assert "p 0.031" in finding.message


def test_a_loss_that_chance_explains_holds():
    """5 cases lost and none gained is p 0.063."""
    assert failing(outcome_of([False] * 5 + [True] * 15), {}, outcome_of([True] * 20)) == ()


def test_lost_answers_are_part_of_a_regression_and_named_as_such():
    """A case that passed and now times out is lost, but nobody calls it wrong."""
    silent = [make.verdict(f"c{n}", passed=False, outcome=Outcome.TIMED_OUT) for n in range(6)]
    (finding,) = failing(make.report(make.contestant(make.suite(silent))), {}, outcome_of([True] * 6))
    assert "6 of them without an answer" in finding.message


def readings(scores, n=12):
    """The suite end_to_end of a model that gives the same scores to every case; all of them pass before and after."""
    names = [f"c{k}" for k in range(n)]
    suite = make.suite([make.verdict(name) for name in names])
    results = [make.done(make.answer(POLICY, scores), name) for name in names]
    return make.report(make.contestant(suite, results=results)), make.cases(*(make.case(name) for name in names))


def test_decisions_that_all_become_milder_fail_though_no_case_is_lost():
    """Pass or fail per case is too coarse: a point less on three dimensions has to be seen all the same."""
    (before, cases), (after, _) = readings((3, 3, 3, 3)), readings((3, 2, 2, 1))
    enough, error = failing(after, {}, before, cases)
    assert (enough.kind, enough.metric, enough.cases) == (GateKind.REGRESSION, "escalated_enough", tuple(cases))
    assert "from 1.00 to 0.00 on 12 cases since the accepted run (exact McNemar, p 0.00049)" in enough.message
    assert error.metric == "total_error"
    assert (
        "from 0.00 to 4.00 on 12 cases since the accepted run (paired bootstrap, change +4.00 to +4.00)"
        in error.message
    )
    assert failing(before, {}, after, cases) == ()


def test_what_was_checked_is_counted():
    """No failing gate says little where there was none."""
    (before, cases) = readings((3, 3, 3, 3))
    checked = gates.check(measured(0.9), AT_LEAST)
    assert (checked.bounds, checked.compared) == (1, 0)
    checked = gates.check(before, {}, Accepted(before, cases, POLICY))
    assert (checked.bounds, checked.compared) == (0, 12)


@pytest.mark.parametrize("other", [{"name": "openai/other"}, {"model_class": ModelClass.REPLAY}])
def test_an_accepted_run_of_something_else_proves_nothing(other):
    """Without one case in common there is no comparison, and that fails instead of passing in silence."""
    accepted = make.report(make.contestant(make.suite([make.verdict()]), **other))
    (finding,) = failing(outcome_of([True]), {}, accepted)
    assert finding.kind is GateKind.NO_DATA


def test_cases_of_ones_own_are_held_to_what_needs_no_model_alone(tmp_path):
    """What a model reaches was measured on the golden cases; a team names its own file."""
    own = thresholds.chosen(None, golden=False)
    assert {kind for classes in own.values() for kind in classes} == {ModelClass.NONE}
    assert own["engine"] == thresholds.chosen(None, golden=True)["engine"]
    file = tmp_path / "ours.yaml"
    file.write_text(
        f"end_to_end:\n  hosted:\n    - {{metric: band_exact, minimum: 0.7, why: {WHY}}}\n", encoding="utf-8"
    )
    assert thresholds.chosen(file, golden=False) == AT_LEAST


def test_the_shipped_thresholds_load_and_name_suites_that_exist():
    """A misspelt suite would never be gated."""
    names = {path.stem for path in (thresholds.PATH.parent / "suites").glob("*.py")}
    assert engine.NAME in thresholds.load()
    assert set(thresholds.load()) <= names


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("engine:\n  none:\n    - {metric: a, why: long enough words}\n", "exactly one of minimum and maximum"),
        ("engine:\n  none:\n    - {metric: a, minimum: 1, maximum: 2, why: long enough words}\n", "exactly one"),
        ("engine:\n  none:\n    - {metric: a, minimum: 1}\n", "engine.none.0.why"),
        ("engine:\n  none:\n    - {metric: a, minimum: 1, why: short}\n", "engine.none.0.why"),
        ("engine:\n  local:\n    - {metric: a, minimum: 1, why: long enough words}\n", "engine.local"),
        ("engine:\n  baseline:\n    - {metric: a, minimum: 1, why: long enough words}\n", "never gated"),
        ("engine:\n  none:\n" + 2 * "    - {metric: a, minimum: 1, why: long enough words}\n", "given twice"),
        ("engine: {}\nengine: {}\n", "given twice"),
    ],
)
def test_broken_thresholds_are_refused_with_the_place(tmp_path, text, fault):
    """A gate that cannot be read must not be a gate that holds."""
    path = tmp_path / "thresholds.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=fault):
        thresholds.load(path)
