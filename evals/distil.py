"""Train the weights of the embedded judge: `python -m evals distil [--read]`.

Every training text is read once by the built-in model (`--read`, about three seconds a text on two cores); its mean
state is kept in `evals/datasets/states.npz`, so that training itself takes seconds and the same inputs give the same
bytes. Trained on the training texts and the golden cases of the `tune` split; `test` is never read here.

Printed: what leave-out folds reached, and the learning curve.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray
from scipy import optimize, special

from agent import policy as policies
from agent.embedded import judge, scorer, timing
from agent.embedded.lexicon import terms
from agent.errors import ConfigurationError
from agent.models import gguf, probing, weights
from agent.models.port import Deadline
from agent.models.states import StateReader
from agent.schema import Dimension, IssueType
from evals import cases
from evals.stats import quadratic_kappa

HERE = Path(__file__).parent
TRAINING, STATES = HERE / "datasets" / "training-cases.jsonl", HERE / "datasets" / "states.npz"
WEIGHTS = Path(judge.__file__).parent / "weights.json"
VERSION = "2"

FOLDS = 10
KEPT_EVERY = 20  # texts read, so that little is lost
STATES_PENALTY, WORDS_PENALTY, TIME_PENALTY = 3.0, 1.0, 20.0
GOLDEN_WEIGHT_OF_SCALE = 30.0  # how levels are spread is a property of what comes in, and training texts are even
GOLDEN_WEIGHT = 6.0  # a golden case is longer and messier than a training text, as what comes in is
RAREST = 3  # a term must stand in that many texts
# The shares of heads, words and time words: between what the folds and the tune cases suggest; see evals/README.md.
SHARES = (0.65, 0.35, 0.0)
SHARES_OF_TIME = (0.45, 0.25, 0.3)
DECIMALS = 3
CURVE = (0.125, 0.25, 0.5, 1.0)  # shares of the training texts

READ = judge.READ_DIMENSIONS
Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]


class Text(NamedTuple):
    """One labelled text as the product reads it; `golden` marks a case of the tune split."""

    text: str
    expected: dict[str, Any]
    golden: bool

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def texts() -> list[Text]:
    """The training texts, then the golden cases of `tune`."""
    rows = [json.loads(line) for line in TRAINING.read_text(encoding="utf-8").splitlines()]
    tune = [case for case in cases.load() if case.split is cases.Split.TUNE]
    return [Text(row["text"], row["expected"], golden=False) for row in rows] + [
        Text(scorer.text(case.situation), case.expected.model_dump(mode="json"), golden=True) for case in tune
    ]


class States:
    """The mean state of every text that was read, kept as half-precision numbers under the text's digest."""

    def __init__(self, file: Path = STATES) -> None:
        self._file = file
        self._of: dict[str, NDArray[np.float16]] = {}
        if file.exists():
            with np.load(file) as kept:
                if str(kept["made_with"]) == made_with():
                    self._of = dict(zip(kept["digests"].tolist(), kept["states"], strict=True))

    def missing(self, wanted: Iterable[Text]) -> list[Text]:
        return [text for text in wanted if text.digest not in self._of]

    def add(self, text: Text, state: Sequence[float]) -> None:
        self._of[text.digest] = np.array(state, dtype=np.float16)

    def save(self) -> None:
        digests = sorted(self._of)
        states = np.stack([self._of[digest] for digest in digests])
        np.savez(self._file, made_with=made_with(), digests=np.array(digests), states=states)

    def matrix(self, wanted: Iterable[Text]) -> Matrix:
        return np.stack([self._of[text.digest] for text in wanted]).astype(np.float64)


def made_with() -> str:
    """What states depend on: the model's file and the words that stand before every text."""
    return f"{weights.PIN.reference} {probing.opening_digest()}"


def read_missing(states: States, wanted: list[Text]) -> None:
    """Let the built-in model read what it has not read yet."""
    missing = states.missing(wanted)
    if not missing:
        return
    model = StateReader(gguf.load_states(weights.locate()), "local")
    with typer.progressbar(missing, label="reading") as shown:
        for number, text in enumerate(shown, start=1):
            states.add(text, model.mean_state(text.text, Deadline()))
            if number % KEPT_EVERY == 0 or number == len(missing):
                states.save()


def labels_of(wanted: Sequence[Text]) -> Matrix:
    """One column per target: the levels of the read dimensions, then a 0 or 1 per issue type."""
    return np.array(
        [
            [text.expected[dimension] for dimension in READ]
            + [float(text.expected["issue_type"] == kind) for kind in IssueType]
            for text in wanted
        ]
    )


def out_of_fold(count: int, read: Callable[[Rows, Rows], Matrix]) -> Matrix:
    """Readings of every row by weights that never saw it; `read` trains on the first rows and reads the second."""
    order = np.random.default_rng(0).permutation(count)
    folds = [order[fold::FOLDS] for fold in range(FOLDS)]
    parts = [read(np.setdiff1d(order, fold), fold) for fold in folds]
    result = np.zeros((count, parts[0].shape[1]))
    for fold, part in zip(folds, parts, strict=True):
        result[fold] = part
    return result


def ridge(matrix: Matrix, target: Matrix, penalty: float) -> Matrix:
    """Ridge weights for a centred target, by whichever side is smaller."""
    if matrix.shape[0] < matrix.shape[1]:
        return matrix.T @ np.linalg.solve(matrix @ matrix.T + penalty * np.eye(len(matrix)), target)
    return np.linalg.solve(matrix.T @ matrix + penalty * np.eye(matrix.shape[1]), matrix.T @ target)


class Heads(NamedTuple):
    """One direction and one bias per target, for states as they are."""

    directions: Matrix
    biases: Matrix

    def read(self, states: Matrix) -> Matrix:
        return states @ self.directions + self.biases


def fit_heads(states: Matrix, labels: Matrix, weight: Matrix) -> Heads:
    """Ridge on standardised states, with the standardisation folded into the weights."""
    centre, deviation = states.mean(axis=0), states.std(axis=0) + 1e-6
    scale = deviation * math.sqrt(states.shape[1])
    means, root = np.average(labels, axis=0, weights=weight), np.sqrt(weight)[:, None]
    directions = ridge(root * (states - centre) / scale, root * (labels - means), STATES_PENALTY) / scale[:, None]
    return Heads(directions, means - centre @ directions)


class Words(NamedTuple):
    """The lexicon: the rarity of its terms, their weights, and the means of the labels."""

    rarity: dict[str, float]
    weights: Matrix
    means: Matrix

    def read(self, known: Sequence[frozenset[str]]) -> Matrix:
        return word_matrix(known, self.rarity) @ self.weights + self.means


def fit_words(known: Sequence[frozenset[str]], labels: Matrix) -> Words:
    counts = Counter(term for text in known for term in text)
    rarity = {t: math.log((1 + len(known)) / (1 + n)) + 1 for t, n in sorted(counts.items()) if n >= RAREST}
    means = labels.mean(axis=0)
    return Words(rarity, ridge(word_matrix(known, rarity), labels - means, WORDS_PENALTY), means)


def word_matrix(known: Sequence[frozenset[str]], rarity: dict[str, float]) -> Matrix:
    place = {term: column for column, term in enumerate(rarity)}
    matrix = np.zeros((len(known), len(rarity)))
    for row, text in enumerate(known):
        for term in text & rarity.keys():
            matrix[row, place[term]] = rarity[term]
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(lengths == 0, 1, lengths)


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


def fit_scale(reading: Matrix, levels: Matrix, weight: Matrix) -> dict[str, Any]:
    """The ordinal logistic scale under which the levels are likeliest: slope and four cuts."""

    def unlikeliness(free: Matrix) -> float:
        cuts = free[1] + np.concatenate([[0.0], np.cumsum(np.exp(free[2:]))])
        at_most = special.expit(np.exp(free[0]) * (cuts[None, :] - reading[:, None]))
        shares = np.diff(np.column_stack([np.zeros(len(reading)), at_most, np.ones(len(reading))]), axis=1)
        chosen = shares[np.arange(len(levels)), levels.astype(int) - 1]
        return float(-(weight * np.log(np.maximum(chosen, 1e-9))).sum())

    found = optimize.minimize(unlikeliness, np.array([0.5, -1.0, -0.7, -0.7, -0.7]), method="BFGS").x
    cuts = found[1] + np.concatenate([[0.0], np.cumsum(np.exp(found[2:]))])
    return {"slope": round(float(np.exp(found[0])), DECIMALS), "cuts": rounded(cuts.tolist())}


def fit_sharpness(readings: Matrix, truth: Matrix) -> float:
    """How strongly differences between the types' readings become probabilities."""

    def unlikeliness(sharpness: float) -> float:
        return float(-(special.log_softmax(sharpness * readings, axis=1) * truth).sum())

    return round(float(optimize.minimize_scalar(unlikeliness, bounds=(0.1, 20), method="bounded").x), DECIMALS)


def rounded(value: Any) -> Any:  # noqa: ANN401 - numbers inside lists and mappings
    """Numbers at the precision at which they ship, so that the same inputs give the same bytes."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return round(float(value), DECIMALS)


class Fitted(NamedTuple):
    """The weights as they ship, and what the folds reached."""

    document: dict[str, Any]
    figures: dict[str, float]


def fit(wanted: Sequence[Text], states: Matrix) -> Fitted:
    """All weights as the JSON document that ships."""
    labels = labels_of(wanted)
    known = [terms(text.text) for text in wanted]
    weight = np.array([GOLDEN_WEIGHT if text.golden else 1.0 for text in wanted])
    counted = np.array([list(timing.counts(text.text).values()) for text in wanted])

    def by_words(train: Rows, test: Rows) -> Matrix:
        return fit_words([known[row] for row in train], labels[train]).read([known[row] for row in test])

    def by_time(train: Rows, test: Rows) -> Matrix:
        return counted[test] @ fit_time(counted[train], labels[train])

    def by_states(train: Rows, test: Rows) -> Matrix:
        return fit_heads(states[train], labels[train], weight[train]).read(states[test])

    readings = Readings(
        out_of_fold(len(wanted), by_states),
        out_of_fold(len(wanted), by_words),
        out_of_fold(len(wanted), by_time),
    )
    mixed = readings.mixed()
    heads, words, times = fit_heads(states, labels, weight), fit_words(known, labels), fit_time(counted, labels)
    scale_weight = np.array([GOLDEN_WEIGHT_OF_SCALE if text.golden else 1.0 for text in wanted])
    scales = {d.value: fit_scale(mixed[:, place], labels[:, place], scale_weight) for place, d in enumerate(READ)}
    types = slice(len(READ), None)
    document = {
        "version": VERSION,
        "model": weights.PIN.reference,
        "opening": probing.opening_digest(),
        "training": hashlib.sha256("".join(text.digest for text in wanted).encode()).hexdigest(),
        "code": hashlib.sha256(Path(__file__).read_bytes()).hexdigest(),
        "texts": len(wanted),
        "heads": {
            target: {"direction": judge.packed(heads.directions[:, place].tolist()), "bias": float(heads.biases[place])}
            for place, target in enumerate(judge.TARGETS)
        },
        "parts": {target: readings.parts(place) for place, target in enumerate(judge.TARGETS)},
        "scales": scales,
        "sharpness": fit_sharpness(mixed[:, types], labels[:, types]),
        "time_words": {
            target: dict(zip(timing.KINDS, rounded(times[:, place].tolist()), strict=True))
            for place, target in enumerate(judge.TARGETS)
        },
        "lexicon": {
            "intercepts": rounded(dict(zip(judge.TARGETS, words.means.tolist(), strict=True))),
            "terms": {
                term: [round(weight, DECIMALS), *rounded(words.weights[row].tolist())]
                for row, (term, weight) in enumerate(words.rarity.items())
            },
        },
    }
    return Fitted(document, figures(wanted, labels, readings, scales))


def fit_time(counted: Matrix, labels: Matrix) -> Matrix:
    return ridge(counted - counted.mean(axis=0), labels - labels.mean(axis=0), TIME_PENALTY)


def levels(mixed: Matrix, scales: dict[str, dict[str, Any]]) -> Matrix:
    """The level of record of every text and read dimension."""
    columns = []
    for place, dimension in enumerate(READ):
        scale = judge.OrdinalScale(scales[dimension]["slope"], tuple(scales[dimension]["cuts"]))
        columns.append([1 + int(np.searchsorted(np.cumsum(scale.shares(x)), judge.LEANING)) for x in mixed[:, place]])
    return np.array(columns).T


def figures(
    wanted: Sequence[Text], labels: Matrix, readings: Readings, scales: dict[str, dict[str, Any]]
) -> dict[str, float]:
    """What the folds reached: kappa per dimension and of the band (true account value), and right issue types."""
    mixed, golden = readings.mixed(), np.array([text.golden for text in wanted])
    read, found = levels(mixed, scales), {}
    for name, chosen in (("training", ~golden), ("tune", golden)):
        for place, dimension in enumerate(READ):
            truth = labels[chosen, place].astype(int).tolist()
            found[f"{name}: {dimension} kappa"] = quadratic_kappa(truth, read[chosen, place].tolist(), levels=5)
        worth = np.array([text.expected[Dimension.ACCOUNT_VALUE] for text in wanted])[chosen]
        bands = [bands_of(worth + scores[chosen].sum(axis=1)) for scores in (labels[:, : len(READ)], read)]
        found[f"{name}: band kappa"] = quadratic_kappa(*bands, levels=4)
        found[f"{name}: under"] = float(np.mean(np.array(bands[0]) > np.array(bands[1])))
        found[f"{name}: over"] = float(np.mean(np.array(bands[0]) < np.array(bands[1])))
        types = slice(len(READ), None)
        right = mixed[chosen, types].argmax(axis=1) == labels[chosen, types].argmax(axis=1)
        found[f"{name}: issue type exact"] = float(right.mean())
    return found


def bands_of(totals: Matrix) -> list[int]:
    """The place of each total's band, from 1."""
    policy = policies.load_default()
    order = list(policy.bands)
    return [1 + order.index(policy.band(int(total))) for total in totals]


def curve(wanted: Sequence[Text], states: Matrix) -> list[tuple[int, float, float]]:
    """Texts, kappa of the band on the tune cases, and right issue types there, for growing shares of the texts."""
    order = np.random.default_rng(1).permutation([row for row, text in enumerate(wanted) if not text.golden])
    golden = np.array([row for row, text in enumerate(wanted) if text.golden])
    points = []
    for share in CURVE:
        rows = np.sort(np.concatenate([order[: int(share * len(order))], golden]))
        found = fit([wanted[row] for row in rows], states[rows]).figures
        points.append((len(rows), found["tune: band kappa"], found["tune: issue type exact"]))
    return points


def distil(states: States, *, read: bool = False) -> None:
    """Train, write the weights, and print what the folds reached. `read` first lets the model read what is missing."""
    wanted = texts()
    if read:
        read_missing(states, wanted)
    if missing := states.missing(wanted):
        raise ConfigurationError(f"{len(missing)} texts were never read by the model; add --read")
    matrix = states.matrix(wanted)
    fitted = fit(wanted, matrix)
    WEIGHTS.write_text(json.dumps(fitted.document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    for name, figure in fitted.figures.items():
        typer.echo(f"{name:36} {figure:.2f}")
    for count, kappa, right in curve(wanted, matrix):
        typer.echo(f"{count:5} texts: band kappa {kappa:.2f}, issue type {right:.2f} on the tune cases, out of fold")
    typer.echo(f"wrote {WEIGHTS.name} from {len(wanted)} texts")
