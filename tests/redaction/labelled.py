"""The labelled texts of `tests/corpus/redaction`, and what a finder gets right in them.

`python -m tests.redaction.labelled` prints precision and recall per kind and language, beside the bare libraries.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import phonenumbers

from agent import intake, strict_yaml
from agent.redaction import Redactor
from agent.redaction.found import Found
from agent.schema import PrivateKind

LANGUAGES = ("en", "de", "fr", "es", "it", "nl")
_CORPUS = Path(__file__).parents[1] / "corpus" / "redaction"
_MARK = re.compile(r"⟦(\w+):([^⟧]+)⟧")
_REGION = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL"}

Finder = Callable[[str, str], Iterable[Found]]


class Labelled(NamedTuple):
    """A text and the places of what is private in it."""

    language: str
    text: str
    private: tuple[Found, ...]


class Figures(NamedTuple):
    """What was found of a kind: rightly, of how many there are, and wrongly."""

    right: int
    all: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.right / self.all if self.all else 1.0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0


def texts(language: str) -> list[Labelled]:
    """The labelled texts of a language."""
    return [_labelled(language, marked) for marked in strict_yaml.load((_CORPUS / f"{language}.yaml").read_text())]


def unseen(language: str) -> list[Labelled]:
    """Letters written after the patterns were done."""
    letters = strict_yaml.load((_CORPUS / "unseen.yaml").read_text())[language]
    return [_labelled(language, marked) for marked in letters]


def fresh() -> list[Labelled]:
    """Letters held apart for measuring, in eight languages; nothing is mended on them."""
    letters = strict_yaml.load((_CORPUS / "fresh.yaml").read_text())
    return [_labelled(language, marked) for language, group in letters.items() for marked in group]


def _labelled(language: str, marked: str) -> Labelled:
    text, private, at = "", list[Found](), 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        private.append(Found(len(text), len(text) + len(match[2]), PrivateKind(match[1])))
        text, at = text + match[2], match.end()
    return Labelled(language, text + marked[at:], tuple(private))


def ours(text: str, language: str) -> list[Found]:
    """What the product replaces; the language is told from the text, as in a run."""
    return Redactor(intake.read_text(text)).find(text)


def bare_phonenumbers(text: str, language: str) -> list[Found]:
    """The library as its documentation uses it, told the country."""
    matches = phonenumbers.PhoneNumberMatcher(text, _REGION[language])
    return [Found(match.start, match.end, PrivateKind.PHONE) for match in matches]


def measure(items: Iterable[Labelled], finder: Finder) -> dict[PrivateKind, Figures]:
    """A value is found where all of it is taken as its kind; a find is wrong where it touches no value of its kind."""
    right, wrong, everything = Counter[PrivateKind](), Counter[PrivateKind](), Counter[PrivateKind]()
    for item in items:
        found = list(finder(item.text, item.language))
        for value in item.private:
            everything[value.kind] += 1
            right[value.kind] += any(
                f.kind is value.kind and f.start <= value.start and value.end <= f.end for f in found
            )
        for find in found:
            touches = any(find.kind is v.kind and find.start < v.end and v.start < find.end for v in item.private)
            wrong[find.kind] += not touches
    return {kind: Figures(right[kind], everything[kind], wrong[kind]) for kind in PrivateKind}


def misses(items: Iterable[Labelled], finder: Finder = ours) -> list[str]:
    """What is missed or taken wrongly, for whoever works on the patterns."""
    told = list[str]()
    for item in items:
        found = list(finder(item.text, item.language))
        for value in item.private:
            if not any(f.kind is value.kind and f.start <= value.start and value.end <= f.end for f in found):
                told.append(f"missed {value.kind}: {item.text[value.start : value.end]!r} in {item.text!r}")
        for find in found:
            if not any(find.kind is v.kind and find.start < v.end and v.start < find.end for v in item.private):
                told.append(f"wrong {find.kind}: {item.text[find.start : find.end]!r} in {item.text!r}")
    return told


def table(read: Callable[[str], list[Labelled]], finder: Finder, kinds: Iterable[PrivateKind]) -> str:
    """Recall / precision per kind and language, as Markdown."""
    kept = list(kinds)
    by_language = {language: measure(read(language), finder) for language in LANGUAGES}
    rows = [f"| kind (values) | {' | '.join(LANGUAGES)} | all |", f"|---{'|---' * (len(LANGUAGES) + 1)}|"]
    for kind in kept:
        figures = [by_language[language][kind] for language in LANGUAGES]
        total = Figures(*(sum(column) for column in zip(*figures, strict=True)))
        cells = (f"{figure.recall:.2f} / {figure.precision:.2f}" for figure in (*figures, total))
        rows.append(f"| {kind.value.replace('_', ' ')} ({total.all}) | {' | '.join(cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    for title, read in (("the labelled texts", texts), ("the unseen letters", unseen)):
        print(f"\nRecall / precision, {title}:\n")  # noqa: T201 - a script that prints
        print(table(read, ours, PrivateKind))  # noqa: T201
        print(f"\nphonenumbers alone, told the country, {title}:\n")  # noqa: T201
        print(table(read, bare_phonenumbers, [PrivateKind.PHONE]))  # noqa: T201
