"""How often instructions to an AI are marked, and how often plain talk is: `python -m tests.intake.marking` prints it."""

import json
from pathlib import Path
from typing import NamedTuple

from agent import intake, strict_yaml
from agent.intake import instructions
from agent.schema import MarkKind
from evals.suites.payloads import LANGUAGES, Disguise, Goal, build

_HERE = Path(__file__).parents[1]
_TRAINING = _HERE.parent / "evals" / "datasets" / "training-cases.jsonl"
_READ_ONE_BY_ONE = 800
_AROUND = "Morning,\n\nthe export has failed since Friday.\n\n{}\n\nCan you look?"


class Share(NamedTuple):
    """How many of how many were marked, and the texts that were not as they should be."""

    marked: int
    all: int
    odd: tuple[str, ...] = ()


def is_marked(text: str) -> bool:
    """Whether the situation in a text carries a mark of instructions to a machine."""
    return any(mark.kind is not MarkKind.LOOK_ALIKE for mark in intake.read_text(text).marks)


def labelled(group: str) -> dict[str, Share]:
    """The labelled texts of `tests/corpus/instructions.yaml`, by language, inside a plain message."""
    told = dict[str, Share]()
    document = strict_yaml.load((_HERE / "corpus" / "instructions.yaml").read_text())
    for language, texts in document[group].items():
        marked = [text for text in texts if is_marked(_AROUND.format(text))]
        odd = [text for text in texts if (text in marked) == (group == "benign")]
        told[language] = Share(len(marked), len(texts), tuple(odd))
    return told


def payloads(*, benign: bool = False) -> Share:
    """The payloads of the attack suite in every disguise; the benign ones only as they are, for a disguise is none."""
    goals = (Goal.BENIGN,) if benign else (Goal.INFLATE, Goal.DEFLATE, Goal.LEAK)
    disguises = (Disguise.PLAIN, Disguise.SIGNATURE, Disguise.HISTORY) if benign else tuple(Disguise)
    texts = {f"{g}.{d}.{code}": build(g, d, code) for g in goals for d in disguises for code in LANGUAGES}
    marked = {name for name, text in texts.items() if is_marked(_AROUND.format(text))}
    return Share(len(marked), len(texts), tuple(name for name in texts if (name in marked) == benign))


def training() -> Share:
    """The first 800 training texts; the few that hold an attack on purpose are among them."""
    cases = [json.loads(line) for line in _TRAINING.read_text().splitlines()][:_READ_ONE_BY_ONE]
    marked = tuple(case["id"] for case in cases if instructions.find(case["text"]))
    return Share(len(marked), len(cases), marked)


if __name__ == "__main__":
    for title, group in (("hostile, marked", "hostile"), ("benign, marked", "benign")):
        print(title, {code: f"{share.marked}/{share.all}" for code, share in labelled(group).items()})  # noqa: T201
        print(*(text for share in labelled(group).values() for text in share.odd), sep="\n")  # noqa: T201
    for title, share in (
        ("payloads", payloads()),
        ("benign payloads", payloads(benign=True)),
        ("training", training()),
    ):
        print(title, f"{share.marked}/{share.all}", *share.odd)  # noqa: T201
