"""The three linear readers of a text, each fitted by ridge regression: heads on states, a lexicon, time words."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from agent.embedded import judge
from evals.distil.states import Pooled
from evals.distil.texts import Matrix

STATES_PENALTY, WORDS_PENALTY, TIME_PENALTY = 2.0, 1.0, 20.0
RAREST = 4  # a term must stand in that many texts
OF_THE_WHOLE = [judge.HEADS.index(head) for head in sorted(judge.OF_THE_WHOLE)]


def ridge(matrix: Matrix, target: Matrix, penalty: float) -> Matrix:
    """Ridge weights for a centred target, by whichever side is smaller."""
    if matrix.shape[0] < matrix.shape[1]:
        return matrix.T @ np.linalg.solve(matrix @ matrix.T + penalty * np.eye(len(matrix)), target)
    return np.linalg.solve(matrix.T @ matrix + penalty * np.eye(matrix.shape[1]), matrix.T @ target)


class Heads(NamedTuple):
    """One direction and one bias per head, for states as they are."""

    directions: Matrix
    biases: Matrix

    def read(self, states: Pooled) -> Matrix:
        """Every head in what is said, or in the whole text where the judge reads that."""
        readings: Matrix = states.said @ self.directions + self.biases
        readings[:, OF_THE_WHOLE] = (states.whole @ self.directions + self.biases)[:, OF_THE_WHOLE]
        return readings


def fit_heads(states: Pooled, labels: Matrix) -> Heads:
    """One ridge per head, on the states in which it is read."""
    said, whole = (fit_directions(part, labels) for part in (states.said, states.whole))
    said.directions[:, OF_THE_WHOLE] = whole.directions[:, OF_THE_WHOLE]
    said.biases[OF_THE_WHOLE] = whole.biases[OF_THE_WHOLE]
    return said


def fit_directions(states: Matrix, labels: Matrix) -> Heads:
    """Ridge on standardised states, with the standardisation folded into the weights."""
    centre, deviation = states.mean(axis=0), states.std(axis=0) + 1e-6
    scale = deviation * math.sqrt(states.shape[1])
    means = labels.mean(axis=0)
    directions = ridge((states - centre) / scale, labels - means, STATES_PENALTY) / scale[:, None]
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


def fit_time(counted: Matrix, labels: Matrix) -> Matrix:
    return ridge(counted - counted.mean(axis=0), labels - labels.mean(axis=0), TIME_PENALTY)
