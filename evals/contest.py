"""Who is measured, and how: a model or its recordings, the engine alone, and the baselines to beat."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from agent.calibration import CalibrationMap
from agent.cli.terminal import errors
from agent.models.choose import ModelChoice, ModelKind
from agent.policy import Policy
from evals import against, costs, items, kept, minds, run
from evals.cases import Case
from evals.contender import Contender
from evals.items import Item
from evals.minds import Answering
from evals.results import CaseResult, Contestant, ModelClass, Run
from evals.suites import SUITES, engine

ALL_SUITES = {engine.NAME: engine.report, **SUITES}
BY_HAND = "hand-written answers"
_HOSTED_CONCURRENCY = 4


@dataclass(frozen=True)
class Setting:
    """What every contestant of a report shares."""

    policy: Policy
    cases: tuple[Case, ...]
    split: str
    deadline_seconds: float | None = None
    calibration: CalibrationMap | None = None

    def run(self, contestant: str, model_class: ModelClass, results: Sequence[CaseResult]) -> Run:
        """The results with all that says where they come from."""
        provenances = [result.assessment.provenance for result in results if result.assessment]
        return Run(
            contestant=contestant,
            model_class=model_class,
            prompts=tuple(dict.fromkeys(prompt for made in provenances for prompt in made.prompts)),
            policy=self.policy.reference,
            dataset=items.dataset_digest(self.cases),
            split=self.split,
            made_at=datetime.now(UTC).replace(microsecond=0),
            stale_answers=len(costs.stale(results)),
            authored_answers=costs.authored(results),
            results=tuple(results),
        )

    def judged(self, made: Run, names: Sequence[str], cases: Mapping[str, Case]) -> Contestant:
        """A run with what its suites say about it."""
        return Contestant(run=made, suites=tuple(ALL_SUITES[name](made, cases, self.policy) for name in names))


@dataclass(frozen=True)
class Source:
    """Where answers come from. `keep` gives the file in which a contestant's answers outlive an interruption."""

    reference: str
    model_class: ModelClass
    answering: Answering
    keep: Callable[[str], Path | None]
    fresh: bool = False
    concurrency: int = 1
    priced: bool = False
    remote: bool = False


def live(chosen: ModelChoice, setting: Setting, *, record: Path | None, fresh: bool, concurrency: int | None) -> Source:
    """The chosen model. One in this process is asked one thing at a time."""
    hosted = chosen.kind is ModelKind.HOSTED

    def keep(contestant: str) -> Path:
        return kept.cache_file(
            chosen.reference,
            setting.policy,
            contestant=contestant,
            base_url=chosen.base_url,
            file=chosen.path,
            deadline=setting.deadline_seconds,
            calibration=setting.calibration,
            record=record.resolve() if record else None,
        )

    return Source(
        reference=chosen.reference,
        model_class=ModelClass.EMBEDDED if chosen.kind is ModelKind.BUILTIN else ModelClass.HOSTED,
        answering=minds.live(chosen, record),
        keep=keep,
        fresh=fresh,
        concurrency=(concurrency or _HOSTED_CONCURRENCY) if hosted or chosen.kind is ModelKind.DECISIONS else 1,
        priced=hosted,
        remote=chosen.remote,
    )


def replayed(directory: Path, model: str | None) -> Source:
    """Recordings. Nothing is kept: a replay takes no time, and recordings may change."""
    answering = minds.replayed(directory, model)
    return Source(minds.reference(directory), ModelClass.REPLAY, answering, lambda _: None)


def measured(source: Source, wanted: Sequence[Item], setting: Setting) -> tuple[Run, ...]:
    """The product on every item, answered by the source. What a person wrote is a run of its own."""
    pipeline = run.Pipeline(
        source.answering.minds_for, setting.policy, setting.deadline_seconds, calibration=setting.calibration
    )
    results = gathered(source, source.reference, pipeline, wanted, setting)
    parts: dict[bool, list[CaseResult]] = {False: [], True: []}
    for item, result in zip(wanted, results, strict=True):
        parts[source.answering.by_hand(item)].append(result)
    runs = ((source.reference, source.model_class, parts[False]), (BY_HAND, ModelClass.AUTHORED, parts[True]))
    return tuple(setting.run(name, model_class, part) for name, model_class, part in runs if part)


def baseline(
    name: str, source: Source, wanted: Sequence[Item], setting: Setting, *, cases: Sequence[Case]
) -> Callable[[], Run]:
    """A baseline, ready to run on the same items. Raises ConfigurationError where the source cannot be one."""
    contender = against.contender(
        name,
        cases,
        policy=setting.policy,
        model_for=source.answering.model_for,
        deadline_seconds=setting.deadline_seconds,
    )
    if name != against.chat.NAME:
        source = Source(name, ModelClass.BASELINE, source.answering, lambda _: None)

    def made() -> Run:
        contestant = f"{name}: {source.reference}" if name == against.chat.NAME else name
        return setting.run(contestant, ModelClass.BASELINE, gathered(source, contestant, contender, wanted, setting))

    return made


def gathered(
    source: Source, contestant: str, contender: Contender, wanted: Sequence[Item], setting: Setting
) -> tuple[CaseResult, ...]:
    """The results of one contestant, with what a person waiting for them wants to know."""
    earlier = kept.Kept(source.keep(contestant), fresh=source.fresh)
    left = [item for item in wanted if earlier.find(item) is None]
    if len(left) < len(wanted):
        errors.print(
            f"{len(wanted) - len(left)} of {len(wanted)} answers are kept from an earlier run; --fresh asks anew",
            soft_wrap=True,
        )
    if source.priced and left:
        rough = costs.estimate(left, source.reference, setting.policy, remote=source.remote)
        errors.print(f"estimate for {len(left)} answers: about {rough}", soft_wrap=True)
    with _progress(len(left), contestant, silent=source.keep(contestant) is None) as told:
        results = run.gather(wanted, contender, kept=earlier, concurrency=source.concurrency, on_result=told)
    if source.model_class is not ModelClass.BASELINE:  # keywords cost nothing
        errors.print(f"{escape(contestant)}: {costs.spent(results)}", soft_wrap=True)
    if stale := costs.stale(results):
        errors.print(
            f"{len(stale)} answers are stale (prompt, schema or policy changed since): {', '.join(stale)}",
            soft_wrap=True,
        )
    if by_hand := costs.authored(results):
        errors.print(f"{by_hand} answers were written by hand, by no model")
    return results


@contextmanager
def _progress(total: int, name: str, *, silent: bool) -> Iterator[run.OnResult]:
    """A bar at a terminal; a line per answer elsewhere, so that a slow run in CI is seen to live."""
    done = 0
    bar = Progress(
        TextColumn(escape(name)), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=errors, transient=True, disable=not errors.is_terminal or total == 0,
    )  # fmt: skip
    task = bar.add_task(name, total=total)

    def told(result: CaseResult) -> None:
        nonlocal done
        done += 1
        bar.advance(task)
        if not (errors.is_terminal or silent):
            why = f": {escape(' '.join(result.error.split()))}" if result.error else ""
            how = f"{result.outcome}, {result.seconds:.1f} s{why}"
            errors.print(f"{done}/{total} {result.case_id} ({result.variant}): {how}", soft_wrap=True)

    with bar:
        yield told
