"""`triage assess`: from a pasted situation to the decision, the ask and the customer message."""

import re
import time
from pathlib import Path
from typing import Annotated

import typer

from agent import intake, report, triage
from agent.cli import keeping, options, outgoing, streams, terminal, wiring
from agent.cli import settings as user_settings
from agent.cli.wiring import Minds
from agent.errors import ConfigurationError
from agent.models.choose import ModelChoice
from agent.models.port import Deadline, DecisionModel
from agent.policy import Policy
from agent.redaction import Redactor
from agent.schema import Assessment, Signature, Situation
from agent.triage import Case, Wording


def assess(  # noqa: PLR0913 - one parameter per flag
    files: options.Input = None,
    *,
    clipboard: options.Clipboard = False,
    account: options.Account = None,
    arr: options.Arr = None,
    renewal: options.Renewal = None,
    strategic: options.Strategic = False,
    overrules: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="DIMENSION=LEVEL", help="Overrule a score: customer_impact=4; repeatable."),
    ] = None,
    output: options.Output = None,
    draft: Annotated[bool, typer.Option("--draft/--no-draft", help="Word the ask and the customer message.")] = True,
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="Ask about doubtful scores at a terminal.")] = True,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the customer message; default: the customer's own.")
    ] = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    second_opinion: options.SecondOpinion = None,
    second_url: options.SecondUrl = None,
    policy_file: options.PolicyFile = None,
    redact: options.Redact = None,
    now: options.Now = None,
    deadline: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0.1, help="Give up when the whole run takes longer.")
    ] = None,
    record: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep every model call as a file.")] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Answer from recorded calls, without a model.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 if a human must look.")] = False,
    save: Annotated[bool, typer.Option("--save/--no-save", help="Keep it in the record; see `triage log`.")] = True,
    follows: Annotated[
        str | None, typer.Option(metavar="ID", help="The kept triage that this thread goes on from; auto finds it.")
    ] = None,
    precedents: options.Precedents = None,
) -> None:
    """Judge a situation; word the ask and the reply.

    Reads files, a pipe, the clipboard, or what you paste.

    \b
    Examples:
      triage assess thread.eml
      triage assess ticket.json call.vtt my-notes.txt
      pbpaste | triage assess --arr "EUR 48k"
      triage assess thread.txt --set time_sensitivity=5 --format json
    """
    settings = user_settings.load()
    policy = wiring.policy(policy_file, settings)
    moment = user_settings.now(now, settings)
    forced = options.levels(overrules or [])
    calibration = wiring.calibration(settings)
    _check(language, record, replay)
    # Everything that can be wrong is told before the CSM pastes: a paste must not be lost to a flag.
    asked_too: ModelChoice | None = None
    if not replay:
        wiring.choice(model, base_url, settings)
        asked_too = wiring.second_choice(second_opinion, second_url, settings)
    outgoing.check(settings, asked=redact)
    keeping.check(settings, save=save)
    context = wiring.context(account=account, arr=arr, renewal=renewal, strategic=strategic)
    before = keeping.named(follows, settings)
    situation = streams.read(files, context, clipboard=clipboard)
    keeper = keeping.begin(situation, settings, files=files, save=save, before=before, find=follows == keeping.AUTO)
    started, limit = time.monotonic(), Deadline(deadline)
    style = streams.style(output)
    console = streams.console()

    chosen = None if replay else wiring.choice(model, base_url, settings)
    redactor = outgoing.prepared(situation, settings, asked=redact, models=(chosen, asked_too))
    situation = outgoing.noted(situation, redactor)

    with terminal.stages() as told:
        told.tell("loading model")
        writes = chosen is not None and chosen.kind in wiring.WRITING
        shown = () if replay else keeping.precedents(precedents, keeper.before, settings, writes=writes)
        if chosen:
            minds = wiring.minds(chosen, record=record, precedents=shown, redactor=redactor)
            second = wiring.second(asked_too, record=record, redactor=redactor)
        else:
            minds, second = _replayed(replay, model, second_opinion, situation, redactor)
        case = triage.judge(
            situation,
            minds.scorer,
            policy=policy,
            now=moment,
            context_characters=minds.context_characters,
            deadline=limit,
            overrules=forced,
            second=second,
            calibration=calibration,
            on_stage=lambda stage: told.tell(stage.value),
        )
        told.done()
        interactive = style is options.Format.TERMINAL
        case, waited = _heard(case, policy) if interactive and ask and terminal.can_ask() else (case, 0.0)
        started, limit = started + waited, limit.postponed(waited)

        def finished(wording: Wording) -> Assessment:
            return triage.assemble(
                case,
                wording,
                model=minds.reference,
                embedded=minds.embedded,
                remote=minds.remote,
                seconds=time.monotonic() - started,
                follow_up=keeper.since(case),
                redacted=redactor.replaced() if redactor else None,
                precedents=tuple(precedent.verdict_id for precedent in minds.precedents),
            )

        if interactive:
            report.decision(console, finished(Wording(None)), policy)
        wording = Wording(None, missing_because="--no-draft was given")
        if draft:
            wording = triage.word(
                case,
                minds.drafter,
                minds.plain,
                language=(language or situation.language or "en").lower(),
                signature=Signature(name=settings.csm_name, company=settings.company),
                deadline=limit,
                promised=keeper.promised(case),
                on_stage=lambda stage: told.tell(stage.value),
            )
        told.done()
    assessment = finished(wording)
    with keeper.keeping(assessment, case):
        report.drafts(console, assessment, policy) if interactive else streams.show(assessment, policy, style)
    _tell(assessment, wording, asked=draft, language=language)
    keeper.leave(look=strict and assessment.human_must_look)


def _tell(assessment: Assessment, wording: Wording, *, asked: bool, language: str | None) -> None:
    """What became of the drafts, where it is not what was asked for."""
    if assessment.draft_note and asked:
        typer.echo(f"triage: {assessment.draft_note}", err=True)
    if language and wording.drafts and (worded := wording.drafts.customer_message.language) != language.lower():
        typer.echo(f"triage: there is no plain wording in '{language}'; the message is in '{worded}'", err=True)


def _heard(case: Case, policy: Policy) -> tuple[Case, float]:
    """The case with the CSM's answers, decided again, and the seconds that they took."""
    asked = time.monotonic()
    answered = triage.overrule(case, terminal.ask(case.decision, case.grounded.scores, policy))
    return answered, time.monotonic() - asked


def _replayed(
    directory: Path | None, model: str | None, second: str | None, situation: Situation, redactor: Redactor | None
) -> tuple[Minds, DecisionModel | None]:
    """Who scores and words, and who gives the second opinion, all from recordings."""
    assert directory is not None
    digest = intake.digest(situation)
    minds = wiring.replayed(directory, model, digest, redactor=redactor)
    return minds, wiring.second_replayed(directory, digest, wanted=bool(second))


def _check(language: str | None, record: Path | None, replay: Path | None) -> None:
    if record and replay:
        raise ConfigurationError("--record and --replay exclude each other: a replayed call is recorded already")
    if replay and not replay.is_dir():
        raise ConfigurationError(f"--replay: {replay} is not a directory of recordings")
    if language is not None and not re.fullmatch(r"[a-zA-Z]{2}", language):
        raise ConfigurationError(f"--language: '{language}' is not a two-letter code such as en or de")
