"""How near a decision is to another one."""

from itertools import product

import pytest

from agent.engine import decide
from agent.policy import load_default
from agent.schema import Band, Basis, Dimension
from tests.builders import NOW, grounded

POLICY = load_default()
IMPACT, VALUE, TIME, CAPABILITY = Dimension


def measured(scores, *, unstated=()):
    fields = {dimension: {"basis": Basis.UNSTATED} for dimension in unstated}
    return decide(grounded(scores, score_fields=fields), POLICY, NOW).robustness


@pytest.mark.parametrize(
    ("scores", "milder", "severer"),
    [
        ((1, 1, 1, 1), None, 5),
        ((2, 2, 2, 2), None, 1),
        ((3, 2, 2, 2), 1, 5),
        ((3, 3, 3, 3), 4, 2),
        ((5, 5, 4, 4), 1, None),
        ((5, 5, 5, 5), 3, None),
    ],
)
def test_distances(scores, milder, severer):
    """Points to the neighbouring bands; there is none below the mildest and none above the most severe."""
    found = measured(scores)
    assert (found.points_to_milder, found.points_to_severer) == (milder, severer)


def test_tipping_points_are_exactly_the_steps_that_change_the_band():
    """Over all 625 combinations: each step of one level in one dimension that changes the band, and no other."""
    for scores in product(range(1, 6), repeat=4):
        band = POLICY.band(sum(scores))
        expected = {
            (dimension, scores[place] + step, POLICY.band(sum(scores) + step))
            for place, dimension in enumerate(Dimension)
            for step in (-1, 1)
            if 1 <= scores[place] + step <= 5 and POLICY.band(sum(scores) + step) is not band
        }
        points = measured(scores).tipping_points
        assert {(p.dimension, p.score, p.band) for p in points} == expected
        assert len(points) == len(expected)


@pytest.mark.parametrize("unstated", [(VALUE,), (IMPACT, CAPABILITY), (IMPACT, VALUE, TIME), tuple(Dimension)])
@pytest.mark.parametrize("scores", [(1, 1, 1, 1), (3, 3, 2, 1), (5, 4, 4, 4), (5, 5, 5, 5)])
def test_bands_over_unstated_are_those_some_value_gives(scores, unstated):
    """The same bands, mildest first, as trying every value of every unstated dimension one by one."""
    tried = {
        POLICY.band(sum(values))
        for values in product(*(range(1, 6) if d in unstated else (s,) for d, s in zip(Dimension, scores, strict=True)))
    }
    assert measured(scores, unstated=unstated).bands_over_unstated == tuple(band for band in Band if band in tried)


def test_all_stated_leaves_only_the_decided_band():
    """Where everything is stated there is one band, the decided one."""
    assert measured((4, 4, 4, 4)).bands_over_unstated == (Band.ESCALATE_WITH_URGENCY,)
