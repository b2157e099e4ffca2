"""How sure a scorer is: a probability per level and per issue type, beside the score of record.

Without a calibration they are what a model weighs, no more: they are called "model weights" wherever they are shown,
and "probability" only where a calibration is named.
"""

import math
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from agent.schema.noun import Noun
from agent.schema.rubric import Dimension, IssueType, Level

TOLERANCE = 1e-6
NEARLY_CERTAIN = 0.995  # from here on a share would be rounded to a whole that it is not, and no doubt is worth a look

Probability = Annotated[float, Field(ge=0, le=1)]


class ProbabilitySource(StrEnum):
    """What gave the numbers: heads on the built-in model, a decision model, or the score token of a chat model."""

    HEADS = "heads"
    DECISION_MODEL = "decision_model"
    LOGPROBS = "logprobs"


class LevelProbabilities(Noun):
    """Five probabilities, of level 1 first, that sum to one."""

    values: tuple[Probability, Probability, Probability, Probability, Probability]
    source: ProbabilitySource
    calibration: str | None = Field(default=None, description="name@version of the calibration map; None: uncalibrated")

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        _prove(self.values)
        return self

    def of(self, level: Level) -> float:
        return self.values[level - 1]

    @property
    def likeliest(self) -> Level:
        """The level with the largest probability; in a true tie the higher one, as the rubric's readers are told."""
        return max(range(1, len(self.values) + 1), key=lambda level: (self.values[level - 1], level))


class IssueTypeProbabilities(Noun):
    """A probability per issue type; together they sum to one."""

    values: dict[IssueType, Probability]
    source: ProbabilitySource
    calibration: str | None = Field(default=None, description="name@version of the calibration map; None: uncalibrated")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if missing := [kind for kind in IssueType if kind not in self.values]:
            raise ValueError(f"no probability for '{missing[0]}'")
        _prove(tuple(self.values.values()))
        return self

    @property
    def likeliest(self) -> IssueType:
        """The issue type with the largest probability."""
        return max(IssueType, key=lambda kind: self.values[kind])


class Probabilities(Noun):
    """What a scorer knows of its own doubt; None where it does not know."""

    customer_impact: LevelProbabilities | None = None
    account_value: LevelProbabilities | None = None
    time_sensitivity: LevelProbabilities | None = None
    csm_capability: LevelProbabilities | None = None
    issue_types: IssueTypeProbabilities | None = None

    def of(self, dimension: Dimension) -> LevelProbabilities | None:
        levels: LevelProbabilities | None = getattr(self, dimension.value)
        return levels


def percent(share: float) -> str:
    """A share in whole percent; what is nearly certain is not called certain."""
    return ">99%" if NEARLY_CERTAIN <= share < 1 - TOLERANCE else f"{share:.0%}"


def _prove(values: tuple[float, ...]) -> None:
    total = math.fsum(values)
    if abs(total - 1) > TOLERANCE:
        raise ValueError(f"probabilities sum to {total:.6g}, must sum to 1")
