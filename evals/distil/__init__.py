"""Train the weights of the embedded judge: `python -m evals distil [--read]`.

Every training text is read once by the built-in model (`--read`, about three seconds a text on two cores); its mean
states, over all of it and over its sentences alone, are kept in `evals/datasets/states.npz`, so that training itself
takes seconds and the same inputs give the same bytes. Trained on the training texts and the golden cases of the `tune`
split; `test` is never read here.

Printed: what leave-out folds reached, and the learning curve.
"""

import json
from pathlib import Path

import typer

from agent.embedded import judge
from agent.errors import ConfigurationError
from evals.distil.figures import curve, reached
from evals.distil.fitting import fit
from evals.distil.states import States, read_missing
from evals.distil.texts import labelled

WEIGHTS = Path(judge.__file__).parent / "weights.json"


def distil(states: States, *, read: bool = False) -> None:
    """Train, write the weights, and print what the folds reached. `read` first lets the model read what is missing."""
    wanted = labelled()
    if read:
        read_missing(states, wanted)
    if missing := states.missing(wanted):
        raise ConfigurationError(f"{len(missing)} texts were never read by the model; add --read")
    pooled = states.pooled(wanted)
    fitted = fit(wanted, pooled)
    WEIGHTS.write_text(json.dumps(fitted.document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    for name, figure in reached(wanted, fitted).items():
        typer.echo(f"{name:36} {figure:.2f}")
    for count, kappa, right in curve(wanted, pooled):
        typer.echo(f"{count:5} texts: band kappa {kappa:.2f}, issue type {right:.2f} on the tune cases, out of fold")
    typer.echo(f"wrote {WEIGHTS.name} from {len(wanted)} texts")
