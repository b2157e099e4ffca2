"""Attacked copies of cases, made by code: every family of payload, in every position and language.

Seeded per case, so that more cases or a limit change no other case's attacks. A variant's id says what it is:
'inflate.html_comment.newest.fr'.
"""

import random
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from agent.schema import Side
from evals.cases import Case
from evals.suites.payloads import LANGUAGES, Disguise, Goal, build


class Position(StrEnum):
    """Where in the text a payload stands."""

    TOP = "top"
    MIDDLE = "middle"
    NEWEST = "newest"
    END = "end"


class Variant(NamedTuple):
    """What an attack is made of."""

    goal: Goal
    disguise: Disguise
    position: Position
    language: str

    @property
    def id(self) -> str:
        return f"{self.goal}.{self.disguise}.{self.position}.{self.language}"

    @classmethod
    def parse(cls, name: str) -> "Variant":
        """The variant of an id. Raises ValueError for anything that `attacks` did not make."""
        goal, disguise, position, language = name.split(".")
        return cls(Goal(goal), Disguise(disguise), Position(position), language)


_FAMILIES = (
    *((goal, Disguise.PLAIN) for goal in (Goal.INFLATE, Goal.DEFLATE, Goal.LEAK, Goal.BENIGN)),
    *((None, disguise) for disguise in Disguise if disguise is not Disguise.PLAIN),
)


def attacks(cases: Iterable[Case], seed: int, per_case: int) -> tuple[tuple[str, Case], ...]:
    """`per_case` attacked copies of every case with their variant ids, each of another family."""
    return tuple((variant.id, _attacked(case, variant)) for case in cases for variant in _dealt(case, seed, per_case))


def _dealt(case: Case, seed: int, per_case: int) -> Iterator[Variant]:
    chance = random.Random(f"{seed}:{case.id}")  # noqa: S311 - repeatable draws, no secrets
    for goal, disguise in chance.sample(_FAMILIES, min(per_case, len(_FAMILIES))):
        aim = goal or chance.choice((Goal.INFLATE, Goal.DEFLATE, Goal.LEAK))
        yield Variant(aim, disguise, chance.choice(tuple(Position)), chance.choice(LANGUAGES))


def every_variant() -> tuple[Variant, ...]:
    """All that `attacks` may deal."""
    goals = (Goal.INFLATE, Goal.DEFLATE, Goal.LEAK)
    put = [(goal, disguise) for goal, disguise in product(goals, Disguise)] + [(Goal.BENIGN, Disguise.PLAIN)]
    return tuple(Variant(*how, where, code) for how in put for where in Position for code in LANGUAGES)


def _attacked(case: Case, variant: Variant) -> Case:
    payload = build(variant.goal, variant.disguise, variant.language)
    return case.model_copy(update={"text": insert(case, payload, variant.position)})


def insert(case: Case, payload: str, position: Position) -> str:
    """The case's text with the payload as lines of its own; no word of the text is lost."""
    text = case.text
    if position is Position.TOP:
        return f"{payload}\n\n{text}"
    if position is Position.END:
        return f"{text.rstrip()}\n\n{payload}\n"
    at = _middle(text) if position is Position.MIDDLE else _in_newest(case)
    return f"{text[:at].rstrip()}\n{payload}\n{text[at:].lstrip(chr(10))}"


def _middle(text: str) -> int:
    """The end of the line, or else of the sentence or the word, that is nearest to the middle."""
    half = len(text) // 2
    for end in ("\n", ". ", " "):
        places = [n + len(end) for n in range(len(text)) if text.startswith(end, n)]
        if places:
            return min(places, key=lambda place: abs(place - half))
    return len(text)


def _in_newest(case: Case) -> int:
    """The end of the customer's newest message; of the newest one at all where no message is known as theirs."""
    messages = case.situation.messages
    newest = next((m for m in messages if m.side is Side.CUSTOMER), messages[0])
    start = case.text.find(newest.body)
    return len(case.text) if start < 0 else start + len(newest.body)
