"""What a reader is warned of about the text itself: hidden words, words for a machine, two alphabets, protected data.

None of it moves a score, and none of it stops a triage.
"""

from collections.abc import Iterator

from agent import redaction
from agent.policy import Policy
from agent.schema import HiddenKind, Mark, MarkKind, Removed, Sensitive, Situation, TriageWarning, WarningCode

MOST_SHOWN = 4
_SAYS_LITTLE = 100  # characters of alt text: a logo and a button
_NO_TRICK = frozenset({HiddenKind.TYPOGRAPHIC})
_SENSITIVE = {
    Sensitive.HEALTH: "health data",
    Sensitive.CHILDREN: "children's data",
    Sensitive.CRIMINAL: "criminal data",
}


def warnings(situation: Situation, policy: Policy) -> tuple[TriageWarning, ...]:
    """Every warning about the text, in the policy's words."""
    return tuple(
        TriageWarning(
            code=code,
            message=policy.warnings[code].say(what=what),
            human_must_look=policy.warnings[code].human_must_look,
        )
        for code, what in _raised(situation)
    )


def protected(situation: Situation) -> str | None:
    """The categories of protected data that the text seems to hold, in words with what tells them; None if none."""
    told = redaction.categories(situation.text)
    return "; ".join(f"{_SENSITIVE[kind]} ({', '.join(words)})" for kind, words in told.items()) or None


def _raised(situation: Situation) -> Iterator[tuple[WarningCode, str]]:
    if hidden := [gone for gone in situation.removed if _matters(gone)]:
        yield WarningCode.HIDDEN_TEXT, "; ".join(map(describe, hidden))
    if spoken := [mark for mark in situation.marks if mark.kind is not MarkKind.LOOK_ALIKE]:
        yield WarningCode.INSTRUCTIONS_TO_AI, _listed(spoken)
    if alike := [mark for mark in situation.marks if mark.kind is MarkKind.LOOK_ALIKE]:
        yield WarningCode.LOOK_ALIKE_LETTERS, _listed(alike)
    if what := protected(situation):
        yield WarningCode.PROTECTED_DATA, what


def _matters(gone: Removed) -> bool:
    return gone.kind not in _NO_TRICK and not (gone.kind is HiddenKind.ALT_TEXT and gone.characters < _SAYS_LITTLE)


def describe(gone: Removed) -> str:
    """What was removed, how much of it and where, with what it said."""
    count = f"{gone.characters} character{'' if gone.characters == 1 else 's'}"
    said = f': "{gone.words}"' if gone.words else ""
    return f"{gone.kind.value.replace('_', ' ')}, {count} in {gone.where}{said}"


def _listed(marks: list[Mark]) -> str:
    shown = [f'"{mark.words}" ({_place(mark)})' for mark in marks[:MOST_SHOWN]]
    more = len(marks) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def _place(mark: Mark) -> str:
    return f"message {mark.message}" if mark.message else "in what was hidden"
