"""Standing: what colleagues say right beside an amount when an account counts for more than it pays.

A CSM who names the revenue says in the same breath why the account matters, in words that mean something else
elsewhere. So they are looked for there alone, and not where the clause denies them.
"""

import re
from functools import cache
from importlib import resources

from agent import strict_yaml
from agent.embedded import passages
from agent.money import StatedAmount

_BEFORE, _AFTER, _LONGEST_QUOTE = 160, 160, 240  # characters
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n")
_DENIAL_REACH, _CLAUSE_END = 30, re.compile(r"[;:.,]")
_KINDS = ("onlookers", "role", "ours")
_GAP, _UP_TO_FOUR = re.escape(" ... "), r"\s(?:[\w'’-]+\s){0,4}?"


@cache
def _pattern(*kinds: str) -> re.Pattern[str]:
    """One of the words of these kinds, here or among the cues; "..." stands for up to four words."""
    text = resources.files("agent.embedded").joinpath("standing.yaml").read_text(encoding="utf-8")
    lists = passages.cues() | strict_yaml.load(text)
    words = sorted((word for kind in kinds for word in lists[kind]), key=len, reverse=True)
    choice = "|".join(map(re.escape, words)).replace(_GAP, _UP_TO_FOUR)
    return re.compile(rf"(?<!\w)(?:{choice})", re.IGNORECASE)


def beside(text: str, amount: StatedAmount) -> str:
    """The rest of the amount's sentence before it, and what follows in the same paragraph, 160 characters each."""
    before = _SENTENCE_END.split(text[max(0, amount.start - _BEFORE) : amount.start])[-1]
    after = text[amount.start : amount.end + _AFTER].split("\n\n", maxsplit=1)[0]
    return before + after


def quote(passage: str, *cues: str) -> str | None:
    """The sentence that tells the standing, by these words or by further cues; None where none does, or denies it."""
    match = _told(passage, *_KINDS, *cues)
    return _sentence(passage, match) if match else None


def tells(sentence: str, cue: str) -> bool:
    """True if the sentence carries the cue and does not deny it."""
    return _told(sentence, cue) is not None


def _told(passage: str, *kinds: str) -> re.Match[str] | None:
    return next((match for match in _pattern(*kinds).finditer(passage) if not _denied(passage, match)), None)


def _denied(passage: str, match: re.Match[str]) -> bool:
    before = _CLAUSE_END.split(passage[: match.start()][-_DENIAL_REACH:])[-1]
    after = _CLAUSE_END.split(passage[match.end() :][:_DENIAL_REACH])[0]
    return bool(_pattern("denied").search(before) or _pattern("denied_after").search(after))


def _sentence(passage: str, match: re.Match[str]) -> str:
    start = max((end.end() for end in _SENTENCE_END.finditer(passage, 0, match.start())), default=0)
    ends = _SENTENCE_END.search(passage, match.end())
    sentence = passage[start : ends.start() if ends else len(passage)].strip(" \t|-•")
    return sentence if len(sentence) <= _LONGEST_QUOTE else passage[match.start() : match.end()]
