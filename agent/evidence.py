"""Where a quote stands in the text, or that it does not.

A quote matches exactly, once white space, quote marks, dashes, the ellipsis, the Unicode form and the `>` marks of
quoted mail are written one way. Nothing is matched fuzzily: what almost stands in the text does not stand there.
"""

import re
import unicodedata
from collections.abc import Mapping

from agent.schema import (
    Basis,
    Dimension,
    DimensionScore,
    Evidence,
    Extraction,
    Grounded,
    Level,
    Reading,
    ScoredBy,
    Scores,
    Situation,
)
from agent.schema.situation import context_note

LEAST_CHARACTERS = 3
_ONE_WAY = str.maketrans(
    dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‚‛‹›`´", "'") | dict.fromkeys("‐‑‒–—−", "-") | {"…": "..."}
)
_LINE_END = re.compile(r"\r\n?")
_QUOTED_LINE = re.compile(r"^(?:[ \t]*>)+", re.MULTILINE)
_INSIDE_GUILLEMETS = re.compile(r"(?<=[«‹])\s+|\s+(?=[»›])")


def normalise(text: str) -> str:
    """The text with everything that may differ between a quote and its source written one way; case stays."""
    lines = _QUOTED_LINE.sub("", _LINE_END.sub("\n", text))
    tight = _INSIDE_GUILLEMETS.sub("", unicodedata.normalize("NFC", lines))
    return " ".join(tight.translate(_ONE_WAY).split())


def find(quote: str, situation: Situation) -> Evidence:
    """The quote with the newest message it stands in; fewer than 3 letters or digits stand nowhere."""
    wanted = normalise(quote)
    if sum(character.isalnum() for character in wanted) < LEAST_CHARACTERS:
        return Evidence(quote=quote, found=False)
    for message in situation.messages:
        if wanted in normalise(message.body):
            return Evidence(quote=quote, found=True, message=message.number, author=message.author)
    elsewhere = (situation.text, context_note(situation.context))
    return Evidence(quote=quote, found=any(wanted in normalise(text) for text in elsewhere))


def ground(reading: Reading, situation: Situation) -> Grounded:
    """The reading with every quote looked up. Words that do not stand in the text are no longer claimed."""
    extraction = reading.extraction
    scores = {
        dimension.value: DimensionScore(
            score=(read := extraction.reading(dimension)).score,
            rationale=read.rationale,
            evidence=tuple(find(quote, situation) for quote in read.quotes),
            basis=read.basis,
            question=read.question,
            low_confidence=dimension in reading.low_confidence,
            probabilities=reading.probabilities.of(dimension),
        )
        for dimension in Dimension
    }
    invented = _invented(extraction, situation)
    return Grounded(
        extraction=extraction.model_copy(update=dict.fromkeys(invented)),
        scores=Scores(**scores),
        issue_type_probabilities=reading.probabilities.issue_types,
        not_found=tuple(invented.values()),
    )


def _invented(extraction: Extraction, situation: Situation) -> dict[str, str]:
    """Deadline, revenue and renewal whose words stand nowhere: not used, and not dropped silently."""
    claimed = {
        "customer_deadline": extraction.customer_deadline,
        "arr": extraction.arr.words if extraction.arr else None,
        "renewal": extraction.renewal,
    }
    return {name: words for name, words in claimed.items() if words is not None and not find(words, situation).found}


def overrule(grounded: Grounded, levels: Mapping[Dimension, Level]) -> Grounded:
    """The CSM's levels as the scores of record; the model's own score is kept where it differed."""
    heard = {dimension.value: _set(grounded.scores.of(dimension), level) for dimension, level in levels.items()}
    return grounded.model_copy(update={"scores": grounded.scores.model_copy(update=heard)})


def _set(score: DimensionScore, level: Level) -> DimensionScore:
    by_model = score.overruled_from or score.score  # a CSM who changes their mind still overrules the model
    return score.model_copy(
        update={
            "score": level,
            "scored_by": ScoredBy.CSM,
            "overruled_from": by_model if level != by_model else None,
            "low_confidence": False,
            "basis": Basis.STATED,
            "probabilities": None,  # a person's word is certain
        }
    )
