"""`triage doctor`: which model would be used and why, whether it answers, and whether the schema binds its answer."""

import time
from typing import Annotated

import typer
from pydantic import Field

from agent.cli import options, sources, wiring
from agent.cli import settings as user_settings
from agent.errors import ModelInvalid, TriageError
from agent.models.choose import KEY_VARIABLE, ModelChoice, ModelKind
from agent.models.port import (
    ChatMessage,
    Deadline,
    DecisionRequest,
    QuestionKind,
    Request,
    TypedQuestion,
)
from agent.schema import Noun

_PATIENCE_SECONDS = 120.0
_CHECK = "The printer on the second floor is out of paper. Everything else works."
_ALLOWED = ("walrus", "oboe")  # words that no answer about a printer has of its own accord
_ASKED = 'Which device is out of paper? Answer with this JSON object and nothing else: {"device": "printer"}'

_HELD = "yes (the server held to the schema)"
_FREE = "no (answered outside the schema; answers are validated and re-asked instead)"
_UNKNOWN = "could not be told"
_CLOSED = "not needed (typed questions are answered with probabilities; no text is generated)"
_NOTHING_WRITTEN = "not needed (inner states are read; no text is generated)"


class _Check(Noun):
    """The device of which the text speaks."""

    # Forbidden to the decoder and not to us: an answer out of bounds is the finding, and must not be asked for again.
    device: Annotated[str, Field(json_schema_extra={"enum": list(_ALLOWED)})]


def doctor(
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    second_opinion: options.SecondOpinion = None,
    second_url: options.SecondUrl = None,
    policy_file: options.PolicyFile = None,
) -> None:
    """Say which model is used and why, and try it; the second opinion too, where one is set.

    One small call each about a printer; nothing of yours is sent, and the key itself is never printed.
    """
    settings = user_settings.load()
    _line("settings", f"{sources.path()}{'' if sources.path().exists() else ' (not there, which is fine)'}")
    _line("policy", wiring.policy(policy_file, settings).reference)
    chosen = wiring.choice(model, base_url, settings)
    _line("model", f"{chosen.reference} ({chosen.why})")
    _line("endpoint", chosen.base_url or "none: it runs on this machine")
    _line("key", f"{KEY_VARIABLE} is set" if chosen.key_present else f"{KEY_VARIABLE} is not set")
    _line("leaves this machine", "yes, the text is sent to the endpoint" if chosen.remote else "no")
    second = wiring.second_choice(second_opinion, second_url, settings)
    started = time.monotonic()
    try:
        answer, constrained = _try(chosen)
    except TriageError as error:
        _line("constrained decoding", _told_by(error) if chosen.kind in wiring.WRITING else _CLOSED)
        _line("one call", "failed")
        raise
    _line("constrained decoding", constrained)
    _line("one call", f"{answer} in {time.monotonic() - started:.1f} s, loading included")
    if second:
        _second(second)


def _second(chosen: ModelChoice) -> None:
    """The second opinion's own endpoint, key and one call."""
    _line("second opinion", chosen.reference)
    _line("  endpoint", chosen.base_url or "")
    _line("  key", f"{chosen.key_variable} is {'set' if chosen.key_present else 'not set'}")
    _line("  leaves machine", "yes, the text is sent to the endpoint" if chosen.remote else "no")
    started = time.monotonic()
    try:
        answer, _ = _try(chosen)
    except TriageError:
        _line("  one call", "failed")
        raise
    _line("  one call", f"{answer} in {time.monotonic() - started:.1f} s")


def _try(chosen: ModelChoice) -> tuple[str, str]:
    """What one small call gave, and whether the schema binds the answers."""
    if chosen.kind is ModelKind.BUILTIN:
        return _try_builtin()
    return _try_deciding(chosen) if chosen.kind is ModelKind.DECISIONS else _try_writing(chosen)


def _line(name: str, words: str) -> None:
    typer.echo(f"{name + ':':<22}{words}")


def _told_by(error: TriageError) -> str:
    """A model that wrote twice and never in the schema is not held to it; a call without an answer tells nothing."""
    wrote = isinstance(error, ModelInvalid) and error.call and error.call.output_tokens
    return _FREE if wrote else _UNKNOWN


def _try_builtin() -> tuple[str, str]:
    read = wiring.builtin().probe((_CHECK,), (), input_digest="doctor", deadline=Deadline(_PATIENCE_SECONDS))
    return f"read {read.call.input_tokens} tokens", _NOTHING_WRITTEN


def _try_deciding(chosen: ModelChoice) -> tuple[str, str]:
    question = TypedQuestion(kind=QuestionKind.PREDICATE, name="paper", instructions="The printer has paper.")
    request = DecisionRequest(
        purpose="decide", prompt="doctor", policy="none", input_digest="doctor", text=_CHECK, questions=(question,)
    )
    (answer,) = wiring.deciding(chosen).decide(request, Deadline(_PATIENCE_SECONDS)).answers
    return answer.unanswered or "answered with a probability", _CLOSED


def _try_writing(chosen: ModelChoice) -> tuple[str, str]:
    """Ask in words for what the schema forbids: a constrained model cannot obey, an unconstrained one does."""
    request = Request(
        purpose="extract",
        prompt="doctor",
        policy="none",
        input_digest="doctor",
        messages=(
            ChatMessage(role="system", content="You answer questions about a text."),
            ChatMessage(role="user", content=f"{_CHECK}\n\n{_ASKED}"),
        ),
        max_tokens=200,
    )
    completion = wiring.writing(chosen).complete(request, _Check, Deadline(_PATIENCE_SECONDS))
    held = completion.output.device in _ALLOWED
    return f"answered, {completion.call.attempts} attempt(s)", _HELD if held else _FREE
