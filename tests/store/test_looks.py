"""Why a case deserves a look, told from the assessment alone."""

from agent.schema import Dimension, TriageWarning, WarningCode
from agent.schema.record import Look
from agent.store.looks import attention, looks
from tests.store import kept


def of(scores=(3, 3, 3, 3), **fields):
    return kept.assessment(kept.case(scores, **fields))


def test_an_unremarkable_case_has_no_reason():
    """In the middle of its band, everything stated and quoted."""
    assert looks(of((3, 3, 3, 2))) == ()


def test_each_warning_has_its_reason():
    """What the report warns of by name is a reason to look."""
    for code, look in (
        (WarningCode.SECOND_OPINION_DIFFERS, Look.SECOND_OPINION),
        (WarningCode.INSTRUCTIONS_TO_AI, Look.INJECTION),
        (WarningCode.IMPACT_HIDDEN, Look.IMPACT_HIDDEN),
    ):
        warned = of().model_copy(update={"warnings": (TriageWarning(code=code, message="x"),)})
        assert look in looks(warned)


def test_an_overruled_score_and_a_near_border_are_reasons():
    """The CSM said otherwise than the model; one point would change the decision."""
    overruled = {"score_fields": {Dimension.CSM_CAPABILITY: {"score": 2, "scored_by": "csm", "overruled_from": 4}}}
    assert looks(of((2, 2, 2, 2), **overruled)) == (Look.NEAR_BORDER, Look.OVERRULED)


def test_a_more_pressing_reason_outweighs_all_that_are_less():
    """The order of the reasons is the order of the queue."""
    every = tuple(Look)
    for place, look in enumerate(every):
        assert attention((look,)) > attention(every[place + 1 :])
