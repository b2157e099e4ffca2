"""What leaves the process: replaced where that is asked for, and warned of before it goes."""

from collections.abc import Iterable

import typer

from agent import caution, redaction
from agent.cli.settings import Settings
from agent.models.choose import ModelChoice, ModelKind
from agent.redaction import Redactor
from agent.schema import Situation

_IN_PROCESS = frozenset({ModelKind.BUILTIN, ModelKind.GGUF})


def servers(*chosen: ModelChoice | None) -> tuple[ModelChoice, ...]:
    """The models that another process or machine runs; what the others read goes nowhere."""
    return tuple(model for model in chosen if model and model.kind not in _IN_PROCESS)


def check(settings: Settings, *, asked: bool | None) -> None:
    """Tells what a redaction lacks before anybody pastes. Raises ConfigurationError naming the extra to install."""
    if settings.redact if asked is None else asked:
        redaction.check(settings.redact_kinds)


def redactor(situation: Situation, settings: Settings, *, asked: bool | None) -> Redactor | None:
    """What replaces private values on their way out; None where it is off."""
    if not (settings.redact if asked is None else asked):
        return None
    return Redactor(
        situation,
        kinds=settings.redact_kinds,
        known_people=filter(None, [settings.csm_name]),
        kept=filter(None, [situation.context.account, settings.company]),
    )


def prepared(
    situation: Situation, settings: Settings, *, asked: bool | None, models: Iterable[ModelChoice | None]
) -> Redactor | None:
    """Warns of protected data and gives what redacts, before anything goes out; None is a model that is replayed."""
    named = tuple(models)
    to = servers(*named)
    warn(situation, to)
    return redactor(situation, settings, asked=asked) if to or not any(named) else None


def noted(situation: Situation, redactor: Redactor | None) -> Situation:
    """Tells on stderr what the redaction of this text cannot promise, and puts it among the situation's notes."""
    said = redaction.partly_recognised(situation) if redactor else None
    if not said:
        return situation
    typer.echo(f"triage: {said}", err=True)
    return situation.model_copy(update={"notes": (*situation.notes, said)})


def warn(situation: Situation, to: Iterable[ModelChoice]) -> None:
    """One line on stderr before protected data is sent anywhere."""
    where = ", ".join(dict.fromkeys(model.base_url or model.reference for model in to))
    if where and (what := caution.protected(situation)):
        typer.echo(f"triage: the text seems to hold protected data: {what}; it goes to {where} now", err=True)
