"""No promise that nobody has made: a fix, a date for it, money back; and no repair told that nobody has reported."""

import re
from collections.abc import Iterator

from agent.guards import words
from agent.guards.hearing import Hearing
from agent.guards.texts import Text
from agent.late import late
from agent.schema import Finding, FindingCode

# "We cannot yet promise" denies right before the verb; a "not" further off belongs to something else.
DENIAL_REACH = 30
# A colon parts as well: "I know how much this matters: it will be fixed" promises.
_SENTENCE = late(r"[^.!?:;\n]+")


def check(text: Text, heard: Hearing, *, resolved: bool) -> Iterator[Finding]:
    """Commitments, repairs told as done unless something is `resolved`, and concessions nobody asked for."""
    lists = words.load()
    for sentence in (match[0] for match in _SENTENCE.finditer(text.plain)):
        for pattern in lists.promises.values():
            if (match := pattern.search(sentence)) and _commits(sentence, match, heard):
                yield _finding(text, match[0].strip(), "a promise nobody has made")
        for pattern in () if resolved else lists.done.values():
            if (match := pattern.search(sentence)) and _reports(sentence, match, heard):
                yield _finding(text, match[0].strip(), "the text reports no such result")
    for group in lists.concessions.values():
        if (match := group.search(text.plain)) and not group.search(heard.customer):
            yield _finding(text, match[0].strip(), "a concession the customer did not ask for")


def _commits(sentence: str, match: re.Match[str], heard: Hearing) -> bool:
    """False where the sentence asks, denies, or repeats the customer's own words."""
    lists, before = words.load(), sentence[: match.start()]
    asks = lists.asking.search(sentence[: match.end()])
    denies = lists.denying.search(before[-DENIAL_REACH:])
    return not asks and not denies and match[0].lower() not in heard.customer.lower()


def _reports(sentence: str, match: re.Match[str], heard: Hearing) -> bool:
    """False where the sentence only supposes the result."""
    return _commits(sentence, match, heard) and not words.load().supposing.search(sentence[: match.start()])


def _finding(text: Text, said: str, why: str) -> Finding:
    return Finding(code=FindingCode.PROMISE, where=text.where, words=said, message=why)
