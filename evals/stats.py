"""The statistics of the evals, each a few lines, proved in tests against recorded values of scipy and scikit-learn."""

from collections import Counter
from collections.abc import Sequence


def quadratic_kappa(truth: Sequence[int], given: Sequence[int], *, levels: int) -> float:
    """Agreement beyond chance with squared distance as the cost: 1 is perfect, 0 is chance. Levels run from 1."""
    if len(truth) != len(given) or not truth:
        raise ValueError("truth and given must be of the same length, and not empty")
    pairs, rows, columns = Counter(zip(truth, given, strict=True)), Counter(truth), Counter(given)
    span = range(1, levels + 1)
    observed = sum((a - b) ** 2 * pairs[a, b] for a in span for b in span)
    expected = sum((a - b) ** 2 * rows[a] * columns[b] for a in span for b in span) / len(truth)
    return 1.0 if expected == 0 else 1 - observed / expected
