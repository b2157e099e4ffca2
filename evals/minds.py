"""Who answers an item: a model as the product chooses it, or recordings, in one folder per repeat and attack.

The clean case, the first time, is recorded in the folder itself, where hand-written answers stand too. A repeat and an
attack have a folder of their own inside it: their texts may be the same as the product reads them, their answers not.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent import intake
from agent.cli import wiring
from agent.cli.wiring import Minds
from agent.errors import ConfigurationError, InputError, ReplayError
from agent.models.choose import ModelChoice, ModelKind
from agent.models.port import Model
from agent.models.recorders import DecisionRecorder, ProbeRecorder, Recorder
from agent.models.replay import Replay
from evals.items import CLEAN, Item


@dataclass(frozen=True)
class Answering:
    """The product's two places where a model speaks, for an item; and the bare model, None if it cannot write.

    `holds` is False where recordings do not know the item; `by_hand` is True where a person wrote them.
    """

    minds_for: Callable[[Item], Minds]
    model_for: Callable[[Item], Model] | None
    holds: Callable[[Item], bool] = lambda _: True
    by_hand: Callable[[Item], bool] = lambda _: False


def live(chosen: ModelChoice, record: Path | None) -> Answering:
    """The chosen model, loaded when it is first asked; every answered call is kept under `record`."""

    def place(item: Item) -> Path | None:
        return folder(record, item) if record else None

    if chosen.kind is ModelKind.BUILTIN:
        reader = cache(wiring.builtin)

        @cache
        def reading(kept: Path | None) -> Minds:
            return wiring.reading_minds(ProbeRecorder(reader(), kept) if kept else reader())

        return Answering(lambda item: reading(place(item)), None)

    if chosen.kind is ModelKind.DECISIONS:
        decisions = cache(lambda: wiring.deciding(chosen))

        @cache
        def deciding(kept: Path | None) -> Minds:
            return wiring.deciding_minds(DecisionRecorder(decisions(), kept) if kept else decisions())

        return Answering(lambda item: deciding(place(item)), None)

    model = cache(lambda: wiring.writing(chosen))

    @cache
    def recorded(kept: Path | None) -> Model:
        return Recorder(model(), kept) if kept else model()

    return Answering(lambda item: wiring.writing_minds(recorded(place(item))), lambda item: recorded(place(item)))


def replayed(directory: Path, model: str | None) -> Answering:
    """Answers from recordings. An attack that was not recorded is answered as the text it reads as; a repeat never."""
    _check(directory)
    recorded = _Recorded(directory, model)
    return Answering(
        recorded.minds,
        recorded.answers,
        holds=lambda item: recorded.source(item) is not None,
        by_hand=lambda item: recorded.source(item) == "authored",
    )


class _Recorded:
    """A directory of recordings, each folder of it read once."""

    def __init__(self, directory: Path, model: str | None) -> None:
        self._directory, self._model = directory, model
        self._replay = cache(lambda kept, _variant: Replay(kept))  # each variant counts its calls for itself
        self._sources = cache(_sources)

    def minds(self, item: Item) -> Minds:
        return _minds(self.answers(item), intake.digest(item.situation), self._model)

    def answers(self, item: Item) -> Replay:
        return self._replay(self._place(item), item.variant)

    def source(self, item: Item) -> str | None:
        """Who gave the answer to the item; None where there is none."""
        try:
            return self._sources(self._place(item)).get(intake.digest(item.situation))
        except (InputError, ReplayError):
            return None

    def _place(self, item: Item) -> Path:
        own = folder(self._directory, item)
        if item.repeat > 1 and not own.is_dir():
            raise ReplayError(f"{own}: no such recordings; one answer given again is not a second answer")
        return own if own.is_dir() else self._directory


def _sources(kept: Path) -> dict[str, str]:
    """Who gave the answers in a folder, by the input they answer."""
    Replay(kept)  # refuses what is not a recording
    read = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(kept.glob("*.json")))
    return {recording["input_digest"]: recording["source"] for recording in read}


def _check(directory: Path) -> None:
    if not directory.is_dir():
        raise ConfigurationError(f"--replay: {directory} is not a directory of recordings")
    if next(directory.rglob("*.json"), None) is None:
        raise ConfigurationError(f"--replay: {directory} holds no recordings; --record makes them")


def _minds(recorded: Replay, input_digest: str, model: str | None) -> Minds:
    """What was recorded about the input says which kind of model answered it."""
    if recorded.holds(input_digest, "decide"):
        return wiring.deciding_minds(recorded)
    asked = model == "local" if model else recorded.holds(input_digest, "probes")
    return wiring.reading_minds(recorded) if asked else wiring.writing_minds(recorded)


def folder(directory: Path, item: Item) -> Path:
    """Where the recordings of one item stand."""
    parts = [] if item.variant == CLEAN else [re.sub(r"[^\w.-]+", "-", item.variant)]
    parts += [f"repeat-{item.repeat}"] if item.repeat > 1 else []
    return directory.joinpath(*parts)


def reference(directory: Path) -> str:
    """The model whose answers a directory holds."""
    return Replay(directory).reference
