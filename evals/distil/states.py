"""What the built-in model made of every text, read once and kept."""

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray

from agent.embedded import passages
from agent.models import probing, weights
from agent.models.port import Deadline
from agent.models.probing import StateSum
from agent.models.reader_process import ReaderProcess
from agent.models.states import StateReader, StateServer
from evals.distil.texts import DATASETS, Matrix, Rows, Text

STATES = DATASETS / "states.npz"
KEPT_EVERY = 20  # texts read, so that little is lost


class Pooled(NamedTuple):
    """The mean state of each text: over all its tokens, and over those of its sentences."""

    whole: Matrix
    said: Matrix

    def of(self, rows: Rows) -> "Pooled":
        return Pooled(self.whole[rows], self.said[rows])


class States:
    """The mean states of every text that was read, kept as half-precision numbers under the text's digest."""

    def __init__(self, file: Path = STATES) -> None:
        self._file = file
        self._of: dict[str, NDArray[np.float16]] = {}  # whole, said
        if file.exists():
            with np.load(file) as kept:
                if str(kept["made_with"]) == made_with():
                    self._of = dict(zip(kept["digests"].tolist(), kept["states"], strict=True))

    def missing(self, wanted: Iterable[Text]) -> list[Text]:
        return [text for text in wanted if text.digest not in self._of]

    def add(self, text: Text, sums: Mapping[int, StateSum], said: Container[int]) -> None:
        """Keep what the model read; `said` are the passages that are sentences."""
        heard = {place: part for place, part in sums.items() if place in said} or sums
        self._of[text.digest] = np.array([_mean(sums), _mean(heard)], dtype=np.float16)

    def save(self) -> None:
        digests = sorted(self._of)
        states = np.stack([self._of[digest] for digest in digests])
        np.savez(self._file, made_with=made_with(), digests=np.array(digests), states=states)

    def pooled(self, wanted: Iterable[Text]) -> Pooled:
        states = np.stack([self._of[text.digest] for text in wanted]).astype(np.float64)
        return Pooled(states[:, 0], states[:, 1])


def _mean(sums: Mapping[int, StateSum]) -> Matrix:
    total: Matrix = np.sum([part.total for part in sums.values()], axis=0)
    return total / sum(part.tokens for part in sums.values())


def made_with() -> str:
    """What states depend on: the model's file and the words that stand before every text."""
    return f"{weights.PIN.reference} {probing.opening_digest()}"


def read_missing(states: States, wanted: list[Text]) -> None:
    """Let the built-in model read what it has not read yet."""
    missing = states.missing(wanted)
    if not missing:
        return
    model = StateReader(StateServer(ReaderProcess(weights.locate())), "local")
    with typer.progressbar(missing, label="reading") as shown:
        for number, text in enumerate(shown, start=1):
            cut = passages.cut(text.text, passages.all_sentences(text.situation.messages))
            states.add(text, model.sums(cut.pieces, Deadline()), cut.said)
            if number % KEPT_EVERY == 0 or number == len(missing):
                states.save()
