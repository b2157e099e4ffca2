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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.embedded import judge
from agent.embedded.lexicon import terms
from agent.schema import Dimension, IssueType
from evals.stats import quadratic_kappa

HERE = Path(__file__).parent
TRAINING, READINGS = HERE / "datasets" / "training-cases.jsonl", HERE / "datasets" / "fact-readings.jsonl"
WEIGHTS = Path(judge.__file__).parent / "weights.json"

FOLDS = 5
RAREST = 3  # a term must stand in that many training texts
WORDS_PENALTY = 1.0
FACTS_PENALTY = 20.0
# Between what the training folds and the tune cases suggest, and the same for every target; see evals/README.md.
LEXICON_SHARE = 0.6
DECIMALS = 3

Matrix = NDArray[np.float64]


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


def out_of_fold(
    count: int, fit_and_read: Callable[[NDArray[np.int64], NDArray[np.int64]], Matrix], width: int
) -> Matrix:
    """Readings of every row by weights that never saw it."""
    order = np.random.default_rng(0).permutation(count)
    result = np.zeros((count, width))
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        train = np.setdiff1d(order, test)
        result[test] = fit_and_read(train, test)
    return result


def fit(cases: list[dict[str, Any]], readings: dict[str, dict[str, float]]) -> dict[str, Any]:
    """All weights as the JSON document that ships, with the figures of the folds."""
    targets = [*judge.READ_DIMENSIONS, *IssueType]
    labels = np.array(
        [
            [case["expected"][d] for d in judge.READ_DIMENSIONS]
            + [float(case["expected"]["issue_type"] == kind) for kind in IssueType]
            for case in cases
        ]
    )
    texts = [terms(case["text"]) for case in cases]

    def words(train: NDArray[np.int64], test: NDArray[np.int64]) -> Matrix:
        rarity = vocabulary([texts[i] for i in train])
        mean = labels[train].mean(axis=0)
        weights = ridge_dual(word_matrix([texts[i] for i in train], rarity), labels[train] - mean, WORDS_PENALTY)
        return word_matrix([texts[i] for i in test], rarity) @ weights + mean

    by_words = out_of_fold(len(cases), words, len(targets))
    everything = np.arange(len(cases))
    rarity = vocabulary(texts)
    mean = labels.mean(axis=0)
    word_weights = ridge_dual(word_matrix(texts, rarity), labels - mean, WORDS_PENALTY)

    read = np.array([i for i in everything if cases[i]["id"] in readings])
    names = [fact.name for fact in judge.facts()]
    signals = np.array([[readings[cases[i]["id"]][name] for name in names] for i in read])
    centres, deviations = signals.mean(axis=0), signals.std(axis=0)
    standard = (signals - centres) / deviations
    wanted = labels[read]

    def facts(train: NDArray[np.int64], test: NDArray[np.int64]) -> Matrix:
        centre = wanted[train].mean(axis=0)
        return standard[test] @ ridge(standard[train], wanted[train] - centre, FACTS_PENALTY)

    by_facts = out_of_fold(len(read), facts, len(targets))
    fact_weights = ridge(standard, wanted - wanted.mean(axis=0), FACTS_PENALTY)

    spreads, figures = {}, {}
    for place, target in enumerate(targets):
        w, f = by_words[:, place], by_facts[:, place]
        w_mean, w_sd, f_sd = w.mean(), w.std(), f.std()
        mixed = LEXICON_SHARE * (w[read] - w_mean) / w_sd + (1 - LEXICON_SHARE) * f / f_sd
        is_level = place < len(judge.READ_DIMENSIONS)
        centre = labels[:, place].mean() if is_level else 0.0
        stretch = labels[:, place].std() / mixed.std() if is_level else 1.0
        spreads[target.value] = {
            "lexicon_mean": w_mean,
            "lexicon_deviation": w_sd,
            "facts_deviation": f_sd,
            "lexicon_share": LEXICON_SHARE,
            "centre": centre,
            "stretch": stretch,
        }
        if is_level:
            truth = wanted[:, place].astype(int).tolist()
            for name, numbers in (("words", (w[read] - w_mean) / w_sd), ("facts", f / f_sd), ("both", mixed)):
                spread = centre + labels[:, place].std() / numbers.std() * numbers
                figures[f"{target} {name}"] = quadratic_kappa(truth, [judge.level(v) for v in spread], levels=5)
    columns = slice(len(judge.READ_DIMENSIONS), None)
    type_scores = LEXICON_SHARE * (by_words[read, columns] - by_words[:, columns].mean(axis=0)) / by_words[
        :, columns
    ].std(axis=0) + (1 - LEXICON_SHARE) * by_facts[:, columns] / by_facts[:, columns].std(axis=0)
    figures["issue type exact"] = float((type_scores.argmax(axis=1) == wanted[:, columns].argmax(axis=1)).mean())
    return {
        "version": "1",
        "questions": judge.questions_digest(),
        "training": hashlib.sha256(TRAINING.read_bytes()).hexdigest(),
        "texts": len(cases),
        "texts_with_readings": len(read),
        "folds": rounded(figures),
        "spreads": rounded(spreads),
        "facts": {
            "names": names,
            "means": rounded(centres.tolist()),
            "deviations": rounded(deviations.tolist()),
            "coefficients": {t.value: rounded(fact_weights[:, place].tolist()) for place, t in enumerate(targets)},
        },
        "lexicon": {
            "targets": [target.value for target in targets],
            "intercepts": {t.value: round(float(mean[place]), 4) for place, t in enumerate(targets)},
            "terms": {
                term: [round(weight, DECIMALS), *rounded(word_weights[row].tolist())]
                for row, (term, weight) in enumerate(rarity.items())
            },
        },
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
    from agent.models.gguf import GgufQuestions, load
    from agent.models.port import Deadline
    from agent.models.weights import locate

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
