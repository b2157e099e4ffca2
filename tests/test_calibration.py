"""A calibration map flattens or sharpens what one model said, and is fitted on labelled readings alone."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import calibration
from agent.calibration import LEAST_PAIRS, CalibrationMap
from agent.errors import ConfigurationError
from agent.schema import Dimension, LevelProbabilities, Probabilities, ProbabilitySource

IMPACT, VALUE, *_ = Dimension
FITTED = CalibrationMap(
    name="temperature",
    version="3",
    model="decisions/luna",
    source=ProbabilitySource.DECISION_MODEL,
    fitted_on="cases",
    pairs={IMPACT: 40},
    temperatures={IMPACT: 2.0},
)


def levels(*values, source=ProbabilitySource.DECISION_MODEL):
    return LevelProbabilities(values=values, source=source)


SURE = levels(0.01, 0.01, 0.96, 0.01, 0.01)


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(sum), st.floats(0.2, 8.0, allow_nan=False))
def test_the_order_of_the_levels_stays(weights, temperature):
    """Whatever the temperature, the sum stays one and no level overtakes another."""
    values = [weight / sum(weights) for weight in weights]
    tempered = calibration.temper(values, temperature)
    assert sum(tempered) == pytest.approx(1)
    order = sorted(range(5), key=lambda at: values[at])
    assert all(tempered[a] <= tempered[b] + 1e-12 for a, b in pairwise(order))


def test_a_temperature_of_one_changes_nothing_and_a_higher_one_flattens():
    """At 1 a distribution is itself; above 1 its largest share falls."""
    assert calibration.temper(SURE.values, 1.0) == pytest.approx(SURE.values)
    assert max(calibration.temper(SURE.values, 2.0)) < max(SURE.values)


def test_only_its_own_model_and_source_are_calibrated():
    """Another model, another source and a dimension it does not know stay what they were: weights."""
    known = Probabilities(customer_impact=SURE, account_value=SURE)
    mapped = calibration.apply(FITTED, known, "decisions/luna")
    assert mapped.customer_impact.calibration == "temperature@3"
    assert mapped.customer_impact.values == pytest.approx(calibration.temper(SURE.values, 2.0))
    assert mapped.account_value == SURE
    assert calibration.apply(FITTED, known, "decisions/other") == known
    heads = Probabilities(customer_impact=levels(*SURE.values, source=ProbabilitySource.HEADS))
    assert calibration.apply(FITTED, heads, "decisions/luna") == heads


def test_the_fit_finds_how_sure_a_model_may_be():
    """Where 96 % came true in about 60 % of the readings, the fitted map says about 60 %."""
    seen = [(SURE, 3 if n % 10 < 6 else random.Random(n).choice((1, 2, 4, 5))) for n in range(200)]
    fitted = calibration.fit({IMPACT: seen})
    assert max(calibration.temper(SURE.values, fitted[IMPACT])) == pytest.approx(0.6, abs=0.02)
    assert calibration.fit({IMPACT: seen}) == fitted


def test_too_few_readings_give_no_temperature():
    """A dimension with fewer labelled readings than it takes is left out."""
    few = [(SURE, 3)] * (LEAST_PAIRS - 1)
    assert calibration.fit({IMPACT: few, VALUE: [*few, (SURE, 3)]}).keys() == {VALUE}


def test_a_map_comes_back_as_it_was_written(tmp_path):
    """One JSON file, read as it was."""
    path = tmp_path / "map.json"
    path.write_text(FITTED.model_dump_json())
    assert calibration.load(path) == FITTED


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', "not json"])
def test_a_broken_map_is_refused_with_its_file(tmp_path, text):
    """What is no map names the file; so does one that is not there."""
    path = tmp_path / "map.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"map\.json"):
        calibration.load(path)
    with pytest.raises(ConfigurationError, match="nowhere"):
        calibration.load(tmp_path / "nowhere.json")
