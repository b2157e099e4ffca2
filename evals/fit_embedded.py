"""Fit the weights of the embedded judge: `python -m evals.fit_embedded [--read]`.

`--read` first lets the embedded model answer the closed questions about every training text that has no reading yet
(about 12 seconds a text on two cores) and appends them to `evals/datasets/fact-readings.jsonl`. Fitting itself takes
seconds, is deterministic, and prints what leave-out folds reached. Golden cases are never read here.
"""

import argparse
import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.embedded import judge, timing
from agent.embedded.lexicon import terms
from agent.models.gguf import GgufQuestions, load
from agent.models.port import Deadline
from agent.models.weights import locate
from agent.schema import Dimension, IssueType
from evals.stats import quadratic_kappa

HERE = Path(__file__).parent
TRAINING, READINGS = HERE / "datasets" / "training-cases.jsonl", HERE / "datasets" / "fact-readings.jsonl"
WEIGHTS = Path(judge.__file__).parent / "weights.json"

FOLDS = 5
RAREST = 3  # a term must stand in that many training texts
WORDS_PENALTY = 1.0
SIGNALS_PENALTY = 20.0
# The shares of words, facts and time cues, between what the training folds and the tune cases suggest; evals/README.md.
SHARES = (0.6, 0.4, 0.0)
SHARES_OF_TIME = (0.4, 0.2, 0.4)
DECIMALS = 3

TARGETS = (*judge.READ_DIMENSIONS, *IssueType)

Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def vocabulary(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    """Rarity of every term that is frequent enough, in a fixed order."""
    counts = Counter(term for text in texts for term in text)
    return {
        term: math.log((1 + len(texts)) / (1 + count)) + 1 for term, count in sorted(counts.items()) if count >= RAREST
    }


def word_matrix(texts: Sequence[frozenset[str]], rarity: dict[str, float]) -> Matrix:
    place = {term: column for column, term in enumerate(rarity)}
    matrix = np.zeros((len(texts), len(rarity)))
    for row, text in enumerate(texts):
        for term in text & rarity.keys():
            matrix[row, place[term]] = rarity[term]
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(lengths == 0, 1, lengths)


def ridge_dual(matrix: Matrix, target: Matrix, penalty: float) -> Matrix:
    """Ridge weights where terms outnumber texts; the target is already centred."""
    kernel = matrix @ matrix.T + penalty * np.eye(len(matrix))
    return matrix.T @ np.linalg.solve(kernel, target)


def ridge(matrix: Matrix, target: Matrix, penalty: float) -> Matrix:
    return np.linalg.solve(matrix.T @ matrix + penalty * np.eye(matrix.shape[1]), matrix.T @ target)


def out_of_fold(count: int, fit_and_read: Callable[[Rows, Rows], Matrix], width: int) -> Matrix:
    """Readings of every row by weights that never saw it."""
    order = np.random.default_rng(0).permutation(count)
    result = np.zeros((count, width))
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        train = np.setdiff1d(order, test)
        result[test] = fit_and_read(train, test)
    return result


def labels_of(cases: list[dict[str, Any]]) -> Matrix:
    """One column per target: the levels of the read dimensions, then a 0 or 1 per issue type."""
    return np.array(
        [
            [case["expected"][dimension] for dimension in judge.READ_DIMENSIONS]
            + [float(case["expected"]["issue_type"] == kind) for kind in IssueType]
            for case in cases
        ]
    )


class Words(NamedTuple):
    """The lexicon: its terms, the means, and readings of every text by weights that never saw it."""

    rarity: dict[str, float]
    weights: Matrix
    means: Matrix
    readings: Matrix


def fit_words(cases: list[dict[str, Any]], labels: Matrix) -> Words:
    texts = [terms(case["text"]) for case in cases]

    def weigh(rows_: Sequence[int]) -> tuple[dict[str, float], Matrix, Matrix]:
        chosen = [texts[row] for row in rows_]
        rarity, means = vocabulary(chosen), labels[rows_].mean(axis=0)
        return rarity, ridge_dual(word_matrix(chosen, rarity), labels[rows_] - means, WORDS_PENALTY), means

    def read(train: Rows, test: Rows) -> Matrix:
        rarity, weights, means = weigh(train)
        return word_matrix([texts[row] for row in test], rarity) @ weights + means

    rarity, weights, means = weigh(np.arange(len(cases)))
    return Words(rarity, weights, means, out_of_fold(len(cases), read, labels.shape[1]))


class Linear(NamedTuple):
    """A linear reading of signals: how they are standardised, their weights, and readings out of fold."""

    centres: Matrix
    deviations: Matrix
    weights: Matrix
    readings: Matrix


def fit_linear(signals: Matrix, labels: Matrix) -> Linear:
    centres, deviations = signals.mean(axis=0), signals.std(axis=0)
    standard = (signals - centres) / deviations

    def read(train: Rows, test: Rows) -> Matrix:
        return standard[test] @ ridge(standard[train], labels[train] - labels[train].mean(axis=0), SIGNALS_PENALTY)

    weights = ridge(standard, labels - labels.mean(axis=0), SIGNALS_PENALTY)
    return Linear(centres, deviations, weights, out_of_fold(len(signals), read, labels.shape[1]))


class Read(NamedTuple):
    """What the three readers make of the texts, and which rows have answers to the closed questions."""

    words: Words
    facts: Linear
    cues: Linear
    rows: Rows

    def standard(self, place: int) -> tuple[Matrix, Matrix, Matrix]:
        """One target's three readings on one scale, for the rows with answers."""
        words, facts, cues = (reader.readings[:, place] for reader in (self.words, self.facts, self.cues))
        by_words = (words[self.rows] - words.mean()) / words.std()
        return by_words, facts / facts.std(), cues[self.rows] / cues.std()

    def mixed(self, place: int) -> Matrix:
        readings = zip(shares(place), self.standard(place), strict=True)
        result: Matrix = np.sum([share * reading for share, reading in readings], axis=0)
        return result


def shares(place: int) -> tuple[float, float, float]:
    return SHARES_OF_TIME if TARGETS[place] is Dimension.TIME_SENSITIVITY else SHARES


def spread(read: Read, labels: Matrix, place: int) -> dict[str, float]:
    """How one target's readings are standardised, mixed and spread as its labels are."""
    words, is_level = read.words.readings[:, place], TARGETS[place] in judge.READ_DIMENSIONS
    by_words, by_facts, by_cues = shares(place)
    return {
        "lexicon_mean": words.mean(),
        "lexicon_deviation": words.std(),
        "facts_deviation": read.facts.readings[:, place].std(),
        "cues_deviation": read.cues.readings[:, place].std(),
        "lexicon_share": by_words,
        "facts_share": by_facts,
        "cues_share": by_cues,
        "centre": labels[:, place].mean() if is_level else 0.0,
        "stretch": labels[:, place].std() / read.mixed(place).std() if is_level else 1.0,
    }


def figures(read: Read, labels: Matrix) -> dict[str, float]:
    """What the folds reached: kappa per dimension for each reader and all, and the share of right issue types."""
    found: dict[str, float] = {}
    mixed = np.column_stack([read.mixed(place) for place in range(len(TARGETS))])
    for place, target in enumerate(TARGETS):
        if target in judge.READ_DIMENSIONS:
            truth = labels[read.rows, place].astype(int).tolist()
            names = ("words", "facts", "cues", "all")
            for name, numbers in zip(names, (*read.standard(place), mixed[:, place]), strict=True):
                on_scale = labels[:, place].mean() + labels[:, place].std() / numbers.std() * numbers
                found[f"{target} {name}"] = quadratic_kappa(truth, [judge.level(v) for v in on_scale], levels=5)
    types = slice(len(judge.READ_DIMENSIONS), None)
    right = mixed[:, types].argmax(axis=1) == labels[read.rows, types].argmax(axis=1)
    found["issue type exact"] = float(right.mean())
    return found


def fit(cases: list[dict[str, Any]], readings: dict[str, dict[str, float]]) -> dict[str, Any]:
    """All weights as the JSON document that ships, with the figures of the folds."""
    labels, names = labels_of(cases), [fact.name for fact in judge.facts()]
    rows_ = np.array([row for row, case in enumerate(cases) if case["id"] in readings])
    signals = np.array([[readings[cases[row]["id"]][name] for name in names] for row in rows_])
    counted = np.array([list(timing.counts(case["text"]).values()) for case in cases])
    words, facts, cues = fit_words(cases, labels), fit_linear(signals, labels[rows_]), fit_linear(counted, labels)
    read = Read(words, facts, cues, rows_)
    return {
        "version": "1",
        "questions": judge.questions_digest(),
        "training": hashlib.sha256(TRAINING.read_bytes()).hexdigest(),
        "texts": len(cases),
        "texts_with_readings": len(rows_),
        "folds": rounded(figures(read, labels)),
        "spreads": {target.value: rounded(spread(read, labels, place)) for place, target in enumerate(TARGETS)},
        "facts": linear(facts, names),
        "cues": linear(cues, list(timing.KINDS)),
        "lexicon": {
            "targets": [target.value for target in TARGETS],
            "intercepts": {t.value: round(float(words.means[place]), 4) for place, t in enumerate(TARGETS)},
            "terms": {
                term: [round(weight, DECIMALS), *rounded(words.weights[row].tolist())]
                for row, (term, weight) in enumerate(words.rarity.items())
            },
        },
    }


def linear(reader: Linear, names: list[str]) -> dict[str, Any]:
    return {
        "names": names,
        "means": rounded(reader.centres.tolist()),
        "deviations": rounded(reader.deviations.tolist()),
        "coefficients": {t.value: rounded(reader.weights[:, place].tolist()) for place, t in enumerate(TARGETS)},
    }


def rounded(value: Any) -> Any:  # noqa: ANN401 - numbers inside lists and mappings
    """Numbers at the precision at which they ship, so that the same inputs give the same bytes."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return round(float(value), DECIMALS)


def read_missing(cases: Iterable[dict[str, Any]], known: set[str]) -> None:
    """Let the embedded model answer about the texts without a reading; each is kept as soon as it is there."""
    model = GgufQuestions(load(locate()), "local")
    with READINGS.open("a", encoding="utf-8") as out:
        for case in cases:
            if case["id"] in known:
                continue
            questions = [fact.question for fact in judge.facts()]
            answers = model.ask(case["text"], questions, input_digest=case["id"], deadline=Deadline()).answers
            signals = {answer.name: round(judge.signal(answer.probabilities), 4) for answer in answers}
            out.write(
                json.dumps({"id": case["id"], "questions": judge.questions_digest()[:12], "signals": signals}) + "\n"
            )
            out.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--read", action="store_true", help="first let the embedded model read what has no reading yet")
    arguments = parser.parse_args()
    cases = rows(TRAINING)
    current = judge.questions_digest()[:12]
    if arguments.read:
        read_missing(cases, {row["id"] for row in rows(READINGS) if row["questions"] == current})
    readings = {row["id"]: row["signals"] for row in rows(READINGS) if row["questions"] == current}
    document = fit(cases, readings)
    WEIGHTS.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    for name, figure in document["folds"].items():
        print(f"{name:32} {figure:.2f}")
    print(f"{document['texts_with_readings']} of {document['texts']} texts with readings; wrote {WEIGHTS.name}")


if __name__ == "__main__":
    main()
