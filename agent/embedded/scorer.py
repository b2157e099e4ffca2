"""The scorer of the small built-in model, which cannot read a rubric or write: what it makes of a text is read from it.

Levels and issue type come from heads on its inner states (`judge`), account value from amounts (`value`), quotes from
the passages in which the heads read most, every other fact by code (`form`). What it fills in is a form for the CSM to
check, and the report says so.
"""

import math

from agent import intake
from agent.embedded import judge, passages
from agent.embedded.form import Form, Pull, runner_up
from agent.embedded.passages import Cut
from agent.intake import instructions
from agent.models import probing
from agent.models.port import Deadline, ProbeModel, ProbeReadings
from agent.policy import LEVELS, Policy
from agent.schema import (
    Dimension,
    DimensionReading,
    IssueType,
    IssueTypeProbabilities,
    Level,
    LevelProbabilities,
    Probabilities,
    Reading,
    Situation,
    SurpriseTest,
)
from agent.schema.probabilities import percent
from agent.schema.situation import context_note

_SEVERE: Level = 4  # from this impact on, a manager who hears it from the customer first is surprised
_LIKELY = 0.5
_WORTH_TELLING = 0.1
_TRUST = (IssueType.RELATIONSHIP_RISK, IssueType.EXECUTIVE_INTERVENTION)


class EmbeddedScorer:
    """`Scorer` over a model whose inner states are read."""

    def __init__(self, model: ProbeModel) -> None:
        self._model = model
        self._judge = judge.load()

    def extract(self, situation: Situation, policy: Policy, deadline: Deadline) -> Reading:
        """One pass over the text; nothing is generated."""
        cut = passages.cut(text(situation), passages.all_sentences(situation.messages))
        form = Form(situation, policy)
        amount = form.amount()  # by code alone, and before the first question to a model that may still be loading
        read = self._model.probe(
            cut.pieces, self._judge.probes, input_digest=intake.digest(situation), deadline=deadline
        )
        heads = _heads(cut, read, past=passages.past(situation))
        readings = self._judge.read(passages.said(situation), heads)
        types = self._judge.issue_types(readings)
        known = Probabilities(
            **{dimension.value: self._judge.levels(readings, dimension) for dimension in judge.READ_DIMENSIONS},
            issue_types=types,
        )
        silent, pull = self._judge.unstated(heads), _pull(cut, read)

        def fill_in(dimension: Dimension, told: frozenset[str]) -> DimensionReading:
            if (levels := known.of(dimension)) is None:
                return amount
            level, because = judge.level(levels), f"In the middle of what the model weighs: {_weighed(levels)}."
            found = None if dimension in silent else pull
            return form.reading(dimension, level, pull=found, because=because, told=told)

        filled_in = form.readings(fill_in)
        return Reading(
            extraction=form.extraction(
                filled_in,
                issue_type=types.likeliest,
                runner_up=runner_up(types),
                reason=f"The built-in model gives this type {percent(types.values[types.likeliest])}.",
                surprise=_surprise(filled_in[Dimension.CUSTOMER_IMPACT].score, types),
            ),
            low_confidence=judge.READ_DIMENSIONS,
            probabilities=known,
            calls=(read.call,),
        )


def text(situation: Situation) -> str:
    """What the model reads: the text as pasted, or what of it fits, and the CSM's own additions.

    What speaks to a machine is marked in the report and not read here: nobody steers a reading by it.
    """
    words = instructions.without(situation.bodies() if situation.left_out else situation.text)
    note = context_note(situation.context)
    return f"{words}\n\n[CSM: {note}]" if note else words


def prompt(situation: Situation) -> str:
    """Everything that the built-in model is given, for `triage preview`."""
    return probing.OPENING + text(situation)


def _heads(cut: Cut, read: ProbeReadings, *, past: frozenset[str]) -> dict[str, float]:
    """Each head where the judge reads it: in the whole text, in its sentences, or in those of today above all."""
    whole, said = read.whole(), read.among(dict.fromkeys(cut.said, 1.0))
    today = read.among({place: judge.PAST_SHARE if sentence in past else 1.0 for sentence, place in cut.places.items()})
    return {
        head: (whole if head in judge.OF_THE_WHOLE else today if head in judge.OF_TODAY else said)[head]
        for head in judge.HEADS
    }


def _pull(cut: Cut, read: ProbeReadings) -> Pull:
    """How far a sentence stands out in a reading: its own mean against the whole text's, a longer one counting more."""
    whole, of = read.whole(), {reading.passage: reading for reading in read.passages}

    def pull(sentence: str, dimension: Dimension) -> float:
        place = cut.places.get(sentence)
        reading = None if place is None else of.get(place)
        return math.sqrt(reading.tokens) * (reading.values[dimension] - whole[dimension]) if reading else 0.0

    return pull


def _weighed(levels: LevelProbabilities) -> str:
    return ", ".join(
        f"{level} at {percent(levels.of(level))}" for level in LEVELS if levels.of(level) >= _WORTH_TELLING
    )


def _surprise(impact: Level, types: IssueTypeProbabilities) -> SurpriseTest:
    if impact >= _SEVERE:
        return SurpriseTest(reason="The customer's business is hit hard.", surprised=True)
    if sum(types.values[kind] for kind in _TRUST) > _LIKELY:
        return SurpriseTest(reason="Trust reads as damaged, or their executives are involved.", surprised=True)
    return SurpriseTest(reason="Neither a severe impact nor damaged trust was read.", surprised=False)
