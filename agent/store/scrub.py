"""An assessment without the customer's words, by what may stay, so that a field added later stays out.

A string stays where the tool or its policy worded it (`_OWN`). Whatever a model wrote or the text gave goes: the
built-in model sums up in the customer's own sentences, and a hosted one names people in its reasons.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from agent.schema import (
    Assessment,
    CallRecord,
    DimensionScore,
    Escalation,
    Evidence,
    Finding,
    IssueTypeProbabilities,
    LevelProbabilities,
    NextStep,
    Noun,
    Provenance,
    Question,
    Removed,
    Robustness,
    Route,
    Scores,
    SecondOpinion,
    SurpriseTest,
    TriageWarning,
    WarningCode,
)
from agent.schema.follow_up import FollowUp
from agent.schema.record import FORGOTTEN, NOT_KEPT

N = TypeVar("N", bound=Noun)

_OWN: Mapping[type[Noun], frozenset[str]] = {
    Assessment: frozenset({"schema_version", "account", "decision"}),  # the account is no person, and lists need it
    CallRecord: frozenset({"purpose", "model", "prompt"}),
    Finding: frozenset({"where"}),
    FollowUp: frozenset({"follows"}),
    IssueTypeProbabilities: frozenset({"calibration"}),
    LevelProbabilities: frozenset({"calibration"}),
    Provenance: frozenset({"model", "prompts", "calibrations", "policy", "input_digest", "precedents"}),
    Question: frozenset({"why"}),
    Removed: frozenset({"where"}),
    Route: frozenset({"owner_team", "owner", "channel", "together_with", "inform", "condition"}),
    SecondOpinion: frozenset({"model", "unanswered"}),
}
SAID_IN_FIGURES = frozenset(
    {
        WarningCode.TOO_LATE,
        WarningCode.NOTHING_TRIED,
        WarningCode.CONTEXT_MISSING,
        WarningCode.TELL_THE_CUSTOMER,
        WarningCode.SURPRISE_TEST,
        WarningCode.IMPACT_HIDDEN,
        WarningCode.ROUTING_CONDITION,
        WarningCode.UNSTATED,
        WarningCode.UNSUPPORTED,
        WarningCode.LOW_CONFIDENCE,
        WarningCode.NEXT_BAND_NEAR,
        WarningCode.STANDING_RULE_BROKEN,
        WarningCode.SECOND_OPINION_DIFFERS,
    }
)
"""Warnings that the policy words with figures, dates and its own terms alone; the others name or quote the text."""


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
        route=_own(assessment.route, FORGOTTEN),
        deadlines=assessment.deadlines,
        escalation=assessment.escalation
        and Escalation(ask=None, by_when=assessment.escalation.by_when, customer_message=None),
        next_step=assessment.next_step and NextStep(action=None, customer_message=None),
        draft_note="forgotten",
        hand_over=None,
        robustness=Robustness.model_validate(assessment.robustness.model_dump()),
        warnings=tuple(_unsaid(warning, FORGOTTEN) for warning in assessment.warnings),
        questions=(),
        surprise_test=SurpriseTest(reason=FORGOTTEN, surprised=assessment.surprise_test.surprised),
        provenance=_own(assessment.provenance, FORGOTTEN),
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
    """What `keep_text = none` keeps: every figure, the account's name, and the tool's and the policy's own words."""
    carrier = assessment.escalation
    update: dict[str, object] = {
        "hand_over": None,
        "draft_note": "the drafts were not kept",
        "escalation": carrier and Escalation(ask=None, by_when=carrier.by_when, customer_message=None),
        "next_step": assessment.next_step and NextStep(action=None, customer_message=None),
        "warnings": tuple(
            warning if warning.code in SAID_IN_FIGURES else _unsaid(warning, NOT_KEPT)
            for warning in assessment.warnings
        ),
    }
    return _own(assessment, NOT_KEPT).model_copy(update=update)


def _unsaid(warning: TriageWarning, instead: str) -> TriageWarning:
    """The warning by its code alone."""
    return warning.model_copy(update={"message": f"{warning.code.replace('_', ' ')} {instead}"})


def _own(noun: N, instead: str) -> N:
    """The noun, and every noun in it, with each string replaced that is not the tool's own."""
    stays = _OWN.get(type(noun), frozenset())
    others = (name for name in type(noun).model_fields if name not in stays)
    return noun.model_copy(update={name: _replaced(getattr(noun, name), instead) for name in others})


def _replaced(value: Any, instead: str) -> Any:  # noqa: ANN401 - any field's value
    if isinstance(value, Noun):
        return _own(value, instead)
    if isinstance(value, str) and not isinstance(value, Enum):
        return value and instead  # what was empty stays so
    if isinstance(value, tuple):
        return tuple(_replaced(each, instead) for each in value)
    if isinstance(value, dict):
        return {key: _replaced(each, instead) for key, each in value.items()}
    return value
