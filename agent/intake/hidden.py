"""Marks that no reader sees, taken out of a text before anything reads it, and counted.

What belongs to visible writing stays: joiners inside emoji and in scripts that join, variation selectors, the flags of
England, Scotland and Wales. The text is brought to Unicode form C, never to a compatibility form: a quote has to stand
in it as written. Homoglyphs are left as they are and only marked.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

import regex

from agent.schema import HiddenKind, Removed

MOST_WORDS = 200  # characters of what a hidden passage says
_noted: ContextVar[list[Removed] | None] = ContextVar("noted", default=None)
_TAG_BLOCK, _LAST_ASCII = 0xE0000, 0x7E
_JOINING = r"\p{Arabic}\p{Syriac}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}\p{Myanmar}"  # noqa: E501 - a list of scripts
_PICTURE = r"\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f"

_SEEN = (
    rf"(?<=[{_PICTURE}])\u200d(?=\p{{Extended_Pictographic}})"
    rf"|(?<=[{_JOINING}])[\u200c\u200d]"
    r"|(?<=[\p{Emoji}\u200d])[\ufe0e\ufe0f]"
    r"|(?<=\p{Han})[\U000e0100-\U000e01ef]"
    r"|(?<=\p{Mongolian})[\u180b-\u180d]"
    r"|(?<=\U0001f3f4)\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    r"|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
_MARK = regex.compile(
    rf"(?P<seen>{_SEEN})"
    r"|(?P<tag_characters>[\U000e0000-\U000e007f]+)"
    r"|(?P<typographic>[\u00ad\ufeff\uf000-\uf0ff]+)"
    r"|(?P<bidi>[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+)"
    r"|(?P<private_use>[\p{Co}\p{Noncharacter_Code_Point}]+)"
    r"|(?P<control>(?:\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f])+)"
    r"|(?P<zero_width>[\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]+)"
)
_MAY_HOLD_A_MARK = regex.compile(r"[^\t-\r -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u20a0-\u20bf]")


class Shown(NamedTuple):
    """A text as its reader sees it, and what was taken out of it."""

    text: str
    removed: tuple[Removed, ...]


@contextmanager
def noting() -> Iterator[list[Removed]]:
    """Collects what is taken out of the pages of one file, however deep in its format a page is read."""
    notes = list[Removed]()
    token = _noted.set(notes)
    try:
        yield notes
    finally:
        _noted.reset(token)


def note(removed: Iterable[Removed]) -> None:
    """Tells whoever is `noting` what was taken out; once for what stands in several places word for word."""
    notes = _noted.get()
    if notes is not None:
        notes += [one for one in removed if one not in notes]


def shown(text: str) -> Shown:
    """The text in Unicode form C without marks that are not drawn, and one record for every kind that was there."""
    if not _MAY_HOLD_A_MARK.search(text):
        return Shown(text, ())
    found: dict[str, list[regex.Match[str]]] = {}

    def take(match: regex.Match[str]) -> str:
        if match.lastgroup == "seen":
            return str(match[0])
        found.setdefault(match.lastgroup, []).append(match)
        return ""

    visible = unicodedata.normalize("NFC", _MARK.sub(take, text))
    return Shown(visible, tuple(_removed(HiddenKind(kind), matches, text) for kind, matches in found.items()))


def _removed(kind: HiddenKind, matches: list[regex.Match[str]], text: str) -> Removed:
    line = text.count("\n", 0, matches[0].start()) + 1
    said = _spelled("".join(m[0] for m in matches)) if kind is HiddenKind.TAGS else None
    return Removed(
        kind=kind,
        characters=sum(len(m[0]) for m in matches),
        where=f"line {line}",
        words=said[:MOST_WORDS] if said else None,
    )


def _spelled(tags: str) -> str:
    """What characters of the tag block spell in ASCII."""
    return "".join(
        chr(ord(c) - _TAG_BLOCK) for c in tags if " " <= chr(ord(c) - _TAG_BLOCK) <= chr(_LAST_ASCII)
    ).strip()
