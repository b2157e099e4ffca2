"""A calibration map: how far probabilities have to be flattened or sharpened to come true as often as they say.

One temperature per dimension: each probability to the power of 1/T, made to sum to one again. Above 1 it flattens what
was too sure, below 1 it sharpens. The order of the levels never changes, and so no likeliest level does.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from agent.errors import ConfigurationError
from agent.schema import Dimension, Level, LevelProbabilities, Noun, Probabilities, ProbabilitySource

Pairs = Mapping[Dimension, Sequence[tuple[LevelProbabilities, Level]]]

LEAST_PAIRS = 20  # labelled readings of a dimension: fewer say nothing about how often a probability comes true
_COLDEST, _HOTTEST = 0.2, 8.0
_STEPS = 60
_FLOOR = 1e-6  # of a probability, so that one impossible level that came true does not decide everything


class CalibrationMap(Noun):
    """Temperatures for the probabilities of one model from one source, and what they were fitted on."""

    format: Literal[1] = 1
    name: str = Field(pattern=r"^[\w.-]+$")
    version: str = Field(pattern=r"^[\w.-]+$")
    model: str = Field(description="the reference of the model whose probabilities it fits")
    source: ProbabilitySource
    fitted_on: str = Field(description="the labelled readings, in words")
    pairs: dict[Dimension, int] = Field(description="labelled readings per dimension")
    temperatures: dict[Dimension, Annotated[float, Field(ge=_COLDEST, le=_HOTTEST)]]

    @property
    def reference(self) -> str:
        """name@version, as the calibrated probabilities carry it."""
        return f"{self.name}@{self.version}"


def load(path: Path) -> CalibrationMap:
    """A map from its file. Raises ConfigurationError with the file and its fault."""
    try:
        return CalibrationMap.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error})") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ConfigurationError(
            f"{path}: is no calibration map: {where + ': ' if where else ''}{fault['msg']}"
        ) from error


def apply(calibration: CalibrationMap, probabilities: Probabilities, model: str) -> Probabilities:
    """The probabilities of that model, calibrated. Another model's, and another source's, stay as they are."""
    if model != calibration.model:
        return probabilities
    update = {
        dimension.value: levels.model_copy(
            update={"values": temper(levels.values, temperature), "calibration": calibration.reference}
        )
        for dimension, temperature in calibration.temperatures.items()
        if (levels := probabilities.of(dimension)) is not None and levels.source is calibration.source
    }
    return probabilities.model_copy(update=update)


def temper(values: Sequence[float], temperature: float) -> tuple[float, ...]:
    """The distribution at a temperature; at 1 it stays as it is."""
    raised = [math.pow(value, 1 / temperature) for value in values]
    total = math.fsum(raised)
    return tuple(value / total for value in raised)


def fitted(pairs: Pairs, *, name: str, version: str, model: str, fitted_on: str) -> CalibrationMap:
    """A map of the dimensions that have enough labelled readings. Raises ConfigurationError where none has."""
    temperatures = fit(pairs)
    if not temperatures:
        most = max((len(seen) for seen in pairs.values()), default=0)
        raise ConfigurationError(
            f"no dimension has {LEAST_PAIRS} labelled readings with probabilities (at most {most}): nothing to fit"
        )
    first = next(levels for dimension in temperatures for levels, _ in pairs[dimension])
    return CalibrationMap(
        name=name,
        version=version,
        model=model,
        source=ProbabilitySource(first.source),
        fitted_on=fitted_on,
        pairs={dimension: len(pairs[dimension]) for dimension in temperatures},
        temperatures=temperatures,
    )


def fit(pairs: Pairs) -> dict[Dimension, float]:
    """The temperature per dimension under which the labelled levels are likeliest; none where there are too few."""
    return {
        dimension: round(_least(lambda t, seen=tuple(seen): log_loss(seen, t)), 3)  # type: ignore[misc] # binds the pairs
        for dimension, seen in pairs.items()
        if len(seen) >= LEAST_PAIRS
    }


def log_loss(pairs: Sequence[tuple[LevelProbabilities, Level]], temperature: float = 1.0) -> float:
    """Mean log loss at a temperature, in nats: 0 where every level that came true was certain."""
    told = [max(temper(levels.values, temperature)[level - 1], _FLOOR) for levels, level in pairs]
    return -math.fsum(math.log(share) for share in told) / len(told)


def _least(loss: Callable[[float], float]) -> float:
    """Where the loss is least, by golden section over the temperatures' logarithm."""
    ratio = (math.sqrt(5) - 1) / 2
    low, high = math.log(_COLDEST), math.log(_HOTTEST)
    for _ in range(_STEPS):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(math.exp(left)) <= loss(math.exp(right)):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)
