"""Standing verdicts, counted where they are kept: how often which score of a model met which one of a manager."""

from collections.abc import Mapping
from typing import NamedTuple

from agent.schema.decision import Band
from agent.schema.rubric import Dimension, Level


class Origin(NamedTuple):
    """What the counted triages were made by, and when; "none" where no model was used."""

    model: str
    prompts: str
    month: str


class LevelCount(NamedTuple):
    """How many triages of one origin have these two scores in one dimension: the model's own, and the manager's."""

    origin: Origin
    dimension: Dimension
    model: Level
    manager: Level
    n: int


class BandCount(NamedTuple):
    """How many triages of one origin have these two bands."""

    origin: Origin
    model: Band
    manager: Band
    n: int


class Judged(NamedTuple):
    """One triage with a standing verdict: the model's own scores, and the manager's."""

    by_model: Mapping[Dimension, Level]
    by_manager: Mapping[Dimension, Level]

    @property
    def untouched(self) -> bool:
        return self.by_model == self.by_manager


class Tally(NamedTuple):
    """All that agreement is measured on."""

    verdicts: int
    untouched: int  # triages whose four scores are all the manager's too
    levels: tuple[LevelCount, ...]
    bands: tuple[BandCount, ...]
    newest: tuple[Judged, ...]  # at most `last`, the newest triage first
    last: int
