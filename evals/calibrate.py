"""`python -m evals calibrate`: fits a calibration map to a model's probabilities on labelled cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from agent import calibration, triage
from agent.calibration import CalibrationMap, Pairs
from agent.cli import options, wiring
from agent.cli import settings as user_settings
from agent.models.port import Deadline
from agent.schema import Assessment, Dimension
from evals import contest, flags, items, reliability
from evals import plan as planning
from evals.asking import Asking
from evals.cases import GOLDEN, Case, Split, load
from evals.contender import answered
from evals.contest import Setting, Source
from evals.items import Item
from evals.reliability import Told
from evals.reports import files
from evals.results import CaseResult
from evals.suites import measure


@dataclass(frozen=True)
class Scoring:
    """The product without its drafts: the probabilities are those of the scores."""

    source: Source
    setting: Setting

    def answer(self, item: Item) -> CaseResult:
        return answered(item, self._assess)

    def _assess(self, item: Item) -> Assessment:
        minds = self.source.answering.minds_for(item)
        case = triage.judge(
            item.situation,
            minds.scorer,
            policy=self.setting.policy,
            now=item.case.now,
            context_characters=minds.context_characters,
            deadline=Deadline(self.setting.deadline_seconds),
        )
        return triage.assemble(case, triage.Wording(None), model=minds.reference, remote=minds.remote)


def calibrate(  # noqa: PLR0913 - one parameter per flag
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the map is written.")],
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    cases: flags.Cases = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="The map's name; the report shows it.")] = "temperature",
    version: Annotated[str, typer.Option(metavar="VERSION", help="The map's version.")] = "1",
    record: flags.Record = None,
    replay: flags.Replay = None,
    policy_file: options.PolicyFile = None,
) -> None:
    """Fit a calibration map on the tune split; set it with `calibration` in the settings.

    Example:
      python -m evals calibrate --model systemone/jev --base-url http://localhost:8000/v1 --out map.json
    """
    settings = user_settings.load()
    policy = wiring.policy(policy_file, settings)
    labelled = planning.chosen(load(cases or [GOLDEN]), policy, split=Split.TUNE)
    files.check(out)
    setting = Setting(policy, labelled, Split.TUNE)
    source = Asking(model, base_url, record, replay, fresh=True).source(setting, settings)
    scored = contest.gathered(
        source, f"scores of {source.reference}", Scoring(source, setting), items.clean(labelled), setting
    )
    done = measure.done(scored)
    pairs = _pairs(done, {case.id: case for case in labelled})
    calls = [call for d in done for call in d.assessment.provenance.calls]
    fitted = calibration.fitted(
        pairs,
        name=name,
        version=version,
        model=calls[0].model if calls else "none",
        fitted_on=f"{len(done)} cases of the split tune, policy {policy.reference}",
    )
    files.write(out, fitted.model_dump_json(indent=2) + "\n")
    typer.echo(_told(pairs, fitted))
    typer.echo(f"{out}: {fitted.reference} of {fitted.model}")


def _pairs(done: Iterable[measure.Done], by_id: Mapping[str, Case]) -> Pairs:
    """Per dimension what the model weighed, with the level that raters gave."""
    return {
        dimension: [
            (levels, by_id[d.result.case_id].expected.level(dimension))
            for d in done
            if (levels := d.assessment.scores.of(dimension).probabilities) is not None
        ]
        for dimension in Dimension
    }


def _told(pairs: Pairs, fitted: CalibrationMap) -> str:
    """Before and after on the cases it was fitted on, which flatters it; the suite `calibration` measures on others."""
    lines = ["on the cases it was fitted on:"]
    for dimension, temperature in fitted.temperatures.items():
        seen = pairs[dimension]
        before = [Told(levels.values, level - 1) for levels, level in seen]
        after = [Told(calibration.temper(levels.values, temperature), level - 1) for levels, level in seen]
        figures = "; ".join(
            f"{words} {measured(before):.3f} -> {measured(after):.3f}"
            for words, measured in (("calibration error", reliability.calibration_error), ("Brier", _brier))
        )
        lines.append(f"  {dimension}: temperature {temperature:g}, {figures}, n = {len(seen)}")
    return "\n".join(lines)


def _brier(told: Sequence[Told]) -> float:
    return sum(map(reliability.brier, told)) / len(told)
