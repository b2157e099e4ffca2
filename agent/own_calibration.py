"""A calibration map fitted on the team's own verdicts: what a model weighed, beside the level of the manager.

The weights are those that the report's shares stand on: the scorer's, or where it gave none, the second opinion's.
Managers see the tool's score before they judge, and judge first what looks doubtful: the map comes true for cases like
the ones they looked at. It is told on how many it stands.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from agent import calibration
from agent.calibration import CalibrationMap, Pairs
from agent.errors import ConfigurationError
from agent.schema import Dimension, Level, LevelProbabilities, ProbabilitySource, ScoredBy
from agent.schema.record import Filters, Run
from agent.store import Store

NAME = "verdicts"


class Kind(NamedTuple):
    """Whose probabilities: only those of one kind are fitted together."""

    model: str
    source: ProbabilitySource
    built_in: str | None


class Labelled(NamedTuple):
    """One dimension of one triage with its manager's level."""

    at: datetime
    dimension: Dimension
    levels: LevelProbabilities
    level: Level


def fit(store: Store, filters: Filters) -> tuple[CalibrationMap, Pairs]:
    """The map and the pairs it was fitted on. Raises ConfigurationError for several models, or too few verdicts."""
    labelled, triages = _labelled(store, filters)
    if len(models := sorted({kind.model for kind in labelled})) > 1:
        raise ConfigurationError(f"--model: a map fits one model, and there are verdicts on {', '.join(models)}")
    if not labelled:
        raise ConfigurationError(
            "--calibrate: no verdict is on a triage whose model said how sure it was: nothing to fit; "
            "forgotten ones, decisions set by hand and weights that a map had changed do not count"
        )
    kind = max(labelled, key=lambda each: max(one.at for one in labelled[each]))  # the newest weights of the model
    pairs = {d: [(each.levels, each.level) for each in labelled[kind] if each.dimension is d] for d in Dimension}
    newest = max(each.at for each in labelled[kind]).astimezone(UTC)
    fitted = calibration.fitted(
        pairs,
        name=NAME,
        version=f"{newest:%Y-%m-%d}-{triages[kind]}",
        model=kind.model,
        fitted_on=f"{triages[kind]} triages with a standing verdict of a manager, the newest of {newest:%Y-%m-%d}",
    )
    return fitted, pairs


def _labelled(store: Store, filters: Filters) -> tuple[dict[Kind, list[Labelled]], dict[Kind, int]]:
    """Every labelled dimension by its kind, and how many triages gave one."""
    found, triages = defaultdict[Kind, list[Labelled]](list), defaultdict[Kind, int](int)
    wanted, every = filters.model, filters.model_copy(update={"model": None})
    for run in _runs(store, every):  # a second opinion's name is no column of the record
        of_run = [pair for pair in _pairs(run) if wanted in (None, run.summary.model, pair[0].model)]
        for kind, labelled in of_run:
            found[kind].append(labelled)
        for kind in {kind for kind, _ in of_run}:
            triages[kind] += 1
    return found, triages


def _runs(store: Store, filters: Filters) -> Iterator[Run]:
    for key in store.ids(filters.model_copy(update={"verified": True})):
        if not (run := store.get(key)).summary.forgotten:
            yield run


def _pairs(run: Run) -> Iterator[tuple[Kind, Labelled]]:
    """None where the manager set the decision alone: then no score was confirmed."""
    summary = run.summary
    verdict, rescored = summary.verdict, summary.rescored
    if verdict is None or rescored is None or summary.verdict_at is None or (verdict.decision and not verdict.scores):
        return
    model, known = _weighed(run)
    for dimension, levels in known.items():
        if model and (levels.calibration is None or _built_in(levels.calibration)):
            kind = Kind(model, levels.source, levels.calibration)
            yield kind, Labelled(summary.verdict_at, dimension, levels, rescored.scores[dimension])


def _weighed(run: Run) -> tuple[str, dict[Dimension, LevelProbabilities]]:
    """The model whose weights the shares of the run stand on, and the weights.

    Where the CSM set a score, nobody knows any more whether the scorer had weighed it: then no second opinion steps in.
    """
    provenance, second, scores = run.assessment.provenance, run.assessment.second_opinion, run.assessment.scores
    if own := {d: score.probabilities for d, score in scores.items() if score.probabilities}:
        return (provenance.calls[0].model if provenance.calls else provenance.model) or "", own
    if second is None or any(score.scored_by is ScoredBy.CSM for _, score in scores.items()):
        return "", {}
    return second.model, {d: levels for d in Dimension if (levels := second.probabilities.of(d))}


def _built_in(reference: str) -> bool:
    """The built-in judge's own scales carry a digest; the name of a map cannot hold its sign."""
    return "#" in reference
