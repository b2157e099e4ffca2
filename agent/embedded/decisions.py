"""The scorer of a decision model that stands alone: its levels, quotes picked by code, reasons by template.

The level of a dimension is its likeliest one. A stated amount decides the account value, as a fact does; everything
else is weighed. A dimension that the model declines has no score, so that the triage ends with its refusal.
"""

from agent.embedded import judge
from agent.embedded.form import Form, runner_up
from agent.errors import ModelRefused
from agent.extraction import decisions
from agent.models.port import Deadline, DecisionModel
from agent.policy import LEVELS, Policy
from agent.schema import (
    Basis,
    Dimension,
    DimensionReading,
    LevelProbabilities,
    Reading,
    Situation,
    SurpriseTest,
)
from agent.schema.probabilities import percent

_LIKELY = 0.5


class DecisionScorer:
    """`Scorer` over a model that answers typed questions with probabilities."""

    def __init__(self, model: DecisionModel) -> None:
        self._model = model

    def extract(self, situation: Situation, policy: Policy, deadline: Deadline) -> Reading:
        """Ask once and fill in the form. Raises ModelRefused where a score or the issue type was not answered."""
        weighed = decisions.ask(self._model, decisions.fresh_request(situation, policy), deadline)
        form = Form(situation, policy)
        by_amount = form.worth.basis is Basis.STATED
        known = weighed.probabilities
        if by_amount:
            known = known.model_copy(update={Dimension.ACCOUNT_VALUE.value: None})
        types, missing = known.issue_types, [d for d in Dimension if known.of(d) is None]
        if types is None or set(missing) - ({Dimension.ACCOUNT_VALUE} if by_amount else set()):
            refused = ModelRefused(f"{self._model.reference} did not answer: {', '.join(weighed.unanswered)}")
            refused.call = weighed.call.model_copy(update={"error": str(refused)})
            raise refused
        readings = form.readings(lambda d, told: _read(form, d, known.of(d), told=told))
        return Reading(
            extraction=form.extraction(
                readings,
                issue_type=types.likeliest,
                runner_up=runner_up(types),
                reason=f"Weighed by the model at {percent(types.values[types.likeliest])}.",
                surprise=_surprise(weighed.surprised),
            ),
            probabilities=known,
            calls=(weighed.call,),
        )


def _read(
    form: Form, dimension: Dimension, levels: LevelProbabilities | None, *, told: frozenset[str]
) -> DimensionReading:
    if levels is None:
        return form.amount()
    heaviest = sorted(sorted(LEVELS, key=levels.of)[-2:], key=levels.of, reverse=True)
    weighed = ", ".join(f"{level} at {percent(levels.of(level))}" for level in heaviest)
    pull = judge.load().lexicon.pull
    return form.reading(dimension, levels.likeliest, pull=pull, because=f"The model weighs {weighed}.", told=told)


def _surprise(surprised: float | None) -> SurpriseTest:
    if surprised is None:
        return SurpriseTest(reason="The model did not answer it.", surprised=False)
    return SurpriseTest(reason=f"Weighed by the model at {percent(surprised)}.", surprised=surprised >= _LIKELY)
