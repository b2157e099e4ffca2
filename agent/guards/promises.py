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
_SENTENCE = late(r"[^.!?:;\n]+\??")


def check(text: Text, heard: Hearing, *, resolved: bool) -> Iterator[Finding]:
    """Commitments, repairs told as done unless something is `resolved`, and concessions nobody asked for."""
    lists = words.load()
    for sentence in (match[0] for match in _SENTENCE.finditer(text.plain)):
        for pattern in lists.promises.values():
            if (match := pattern.search(sentence)) and _commits(sentence, match) and not _repeats(match, heard):
                yield _finding(text, match[0].strip(), "a promise nobody has made")
        for pattern in () if resolved else lists.done.values():
            if (match := pattern.search(sentence)) and _reports(sentence, match) and not _repeats(match, heard):
                yield _finding(text, match[0].strip(), "the text reports no such result")
    for group in lists.concessions.values():
        if (match := group.search(text.plain)) and not group.search(heard.customer):
            yield _finding(text, match[0].strip(), "a concession the customer did not ask for")


def tells_a_result(text: str) -> bool:
    """Whether a text says of anything that it is repaired; a question does not."""
    told = (match[0] for match in _SENTENCE.finditer(text) if not match[0].endswith("?"))
    patterns = words.load().done.values()
    return any((match := p.search(sentence)) and _reports(sentence, match) for sentence in told for p in patterns)


def _commits(sentence: str, match: re.Match[str]) -> bool:
    """False where the sentence asks or denies."""
    lists, before = words.load(), sentence[: match.start()]
    return not lists.asking.search(sentence[: match.end()]) and not lists.denying.search(before[-DENIAL_REACH:])


def _reports(sentence: str, match: re.Match[str]) -> bool:
    """False where the sentence only supposes the result."""
    return _commits(sentence, match) and not words.load().supposing.search(sentence[: match.start()])


def _repeats(match: re.Match[str], heard: Hearing) -> bool:
    """The customer's own words."""
    return match[0].lower() in heard.customer.lower()


def _finding(text: Text, said: str, why: str) -> Finding:
    return Finding(code=FindingCode.PROMISE, where=text.where, words=said, message=why)
