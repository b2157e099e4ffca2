"""Who answers an item: a model as the product chooses it, or recordings, in one folder per repeat and attack.

The clean case, the first time, is recorded in the folder itself, where hand-written answers stand too. A repeat and an
attack have a folder of their own inside it: their texts may be the same as the product reads them, their answers not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent import intake
from agent.cli import wiring
from agent.cli.wiring import Minds
from agent.errors import ConfigurationError, ReplayError
from agent.models.choose import ModelChoice, ModelKind
from agent.models.port import Model
from agent.models.recording import QuestionRecorder, Recorder, Replay
from evals.items import CLEAN, Item


@dataclass(frozen=True)
class Answering:
    """The product's two places where a model speaks, for an item; and the bare model, None if it cannot write."""

    minds_for: Callable[[Item], Minds]
    model_for: Callable[[Item], Model] | None


def live(chosen: ModelChoice, record: Path | None) -> Answering:
    """The chosen model, loaded when it is first asked; every answered call is kept under `record`."""

    def place(item: Item) -> Path | None:
        return folder(record, item) if record else None

    if chosen.kind is ModelKind.BUILTIN:
        questions = cache(wiring.builtin)

        @cache
        def reading(kept: Path | None) -> Minds:
            return wiring.reading_minds(QuestionRecorder(questions(), kept) if kept else questions())

        return Answering(lambda item: reading(place(item)), None)

    model = cache(lambda: wiring.writing(chosen))

    @cache
    def recorded(kept: Path | None) -> Model:
        return Recorder(model(), kept) if kept else model()

    return Answering(lambda item: wiring.writing_minds(recorded(place(item))), lambda item: recorded(place(item)))


def replayed(directory: Path, model: str | None) -> Answering:
    """Answers from recordings. An attack that was not recorded is answered as the text it reads as; a repeat never."""
    if not directory.is_dir():
        raise ConfigurationError(f"--replay: {directory} is not a directory of recordings")

    @cache
    def replay(folder: Path, variant: str) -> Replay:  # noqa: ARG001 - each variant counts its calls for itself
        return Replay(folder)

    def answers(item: Item) -> Replay:
        own = folder(directory, item)
        if item.repeat > 1 and not own.is_dir():
            raise ReplayError(f"{own}: no such recordings; one answer given again is not a second answer")
        return replay(own if own.is_dir() else directory, item.variant)

    def minds(item: Item) -> Minds:
        recorded = answers(item)
        asked = model == "local" if model else recorded.holds(intake.digest(item.situation), "questions")
        return wiring.reading_minds(recorded) if asked else wiring.writing_minds(recorded)

    return Answering(minds, answers)


def folder(directory: Path, item: Item) -> Path:
    """Where the recordings of one item stand."""
    parts = [] if item.variant == CLEAN else [re.sub(r"[^\w.-]+", "-", item.variant)]
    parts += [f"repeat-{item.repeat}"] if item.repeat > 1 else []
    return directory.joinpath(*parts)


def reference(directory: Path) -> str:
    """The model whose answers a directory holds."""
    return Replay(directory).reference
