from itertools import product

from agent import policy as policies
from agent.schema import IssueType
from evals.cases import Labels, load
from evals.contest import Setting
from evals.results import ModelClass
from evals.suites import engine

from .commands import LEVELS

POLICY = policies.load_default()


def suite(cases, policy):
    run = Setting(policy, cases, "all").run(engine.NAME, ModelClass.NONE, ())
    return engine.report(run, {case.id: case for case in cases}, policy)


def test_every_golden_case_is_decided_as_the_framework_decides_it():
    """Total, band and route of all labels are exact."""
    report = suite(load(), POLICY)
    assert {metric.name: (metric.value, metric.n) for metric in report.metrics} == {
        "total_exact": (1.0, 72), "band_exact": (1.0, 72), "route_exact": (1.0, 72),
    }  # fmt: skip
    assert all(verdict.passed for verdict in report.verdicts)


def test_what_is_expected_is_written_by_hand_for_every_combination():
    """625 score combinations and 7 issue types: the hand-written tables and the policy say the same."""
    for levels, issue_type in product(product(range(1, 6), repeat=4), IssueType):
        labels = Labels(**dict(zip(LEVELS, levels, strict=True)), issue_type=issue_type)
        total, band, route = engine.expected(labels)
        row = POLICY.issue_types[issue_type].routes[band]
        assert (total, band) == (sum(levels), POLICY.band(sum(levels)))
        owner = POLICY.teams[row.owner].name
        beside = [POLICY.teams[team].name for team in row.together_with]
        assert route == " with ".join((owner, *beside)) + (", CRO on notice" if "cro" in row.inform else "")


def test_a_policy_with_other_borders_does_not_pass():
    """The suite takes nothing from the policy it checks: a moved border shows, with what was expected."""
    text = policies.default_text().replace("    to: 13\n", "    to: 12\n").replace("    from: 14\n", "    from: 13\n")
    report = suite(load(), policies.parse(text, origin="own"))
    failed = [verdict for verdict in report.verdicts if not verdict.passed]
    assert {verdict.case_id for verdict in failed} == {case.id for case in load() if case.expected.total == 13}
    assert failed[0].expected.startswith("13, escalate_for_support")
    assert failed[0].actual.startswith("13, escalate_with_urgency")
    assert next(metric.value for metric in report.metrics if metric.name == "total_exact") == 1.0


def test_no_case_is_no_data():
    """Nothing checked is not 100 %."""
    assert [metric.value for metric in suite((), POLICY).metrics] == [None, None, None]
