import json
import math
from importlib import resources

import pytest

from agent.embedded import judge
from agent.errors import ConfigurationError
from agent.models import probing, weights
from agent.schema import Dimension, IssueType, LevelProbabilities, ProbabilitySource

SCALE = judge.OrdinalScale(slope=2.0, cuts=(-1.5, -0.5, 0.5, 1.5))


def heads(**readings):
    """What the heads read in a text of which nothing stands out, but for what is given."""
    return {target: judge.load().parts[target][0].centre for target in judge.TARGETS} | readings


def likely(*values):
    return LevelProbabilities(values=values, source=ProbabilitySource.HEADS)


def test_the_weights_that_ship_belong_to_the_model_and_the_opening_that_ship():
    """Heads fitted for another model or other words read nothing, so what ships must match."""
    document = json.loads(resources.files("agent.embedded").joinpath("weights.json").read_text(encoding="utf-8"))
    assert document["model"] == weights.PIN.reference
    assert document["opening"] == probing.opening_digest()
    assert tuple(document["heads"]) == judge.HEADS


def test_weights_for_another_model_are_refused(tmp_path, monkeypatch):
    """A changed opening with old weights is an error that names the command."""
    monkeypatch.setattr(probing, "OPENING", "Read this: ")
    judge.load.cache_clear()
    with pytest.raises(ConfigurationError, match="evals distil"):
        judge.load()
    monkeypatch.undo()
    judge.load.cache_clear()


def test_weights_stay_a_small_file():
    """The wheel carries the weights: under 1 MB."""
    assert len(resources.files("agent.embedded").joinpath("weights.json").read_bytes()) < 1_000_000


def test_a_scale_gives_every_level_its_share():
    """Shares are positive, sum to one, and move up with the reading."""
    low, middle, high = (SCALE.shares(reading) for reading in (-3.0, 0.0, 3.0))
    assert all(math.isclose(sum(shares), 1) and min(shares) > 0 for shares in (low, middle, high))
    assert [shares.index(max(shares)) + 1 for shares in (low, middle, high)] == [1, 3, 5]
    assert middle[0] == pytest.approx(middle[4])


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ((0.6, 0.1, 0.1, 0.1, 0.1), 1),
        ((0.3, 0.1, 0.2, 0.1, 0.3), 3),
        ((0, 0, 0, 0.4, 0.6), 5),
        ((0, 0.5, 0.5, 0, 0), 3),
    ],
)
def test_the_level_of_record_is_just_beyond_the_median(values, level):
    """On an ordered scale the median errs least, and of two even levels the higher one costs less."""
    assert judge.level(likely(*values)) == level


@pytest.mark.parametrize("dimension", judge.READ_DIMENSIONS)
def test_a_higher_reading_makes_higher_levels_likelier(dimension):
    """The heads move their own dimension, in the direction of their meaning."""
    weights_, text = judge.load(), "The customer wrote to us."
    calm, hit = (
        weights_.levels(weights_.read(text, heads(**{dimension: reading})), dimension) for reading in (0.0, 6.0)
    )
    assert calm.likeliest < hit.likeliest


def test_words_are_read_beside_the_states():
    """The same states with urgent words read as more urgent: the lexicon and the time words have their share."""
    weights_ = judge.load()
    later = weights_.read("There is no hurry, next month is fine.", heads())
    now = weights_.read("It must be solved today before 14:00.", heads())
    assert now[Dimension.TIME_SENSITIVITY] > later[Dimension.TIME_SENSITIVITY]


def test_every_issue_type_has_a_share():
    """The type that the heads read most is the likeliest, and the shares sum to one."""
    weights_ = judge.load()
    types = weights_.issue_types(weights_.read("They dispute it.", heads(commercial_dispute=3.0)))
    assert types.likeliest is IssueType.COMMERCIAL_DISPUTE
    assert math.isclose(sum(types.values.values()), 1)


def test_probabilities_name_the_weights_they_come_from():
    """They are calibrated on texts the heads never saw, under the reference of these weights."""
    weights_ = judge.load()
    levels = weights_.levels(weights_.read("x", heads()), Dimension.CUSTOMER_IMPACT)
    assert levels.source is ProbabilitySource.HEADS
    assert levels.calibration == weights_.reference


def test_numbers_survive_packing():
    """Half precision keeps three digits."""
    numbers = (0.0, 1.0, -0.001234, 123.4)
    assert judge.unpacked(judge.packed(numbers)) == pytest.approx(numbers, rel=1e-3)
