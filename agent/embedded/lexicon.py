"""Words that carried a level in the training texts: a linear reading of a text, term by term.

A text becomes the set of its words and word pairs, each weighted by how rare it is; the weights of the terms were
fitted by ridge regression (`python -m evals distil`). A linear reading can name the sentences that moved it, so
the quotes shown to the CSM are the ones that counted.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(r"[^\W\d_]+|\d+")


def terms(text: str) -> frozenset[str]:
    """Lower-case words and pairs of neighbours; every number is the same word, so that no figure is learnt by heart."""
    tokens = ["0" if token[0].isdigit() else token for token in _TOKEN.findall(text.lower())]
    return frozenset(tokens) | {f"{first} {second}" for first, second in pairwise(tokens)}


@dataclass(frozen=True)
class Lexicon:
    """Rarity and one weight per target for every known term; `intercepts` is each target's mean."""

    targets: tuple[str, ...]
    intercepts: Mapping[str, float]
    rarity: Mapping[str, float]
    weights: Mapping[str, tuple[float, ...]]

    def read(self, text: str) -> dict[str, float]:
        """The linear reading of a text for every target; an empty or unknown text reads as the means."""
        known = [term for term in sorted(terms(text)) if term in self.rarity]
        length = math.sqrt(sum(self.rarity[term] ** 2 for term in known)) or 1.0
        sums = [0.0] * len(self.targets)
        for term in known:
            for place, weight in enumerate(self.weights[term]):
                sums[place] += weight * self.rarity[term]
        return {target: self.intercepts[target] + sums[place] / length for place, target in enumerate(self.targets)}

    def pull(self, sentence: str, target: str) -> float:
        """How far a sentence moves the reading, in no unit: above 0 towards high, below 0 towards low."""
        place = self.targets.index(target)
        return sum(self.weights[term][place] * self.rarity[term] for term in terms(sentence) if term in self.weights)
