"""What `triage assess` does: from a pasted situation to the decision, the ask and the customer message."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import typer

from agent import intake, report, triage
from agent.calibration import CalibrationMap
from agent.cli import keeping, options, outgoing, streams, terminal, wiring
from agent.cli import settings as user_settings
from agent.cli.assess import Flags
from agent.cli.keeping import Earlier, Keeper
from agent.cli.settings import Settings
from agent.cli.terminal import Stages
from agent.cli.wiring import Minds
from agent.engine import questions
from agent.errors import ConfigurationError
from agent.models.choose import ModelChoice
from agent.models.port import Deadline, DecisionModel
from agent.models.reader_process import ReaderProcess
from agent.policy import Policy
from agent.redaction import Redactor
from agent.schema import AccountContext, Assessment, Dimension, Level, Signature, Situation
from agent.triage import Case, Stage, Wording


class _Ready(NamedTuple):
    """Everything a run stands on besides the text, proven. Without models it answers from recordings."""

    settings: Settings
    policy: Policy
    now: datetime
    overrules: dict[Dimension, Level]
    calibration: CalibrationMap | None
    chosen: ModelChoice | None
    second: ModelChoice | None
    context: AccountContext
    before: Earlier | None


class _Minds(NamedTuple):
    """Who scores and words, and who gives the second opinion."""

    first: Minds
    second: DecisionModel | None


def run(flags: Flags, begun: ReaderProcess | None) -> None:
    """Read, judge, word, show, keep. `begun` is the built-in model where it is loading already."""
    ready = _ready(flags)
    situation = streams.read(flags.files, ready.context, clipboard=flags.clipboard)
    keeper = keeping.begin(
        situation, ready.settings, files=flags.files, save=flags.save, before=ready.before,
        find=flags.follows == keeping.AUTO,
    )  # fmt: skip
    clock = _Clock(flags.deadline)
    redactor = outgoing.prepared(situation, ready.settings, asked=flags.redact, models=(ready.chosen, ready.second))
    situation = outgoing.noted(situation, redactor)
    console, style = streams.console(), streams.style(flags.output)
    interactive = style is options.Format.TERMINAL
    with terminal.stages() as told:
        this = _Run(flags, ready, keeper, clock, redactor, told)
        minds = _minds(this, situation, begun)
        case = _judged(this, situation, minds)
        if begun:
            begun.end()  # it has read, and holds a gigabyte
        if interactive and flags.ask and terminal.can_ask():
            case = clock.stopped(lambda: _heard(case, ready.policy))
        if interactive:
            report.decision(console, _assembled(this, case, minds.first, Wording(None)), ready.policy)
        wording = _worded(this, case, minds.first)
    assessment = _assembled(this, case, minds.first, wording)
    with keeper.keeping(assessment, case):
        if interactive:
            report.drafts(console, assessment, ready.policy)
        else:
            streams.show(assessment, ready.policy, style)
    _tell(assessment, wording, asked=flags.draft, language=flags.language)
    keeper.leave(look=flags.strict and assessment.human_must_look)


class _Clock:
    """The seconds of the run and its end, both without the time in which it waits for a person."""

    def __init__(self, seconds: float | None) -> None:
        self._started, self.deadline = time.monotonic(), Deadline(seconds)

    def seconds(self) -> float:
        return time.monotonic() - self._started

    def stopped(self, ask: Callable[[], Case]) -> Case:
        """What a person answered; the clock stands still meanwhile."""
        asked = time.monotonic()
        answered = ask()
        waited = time.monotonic() - asked
        self._started, self.deadline = self._started + waited, self.deadline.postponed(waited)
        return answered


class _Run(NamedTuple):
    """What the stages of one run share."""

    flags: Flags
    ready: _Ready
    keeper: Keeper
    clock: _Clock
    redactor: Redactor | None
    told: Stages


def _ready(flags: Flags) -> _Ready:
    """Everything that can be wrong is told before the CSM pastes: a paste must not be lost to a flag."""
    settings = user_settings.load()
    policy = wiring.policy(flags.policy_file, settings)
    moment = user_settings.now(flags.now, settings)
    forced = options.levels(flags.overrules or [])
    calibration = wiring.calibration(settings)
    _check(flags)
    chosen = None if flags.replay else wiring.choice(flags.model, flags.base_url, settings)
    second = None if flags.replay else wiring.second_choice(flags.second_opinion, flags.second_url, settings)
    outgoing.check(settings, asked=flags.redact)
    keeping.check(settings, save=flags.save)
    context = wiring.context(account=flags.account, arr=flags.arr, renewal=flags.renewal, strategic=flags.strategic)
    before = keeping.named(flags.follows, settings)
    return _Ready(settings, policy, moment, forced, calibration, chosen, second, context, before)


def _check(flags: Flags) -> None:
    if flags.record and flags.replay:
        raise ConfigurationError("--record and --replay exclude each other: a replayed call is recorded already")
    if flags.replay and not flags.replay.is_dir():
        raise ConfigurationError(f"--replay: {flags.replay} is not a directory of recordings")
    if flags.language is not None and not re.fullmatch(r"[a-zA-Z]{2}", flags.language):
        raise ConfigurationError(f"--language: '{flags.language}' is not a two-letter code such as en or de")


def _minds(this: _Run, situation: Situation, begun: ReaderProcess | None) -> _Minds:
    """Load the models, or open the recordings that stand in for them."""
    flags, ready = this.flags, this.ready
    this.told.tell("loading model")
    if flags.replay:
        digest = intake.digest(situation)
        first = wiring.replayed(flags.replay, flags.model, digest, redactor=this.redactor)
        return _Minds(first, wiring.second_replayed(flags.replay, digest, wanted=bool(flags.second_opinion)))
    assert ready.chosen is not None
    writes = ready.chosen.kind in wiring.WRITING
    shown = keeping.precedents(flags.precedents, situation, ready.settings, before=this.keeper.before, writes=writes)
    first = wiring.minds(ready.chosen, record=flags.record, precedents=shown, redactor=this.redactor, begun=begun)
    return _Minds(first, wiring.second(ready.second, record=flags.record, redactor=this.redactor))


def _judged(this: _Run, situation: Situation, minds: _Minds) -> Case:
    def on_stage(stage: Stage) -> None:
        this.told.tell(stage.value)
        if stage is Stage.SCORING:
            this.keeper.get_ready()  # from here on this process waits for the model

    case = triage.judge(
        situation,
        minds.first.scorer,
        policy=this.ready.policy,
        now=this.ready.now,
        context_characters=minds.first.context_characters,
        deadline=this.clock.deadline,
        overrules=this.ready.overrules,
        second=minds.second,
        calibration=this.ready.calibration,
        on_stage=on_stage,
    )
    this.told.done()
    return case


def _heard(case: Case, policy: Policy) -> Case:
    """The case with the CSM's answers. Each is decided on before the next question, which it may have settled."""
    asked: list[Dimension] = []
    while len(asked) < questions.MOST:
        decision = case.decision
        question = next((each for each in decision.questions if each.dimension not in asked), None)
        if question is None:
            break
        asked.append(question.dimension)
        answer = terminal.ask(question, decision, case.grounded.scores.of(question.dimension).score, policy)
        if answer is not None:
            case = triage.overrule(case, {question.dimension: answer})
    return case


def _worded(this: _Run, case: Case, minds: Minds) -> Wording:
    flags, settings = this.flags, this.ready.settings
    if not flags.draft:
        return Wording(None, missing_because="--no-draft was given")
    wording = triage.word(
        case,
        minds.drafter,
        minds.plain,
        language=(flags.language or case.situation.language or "en").lower(),
        signature=Signature(name=settings.csm_name, company=settings.company),
        deadline=this.clock.deadline,
        promised=this.keeper.promised(case),
        on_stage=lambda stage: this.told.tell(stage.value),
    )
    this.told.done()
    return wording


def _assembled(this: _Run, case: Case, minds: Minds, wording: Wording) -> Assessment:
    return triage.assemble(
        case,
        wording,
        model=minds.reference,
        embedded=minds.embedded,
        remote=minds.remote,
        seconds=this.clock.seconds(),
        follow_up=this.keeper.since(case),
        redacted=this.redactor.replaced() if this.redactor else None,
        precedents=tuple(precedent.verdict_id for precedent in minds.precedents),
    )


def _tell(assessment: Assessment, wording: Wording, *, asked: bool, language: str | None) -> None:
    """What became of the drafts, where it is not what was asked for."""
    if assessment.draft_note and asked:
        typer.echo(f"triage: {assessment.draft_note}", err=True)
    if language and wording.drafts and (worded := wording.drafts.customer_message.language) != language.lower():
        typer.echo(f"triage: there is no plain wording in '{language}'; the message is in '{worded}'", err=True)
