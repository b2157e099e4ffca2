import pytest

from evals import paired
from tests.evals import report_builders as make


def test_only_what_both_runs_hold_is_compared():
    """A case of one run alone says nothing about the difference."""
    before, after = {("a", "clean"): True, ("b", "clean"): True}, {("a", "clean"): False, ("c", "clean"): True}
    pairs = paired.pair(before, after)
    assert (pairs.cases, pairs.lost, pairs.gained) == (1, (("a", "clean"),), ())


@pytest.mark.parametrize(("lost", "gained", "regressed"), [(5, 0, False), (6, 0, True), (0, 6, False), (9, 3, False)])
def test_a_regression_is_more_loss_than_chance_explains(lost, gained, regressed):
    """Exact McNemar: 6 of 6 one way is p 0.031, 5 of 5 is p 0.063, 9 against 3 is p 0.146."""
    before = {(str(n), "clean"): n < lost for n in range(lost + gained)}
    after = {key: not right for key, right in before.items()}
    assert paired.pair(before, after).regressed is regressed


def test_repeats_count_once_by_their_majority():
    """Three repeats of one case are one case; a tie is not a majority."""
    verdicts = [make.verdict("a", passed=n != 2, repeat=n) for n in (1, 2, 3)]
    verdicts += [make.verdict("b", passed=n == 1, repeat=n) for n in (1, 2)]
    assert paired.passed(make.suite(verdicts)) == {("a", "clean"): True, ("b", "clean"): False}
