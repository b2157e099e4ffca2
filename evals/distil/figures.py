"""What the folds reached, and how it grows with the number of texts."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from agent import policy as policies
from agent.embedded import judge
from agent.schema import Dimension
from evals.distil.fitting import Fitted, fit
from evals.distil.states import Pooled
from evals.distil.texts import READ, Matrix, Text, labels_of
from evals.stats import quadratic_kappa

CURVE = (0.125, 0.25, 0.5, 1.0)  # shares of the training texts


def levels(mixed: Matrix, scales: dict[str, dict[str, Any]]) -> Matrix:
    """The level of record of every text and read dimension."""
    columns = []
    for place, dimension in enumerate(READ):
        scale = judge.OrdinalScale(scales[dimension]["slope"], tuple(scales[dimension]["cuts"]))
        columns.append([1 + int(np.searchsorted(np.cumsum(scale.shares(x)), judge.LEANING)) for x in mixed[:, place]])
    return np.array(columns).T


def reached(wanted: Sequence[Text], fitted: Fitted) -> dict[str, float]:
    """What the folds reached: kappa per dimension and of the band (true account value), and right issue types."""
    labels, golden = labels_of(wanted), np.array([text.golden for text in wanted])
    read, found = levels(fitted.out_of_fold, fitted.document["scales"]), {}
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
        right = fitted.out_of_fold[chosen, types].argmax(axis=1) == labels[chosen, types].argmax(axis=1)
        found[f"{name}: issue type exact"] = float(right.mean())
    return found


def bands_of(totals: Matrix) -> list[int]:
    """The place of each total's band, from 1."""
    policy = policies.load_default()
    order = list(policy.bands)
    return [1 + order.index(policy.band(int(total))) for total in totals]


def curve(wanted: Sequence[Text], states: Pooled) -> list[tuple[int, float, float]]:
    """Texts, kappa of the band on the tune cases, and right issue types there, for growing shares of the texts."""
    order = np.random.default_rng(1).permutation([row for row, text in enumerate(wanted) if not text.golden])
    golden = np.array([row for row, text in enumerate(wanted) if text.golden])
    points = []
    for share in CURVE:
        rows = np.sort(np.concatenate([order[: int(share * len(order))], golden]))
        part = [wanted[row] for row in rows]
        found = reached(part, fit(part, states.of(rows)))
        points.append((len(rows), found["tune: band kappa"], found["tune: issue type exact"]))
    return points
