"""Lines that read like a note of the CSM's and stand where somebody else may have typed them, told to the reader.

Whatever a note says weighs as the CSM's own word. So nothing inside a stored mail or a ticket is one, and in a pasted
text only what stands outside the messages.
"""

from collections.abc import Iterator, Sequence

from agent.intake.letter import signed
from agent.intake.marks import Kind, opening, poses_as_ours
from agent.intake.parts import Part
from agent.intake.voices import from_inside
from agent.schema import Side

_MOST = 5
_MAILS = {Kind.MAIL, Kind.QUOTED, Kind.LETTER}
_STEMS = ("csm", "intern", "privat", "privé")
_SHOWN = 80  # characters


def told(ordered: Sequence[tuple[Part, Side]]) -> tuple[str, ...]:
    """One line for the reader per doubtful note; the messages are numbered from 1 in this order."""
    said = list[str]()
    open_ended = any(part.kind in _MAILS and not signed(part.body) for part, _ in ordered)
    for number, (part, side) in enumerate(ordered, 1):
        if part.kind is Kind.DOUBT:
            said.append(f"not taken for your note, as it stands inside somebody's message: {_place(part.body, number)}")
        elif part.kind is Kind.NOTE and side is Side.CSM_NOTE and open_ended and _may_be_theirs(part):
            words = f"{part.author}: {part.body}" if part.author else part.body
            said.append(f"taken for your own note, as it stands outside the messages: {_place(words, number)}")
        elif side not in {Side.US, Side.CSM_NOTE} and (part.recorded or part.kind in _MAILS):
            whose = f"{part.author or 'the writer'}'s"
            said += (
                f"an imitation of a note of yours, its words stay {whose}: {_place(line, number)}"
                for line in _imitations(part.body)
            )
    return tuple(dict.fromkeys(said))[:_MOST]


def _imitations(body: str) -> Iterator[str]:
    for line in map(str.strip, body.splitlines()):
        found = opening(f"{line} ") if any(stem in line.lower() for stem in _STEMS) else None
        if found and found.kind is Kind.NOTE and poses_as_ours(found.author or ""):
            yield line


def _may_be_theirs(part: Part) -> bool:
    """Nothing in it is what only we know of the account."""
    return poses_as_ours(part.author or "") and not part.when and not from_inside(part.body)


def _place(words: str, number: int) -> str:
    first = words.strip().partition("\n")[0]
    return f'"{first[:_SHOWN]}{"…" if len(first) > _SHOWN else ""}" (message {number})'
