"""The composition root: which model, policy, scorer and drafter a run uses. Heavy adapters are imported here, late."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent import money
from agent import policy as policies
from agent.cli.settings import Settings
from agent.cli.terminal import Assembling
from agent.drafting import Drafter
from agent.drafting.hosted import HostedDrafter
from agent.drafting.template import TemplateDrafter
from agent.errors import ConfigurationError
from agent.extraction import Scorer
from agent.extraction.hosted import HostedScorer
from agent.models import wire
from agent.models.choose import ModelChoice, ModelKind, choose
from agent.models.port import Model, QuestionModel
from agent.models.recording import QuestionRecorder, Recorder, Replay
from agent.policy import Policy
from agent.schema import AccountContext

_LONGEST_FLAG = 120
_GGUF_CONTEXT_TOKENS = 12_288
_GGUF_RESERVED_TOKENS = 6_000  # rubric, schema and answer of the longer call


@dataclass(frozen=True)
class Minds:
    """The two places where a model speaks, and what the report says about that model."""

    scorer: Scorer
    drafter: Drafter
    plain: Drafter
    reference: str
    embedded: bool
    remote: bool
    context_characters: int


def policy(given: Path | None, settings: Settings) -> Policy:
    """The company's policy or the one that ships, with the country of the settings."""
    file = given or settings.policy
    rubric = policies.load(file) if file else policies.load_default()
    if settings.country:
        calendar = rubric.calendar.model_copy(update={"country": settings.country})
        rubric = rubric.model_copy(update={"calendar": calendar})
    return rubric


def context(*, account: str | None, arr: str | None, renewal: str | None, strategic: bool) -> AccountContext:
    """What the CSM adds by flags. Raises ConfigurationError for what cannot be read."""
    if arr is not None and money.parse(arr) is None:
        raise ConfigurationError(f"--arr: no amount with a currency in '{arr}'; write it like 'EUR 48k'")
    for flag, words in (("--account", account), ("--arr", arr)):
        if words and len(words) > _LONGEST_FLAG:
            raise ConfigurationError(f"{flag}: longer than {_LONGEST_FLAG} characters")
    try:
        day = date.fromisoformat(renewal) if renewal else None
    except ValueError as error:
        raise ConfigurationError(f"--renewal: '{renewal}' is not a date such as 2026-12-31") from error
    return AccountContext(account=account, arr=arr, renewal=day, strategic=strategic)


def choice(model: str | None, base_url: str | None, settings: Settings, *, will_ask: bool = True) -> ModelChoice:
    """Which model would answer, and why. Raises ModelNotConfigured with the ways to get one."""
    # Settings are the environment over the file already; here they stand where the environment stood.
    merged = {"TRIAGE_MODEL": settings.model, "OPENAI_BASE_URL": settings.base_url}
    environ = os.environ | {name: value for name, value in merged.items() if value}
    return choose(model, base_url=base_url, api_key=None, environ=environ, will_ask=will_ask)


def minds(chosen: ModelChoice, *, record: Path | None = None) -> Minds:
    """Load the chosen model and put a scorer and a drafter before it."""
    if chosen.kind is ModelKind.BUILTIN:
        questions = builtin()
        return reading_minds(QuestionRecorder(questions, record) if record else questions)
    model = writing(chosen)
    return writing_minds(Recorder(model, record) if record else model)


def replayed(directory: Path, model: str | None, input_digest: str) -> Minds:
    """Answers from recordings. What was recorded about the input says which kind of model answered it."""
    replay = Replay(directory)
    asked = model == "local" if model else replay.holds(input_digest, "questions")
    return reading_minds(replay) if asked else writing_minds(replay)


def builtin() -> QuestionModel:
    """The built-in model, its weights put together on first use."""
    from agent.models import gguf, weights  # noqa: PLC0415 - loads llama.cpp

    return gguf.GgufQuestions(gguf.load(weights.locate(progress=Assembling())), "local")


def writing(chosen: ModelChoice) -> Model:
    """A model that writes: behind an endpoint, or the user's own GGUF in this process."""
    from agent.models.hosted import HostedModel  # noqa: PLC0415 - openai and instructor take over a second

    if chosen.kind is ModelKind.HOSTED:
        return HostedModel(chosen.reference, base_url=chosen.base_url, api_key=chosen.api_key, remote=chosen.remote)
    from agent.models import gguf  # noqa: PLC0415 - loads llama.cpp

    assert chosen.path is not None
    server = gguf.load(chosen.path, context_tokens=_GGUF_CONTEXT_TOKENS)
    return HostedModel(
        chosen.reference,
        base_url="http://in-process.localhost/v1",
        http_client=gguf.http_client(server),
        context_characters=context_characters(chosen),
        remote=False,
    )


def context_characters(chosen: ModelChoice) -> int:
    """How much thread text a writing model is given, in characters."""
    if chosen.kind is not ModelKind.GGUF:
        return wire.CONTEXT_CHARACTERS
    from agent.models import gguf  # noqa: PLC0415 - only for the user's own model

    return gguf.thread_characters(_GGUF_CONTEXT_TOKENS, reserved_tokens=_GGUF_RESERVED_TOKENS)


def reading_minds(questions: QuestionModel) -> Minds:
    """A scorer before a model that reads and does not write; the plain wording drafts."""
    from agent.embedded.scorer import EmbeddedScorer  # noqa: PLC0415 - reads the fitted weights

    plain = TemplateDrafter()
    return Minds(
        scorer=EmbeddedScorer(questions),
        drafter=plain,
        plain=plain,
        reference=questions.reference,
        embedded=True,
        remote=False,
        context_characters=questions.context_characters,
    )


def writing_minds(model: Model) -> Minds:
    """A scorer and a drafter before a model that writes."""
    return Minds(
        scorer=HostedScorer(model),
        drafter=HostedDrafter(model),
        plain=TemplateDrafter(),
        reference=model.reference,
        embedded=False,
        remote=model.remote,
        context_characters=model.context_characters,
    )
