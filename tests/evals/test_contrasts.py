import pytest

from agent.policy import load_default
from agent.schema import IssueType
from evals import contrasts
from evals.results import Contrast, Outcome
from tests.evals import report_builders as make

POLICY = load_default()
NAMES = [f"c{n}" for n in range(12)]
LABELLED = make.cases(*(make.case(name) for name in NAMES))  # 3 on every dimension, so 12 and the second band


def run(*levels, names=NAMES, **fields):
    """Each case read as the next levels; the last ones serve the rest."""
    given = [levels[min(n, len(levels) - 1)] for n in range(len(names))]
    results = [make.done(make.answer(POLICY, scores), name) for name, scores in zip(names, given, strict=True)]
    return make.contestant(results=results, **fields).run


def compared(before, after, cases=LABELLED):
    return {one.name: one for one in contrasts.compare(before, after, cases, POLICY).contrasts}


def test_a_decision_is_right_by_its_label_and_only_where_there_is_an_answer():
    """Band, issue type with its alternatives and each dimension are asked apart; a failure is not a wrong answer."""
    one = make.case("a", also_acceptable_issue_types=(IssueType.PRODUCT_DEFECT,))
    results = (make.done(make.answer(POLICY, (3, 3, 3, 4)), "a"), make.failure(Outcome.REFUSED, "b"))
    asked = make.contestant(results=results).run
    figures = {
        name: (each.n, each.after) for name, each in compared(asked, asked, make.cases(one, make.case("b"))).items()
    }
    assert figures.pop("csm_capability") == (1, 0.0)
    assert figures.pop("total_error") == (1, 1.0)
    assert set(figures.values()) == {(1, 1.0)}


def test_a_reading_that_is_a_little_too_mild_everywhere_is_found():
    """No dimension is off by more than one, no band by more than one; all the same no case is escalated enough."""
    found = compared(run((3, 3, 3, 3)), run((2, 2, 2, 2)))
    enough, error = found["escalated_enough"], found["total_error"]
    assert (enough.before, enough.after, enough.lost, enough.verdict) == (1, 0, tuple(NAMES), "worse")
    assert enough.p == pytest.approx(2 / 2**12)
    assert (error.before, error.after, error.low, error.high, error.verdict) == (0, 4, 4, 4, "worse")


def test_to_escalate_more_than_needed_is_no_under_escalation():
    """Too high a band costs less than too low a one, and is asked apart."""
    found = compared(run((3, 3, 3, 3)), run((5, 5, 5, 5)))
    assert found["escalated_enough"].after == 1
    assert found["band"].verdict == found["total_error"].verdict == "worse"


def test_a_change_on_few_cases_is_none():
    """Nine cases that all move one way have no interval: drawing them anew would call anything certain."""
    few = NAMES[:9]
    error = compared(run((3, 3, 3, 3), names=few), run((3, 3, 3, 4), names=few))["total_error"]
    assert (error.low, error.high, error.verdict) == (None, None, "no difference shown")


def test_repeats_of_a_case_are_one_case():
    """Its answers count by their majority and their mean."""
    repeated = [
        make.done(make.answer(POLICY, levels), "c0", repeat=n)
        for n, levels in enumerate([(3, 3, 3, 3)] * 2 + [(5, 5, 5, 5)], 1)
    ]
    found = compared(run((3, 3, 3, 3)), make.contestant(results=repeated).run)
    assert (found["band"].n, found["band"].after) == (1, 1)
    assert found["total_error"].after == pytest.approx(8 / 3)


def test_runs_that_share_no_answered_case_have_no_contrasts():
    """There is nothing to compare, and no figure says otherwise."""
    assert (
        contrasts.compare(run((3, 3, 3, 3), names=["c0"]), run((3, 3, 3, 3), names=["c1"]), LABELLED, POLICY).contrasts
        == ()
    )


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"p": 0.04}, "worse"),
        ({"p": 0.06}, "no difference shown"),
        ({"low": -0.3, "high": -0.1}, "worse"),
        ({"low": -0.3, "high": 0.1}, "no difference shown"),
        ({"low": -0.3, "high": -0.1, "higher_is_better": False}, "better"),
        ({}, "no difference shown"),
    ],
)
def test_a_difference_is_one_only_beyond_chance(fields, verdict):
    """P below 0.05, or an interval that leaves zero out."""
    assert Contrast(name="band", n=20, before=0.7, after=0.5, **fields).verdict == verdict
