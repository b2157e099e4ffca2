"""What a finder finds: where in a text something private stands, and of which kind it is."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from agent.schema import PrivateKind

SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}々ー"
"""Scripts whose words stand without a space between them, as the inside of a character class."""


class Found(NamedTuple):
    """A private value by its place in a text."""

    start: int
    end: int
    kind: PrivateKind


def apart(found: Iterable[Found]) -> list[Found]:
    """The finds in the text's order, none inside another; of two that overlap the one given first stays."""
    kept = list[Found]()
    for one in found:
        at = bisect_left(kept, one.start, key=lambda other: other.end - 1)  # the first that ends behind its start
        if at == len(kept) or one.end <= kept[at].start:
            kept.insert(at, one)
    return kept


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in a text in its order, those that overlap as one."""
    one_by_one = list[tuple[int, int]]()
    for start, end in sorted(spans):
        if one_by_one and start < one_by_one[-1][1]:
            one_by_one[-1] = one_by_one[-1][0], max(end, one_by_one[-1][1])
        else:
            one_by_one.append((start, end))
    return one_by_one


def touches(one: Found, places: list[tuple[int, int]]) -> bool:
    """Whether the find shares a letter with one of the places, which `joined` gave."""
    at = bisect_left(places, (one.end,))  # the first that starts behind it
    return at > 0 and places[at - 1][1] > one.start


def within(one: Found, places: list[tuple[int, int]]) -> bool:
    """Whether the find lies inside one of the places, which `joined` gave."""
    at = bisect_left(places, (one.start + 1,))  # the first that starts behind its start
    return at > 0 and places[at - 1][1] >= one.end
