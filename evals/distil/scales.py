"""From readings to probabilities: the ordinal scale of a dimension, the sharpness of the issue types."""

from typing import Any

import numpy as np
from scipy import optimize, special

from evals.distil.texts import Matrix

DECIMALS = 3
FALSE_ALARMS = 0.02  # the share of texts that do say it and are called silent: each costs the CSM one question


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


def fit_threshold(readings: Matrix, silent: Matrix) -> float:
    """The reading above which a text counts as silent on a dimension."""
    return round(float(np.quantile(readings[silent == 0], 1 - FALSE_ALARMS)), DECIMALS)


def rounded(value: Any) -> Any:  # noqa: ANN401 - numbers inside lists and mappings
    """Numbers at the precision at which they ship, so that the same inputs give the same bytes."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return round(float(value), DECIMALS)
