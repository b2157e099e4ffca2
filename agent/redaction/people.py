"""Names of persons: who writes, who is written to, who is greeted, who signs, who is introduced.

Names in headings and addresses are certain. Elsewhere a name is believed where a greeting, a closing, a title or a
common first name stands beside it; a surname that stands alone in prose is found only if one of these named its bearer.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from heapq import merge
from importlib import resources
from itertools import chain
from typing import Any, NamedTuple

import regex

from agent import strict_yaml
from agent.late import late, late_regex
from agent.redaction import phrases, prose
from agent.redaction.found import SPACELESS, Found, joined, within
from agent.schema import PrivateKind, Situation

_MOST_WORDS, _MOST_NAMES = 6, 400
_MOST_FIRST_NAMES = 2
_SITUATIONS, _SPELLINGS = 8, 4096  # kept at hand: a page that runs for weeks holds no more names than these
_LEAST_ALONE = 2  # letters of a name that counts by itself
_WORD = r"(?:\p{Lu}\p{Ll}?[\p{L}]*(?:['’-]\p{Lu}?\p{L}+)*|\p{Lu}\.|(?:d['’]|O['’])\p{Lu}\p{L}+)"
_BEFORE_ADDRESS = late_regex(
    r"(?:^|[:;,\s\"'])\s*\"?(?P<name>[^\n<>\"@:;]{2,60}?)\"?\s*<[^<>@\s]{1,64}@[^<>\s]{1,100}>", regex.MULTILINE
)
_START = r"(?:(?<![\p{L}\d_])|(?<=\\[nrt]))"  # a word's start, or what follows an escaped line break in JSON
_HEADING_SPLIT = late(r"[;\n]|,(?=[^,]*<)|(?<=>),")
_ADDRESS = late(r"<[^>]*>|\(mailto:[^)]*\)|[\w.+-]+@[\w.-]+|\[[^\]]*\]")
_REMARK = late(r"\s?[(|/].*|\s[-–—]\s.*")


_FOREIGN = r"(?:(?!\p{Latin})\p{L})"
_COURTESY = r"(?:様|さま|さん|氏|殿|君|先生|部長|課長|社長|님|씨|先生|女士|小姐)"


class _Lists(NamedTuple):
    particles: frozenset[str]
    no_names: frozenset[str]
    everyday: frozenset[str]
    company: regex.Pattern[str]
    greeted: regex.Pattern[str]
    signed: regex.Pattern[str]
    spoken_of: tuple[regex.Pattern[str], ...]


class People(NamedTuple):
    """Every way in which the persons of a situation are written, by person, the fullest first."""

    persons: tuple[tuple[str, ...], ...]
    kept: tuple[str, ...]

    def find(self, text: str) -> Iterator[Found]:
        """Their names in a text; never inside what is kept, such as the account's name."""
        held = joined(match.span() for match in chain(_kept(self.kept, text), _lists().company.finditer(text)))
        last = 0
        for start, end in _written(text, self.persons):
            found = Found(start, end, PrivateKind.PERSON)
            if start >= last and not within(found, held):
                yield found
            last = max(last, end)

    def person(self, name: str) -> int | None:
        """Which person bears the name, counted from 0."""
        return _bearers(self.persons).get(_plain(name))


def people(situation: Situation, *, known: Iterable[str] = (), kept: Iterable[str] = ()) -> People:
    """The persons of a situation. `known` are names that the run knows, `kept` names that must stay readable."""
    stay = tuple(dict.fromkeys(word for word in kept if word.strip()))
    barred = {_plain(word) for word in stay}
    names = dict.fromkeys(name for name in (*known, *_named(situation)) if _plain(name) not in barred)
    return People(_grouped(list(names)[:_MOST_NAMES], barred), stay)


def _named(situation: Situation) -> Iterator[str]:
    for message in situation.messages:
        yield from _of_heading(message.author or "", alone=True)
        yield from _of_heading(message.to or "")
    for listed in situation.people:
        yield from _of_heading(listed, alone=True)
    text = situation.text
    yield from (name for m in _BEFORE_ADDRESS.finditer(text) for name in _of_heading(m["name"]))
    lists = _lists()
    for pattern in (lists.greeted, lists.signed, *lists.spoken_of):
        for match in pattern.finditer(text):
            if name := _as_name(match["name"]):
                yield name
    ends = (prose.last_line(f"{m.body}\n{m.signature or ''}") for m in situation.messages)
    told = (*prose.names(text, situation.language), *filter(None, ends))
    yield from (name for found in told if (name := _as_name(found)))


def _of_heading(heading: str, *, alone: bool = False) -> Iterator[str]:
    """The persons of 'Weber, Jonas (Acme) <j@acme.example>; Ann Lee'. `alone`: the heading names one person."""
    for part in _HEADING_SPLIT.split(heading):
        written = _REMARK.sub("", _ADDRESS.sub("", part.partition(":")[2] if ":" in part else part)).strip(" \"'*_.")
        last, comma, first = written.partition(", ")
        turned = (
            comma
            and (alone or _ADDRESS.search(part) or ";" in heading)
            and len(first.split()) <= _MOST_FIRST_NAMES
            and _as_name(first)
            and _as_name(last)
            and " " not in last.strip()
        )
        if turned:
            yield f"{first} {last}"
            yield written
            continue
        for piece in written.split(", "):
            if name := _as_name(piece) or _foreign(piece) or _small(piece):
                yield name


def _foreign(words: str) -> str | None:
    """A name of a heading in letters other than Latin ones, without the word of courtesy behind it."""
    name = regex.sub(rf"(?<=.)\s?{_COURTESY}$", "", words.strip(" ,.;:!\"'　"))
    return " ".join(name.split()) if regex.fullmatch(rf"{_FOREIGN}[\p{{L}}\p{{M}}.・'’ 　-]{{0,40}}", name) else None


def _small(words: str) -> str | None:
    """'jonas weber': a name of a heading in small letters, as chats have it."""
    small = 1 < len(words.split()) <= _MOST_FIRST_NAMES + 1 and words.islower()
    return _as_name(words.title()) if small else None


def _as_name(words: str) -> str | None:
    """The words if they can be a person's name, without title; None otherwise."""
    lists, parts = _lists(), words.strip(" ,.;:!\"'").split()
    while parts and _is_title(parts[0]):
        parts = parts[1:]
    lowered = [part.casefold().strip(".,'’") for part in parts]
    if (
        not 0 < len(parts) <= _MOST_WORDS
        or set(lowered) & lists.no_names - lists.particles
        or lists.company.search(" ".join(parts))
    ):
        return None
    if not all(
        low in lists.particles or regex.fullmatch(_WORD, part) for low, part in zip(lowered, parts, strict=True)
    ):
        return None
    if (
        lowered[-1] in lists.particles
        or all(low in lists.particles for low in lowered)
        or len(parts[-1].strip(".")) < _LEAST_ALONE
    ):
        return None
    return " ".join(parts)


def _is_title(word: str) -> bool:
    return regex.fullmatch(_any_of("titles"), word.rstrip("."), regex.IGNORECASE) is not None


def _grouped(names: list[str], barred: set[str]) -> tuple[tuple[str, ...], ...]:
    """Full names first, each with its parts; a part that belongs to a person already names nobody new."""
    persons, named = list[list[str]](), set[str]()
    for name in sorted(names, key=lambda n: -len(n.replace(",", "").split())):
        ways = [way for way in _ways(name) if _plain(way) not in barred]
        if _plain(name) not in named and ways:
            persons.append(ways)
            named.update(map(_plain, ways))
    order = {_plain(name): n for n, name in reversed(list(enumerate(names)))}
    persons.sort(key=lambda ways: order.get(_plain(ways[0]), len(order)))
    return tuple(tuple(dict.fromkeys(ways)) for ways in persons)


@lru_cache(maxsize=_SITUATIONS)
def _bearers(persons: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    """Who bears a name; what two persons share is the first one's."""
    return {_plain(way): n for n, ways in reversed(list(enumerate(persons))) for way in ways}


def _ways(name: str) -> list[str]:
    """'Jonas van den Berg': in full, the first name, the last name with and without its particles, turned around."""
    particles, parts = _lists().particles, name.replace(",", "").split()
    if regex.match(_FOREIGN, name):
        return [name, *(["".join(parts)] if len(parts) > 1 else []), *(parts if len(parts) > 1 else [])]
    if len(parts) == 1 or "," in name:
        return [name, *([] if len(parts) == 1 else parts)]
    first = parts[0]
    tail = next((n for n in range(1, len(parts)) if parts[n].casefold() in particles), len(parts) - 1)
    surname = " ".join(parts[tail:])
    alone = [part for part in parts if part.casefold() not in particles and len(part.strip(".")) >= _LEAST_ALONE]
    ways = [name, f"{surname}, {first}", f"{first} {surname}", surname, *alone]
    return [*ways, *(bare for way in ways if (bare := _unaccented(way)) != way)]


def _unaccented(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split())


def _written(text: str, persons: tuple[tuple[str, ...], ...]) -> Iterator[tuple[int, int]]:
    """Where a name stands as somebody's name is written, in the text's order."""
    known, foreign = _looked_up(persons)
    in_words = (
        match.span() for at, way in phrases.places(text, known) if (match := _spelled(way).match(text, at)) is not None
    )
    anywhere = (match.span() for match in foreign.finditer(text)) if foreign else iter(())
    return merge(in_words, anywhere, key=lambda span: span[0])


@lru_cache(maxsize=_SITUATIONS)
def _looked_up(persons: tuple[tuple[str, ...], ...]) -> tuple[phrases.Phrases, regex.Pattern[str] | None]:
    """The names to look up by their words, and those that other letters may be joined to."""
    ways = sorted({way for person in persons for way in person}, key=len, reverse=True)
    foreign = [way for way in ways if regex.match(_FOREIGN, way)]
    known = phrases.phrases((way for way in ways if not regex.match(_FOREIGN, way)), endings=("", "s"))
    return known, regex.compile("|".join(map(_spelled_foreign, foreign))) if foreign else None


@lru_cache(maxsize=_SPELLINGS)
def _spelled(way: str) -> regex.Pattern[str]:
    """A name as it may stand in a text: broken over lines, in capitals, with an ending; an everyday word with more care."""
    exact = _across_lines(way)
    if " " in way:
        return regex.compile(rf"{_START}(?i:{exact})(?=s?(?![\p{{L}}\d_]))")
    loud = rf"|{_across_lines(way.upper())}" if len(way) > 3 else ""  # noqa: PLR2004 - ANN and TIM are often no names
    if way.casefold() in _lists().everyday:
        inside = rf"(?<=[\p{{L}}\d,;(][ ,]\s?){exact}(?![\p{{L}}\d_])"
        return regex.compile(rf"(?m:{inside}|(?<=^[ >]*|[.!?][ ]){exact}(?=[ ,.!]*$))")
    return regex.compile(rf"{_START}(?:(?:{exact}{loud})(?=s?(?![\p{{L}}\d_]))|(?i:{exact})(?=['’]s(?!\p{{L}})))")


def _across_lines(way: str) -> str:
    words = r"(?:\s|\\[nrt]|>)+".join(map(regex.escape, way.split()))
    return words.replace("’", "'").replace("'", "['’]")


def _spelled_foreign(way: str) -> str:
    """Where words stand without spaces, anywhere; one such letter alone only before a courtesy or between other marks."""
    exact = _across_lines(way)
    if regex.search(f"[{SPACELESS}]", way):
        return exact if len(way) > 1 else rf"(?:{exact}(?={_COURTESY}|です)|(?<!\p{{L}}){exact}(?!\p{{L}}))"
    return rf"(?<!\p{{L}}{{3}}){exact}(?=\p{{L}}{{0,3}}(?!\p{{L}}))"  # with what is joined to it: Иванову, وأحمد


def _kept(kept: tuple[str, ...], text: str) -> Iterator[regex.Match[str]]:
    """Where something stands that is kept, such as the account's name."""
    pattern = "|".join(r"\s+".join(map(regex.escape, name.split())) for name in kept)
    return regex.finditer(pattern, text, regex.IGNORECASE) if kept else iter(())


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = strict_yaml.load(
        resources.files("agent.redaction").joinpath("people.yaml").read_text(encoding="utf-8")
    )
    return document


@cache
def _any_of(group: str) -> str:
    return "(?:" + "|".join(sorted(map(str, _document()[group]), key=len, reverse=True)) + ")"


@cache
def _lists() -> _Lists:
    document = _document()
    link = "(?:" + "|".join(map(regex.escape, document["particles"])) + ")"
    name = rf"(?P<name>(?:{_WORD}|{link} {_WORD})(?:[ ](?:{link}[ ]){{0,2}}{_WORD}){{0,3}})"
    title = rf"(?:(?i:{_any_of('titles')})\.?\s(?:(?i:dr|prof|ing|dott)\.?\s)?)"
    first = "(?:" + "|".join(sorted(map(regex.escape, prose.first_names()), key=len, reverse=True)) + ")"
    firm = r"[\p{L}\d&'’.-]{0,60}+"  # the rest of a word of its name
    return _Lists(
        particles=frozenset(document["particles"]),
        no_names=frozenset(map(str, document["no_names"])) | frozenset({"no", "yes"}),
        everyday=frozenset(document["everyday"]) - frozenset(document["particles"]),
        company=regex.compile(
            rf"(?<![\p{{L}}\d])\p{{Lu}}{firm}(?:[ ,]{{1,3}}(?:\p{{Lu}}{firm}|&|und|and|et|y|e|en|of|de)){{0,4}}[ ,]{{1,3}}(?i:{_any_of('companies')})\b\.?(?!\p{{L}})"
        ),
        greeted=regex.compile(
            rf"(?m)(?:^|[.!?:]\s|>\s?)[ \t>]*(?i:{_any_of('greetings')}),?[ ]{title}?{name}(?=\s*[,!:.–—-]|\s*$)"
        ),
        signed=regex.compile(
            rf"(?m)(?:^|[.!?]\s)[ \t>]*(?i:{_any_of('closings')})[ ]?[,.!]?(?:\s*\n[ \t>]*){{0,3}}(?:[,–—-]?[ ]{{0,2}}(?:[-–—/]\s?)?){name}(?=\s*$|\s*[,|(/•·–—-]|\s*\n)"
        ),
        spoken_of=(
            regex.compile(rf"(?<![\p{{L}}\d]){title}{name}"),
            regex.compile(rf"(?<!\p{{L}})(?i:{_any_of('relations')}),?[ ]{name}"),
            regex.compile(
                rf"(?<!\p{{L}}){name}[ ]?\((?:[^()\s]{{1,60}}@|(?i:tel|mobil|phone|handy|port|cell|móvil)|\+?\d[\d ]{{6}})"
            ),
            regex.compile(rf"(?<![\p{{L}}\d])(?i:{'|'.join(document['introductions'])})[ ]{name}"),
            regex.compile(
                rf"(?<![\p{{L}}\d])(?P<name>{first}(?:[ -]{first})?[ ](?:{link}[ ]){{0,2}}{_WORD}(?:-{_WORD})?)(?!\p{{L}})"
            ),
            regex.compile(rf"(?m)^[ \t>]*(?:[-–—]{{1,2}}|/)[ ]?{name}[ ]*$"),
            regex.compile(rf"(?<![\p{{L}}\d@.])@{name}"),
        ),
    )
