"""The geometry of the reliability plots: what was said against how often it came true."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.policy import Policy
from evals import reliability
from evals.cases import Case
from evals.reliability import Told
from evals.reports import phrases
from evals.reports.plots import line, radius
from evals.results import Run
from evals.suites import measure

SIDE = 180  # of the square from 0 to 1, in the plot's own units
_RADII = (4, 11)  # of the emptiest and the fullest bin


@dataclass(frozen=True)
class Point:
    """One bin; x is what was said, y how often it came true, y downwards."""

    x: float
    y: float
    radius: float
    words: str


@dataclass(frozen=True)
class ReliabilityPlot:
    """One dimension, or the band. On the diagonal a probability comes true as often as it says."""

    title: str
    points: tuple[Point, ...]
    line: str
    n: int
    error: float
    brier: float


def plots(run: Run, cases: Mapping[str, Case], policy: Policy) -> tuple[ReliabilityPlot, ...]:
    """One plot for everything of which the run gave probabilities; none where it gave none."""
    done = measure.done(result for result in measure.clean(run) if result.case_id in cases)
    told = reliability.collect(((cases[d.result.case_id], d.assessment) for d in done), policy)
    return tuple(_plot(name, each) for name, each in told.items() if each)


def _plot(name: str, told: list[Told]) -> ReliabilityPlot:
    bins = reliability.bins(told)
    most = max(one.n for one in bins)
    points = tuple(
        Point(
            x=round(one.said * SIDE, 1),
            y=round((1 - one.came_true) * SIDE, 1),
            radius=radius(one.n, most, _RADII),
            words=f"said {one.said:.0%}, came true {one.came_true:.0%}, n = {one.n}",
        )
        for one in bins
    )
    return ReliabilityPlot(
        title=phrases.words(name),
        points=points,
        line=line((point.x, point.y) for point in points),
        n=len(told),
        error=reliability.calibration_error(told),
        brier=sum(map(reliability.brier, told)) / len(told),
    )
