"""Names and private values of a thread replaced by stable placeholders, such as [PERSON_1], one way for good.

What a redaction finds is replaced, and links and the account besides. A name that only the prose mentions may be
missed: a person checks before anything is passed on.
"""

import re
from functools import partial

from agent import redaction
from agent.errors import ConfigurationError
from agent.redaction import Redactor
from agent.schema import PrivateKind, Situation

_DATE = r"(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4})"
_PHONE = re.compile(rf"(?<![\w#-]){_DATE}(?:\+|00?)[1-9(][\d ()/.-]{{6,18}}\d(?!\w)")
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")


class Pseudonyms:
    """The placeholders of one thread; the same words get the same one everywhere."""

    def __init__(self, situation: Situation, *, account: str | None = None) -> None:
        self._account = re.compile(rf"(?<!\w){re.escape(account)}(?!\w)", re.IGNORECASE) if account else None
        self._seen: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._redactor = Redactor(situation, kinds=_kinds(), kept=[account] if account else ())

    def text(self, words: str) -> str:
        """The words with every known name and private value replaced."""
        words = _LINK.sub(partial(self._replaced, "LINK"), words)
        words = self._redactor.redact(words)
        if self._account:
            words = self._account.sub("[ACCOUNT_1]", words)
        # What looks like a telephone and is valid nowhere is hidden too: nobody needs it in a case.
        return _PHONE.sub(partial(self._replaced, "NUMBER"), words)

    def _replaced(self, kind: str, match: re.Match[str]) -> str:
        if match[0] not in self._seen:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._seen[match[0]] = f"[{kind}_{self._counts[kind]}]"
        return self._seen[match[0]]


def _kinds() -> frozenset[PrivateKind]:
    """Telephones by their own rule alone where the library for them is not installed."""
    try:
        redaction.check(frozenset(PrivateKind))
    except ConfigurationError:
        return frozenset(PrivateKind) - {PrivateKind.PHONE}
    return frozenset(PrivateKind)
