"""All weights of the embedded judge, from the texts and their states to the document that ships."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from agent.embedded import judge, passages, timing
from agent.embedded.lexicon import terms
from agent.models import probing, weights
from agent.schema import Dimension
from evals.distil.readers import fit_heads, fit_time, fit_words
from evals.distil.scales import DECIMALS, fit_scale, fit_sharpness, fit_threshold, rounded
from evals.distil.states import Pooled
from evals.distil.texts import READ, Matrix, Rows, Text, labels_of

HERE = Path(__file__).parent
VERSION = "3"
FOLDS = 10
TARGETS = len(judge.TARGETS)  # columns of labels; those of silence follow
GOLDEN_WEIGHT_OF_SCALE = 30.0  # how levels are spread is a property of what comes in, and training texts are even
# The shares of heads, words and time words: between what the folds and the tune cases suggest; see evals/README.md.
SHARES = (0.7, 0.3, 0.0)
SHARES_OF_TIME = (0.45, 0.25, 0.3)


def out_of_fold(stories: Sequence[str], read: Callable[[Rows, Rows], Matrix]) -> Matrix:
    """Readings of every row by weights that saw neither it nor a twin; `read` trains on some rows and reads others."""
    order = np.random.default_rng(0).permutation(sorted(set(stories)))
    fold_of = {story: place % FOLDS for place, story in enumerate(order.tolist())}
    folds = np.array([fold_of[story] for story in stories])
    parts = {fold: read(np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)) for fold in range(FOLDS)}
    result = np.zeros((len(stories), parts[0].shape[1]))
    for fold, part in parts.items():
        result[folds == fold] = part
    return result


class Readings(NamedTuple):
    """What each of the three readers makes of every text, out of fold."""

    heads: Matrix
    words: Matrix
    time_words: Matrix

    def parts(self, place: int) -> dict[str, dict[str, float]]:
        """How one target's three readings are put on one scale, and their shares."""
        shares = SHARES_OF_TIME if judge.TARGETS[place] == Dimension.TIME_SENSITIVITY else SHARES
        return {
            name: rounded({"centre": column.mean(), "deviation": column.std(), "share": share})
            for name, column, share in zip(self._fields, (part[:, place] for part in self), shares, strict=True)
        }

    def mixed(self) -> Matrix:
        """The mean reading of every target, exactly as the product computes it."""
        columns = []
        for place in range(len(judge.TARGETS)):
            parts = self.parts(place)
            columns.append(
                sum(
                    parts[name]["share"] * (part[:, place] - parts[name]["centre"]) / parts[name]["deviation"]
                    for name, part in zip(self._fields, self, strict=True)
                )
            )
        return np.column_stack(columns)


class Fitted(NamedTuple):
    """The weights as they ship, and what weights that never saw a text read in it: per target, per silent dimension."""

    document: dict[str, Any]
    out_of_fold: Matrix
    silence: Matrix


class Material(NamedTuple):
    """What the readers are fitted on, one row per text."""

    labels: Matrix
    stories: list[str]
    known: list[frozenset[str]]
    counted: Matrix

    @classmethod
    def of(cls, wanted: Sequence[Text]) -> "Material":
        said = [passages.said(text.situation) for text in wanted]
        return cls(
            labels=labels_of(wanted),
            stories=[text.story for text in wanted],
            known=[terms(text) for text in said],
            counted=np.array([list(timing.counts(text).values()) for text in said]),
        )

    @property
    def targets(self) -> Matrix:
        return self.labels[:, :TARGETS]

    @property
    def silent(self) -> Matrix:
        return self.labels[:, TARGETS:]


def fit(wanted: Sequence[Text], states: Pooled) -> Fitted:
    """All weights as the JSON document that ships."""
    material = Material.of(wanted)
    readings, silence = _out_of_fold(material, states)
    mixed = readings.mixed()
    weight = np.array([GOLDEN_WEIGHT_OF_SCALE if text.golden else 1.0 for text in wanted])
    document = {
        "version": VERSION,
        "model": weights.PIN.reference,
        "opening": probing.opening_digest(),
        "training": hashlib.sha256("".join(text.digest for text in wanted).encode()).hexdigest(),
        "code": hashlib.sha256(b"".join(file.read_bytes() for file in sorted(HERE.glob("*.py")))).hexdigest(),
        "texts": len(wanted),
        **_readers(material, states),
        "silence": {d.value: fit_threshold(silence[:, n], material.silent[:, n]) for n, d in enumerate(READ)},
        "parts": {target: readings.parts(place) for place, target in enumerate(judge.TARGETS)},
        "scales": {d.value: fit_scale(mixed[:, n], material.targets[:, n], weight) for n, d in enumerate(READ)},
        "sharpness": fit_sharpness(mixed[:, len(READ) :], material.targets[:, len(READ) :]),
    }
    return Fitted(document, mixed, silence)


def _out_of_fold(material: Material, states: Pooled) -> tuple[Readings, Matrix]:
    """What readers that never saw a text make of it, and what the heads of silence do."""

    def by_states(train: Rows, test: Rows) -> Matrix:
        return fit_heads(states.of(train), material.labels[train]).read(states.of(test))

    def by_words(train: Rows, test: Rows) -> Matrix:
        words = fit_words([material.known[row] for row in train], material.targets[train])
        return words.read([material.known[row] for row in test])

    def by_time(train: Rows, test: Rows) -> Matrix:
        return material.counted[test] @ fit_time(material.counted[train], material.targets[train])

    by_heads, *rest = (out_of_fold(material.stories, read) for read in (by_states, by_words, by_time))
    return Readings(by_heads[:, :TARGETS], *rest), by_heads[:, TARGETS:]


def _readers(material: Material, states: Pooled) -> dict[str, Any]:
    """Heads, time words and lexicon, fitted on every text."""
    heads = fit_heads(states, material.labels)
    words, times = fit_words(material.known, material.targets), fit_time(material.counted, material.targets)
    return {
        "heads": {
            head: {"direction": judge.packed(heads.directions[:, place].tolist()), "bias": float(heads.biases[place])}
            for place, head in enumerate(judge.HEADS)
        },
        "time_words": {
            target: dict(zip(timing.KINDS, rounded(times[:, place].tolist()), strict=True))
            for place, target in enumerate(judge.TARGETS)
        },
        "lexicon": {
            "intercepts": rounded(dict(zip(judge.TARGETS, words.means.tolist(), strict=True))),
            "terms": {
                term: [round(rarity, DECIMALS), *rounded(words.weights[row].tolist())]
                for row, (term, rarity) in enumerate(words.rarity.items())
            },
        },
    }
