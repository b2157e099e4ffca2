"""Nothing of what was marked in the text, and no placeholder of a redaction, stands in a draft."""

import re
from collections.abc import Iterator

from agent.guards.hearing import Hearing
from agent.guards.texts import Text
from agent.schema import Brief, Finding, FindingCode, MarkKind, PrivateKind

COPIED_WORDS = 6  # in a row are copied, not met by chance
_PLACEHOLDER = re.compile(rf"\[?\b(?:{'|'.join(kind.upper() for kind in PrivateKind)})_\d{{1,4}}[A-Z]{{0,2}}\b\]?")


def check_copied(text: Text, brief: Brief) -> Iterator[Finding]:
    """The first run of words from a passage that speaks to a machine."""
    said = _tokens(text.plain)
    runs = {tuple(said[n : n + COPIED_WORDS]) for n in range(len(said) - COPIED_WORDS + 1)}
    for mark in brief.situation.marks:
        words = _tokens(mark.words) if mark.kind is not MarkKind.LOOK_ALIKE else []
        for n in range(len(words) - COPIED_WORDS + 1):
            if tuple(run := words[n : n + COPIED_WORDS]) in runs:
                why = "copied from instructions to an AI that stand in the text"
                yield Finding(code=FindingCode.INSTRUCTION_ECHO, where=text.where, words=" ".join(run), message=why)
                return


def check_restored(text: Text, heard: Hearing) -> Iterator[Finding]:
    """A placeholder of the redaction that stands for nothing, or that came back without its brackets."""
    for match in _PLACEHOLDER.finditer(text.words):
        if match[0] not in heard.everything:
            yield Finding(
                code=FindingCode.PLACEHOLDER_UNKNOWN,
                where=text.where,
                words=match[0],
                message="a placeholder of the redaction that stands for nobody and nothing",
            )


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
