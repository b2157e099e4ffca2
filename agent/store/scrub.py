"""An assessment without the customer's words: the figures that stay, field by field, so that a new field stays out."""

from agent.schema import Assessment, DimensionScore, Escalation, Evidence, NextStep, Robustness, Scores, SurpriseTest
from agent.schema.record import FORGOTTEN, NOT_KEPT


def figures(assessment: Assessment) -> Assessment:
    """Scores, band, owner, deadlines and provenance alone: no name, no quote, no draft, no reason in words."""
    scores = Scores(**{dimension.value: _level(score) for dimension, score in assessment.scores.items()})
    return Assessment(
        account=None,
        situation=FORGOTTEN,
        scores=scores,
        issue_type=assessment.issue_type,
        issue_type_runner_up=assessment.issue_type_runner_up,
        issue_type_reason=FORGOTTEN,
        total=assessment.total,
        band=assessment.band,
        decision=assessment.decision,
        arr_eur=None,
        route=assessment.route.model_copy(update={"condition_reason": ""}),
        deadlines=assessment.deadlines,
        escalation=assessment.escalation
        and Escalation(ask=None, by_when=assessment.escalation.by_when, customer_message=None),
        next_step=assessment.next_step and NextStep(action=None, customer_message=None),
        draft_note="forgotten",
        hand_over=None,
        robustness=Robustness.model_validate(assessment.robustness.model_dump()),
        warnings=tuple(
            warning.model_copy(update={"message": f"{warning.code.replace('_', ' ')} {FORGOTTEN}"})
            for warning in assessment.warnings
        ),
        questions=(),
        surprise_test=SurpriseTest(reason=FORGOTTEN, surprised=assessment.surprise_test.surprised),
        provenance=assessment.provenance,
    )


def _level(score: DimensionScore) -> DimensionScore:
    """The score, who set it and on what basis; whether it was supported stays visible in the count of quotes."""
    return DimensionScore(
        score=score.score,
        rationale=FORGOTTEN,
        evidence=tuple(Evidence(quote=FORGOTTEN, found=each.found, message=each.message) for each in score.evidence),
        basis=score.basis,
        low_confidence=score.low_confidence,
        scored_by=score.scored_by,
        overruled_from=score.overruled_from,
    )


def without_text(assessment: Assessment) -> Assessment:
    """What `keep_text = none` keeps: the tool's own words, and nothing copied from the text."""
    scores = {
        dimension.value: score.model_copy(
            update={"evidence": tuple(e.model_copy(update={"quote": NOT_KEPT}) for e in score.evidence)}
        )
        for dimension, score in assessment.scores.items()
    }
    update: dict[str, object] = {
        "scores": assessment.scores.model_copy(update=scores),
        "hand_over": None,
        "not_found": tuple(NOT_KEPT for _ in assessment.not_found),
        "draft_note": "the drafts were not kept",
        "escalation": assessment.escalation
        and assessment.escalation.model_copy(update={"ask": None, "customer_message": None}),
        "next_step": assessment.next_step and NextStep(action=None, customer_message=None),
    }
    return assessment.model_copy(update=update)
