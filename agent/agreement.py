"""How far managers agree with the tool: their standing verdicts beside its own scores and bands.

A verdict is not drawn by chance: managers look first at what looks doubtful, so these figures are of the looked-at
triages and not of all.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from pydantic import Field

from agent.schema import Band, Dimension, Level, Noun
from agent.schema.tally import BandCount, Judged, LevelCount, Origin, Tally
from agent.stats import counted_kappa, counted_kappa_interval, wilson

LEVELS = 5
LEAST_FOR_INTERVAL = 5  # verdicts; an interval of fewer says nothing


class Share(Noun):
    """A share with its interval; `share` and the interval are None where nothing was counted."""

    hits: int
    n: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


class Levels(Noun):
    """Agreement on one dimension, or on all four together."""

    exact: Share
    within_one: Share
    kappa: float | None = Field(default=None, description="quadratic weighted; None for fewer than two verdicts")
    kappa_low: float | None = Field(default=None, description="None for all four together: they are not independent")
    kappa_high: float | None = None
    moved_up: int = 0
    moved_down: int = 0
    mean_move: float = Field(default=0.0, description="manager minus model, in levels; above 0 the model is too mild")


class Bands(Noun):
    """Agreement on the decision."""

    exact: Share
    under: Share = Field(description="the model milder than the manager: under-escalation")
    over: Share = Field(description="the model more severe than the manager: over-escalation")
    confusion: dict[Band, dict[Band, int]] = Field(description="model's band, then the manager's")


class Group(Noun):
    """The verdicts of one model, prompt version or month."""

    name: str
    levels: Levels
    bands: Bands


class Drift(Noun):
    """The last verdicts against those before them."""

    last: Share = Field(description="of the last verdicts, those that left all four scores as they were")
    before: Share
    mean_move_last: dict[Dimension, float]
    mean_move_before: dict[Dimension, float]
    drifts: bool = Field(description="true where the two intervals of the share do not touch")


class Agreement(Noun):
    """All figures; what a page or a terminal shows."""

    verdicts: int
    levels: Levels
    dimensions: dict[Dimension, Levels]
    bands: Bands
    most_moved: Dimension | None
    models: tuple[Group, ...]
    prompts: tuple[Group, ...]
    months: tuple[Group, ...]
    drift: Drift | None = Field(description="None with fewer than twice the wanted number of verdicts")


def measure(tally: Tally) -> Agreement:
    """Figures over every kept triage with a standing verdict; the newest verdicts are held against the earlier ones."""
    dimensions = {d: _levels([each for each in tally.levels if each.dimension is d], interval=True) for d in Dimension}
    moves = {dimension: levels.moved_up + levels.moved_down for dimension, levels in dimensions.items()}
    most = max(moves, key=lambda dimension: moves[dimension])
    return Agreement(
        verdicts=tally.verdicts,
        levels=_levels(tally.levels, interval=False),
        dimensions=dimensions,
        bands=_bands(tally.bands),
        most_moved=most if moves[most] else None,
        models=_groups(tally, lambda origin: origin.model),
        prompts=_groups(tally, lambda origin: origin.prompts),
        months=_groups(tally, lambda origin: origin.month),
        drift=_drift(tally, dimensions),
    )


def _groups(tally: Tally, name: Callable[[Origin], str]) -> tuple[Group, ...]:
    levels, bands = dict[str, list[LevelCount]](), dict[str, list[BandCount]]()
    for level in tally.levels:
        levels.setdefault(name(level.origin), []).append(level)
    for band in tally.bands:
        bands.setdefault(name(band.origin), []).append(band)
    return tuple(
        Group(name=key, levels=_levels(levels[key], interval=False), bands=_bands(of))
        for key, of in sorted(bands.items())
    )


def _levels(counted: Iterable[LevelCount], *, interval: bool) -> Levels:
    pairs = Counter[tuple[Level, Level]]()
    for each in counted:
        pairs[each.manager, each.model] += each.n
    n = pairs.total()
    bounds = counted_kappa_interval(pairs, levels=LEVELS) if interval and n >= LEAST_FOR_INTERVAL else None

    def those(wanted: Callable[[int], bool]) -> int:
        return sum(count for (manager, model), count in pairs.items() if wanted(manager - model))

    return Levels(
        exact=_share(those(lambda move: move == 0), n),
        within_one=_share(those(lambda move: abs(move) <= 1), n),
        kappa=counted_kappa(pairs, levels=LEVELS) if n > 1 else None,
        kappa_low=bounds.low if bounds else None,
        kappa_high=bounds.high if bounds else None,
        moved_up=those(lambda move: move > 0),
        moved_down=those(lambda move: move < 0),
        mean_move=sum((manager - model) * count for (manager, model), count in pairs.items()) / n if n else 0.0,
    )


def _bands(counted: Iterable[BandCount]) -> Bands:
    pairs = Counter[tuple[Band, Band]]()
    for each in counted:
        pairs[each.model, each.manager] += each.n
    n = pairs.total()
    return Bands(
        exact=_share(sum(count for (model, manager), count in pairs.items() if model is manager), n),
        under=_share(sum(c for (model, manager), c in pairs.items() if model.severity < manager.severity), n),
        over=_share(sum(c for (model, manager), c in pairs.items() if model.severity > manager.severity), n),
        confusion={model: {manager: pairs[model, manager] for manager in Band} for model in Band},
    )


def _drift(tally: Tally, dimensions: Mapping[Dimension, Levels]) -> Drift | None:
    """Whole triages are counted here: the four scores of one are not independent."""
    last, earlier = tally.last, tally.verdicts - tally.last
    if earlier < last:
        return None
    untouched = sum(each.untouched for each in tally.newest)
    late, early = _share(untouched, last), _share(tally.untouched - untouched, earlier)
    moves = {d: _moves(tally.newest, d) for d in Dimension}
    whole = {d: levels.mean_move * tally.verdicts for d, levels in dimensions.items()}
    return Drift(
        last=late,
        before=early,
        mean_move_last={d: fmean(moves[d]) for d in Dimension},
        mean_move_before={d: (whole[d] - sum(moves[d])) / earlier for d in Dimension},
        drifts=_below(late, early) or _below(early, late),
    )


def _moves(judged: Sequence[Judged], dimension: Dimension) -> list[int]:
    return [each.by_manager[dimension] - each.by_model[dimension] for each in judged]


def _below(one: Share, other: Share) -> bool:
    """Whether the whole interval of one lies below the other's."""
    return one.high is not None and other.low is not None and one.high < other.low


def _share(hits: int, n: int) -> Share:
    if n == 0:
        return Share(hits=0, n=0)
    bounds = wilson(hits, n)
    return Share(hits=hits, n=n, share=hits / n, low=bounds.low, high=bounds.high)
