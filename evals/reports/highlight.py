"""Where quotes stand in a text as shown, by the very rule that decides whether they stand there at all."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from agent.evidence import normalise
from agent.report.plain import clean


class Passage(NamedTuple):
    """A run of the text, and what refers to it; without labels it is plain text."""

    text: str
    labels: tuple[str, ...] = ()


def passages(text: str, quotes: Iterable[tuple[str, str]]) -> tuple[Passage, ...]:
    """The whole text in order, cut where a quote begins or ends. `quotes` are (label, quote) pairs.

    The passages together are the text cleaned of what acts on a screen; a quote that stands nowhere marks nothing.
    """
    shown = unicodedata.normalize("NFC", clean(text))
    spans = [(label, *span) for label, quote in quotes if (span := locate(quote, shown))]
    cuts = sorted({0, len(shown), *(end for _, *ends in spans for end in ends)})
    return tuple(
        Passage(shown[a:b], tuple(dict.fromkeys(label for label, start, end in spans if start <= a and b <= end)))
        for a, b in pairwise(cuts)
    )


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Start and end of the first place where the quote stands in the text; None where it stands nowhere.

    `normalise` shortens and rewrites, but a longer beginning of a text never normalises to fewer characters. So the
    place of a normalised character is found by bisection, and the rule of `evidence` is not written a second time.
    """
    wanted = normalise(clean(quote))
    first = normalise(text).find(wanted) if wanted else -1
    if first < 0:
        return None

    def place(character: int) -> int:
        ends = range(len(text) + 1)
        return bisect_left(ends, character, key=lambda end: len(normalise(text[:end])))

    return place(first + 1) - 1, place(first + len(wanted))
