"""What else a model might have said for a one-digit answer, read off the token that it wrote. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_OPENING = re.compile(r'"(\w+)"\s*:\s*\{')
_NEARLY_ALL, _ROUNDED_UP = 0.9, 1.02  # of what could have been written


class Token(NamedTuple):
    """A token as it was written, and the log-probability of every alternative that the provider tells."""

    text: str
    alternatives: Mapping[str, float]


def weights(tokens: Sequence[Token], key: str) -> dict[str, dict[str, float]]:
    """The share of each digit under `key`, by the name of the object that carries it; empty where there is none.

    A key inside a string is written with backslashes before its quote marks, so that no text can pass for one.
    """
    text = "".join(token.text for token in tokens)
    openings = [(match.start(), match.group(1)) for match in _OPENING.finditer(text)]
    found: dict[str, dict[str, float]] = {}
    for match in re.finditer(rf'"{re.escape(key)}"\s*:\s*(\d)', text):
        parents = [name for start, name in openings if start < match.start()]
        shares = _shares(tokens, match.start(1))
        if parents and shares:
            found[parents[-1]] = shares
    return found


def _shares(tokens: Sequence[Token], position: int) -> dict[str, float]:
    """Of the digits that could have stood at this position of the text, whatever else their token carries.

    Empty where the alternatives that are told do not add up to nearly everything: then nobody knows what the rest is.
    """
    start = 0
    for token in tokens:
        if position < start + len(token.text):
            told = {other: math.exp(logprob) for other, logprob in token.alternatives.items()}
            if not _NEARLY_ALL <= math.fsum(told.values()) <= _ROUNDED_UP:
                return {}
            return _by_digit(told, "".join(token.text[: position - start].split()))
        start += len(token.text)
    return {}


def _by_digit(told: Mapping[str, float], before: str) -> dict[str, float]:
    """The shares by the digit that stands behind `before`, white space apart; "42" and "4.5" are no level."""
    level = re.compile(rf"{re.escape(before)}(\d)(?![\d.])", re.ASCII)
    masses: dict[str, float] = {}
    for other, mass in told.items():
        if match := level.match("".join(other.split())):
            masses[match[1]] = masses.get(match[1], 0.0) + mass
    total = math.fsum(masses.values())
    return {digit: mass / total for digit, mass in sorted(masses.items())} if total else {}
