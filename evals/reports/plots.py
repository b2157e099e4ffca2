"""The geometry of the plots, so that the page only has to draw it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.policy import LEVELS
from agent.schema import Dimension
from evals.cases import Case
from evals.reports import phrases
from evals.results import Metric, Run

CELL = 36  # of one level, in the plot's own units
_RADII = (5, 15)  # of the rarest and the most frequent pair


@dataclass(frozen=True)
class Bubble:
    """How often one labelled level was read as one level; x and y are the centre, y downwards."""

    x: float
    y: float
    radius: float
    count: int
    exact: bool
    words: str


@dataclass(frozen=True)
class LevelPlot:
    """Labelled against given level of one dimension; on the diagonal the reading is exact."""

    title: str
    bubbles: tuple[Bubble, ...]
    mean_line: str
    exact: int
    n: int


def level_plots(run: Run, cases: Mapping[str, Case]) -> tuple[LevelPlot, ...]:
    """One plot per dimension over the clean cases that were answered; none where there is no answer."""
    answered = [
        (cases[result.case_id].expected, result.assessment)
        for result in run.results
        if result.assessment and result.variant == "clean" and result.case_id in cases
    ]
    return tuple(
        _plot(dimension, Counter((labels.level(dimension), a.scores.of(dimension).score) for labels, a in answered))
        for dimension in Dimension
        if answered
    )


def _plot(dimension: Dimension, pairs: Counter[tuple[int, int]]) -> LevelPlot:
    most = max(pairs.values())
    bubbles = tuple(
        Bubble(
            x=_place(labelled),
            y=_place(6 - given),
            radius=radius(count, most, _RADII),
            count=count,
            exact=labelled == given,
            words=f"labelled {labelled}, given {given}: {count}",
        )
        for (labelled, given), count in sorted(pairs.items())
    )
    return LevelPlot(
        title=phrases.words(dimension),
        bubbles=bubbles,
        mean_line=line((_place(level), _place(6 - mean)) for level, mean in _means(pairs)),
        exact=sum(count for (labelled, given), count in pairs.items() if labelled == given),
        n=pairs.total(),
    )


def _means(pairs: Counter[tuple[int, int]]) -> list[tuple[int, float]]:
    """The mean given level of each labelled level that occurs."""
    means = []
    for level in LEVELS:
        given = {g: count for (labelled, g), count in pairs.items() if labelled == level}
        if given:
            means.append((level, sum(g * count for g, count in given.items()) / sum(given.values())))
    return means


def radius(count: int, most: int, radii: tuple[float, float]) -> float:
    """Of a dot whose area tells a count, between the smallest that can be seen and that of the fullest."""
    smallest, largest = radii
    return round(max(smallest, largest * (count / most) ** 0.5), 1)


def line(points: Iterable[tuple[float, float]]) -> str:
    """Points as a polyline takes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _place(level: float) -> float:
    return (level - 0.5) * CELL


@dataclass(frozen=True)
class Bar:
    """A share on a line from 0 to 100."""

    value: float
    low: float
    width: float


def bar(metric: Metric) -> Bar | None:
    """The metric's place between 0 and 1; None where it is no such figure."""
    if metric.value is None or metric.low is None or metric.high is None:
        return None
    if not (0 <= metric.low <= metric.high <= 1 and 0 <= metric.value <= 1):
        return None
    low, high = round(100 * metric.low, 1), round(100 * metric.high, 1)
    return Bar(value=round(100 * metric.value, 1), low=low, width=round(high - low, 1))
