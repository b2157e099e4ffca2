"""Persons whom only the prose names, told by what people do beside their names: "Callister promised", "laut Quandt"."""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import regex

from agent import strict_yaml
from agent.late import late_regex

_EVERYWHERE = "any"
_ALWAYS = "en"
_WORD = r"(?:\p{Lu}\p{Ll}[\p{L}]*(?:['’-]\p{Lu}?\p{L}+)*|(?:Mc|Mac|d['’]|O['’])\p{Lu}\p{L}+)"
_LINK = r"(?:van|von|der|den|de|ten|ter|te|zu|del|della|di|da|dos|du|la|le|el|al|bin)"
_NAME = rf"(?P<name>{_WORD}(?:[ ](?:{_LINK}[ ]){{0,2}}{_WORD}|-{_WORD}){{0,2}})"
# Behind these stands a thing, or somebody who is called by an office.
_DETERMINED = (
    r"(?<!\b(?i:the|a|an|our|your|their|his|her|my|this|that|every|each|no|any|der|die|das|den|dem|des|ein|eine|einen|"
    r"einem|einer|unser|unsere|unserem|unseren|euer|ihr|ihre|ihrem|ihren|kein|keine|jeder|jede|diese|dieser|zum|zur|im|am|"
    r"le|la|les|l|un|une|du|des|notre|votre|leur|ce|cette|el|los|las|una|nuestro|nuestra|su|este|esta|il|lo|gli|i|del|"
    r"della|nostro|nostra|questo|questa|de|het|een|onze|ons|jullie|uw|deze|dit|o|os|as|um|uma|do|da|nosso|nossa)[ ’'])"
)


_INITIALS = late_regex(
    rf"(?<![\p{{L}}\d.])(?P<name>\p{{Lu}}\.[ ]?(?:\p{{Lu}}\.[ ]?)?{_WORD}(?:-{_WORD})?)(?![\p{{L}}\d@.]\p{{L}})"
)
_LAST_LINE = late_regex(
    rf"[.!?,:)][ ]*\n[ \t\n>]*(?P<name>(?:\p{{Lu}}\.[ ])?{_WORD}(?:[ ]{_WORD})?)(?:,[ ][^\n]{{2,60}})?\Z"
)
_WORD_BEFORE = late_regex(r"(?<![\p{L}\d])\p{Lu}\p{L}+(?=\.?[ ]$)")
_WORD_BEHIND = late_regex(r"[ ]\K\p{Lu}\p{L}*")
_NO_FURTHER = r"(?![\p{L}\d@.’'&-]\p{L}|[ ]&|[ ]\p{Lu}|\p{L})"
_POSSESSIVE = r"(?=['’]s(?!\p{L}|[ ]\p{Lu}))"
_LONG_WORD = late_regex(r"\p{L}{2,}")
_SMALL = late_regex(r"(?<![\p{L}@.])\p{Ll}\p{L}+(?![\p{L}@])")
_LONGEST_WORD = 40
_GERMAN_NOUN = late_regex(
    r"\p{Lu}\p{L}+(?:ung|ungen|heit|keit|schaft|vertrag|verträge|buch|plan|team|tion|tionen|tät|ment|system|bericht|protokoll"
    r"|liste|akte|rechte?|angebot|abteilung|leitung|vorgabe|vereinbarung|mail|brief|kalender|anzeige|dienst|stelle|zentrale)"
)
"""what no surname ends in"""


def names(text: str, language: str | None) -> Iterator[str]:
    """Every name that a cue of the text's language stands beside; of all languages where none is claimed."""
    small = frozenset(_SMALL.findall(text))
    for pattern in (_first_names(), _INITIALS, *_patterns(language)):
        for match in pattern.finditer(text, overlapped=True):
            if _may_be_one(match, small):
                yield match["name"]


@cache
def first_names() -> frozenset[str]:
    """First names that are common, in capitals as written."""
    return _words("first_names")


def last_line(message: str) -> str | None:
    """The name that a message ends in, on a line of its own without any closing above."""
    match = _LAST_LINE.search(message.rstrip())
    return match["name"] if match and _may_be_one(match, frozenset(_SMALL.findall(message))) else None


def _may_be_one(match: regex.Match[str], small: frozenset[str]) -> bool:
    """Whether none of its words is listed as no name or as a firm's, or stands in the text in small letters."""
    words, text = _LONG_WORD.findall(match["name"]), match.string
    before = _WORD_BEFORE.search(text, max(0, match.start("name") - _LONGEST_WORD), match.start("name"))
    behind = _WORD_BEHIND.match(text, match.end("name"))
    beside = [*words, before[0] if before else "", behind[0] if behind else ""]
    if any(word.casefold() in _words("firms") for word in beside):
        return False
    alone = match.start("name") == match.start()  # a cue that stands before it may begin a sentence
    if alone and before and before[0].casefold() not in _words("no_names") | _words("titles"):
        return False  # only the end of a longer name, which is looked at by itself
    listed = any(word.casefold() in _words("no_names") or _GERMAN_NOUN.fullmatch(word) for word in words)
    return not listed and not any(word.lower() in small for word in words)


@cache
def _document(name: str) -> dict[str, Any]:
    source = resources.files("agent.redaction").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = strict_yaml.load(source)
    return document


@cache
def _words(group: str) -> frozenset[str]:
    """The words of a list of either file; what stands inside names is no word of any."""
    lists = [_document(file).get(group, "") for file in ("people", "prose")]
    words = {str(word) for listed in lists for word in (listed.split() if isinstance(listed, str) else listed)}
    return frozenset(words - set(_document("people")["particles"]))


@cache
def _first_names() -> regex.Pattern[str]:
    """A known first name alone: in the middle of a sentence, or where one starts that speaks to its bearer or of them.

    Before a capital it may be a street's or a firm's.
    """
    known = first_names() - _words("no_first_names")
    sure = [name for name in known if name.casefold() not in _words("everyday")]
    listed, first = ("|".join(sorted(map(regex.escape, some), key=len, reverse=True)) for some in (known, sure))
    inside = rf"(?<=[\p{{Ll}}\d,;:)][ ]){_DETERMINED}(?P<name>{listed})(?:{_POSSESSIVE}|{_NO_FURTHER})"
    starting = rf"(?:(?m:^[ >\t]*)|[.!?…][ ])(?P<name>{first})(?:{_POSSESSIVE}|(?=,[ ]|,?[ ]\p{{Ll}}|!))"
    return regex.compile(rf"{inside}|{starting}")


@cache
def _patterns(language: str | None) -> tuple[regex.Pattern[str], ...]:
    cues = _document("prose")["cues"]
    chosen = (language, _ALWAYS, _EVERYWHERE) if language in cues else tuple(cues)
    return tuple(_pattern(cue) for code in dict.fromkeys(chosen) for cue in cues[code])


def _pattern(cue: str) -> regex.Pattern[str]:
    before, _, after = cue.replace(" ", r"\s").partition("@")
    front = rf"(?<![\p{{L}}\d])(?i:{before})" if before else rf"(?<![\p{{L}}\d@.’'-]){_DETERMINED}"
    behind = rf"(?i:{after})(?![\p{{L}}\d])" if after and not after.startswith("(?=") else after or r"(?![\p{L}\d])"
    return regex.compile(rf"{front}{_NAME}{behind}")
