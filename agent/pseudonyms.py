"""Names and reachable details of a thread replaced by stable placeholders, such as [PERSON_1], one way for good.

Known are the people who wrote or were written to, the addresses and telephone numbers in the text, and the account
where it is asked for. A name that only the prose mentions is not known: a person checks before anything is passed on.
"""

import re
from collections.abc import Iterator
from functools import partial

from agent.schema import Situation

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DATE = r"(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4})"
_PHONE = re.compile(rf"(?<![\w#-]){_DATE}(?:\+|00?)[1-9(][\d ()/.-]{{6,18}}\d(?!\w)")
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:[ \t]+[^\W\d_][\w.'’-]*){0,4}")
_LEAST_PART = 3  # letters; a shorter part of a name is a word of the language too often


class Pseudonyms:
    """The placeholders of one thread; the same words get the same one everywhere."""

    def __init__(self, situation: Situation, *, account: str | None = None) -> None:
        self._seen: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        whole = [account] if account else []
        self.names = (*whole, *people(situation))
        for name in whole:
            self._placeholder("ACCOUNT", name)
        for name in people(situation):
            placeholder = self._placeholder("PERSON", name)
            for part in name.split():
                if len(part) >= _LEAST_PART and part[0].isupper():
                    self._seen.setdefault(part, placeholder)
        known = sorted(self._seen, key=len, reverse=True)
        self._known = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known)) if known else None

    def text(self, words: str) -> str:
        """The words with every known name and reachable detail replaced."""
        for kind, pattern in (("EMAIL", _ADDRESS), ("LINK", _LINK), ("IBAN", _IBAN), ("PHONE", _PHONE)):
            words = pattern.sub(partial(self._replaced, kind), words)
        return self._known.sub(lambda match: self._seen[match[0]], words) if self._known else words

    def _replaced(self, kind: str, match: re.Match[str]) -> str:
        return self._placeholder(kind, match[0])

    def _placeholder(self, kind: str, words: str) -> str:
        if words not in self._seen:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._seen[words] = f"[{kind}_{self._counts[kind]}]"
        return self._seen[words]


def people(situation: Situation) -> tuple[str, ...]:
    """Everybody who wrote or was written to, as named in the headers, each once."""
    found = dict.fromkeys(name for message in situation.messages for name in _named(message.author, message.to))
    return tuple(found)


def _named(author: str | None, to: str | None) -> Iterator[str]:
    if author and "@" not in author:
        yield author.strip()
    recipients = _ADDRESS.sub(" ", (to or "").partition(":")[2] or (to or ""))
    for piece in re.split(r"[,;<>\"\n]", recipients):
        if _NAME.fullmatch(name := piece.strip(" '\t")) and name.lower() not in {"to", "cc", "an", "à", "para"}:
            yield name
