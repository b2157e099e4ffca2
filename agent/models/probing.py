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
from agent.models.reader_process import PASS_TOKENS

OPENING = (
    "<|im_start|>system\nYou assess customer situations for an account manager.<|im_end|>\n<|im_start|>user\n"
    "How badly is the customer's business hit right now? How soon must it be solved? "
    "Can the account manager solve it without help from others? What kind of issue is it?\n\n<thread>\n"
)
WINDOW_TOKENS = PASS_TOKENS - 128  # beside the opening; a longer text is read piece by piece, each below it

State = Sequence[float]


class Token(NamedTuple):
    """One token of the text, and in which passage it begins."""

    number: int
    passage: int


class StateSum(NamedTuple):
    """States added up, and over how many tokens."""

    tokens: int
    total: State


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


def summed(tokens: Sequence[Token], states: Sequence[State]) -> dict[int, StateSum]:
    """The states of every passage summed over its tokens. A passage in which no token begins has none."""
    sums: dict[int, StateSum] = {}
    for token, state in zip(tokens, states, strict=True):
        known = sums.get(token.passage)
        sums[token.passage] = (
            StateSum(known.tokens + 1, list(map(add, known.total, state))) if known else StateSum(1, state)
        )
    return sums


def readings(tokens: Sequence[Token], states: Sequence[State], probes: Sequence[Probe]) -> tuple[PassageReading, ...]:
    """What each probe reads in each passage: the mean over its tokens."""
    return tuple(
        PassageReading(
            passage=passage,
            tokens=count,
            values={p.name: p.bias + sum(map(mul, p.direction, total)) / count for p in probes},
        )
        for passage, (count, total) in summed(tokens, states).items()
    )
