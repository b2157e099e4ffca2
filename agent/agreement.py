"""How far managers agree with the tool: their standing verdicts beside its own scores and bands.

A verdict is not drawn by chance: managers look first at what looks doubtful, so these figures are of the looked-at
triages and not of all.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pydantic import Field

from agent.schema import Band, Dimension, Noun
from agent.schema.record import Summary
from agent.stats import kappa_interval, quadratic_kappa, wilson

LEVELS = 5
LEAST_FOR_INTERVAL = 5  # verdicts; an interval of fewer says nothing
_DRAWN = 500_000  # cases over all draws of one interval: a second at most


class Judged(Noun):
    """One triage with a standing verdict: the model's own scores, and the manager's."""

    model: str
    prompt: str
    made_at: datetime
    by_model: dict[Dimension, int]
    by_manager: dict[Dimension, int]
    band_model: Band
    band_manager: Band


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
    kappa_low: float | None = None
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


def measure(summaries: Iterable[Summary], *, last: int = 20) -> Agreement:
    """Figures over every kept triage with a standing verdict; `last` verdicts are held against the earlier ones."""
    judged = sorted((j for s in summaries if (j := _judged(s))), key=lambda each: each.made_at)
    dimensions = {dimension: _levels(judged, (dimension,), interval=True) for dimension in Dimension}
    moves = {dimension: levels.moved_up + levels.moved_down for dimension, levels in dimensions.items()}
    most = max(moves, key=lambda dimension: moves[dimension])
    return Agreement(
        verdicts=len(judged),
        levels=_levels(judged, tuple(Dimension), interval=True),
        dimensions=dimensions,
        bands=_bands(judged),
        most_moved=most if moves[most] else None,
        models=_groups(judged, lambda each: each.model),
        prompts=_groups(judged, lambda each: each.prompt),
        months=_groups(judged, lambda each: f"{each.made_at:%Y-%m}"),
        drift=_drift(judged, last),
    )


def _judged(summary: Summary) -> Judged | None:
    if summary.verdict is None or summary.rescored is None:
        return None
    return Judged(
        model=summary.model or "none",
        prompt=", ".join(summary.prompts) or "none",
        made_at=summary.made_at,
        by_model=summary.model_scores,
        by_manager=summary.rescored.scores,
        band_model=summary.model_band,
        band_manager=summary.rescored.band,
    )


def _groups(judged: Sequence[Judged], name: Callable[[Judged], str]) -> tuple[Group, ...]:
    members: dict[str, list[Judged]] = {}
    for each in judged:
        members.setdefault(name(each), []).append(each)
    return tuple(
        Group(name=key, levels=_levels(of, tuple(Dimension), interval=False), bands=_bands(of))
        for key, of in sorted(members.items())
    )


def _levels(judged: Sequence[Judged], dimensions: tuple[Dimension, ...], *, interval: bool) -> Levels:
    pairs = [(each.by_manager[d], each.by_model[d]) for each in judged for d in dimensions]
    moves = [manager - model for manager, model in pairs]
    truth, given = [a for a, _ in pairs], [b for _, b in pairs]
    n = len(pairs)
    bounds = None
    if interval and len(judged) >= LEAST_FOR_INTERVAL:
        bounds = kappa_interval(truth, given, levels=LEVELS, draws=max(100, min(1_000, _DRAWN // n)))
    return Levels(
        exact=_share(sum(move == 0 for move in moves), n),
        within_one=_share(sum(abs(move) <= 1 for move in moves), n),
        kappa=quadratic_kappa(truth, given, levels=LEVELS) if len(judged) > 1 else None,
        kappa_low=bounds.low if bounds else None,
        kappa_high=bounds.high if bounds else None,
        moved_up=sum(move > 0 for move in moves),
        moved_down=sum(move < 0 for move in moves),
        mean_move=sum(moves) / n if n else 0.0,
    )


def _bands(judged: Sequence[Judged]) -> Bands:
    pairs = [(each.band_model, each.band_manager) for each in judged]
    counted, n = Counter(pairs), len(pairs)
    return Bands(
        exact=_share(sum(model is manager for model, manager in pairs), n),
        under=_share(sum(model.severity < manager.severity for model, manager in pairs), n),
        over=_share(sum(model.severity > manager.severity for model, manager in pairs), n),
        confusion={model: {manager: counted[model, manager] for manager in Band} for model in Band},
    )


def _drift(judged: Sequence[Judged], last: int) -> Drift | None:
    if len(judged) < 2 * last:
        return None
    before, newest = judged[:-last], judged[-last:]
    late, early = _untouched(newest), _untouched(before)
    return Drift(
        last=late,
        before=early,
        mean_move_last={d: _levels(newest, (d,), interval=False).mean_move for d in Dimension},
        mean_move_before={d: _levels(before, (d,), interval=False).mean_move for d in Dimension},
        drifts=_below(late, early) or _below(early, late),
    )


def _untouched(judged: Sequence[Judged]) -> Share:
    """Whole triages are counted here: the four scores of one are not independent."""
    return _share(sum(each.by_model == each.by_manager for each in judged), len(judged))


def _below(one: Share, other: Share) -> bool:
    """Whether the whole interval of one lies below the other's."""
    return one.high is not None and other.low is not None and one.high < other.low


def _share(hits: int, n: int) -> Share:
    if n == 0:
        return Share(hits=0, n=0)
    bounds = wilson(hits, n)
    return Share(hits=hits, n=n, share=hits / n, low=bounds.low, high=bounds.high)
