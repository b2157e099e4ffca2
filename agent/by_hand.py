"""Scores that a person gives, in the shape in which the engine reads everybody's."""

from collections.abc import Mapping

from agent.policy import Policy
from agent.schema import (
    Answer,
    Basis,
    Dimension,
    DimensionReading,
    DimensionScore,
    Extraction,
    Grounded,
    IssueType,
    Level,
    RoutingCondition,
    ScoredBy,
    Scores,
    SurpriseTest,
)

NO_TEXT = "Scored by hand, without a text."


def grounded(levels: Mapping[Dimension, Level], issue_type: IssueType, policy: Policy) -> Grounded:
    """Four levels and an issue type as the scores of record, reasoned by the policy's definitions."""
    reasons = {dimension: policy.dimensions[dimension].levels[level] for dimension, level in levels.items()}
    readings = {
        dimension.value: DimensionReading(
            quotes=(), basis=Basis.STATED, rationale=reasons[dimension], score=level, question=None
        )
        for dimension, level in levels.items()
    }
    scores = {
        dimension.value: DimensionScore(
            score=level, rationale=reasons[dimension], basis=Basis.STATED, scored_by=ScoredBy.CSM
        )
        for dimension, level in levels.items()
    }
    return Grounded(extraction=extraction(issue_type, readings), scores=Scores(**scores))


def extraction(issue_type: IssueType, readings: Mapping[str, DimensionReading]) -> Extraction:
    """The readings of the four dimensions, by name, with everything that only a text can say left empty."""
    return Extraction(
        account=None,
        situation=NO_TEXT,
        open_now=(),
        already_resolved=(),
        attempts=(),
        told_so_far=(),
        customer_request=None,
        customer_deadline=None,
        arr=None,
        renewal=None,
        issue_type_reason="Chosen by hand.",
        issue_type=issue_type,
        issue_type_runner_up=None,
        routing_condition=RoutingCondition(reason="Not asked.", met=Answer.NOT_KNOWN),
        surprise_test=SurpriseTest(reason="Not asked.", surprised=False),
        other_issues=(),
        **readings,
    )
