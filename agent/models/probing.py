"""How a text is put before a model whose inner states are read: what to look for first, then the text.

Every token of the text is read in the light of the questions above it. Nothing follows the text, so nothing of it can
be answered: the model only reads.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import add, mul
from typing import NamedTuple

from agent.models.port import PassageReading, Probe

OPENING = (
    "<|im_start|>system\nYou assess customer situations for an account manager.<|im_end|>\n<|im_start|>user\n"
    "How badly is the customer's business hit right now? How soon must it be solved? "
    "Can the account manager solve it without help from others? What kind of issue is it?\n\n<thread>\n"
)
WINDOW_TOKENS = 1_000  # a longer text is read piece by piece, each below the opening
PASS_TOKENS = WINDOW_TOKENS + 128  # with the opening

State = Sequence[float]


class Token(NamedTuple):
    """One token of the text, and in which passage it begins."""

    number: int
    passage: int


def opening_digest() -> str:
    """sha256 of the opening: probes fitted below other words read nothing."""
    return hashlib.sha256(OPENING.encode()).hexdigest()


def reference(probes: Sequence[Probe]) -> str:
    """name@version#digest of the opening and the probes, as recordings and provenance carry it."""
    asked = OPENING + "".join(probe.model_dump_json() for probe in probes)
    return f"probes@1#{hashlib.sha256(asked.encode()).hexdigest()[:12]}"


def placed(tokens: Sequence[tuple[int, int]], passages: Sequence[str]) -> list[Token]:
    """Each token of the joined passages, with the passage in which it begins; given are number and width in bytes."""
    ends = list(accumulate(len(passage.encode()) for passage in passages))
    starts = accumulate((width for _, width in tokens), initial=0)
    return [
        Token(number, min(bisect_right(ends, start), len(ends) - 1))
        for (number, _), start in zip(tokens, starts, strict=False)
    ]


def windows(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens in pieces that one pass can take."""
    return (tokens[start : start + WINDOW_TOKENS] for start in range(0, len(tokens), WINDOW_TOKENS))


def readings(tokens: Sequence[Token], states: Sequence[State], probes: Sequence[Probe]) -> tuple[PassageReading, ...]:
    """What each probe reads in each passage: the mean over its tokens. A passage in which no token begins has none."""
    sums: dict[int, list[float]] = {}
    counts: dict[int, int] = {}
    for token, state in zip(tokens, states, strict=True):
        known = sums.get(token.passage)
        sums[token.passage] = list(map(add, known, state)) if known else list(state)
        counts[token.passage] = counts.get(token.passage, 0) + 1
    return tuple(
        PassageReading(
            passage=passage,
            tokens=counts[passage],
            values={p.name: p.bias + sum(map(mul, p.direction, total)) / counts[passage] for p in probes},
        )
        for passage, total in sums.items()
    )
