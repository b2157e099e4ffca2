"""How many messages, authors and orders are right, per client and language: this project beside bare libraries.

`python -m tests.corpus.table` writes the tables into tests/README.md (needs the dependency group `corpus`);
`--cases` prints every thread by itself.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from tests.corpus.libraries import LIBRARIES, Found
from tests.corpus.matrix import LANGUAGES, Case, cases

README = Path(__file__).parents[1] / "README.md"
OURS = "escalation-triage"
_START, _END = "<!-- corpus tables: python -m tests.corpus.table -->", "<!-- end of the corpus tables -->"


class Score(NamedTuple):
    """What is right of what there is to find."""

    found: int = 0
    authors: int = 0
    named: int = 0
    orders: int = 0
    messages: int = 0
    threads: int = 0

    def __add__(self, other: "Score") -> "Score":  # type: ignore[override]  # adds up, does not append
        return Score(*(a + b for a, b in zip(self, other, strict=True)))

    def __str__(self) -> str:
        return f"{self.found}/{self.messages} · {self.authors}/{self.named} · {self.orders}/{self.threads}"


def ours(text_of: Case) -> Found:
    """Newest first, as the situation holds them."""
    return [(f"{m.author or ''} {m.address or ''}", m.body) for m in text_of.read().messages]


def score(case: Case, found: Found) -> Score:
    """A message is found if one piece holds its words and no other's; the order is right if all are, newest first."""
    pieces = [_flat(words) for _, words in found]
    wanted = [_flat(message.body) for message in case.messages]
    taken = set[int]()
    places = [_place(n, wanted, pieces, taken) for n in range(len(wanted))]
    hits = [(n, place) for n, place in enumerate(places) if place is not None]
    named = [n for n, message in enumerate(case.messages) if message.author]
    authors = sum(n in named and (case.messages[n].author or "") in found[place][0] for n, place in hits)
    order = len(hits) == len(wanted) and [place for _, place in hits] == sorted(place for _, place in hits)
    return Score(len(hits), authors, len(named), int(order), len(wanted), 1)


def _place(n: int, wanted: list[str], pieces: list[str], taken: set[int]) -> int | None:
    others = {words for m, words in enumerate(wanted) if m != n and words not in wanted[n]}
    for place, piece in enumerate(pieces):
        if place not in taken and wanted[n] in piece and not any(other in piece for other in others):
            taken.add(place)
            return place
    return None


def _flat(words: str) -> str:
    return " ".join(word for line in words.splitlines() for word in line.lstrip("> \t").split())


def scores(split: Callable[[Case], Found], of: Iterable[Case]) -> dict[str, dict[str, Score]]:
    """The sums per client and per language, and of all."""
    sums: dict[str, dict[str, Score]] = {name: defaultdict(Score) for name in ("client", "language", "all")}
    for case in of:
        told = score(case, split(case))
        for key, name in (("client", case.client), ("language", case.language), ("all", "all")):
            sums[key][name] = sums[key][name] + told
    return sums


def tables(columns: dict[str, dict[str, dict[str, Score]]]) -> str:
    """Two Markdown tables; a cell holds messages found, authors right and orders right."""
    (first, *_) = columns.values()
    lines = list[str]()
    for title, key, rows in (
        ("client", "client", list(first["client"])),
        ("language", "language", [language for language in LANGUAGES if language in first["language"]]),
    ):
        lines += [f"| {title} | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
        lines += [f"| {row} | {' | '.join(str(column[key][row]) for column in columns.values())} |" for row in rows]
        lines += [f"| **all** | {' | '.join(str(column['all']['all']) for column in columns.values())} |", ""]
    return "\n".join(lines).rstrip()


def main() -> None:
    """Measures every column and puts the tables between their marks."""
    if "--cases" in sys.argv:
        for case in cases():
            print(f"{case.name:40}{score(case, ours(case))}")
        return
    columns = {OURS: scores(ours, cases())}
    for library in LIBRARIES:
        heading = f"{library.name} {metadata.version(library.name)}"
        columns[heading] = scores(lambda case, library=library: library.split(case.text), cases())
    print(tables(columns))
    text = README.read_text(encoding="utf-8")
    filled = f"{_START}\n\n{tables(columns)}\n\n{_END}"
    README.write_text(re.sub(f"{_START}.*{_END}", lambda _: filled, text, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
