"""The composition root: which model, policy, scorer and drafter a run uses. Heavy adapters are imported here, late."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent import calibration as calibrations
from agent import money
from agent import policy as policies
from agent.calibration import CalibrationMap
from agent.cli import sources
from agent.cli.settings import Settings
from agent.cli.terminal import Assembling
from agent.drafting import Drafter
from agent.drafting.hosted import HostedDrafter
from agent.drafting.template import TemplateDrafter
from agent.errors import ConfigurationError
from agent.extraction import Scorer
from agent.extraction.hosted import HostedScorer
from agent.models import weights, wire
from agent.models.choose import ModelChoice, ModelKind, choose, choose_second
from agent.models.port import DecisionModel, Model, ProbeModel
from agent.models.reader_process import ReaderProcess
from agent.models.recorders import DecisionRecorder, ProbeRecorder, Recorder
from agent.models.replay import Replay
from agent.models.states import StateReader, StateServer
from agent.policy import Policy
from agent.redaction import RedactedDecisions, RedactedModel, Redactor
from agent.schema import AccountContext
from agent.schema.record import Precedent

WRITING = frozenset({ModelKind.HOSTED, ModelKind.GGUF})  # the kinds that are shown precedents
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
    precedents: tuple[Precedent, ...] = ()


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
        if words and any("\ud800" <= letter <= "\udfff" for letter in words):  # a terminal in another encoding
            raise ConfigurationError(f"{flag}: not readable as text; write it in UTF-8")
    try:
        day = date.fromisoformat(renewal) if renewal else None
    except ValueError as error:
        raise ConfigurationError(f"--renewal: '{renewal}' is not a date such as 2026-12-31") from error
    return AccountContext(account=account, arr=arr, renewal=day, strategic=strategic)


def choice(model: str | None, base_url: str | None, settings: Settings, *, will_ask: bool = True) -> ModelChoice:
    """Which model would answer, and why. Raises ModelNotConfigured with the ways to get one."""
    environ = sources.environ(model=settings.model, base_url=settings.base_url)
    return choose(model, base_url=base_url, api_key=None, environ=environ, will_ask=will_ask)


def calibration(settings: Settings) -> CalibrationMap | None:
    """The team's calibration map; None where none is set. Raises ConfigurationError for a broken one."""
    return calibrations.load(settings.calibration) if settings.calibration else None


def second_choice(
    model: str | None, base_url: str | None, settings: Settings, *, will_ask: bool = True
) -> ModelChoice | None:
    """The decision model that is asked beside the scorer; None where no second opinion is wanted."""
    name = model or settings.second_opinion
    if not name:
        return None
    environ = sources.environ(second_opinion_base_url=settings.second_opinion_base_url)
    return choose_second(name, base_url=base_url, environ=environ, will_ask=will_ask)


def second(
    chosen: ModelChoice | None, *, record: Path | None = None, redactor: Redactor | None = None
) -> DecisionModel | None:
    """The adapter of the second opinion."""
    return None if chosen is None else _deciding(chosen, record, redactor)


def _deciding(chosen: ModelChoice, record: Path | None, redactor: Redactor | None) -> DecisionModel:
    """Recorded as sent: what the recorder sees is redacted already."""
    model = deciding(chosen)
    recorded = DecisionRecorder(model, record) if record else model
    return RedactedDecisions(recorded, redactor) if redactor else recorded


def second_replayed(directory: Path, input_digest: str, *, wanted: bool) -> DecisionModel | None:
    """The recorded second opinion, where one was recorded or is asked for."""
    replay = Replay(directory)
    return replay if wanted or replay.holds(input_digest, "second_opinion") else None


def minds(
    chosen: ModelChoice,
    *,
    record: Path | None = None,
    precedents: tuple[Precedent, ...] = (),
    redactor: Redactor | None = None,
    begun: ReaderProcess | None = None,
) -> Minds:
    """Load the chosen model and put a scorer and a drafter before it; `begun` is the built-in one on its way."""
    if chosen.kind is ModelKind.BUILTIN:
        reader = builtin(begun)
        return reading_minds(ProbeRecorder(reader, record) if record else reader)
    if chosen.kind is ModelKind.DECISIONS:
        return deciding_minds(_deciding(chosen, record, redactor))
    model = writing(chosen)
    recorded = Recorder(model, record) if record else model
    leaves = redactor is not None and chosen.kind is ModelKind.HOSTED
    return writing_minds(RedactedModel(recorded, redactor) if leaves and redactor else recorded, precedents=precedents)


def replayed(directory: Path, model: str | None, input_digest: str, *, redactor: Redactor | None = None) -> Minds:
    """Answers from recordings. What was recorded about the input says which kind of model answered it."""
    replay = Replay(directory)
    if replay.holds(input_digest, "decide"):
        return deciding_minds(replay)
    asked = model == "local" if model else replay.holds(input_digest, "probes")
    return reading_minds(replay) if asked else writing_minds(RedactedModel(replay, redactor) if redactor else replay)


def builtin(begun: ReaderProcess | None = None) -> ProbeModel:
    """The built-in model, its weights put together on first use; it may have begun to load."""
    model = begun or ReaderProcess(weights.locate(progress=Assembling()))
    return StateReader(StateServer(model), "local")


def deciding(chosen: ModelChoice) -> DecisionModel:
    """A decision model behind an endpoint."""
    from agent.models.client import Client  # noqa: PLC0415 - openai takes over a second
    from agent.models.decisions import HostedDecisions  # noqa: PLC0415 - idem

    return HostedDecisions(
        Client(
            chosen.reference,
            base_url=chosen.base_url,
            api_key=chosen.api_key,
            remote=chosen.remote,
            key_variable=chosen.key_variable,
        )
    )


def writing(chosen: ModelChoice) -> Model:
    """A model that writes: behind an endpoint, or the user's own GGUF in this process."""
    from agent.models.client import Client  # noqa: PLC0415 - openai takes over a second
    from agent.models.hosted import HostedModel  # noqa: PLC0415 - instructor comes on top

    if chosen.kind is ModelKind.HOSTED:
        return HostedModel(
            Client(chosen.reference, base_url=chosen.base_url, api_key=chosen.api_key, remote=chosen.remote)
        )
    from agent.models import gguf  # noqa: PLC0415 - loads llama.cpp

    assert chosen.path is not None
    server = gguf.load(chosen.path, context_tokens=_GGUF_CONTEXT_TOKENS)
    client = Client(
        chosen.reference,
        base_url="http://in-process.localhost/v1",
        http_client=gguf.http_client(server),
        remote=False,
    )
    return HostedModel(client, context_characters=context_characters(chosen))


def context_characters(chosen: ModelChoice) -> int:
    """How much thread text a writing model is given, in characters."""
    if chosen.kind is not ModelKind.GGUF:
        return wire.CONTEXT_CHARACTERS
    from agent.models import gguf  # noqa: PLC0415 - only for the user's own model

    return gguf.thread_characters(_GGUF_CONTEXT_TOKENS, reserved_tokens=_GGUF_RESERVED_TOKENS)


def reading_minds(reader: ProbeModel) -> Minds:
    """A scorer before a model that reads and does not write."""
    from agent.embedded.scorer import EmbeddedScorer  # noqa: PLC0415 - reads the fitted weights

    return _plainly_worded(EmbeddedScorer(reader), reader, embedded=True, remote=False)


def deciding_minds(model: DecisionModel) -> Minds:
    """A scorer before a decision model; code picks the quotes."""
    from agent.embedded.decisions import DecisionScorer  # noqa: PLC0415 - reads the words that pick the quotes

    return _plainly_worded(DecisionScorer(model), model, embedded=False, remote=model.remote)


def _plainly_worded(scorer: Scorer, model: ProbeModel | DecisionModel, *, embedded: bool, remote: bool) -> Minds:
    """A scorer whose model cannot write: the plain wording drafts."""
    plain = TemplateDrafter()
    return Minds(
        scorer=scorer,
        drafter=plain,
        plain=plain,
        reference=model.reference,
        embedded=embedded,
        remote=remote,
        context_characters=model.context_characters,
    )


def writing_minds(model: Model, *, precedents: tuple[Precedent, ...] = ()) -> Minds:
    """A scorer and a drafter before a model that writes."""
    return Minds(
        scorer=HostedScorer(model, precedents=precedents),
        drafter=HostedDrafter(model),
        plain=TemplateDrafter(),
        reference=model.reference,
        embedded=False,
        remote=model.remote,
        context_characters=model.context_characters,
        precedents=precedents,
    )
