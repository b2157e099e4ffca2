"""`triage doctor`: which model would be used and why, and whether it answers."""

import time

import typer

from agent.cli import options, wiring
from agent.cli import settings as user_settings
from agent.errors import TriageError
from agent.models.choose import KEY_VARIABLE, ModelChoice, ModelKind
from agent.models.port import ChatMessage, ClosedQuestion, Deadline, Request
from agent.schema import Answer, Noun

_PATIENCE_SECONDS = 120.0
_CHECK = "The printer on the second floor is out of paper. Everything else works."


class _Check(Noun):
    """Whether the short text says that the printer has paper."""

    printer_has_paper: Answer


def doctor(
    model: options.Model = None, base_url: options.BaseUrl = None, policy_file: options.PolicyFile = None
) -> None:
    """Say which model is used and why, and try it.

    One small call about a printer; nothing of yours is sent, and the key itself is never printed.
    """
    settings = user_settings.load()
    _line("settings", f"{user_settings.path()}{'' if user_settings.path().exists() else ' (not there, which is fine)'}")
    _line("policy", wiring.policy(policy_file, settings).reference)
    chosen = wiring.choice(model, base_url, settings)
    _line("model", f"{chosen.reference} ({chosen.why})")
    _line("endpoint", chosen.base_url or "none: it runs in this process")
    _line("key", f"{KEY_VARIABLE} is set" if chosen.key_present else f"{KEY_VARIABLE} is not set")
    _line("leaves this machine", "yes, the text is sent to the endpoint" if chosen.remote else "no")
    _line("constrained decoding", _constrained(chosen.kind))
    started = time.monotonic()
    try:
        answer = _try_builtin() if chosen.kind is ModelKind.BUILTIN else _try_writing(chosen)
    except TriageError:
        _line("one call", "failed")
        raise
    _line("one call", f"{answer} in {time.monotonic() - started:.1f} s, loading included")


def _line(name: str, words: str) -> None:
    typer.echo(f"{name + ':':<22}{words}")


def _constrained(kind: ModelKind) -> str:
    if kind is ModelKind.BUILTIN:
        return "not needed: closed questions are read as token probabilities"
    return "asked for: every call carries the JSON schema with strict: true"


def _try_builtin() -> str:
    question = ClosedQuestion(name="paper", text="Does the printer have paper?")
    answers = wiring.builtin().ask(_CHECK, [question], input_digest="doctor", deadline=Deadline(_PATIENCE_SECONDS))
    return f"answered {len(answers.answers)} question"


def _try_writing(chosen: ModelChoice) -> str:
    request = Request(
        purpose="extract",
        prompt="doctor",
        policy="none",
        input_digest="doctor",
        messages=(
            ChatMessage(role="system", content="Answer about the text in the given JSON schema."),
            ChatMessage(role="user", content=_CHECK),
        ),
        max_tokens=200,
    )
    completion = wiring.writing(chosen).complete(request, _Check, Deadline(_PATIENCE_SECONDS))
    return f"answered in the schema, {completion.call.attempts} attempt(s)"
