"""`triage assess`: from a pasted situation to the decision, the ask and the customer message."""

import re
import time
from pathlib import Path
from typing import Annotated

import typer

from agent import intake, report, triage
from agent.cli import options, streams, terminal, wiring
from agent.cli import settings as user_settings
from agent.errors import ConfigurationError, ExitCode
from agent.models.port import Deadline
from agent.policy import LEVELS
from agent.schema import Assessment, Dimension, Level, Signature
from agent.triage import Wording


def assess(  # noqa: PLR0913 - one parameter per flag
    file: options.Input = None,
    *,
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
    policy_file: options.PolicyFile = None,
    now: options.Now = None,
    deadline: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0.1, help="Give up when the whole run takes longer.")
    ] = None,
    record: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep every model call as a file.")] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Answer from recorded calls, without a model.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 if a human must look.")] = False,
) -> None:
    """Judge a situation; word the ask and the reply.

    Reads a file, a pipe, or what you paste.

    \b
    Examples:
      triage assess thread.eml
      pbpaste | triage assess --arr "EUR 48k"
      triage assess thread.txt --set time_sensitivity=5 --format json
    """
    settings = user_settings.load()
    policy = wiring.policy(policy_file, settings)
    moment = user_settings.now(now, settings)
    forced = _overrules(overrules or [])
    _check(language, record, replay)
    # Everything that can be wrong is told before the CSM pastes: a paste must not be lost to a flag.
    if not replay:
        wiring.choice(model, base_url, settings)
    context = wiring.context(account=account, arr=arr, renewal=renewal, strategic=strategic)
    situation = streams.read(file, context)
    started, limit = time.monotonic(), Deadline(deadline)
    style = streams.style(output)
    console = streams.console()

    with terminal.stages() as told:
        told.tell("loading model")
        if replay:
            minds = wiring.replayed(replay, model, intake.digest(situation))
        else:
            minds = wiring.minds(wiring.choice(model, base_url, settings), record=record)
        case = triage.judge(
            situation,
            minds.scorer,
            policy=policy,
            now=moment,
            context_characters=minds.context_characters,
            deadline=limit,
            overrules=forced,
            on_stage=lambda stage: told.tell(stage.value),
        )
        told.done()
        interactive = style is options.Format.TERMINAL
        if interactive and ask and terminal.can_ask():
            asked = time.monotonic()
            case = triage.overrule(case, terminal.ask(case.decision, case.grounded.scores, policy))
            waited = time.monotonic() - asked
            started, limit = started + waited, limit.postponed(waited)

        def finished(wording: Wording) -> Assessment:
            return triage.assemble(
                case,
                wording,
                model=minds.reference,
                embedded=minds.embedded,
                remote=minds.remote,
                seconds=time.monotonic() - started,
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
                on_stage=lambda stage: told.tell(stage.value),
            )
        told.done()
    assessment = finished(wording)
    if interactive:
        report.drafts(console, assessment, policy)
    else:
        streams.show(assessment, policy, style)
    if assessment.draft_note and draft:
        typer.echo(f"triage: {assessment.draft_note}", err=True)
    if strict and assessment.human_must_look:
        raise typer.Exit(ExitCode.HUMAN_MUST_LOOK)


def _check(language: str | None, record: Path | None, replay: Path | None) -> None:
    if record and replay:
        raise ConfigurationError("--record and --replay exclude each other: a replayed call is recorded already")
    if replay and not replay.is_dir():
        raise ConfigurationError(f"--replay: {replay} is not a directory of recordings")
    if language is not None and not re.fullmatch(r"[a-zA-Z]{2}", language):
        raise ConfigurationError(f"--language: '{language}' is not a two-letter code such as en or de")


def _overrules(given: list[str]) -> dict[Dimension, Level]:
    scores: dict[Dimension, Level] = {}
    for pair in given:
        name, _, level = pair.partition("=")
        if name not in list(Dimension):
            raise ConfigurationError(f"--set: '{name}' is not one of {', '.join(Dimension)}")
        if level not in map(str, LEVELS):
            raise ConfigurationError(f"--set: '{pair}' needs a level from 1 to 5, such as {name}=4")
        scores[Dimension(name)] = int(level)
    return scores
