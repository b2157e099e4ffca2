"""A message cut into pieces, so that the page can show which words carry which score."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from agent import evidence
from agent.schema import Dimension, Message, Scores


class Piece(NamedTuple):
    """A run of text that the same quotes hold. `begins` are the anchors of quotes that begin with it."""

    text: str
    dimensions: tuple[Dimension, ...] = ()
    begins: tuple[str, ...] = ()
    ends: tuple[Dimension, ...] = ()


class Quote(NamedTuple):
    """Where a quote stands in a message's body."""

    start: int
    end: int
    dimension: Dimension
    anchor: str


def anchor(dimension: Dimension, place: int) -> str:
    """The name of a dimension's quote on the page; `place` counts its evidence from 1."""
    return f"quote-{dimension}-{place}"


def pieces(message: Message, scores: Scores) -> tuple[Piece, ...]:
    """The whole body in order; pieces that no quote holds have no dimensions."""
    quotes = tuple(_quotes(message, scores))
    cuts = sorted({0, len(message.body), *(q.start for q in quotes), *(q.end for q in quotes)})
    return tuple(
        Piece(
            message.body[start:end],
            tuple(d for d in Dimension if any(q.dimension is d and q.start <= start < q.end for q in quotes)),
            tuple(q.anchor for q in quotes if q.start == start),
            tuple(d for d in Dimension if any(q.dimension is d and q.end == end for q in quotes)),
        )
        for start, end in pairwise(cuts)
    )


def _quotes(message: Message, scores: Scores) -> Iterable[Quote]:
    for dimension, score in scores.items():
        for place, found in enumerate(score.evidence, 1):
            if found.found and found.message == message.number and (span := locate(found.quote, message.body)):
                yield Quote(*span, dimension, anchor(dimension, place))


def locate(quote: str, body: str) -> tuple[int, int] | None:
    """The smallest piece of the body that holds the quote as `evidence` compares them; None where none does."""
    if (start := body.find(quote)) >= 0 and quote:
        return start, start + len(quote)
    wanted = evidence.normalise(quote)
    if not wanted or wanted not in evidence.normalise(body):
        return None
    low, end = 0, len(body)  # the shortest beginning of the body that holds it
    while low + 1 < end:
        middle = (low + end) // 2
        low, end = (low, middle) if wanted in evidence.normalise(body[:middle]) else (middle, end)
    start, high = 0, end  # and of that, the shortest end
    while start + 1 < high:
        middle = (start + high) // 2
        start, high = (middle, high) if wanted in evidence.normalise(body[middle:end]) else (start, middle)
    return start, end
