"""Private values out, placeholders in, and back: the same value always has the same placeholder.

A person is one number in all spellings: `[PERSON_1]` is the full name, `[PERSON_1B]` another spelling of it. A
placeholder that the text itself contains is left alone and never given out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, TypeVar

import regex
from pydantic import BaseModel

from agent.redaction import identities, numbers, online, people, phrases, places
from agent.redaction.found import Found, apart, joined, touches
from agent.schema import PrivateKind, Replaced, Situation
from agent.schema.situation import context_note

V = TypeVar("V")

_NAMES = "|".join(kind.upper() for kind in PrivateKind)
PLACEHOLDER = regex.compile(rf"(?<!\w)\[?((?:{_NAMES})_\d{{1,4}}[A-Z]{{0,2}})(?!\w)\]?")
_FENCE = regex.compile(r"(?:</?[a-z_]+ |^Blocks are marked )$")
_LONGEST_FENCE = 40


class Redactor:
    """Knows the private values of one situation. Replaces only the kinds that are asked for."""

    def __init__(
        self,
        situation: Situation,
        *,
        kinds: Iterable[PrivateKind] = tuple(PrivateKind),
        known_people: Iterable[str] = (),
        kept: Iterable[str] = (),
    ) -> None:
        """`known_people` are names the run knows, `kept` names that stay: the account's and the CSM's own company."""
        self.kinds = frozenset(kinds)
        self._language = situation.language
        self._people = people.people(situation, known=known_people, kept=kept)
        text = "\n".join((situation.text, context_note(situation.context), *_headings(situation)))
        self._taken = set(PLACEHOLDER.findall(text))
        self._codes: dict[tuple[PrivateKind, str], str] = {}
        self._values: dict[str, str] = {}
        self._numbers: Counter[PrivateKind] = Counter()
        self._persons: dict[int, str] = {}
        self._times: Counter[str] = Counter()
        # Numbered in the order of the text, whatever is sent first.
        for found in self.find(text):
            value = text[found.start : found.end]
            self._code(found.kind, value)
            for line in online.key_lines(value):
                self._code(found.kind, line)

    def redact(self, text: str) -> str:
        """The text with a placeholder for every private value; each one is counted."""
        return self._replaced(self._replaced(text, self._told), self.find)

    def _replaced(self, text: str, find: Callable[[str], Iterable[Found]]) -> str:
        pieces, at = list[str](), 0
        for found in find(text):
            pieces += [text[at : found.start], self._placeholder(found.kind, text[found.start : found.end])]
            at = found.end
        return "".join((*pieces, text[at:]))

    def restore(self, value: V) -> V:
        """The value with every known placeholder in its strings filled in again, however deep they stand."""
        restored: V = self._restored(value)
        return restored

    def _restored(self, value: Any) -> Any:  # noqa: ANN401 - a noun, or anything that stands in one
        if type(value) is str:  # an enumeration's value is a string too, and stays what it is
            return PLACEHOLDER.sub(lambda match: self._values.get(match[1], match[0]), value)
        if isinstance(value, BaseModel):
            fields = {name: self._restored(getattr(value, name)) for name in type(value).model_fields}
            return value.model_copy(update=fields)
        if isinstance(value, tuple):
            return tuple(self._restored(part) for part in value)
        return value

    def replaced(self) -> tuple[Replaced, ...]:
        """How much of each kind was replaced in everything redacted so far."""
        values = {code: code.rpartition("_")[0].lower() for code in self._times}
        return tuple(
            Replaced(
                kind=kind,
                values=sum(of == kind for of in values.values()),
                times=sum(times for code, times in self._times.items() if values[code] == kind),
            )
            for kind in PrivateKind
            if kind in values.values()
        )

    def find(self, text: str) -> list[Found]:
        """Everything private in the text that stands in no placeholder and in no fence of our own."""
        ours = joined(match.span() for match in PLACEHOLDER.finditer(text))
        found = (one for one in self._candidates(text) if one.kind in self.kinds)
        return [one for one in apart(found) if not touches(one, ours) and not _of_a_fence(text, one.start)]

    def _candidates(self, text: str) -> Iterator[Found]:
        """The surest kinds first: what they take no other kind takes."""
        yield from online.secrets(text)
        yield from places.japanese(text)
        yield from online.emails(text)
        yield from numbers.ibans(text)
        yield from numbers.cards(text)
        yield from identities.national_ids(text)
        yield from online.ips(text)
        if PrivateKind.PHONE in self.kinds:
            yield from numbers.phones(text, self._language)
        yield from places.addresses(text)
        yield from self._people.find(text)

    @cached_property
    def _known(self) -> tuple[dict[str, PrivateKind], phrases.Phrases]:
        """The values of the situation; people are found by rules of their own."""
        kinds: dict[str, PrivateKind] = {value: kind for kind, value in self._codes if kind is not PrivateKind.PERSON}
        return kinds, phrases.phrases(sorted(kinds, key=len, reverse=True))

    def _told(self, text: str) -> Iterator[Found]:
        """The values of the situation wherever they stand, also in JSON."""
        (kinds, known), last = self._known, 0
        for at, value in phrases.places(text, known):
            end = phrases.end_of(value, text, at) if at >= last else None
            if end is not None:
                yield Found(at, end, kinds[value])
                last = end

    def _placeholder(self, kind: PrivateKind, value: str) -> str:
        code = self._code(kind, value)
        self._times[code] += 1
        return f"[{code}]"

    def _code(self, kind: PrivateKind, value: str) -> str:
        """The code of a value exactly as written; a new one where it has none."""
        if (kind, value) not in self._codes:
            code = self._next(kind, value)
            self._codes[kind, value], self._values[code] = code, value
        return self._codes[kind, value]

    def _next(self, kind: PrivateKind, value: str) -> str:
        person = self._people.person(value) if kind is PrivateKind.PERSON else None
        if person is not None and person in self._persons:
            base = self._persons[person]
            return next(code for code in (base + letter for letter in _letters()) if self._free(code))
        while True:
            self._numbers[kind] += 1
            code = f"{kind.upper()}_{self._numbers[kind]}"
            if self._free(code):
                break
        if person is not None:
            self._persons[person] = code
        return code

    def _free(self, code: str) -> bool:
        return code not in self._values and code not in self._taken


def _headings(situation: Situation) -> Iterator[str]:
    for message in situation.messages:
        yield from filter(None, (message.author, message.address, message.to, message.subject))


def _of_a_fence(text: str, at: int) -> bool:
    """Whether the word that starts there marks a block of ours."""
    near = max(0, at - _LONGEST_FENCE)
    return _FENCE.search(text[max(near, text.rfind("\n", near, at) + 1) : at]) is not None


def _letters() -> Iterator[str]:
    """B to Z, then BB to ZZ."""
    alphabet = "BCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from alphabet
    yield from (letter + other for letter in alphabet for other in alphabet)
