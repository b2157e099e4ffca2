"""A reading that says no more than levels, their reasons and an issue type: all that a baseline has to say."""

from collections.abc import Mapping

from agent.schema import (
    Answer,
    Basis,
    Dimension,
    DimensionReading,
    Extraction,
    IssueType,
    Level,
    RoutingCondition,
    StatedArr,
    SurpriseTest,
)

_RATIONALE = 400  # characters, the schema's limit


def extraction(  # noqa: PLR0913 - the fields in which baselines differ
    levels: Mapping[Dimension, Level],
    issue_type: IssueType,
    *,
    reasons: Mapping[Dimension, str],
    quotes: Mapping[Dimension, tuple[str, ...]] | None = None,
    account: str | None = None,
    situation: str = "Not read.",
    arr: StatedArr | None = None,
    unstated: tuple[Dimension, ...] = (),
) -> Extraction:
    """The reading with everything else left empty."""
    readings = {
        dimension.value: DimensionReading(
            quotes=(quotes or {}).get(dimension, ()),
            basis=Basis.UNSTATED if dimension in unstated else Basis.INFERRED,
            rationale=reasons[dimension][:_RATIONALE],
            score=level,
            question=None,
        )
        for dimension, level in levels.items()
    }
    return Extraction(
        account=account,
        situation=situation,
        open_now=(),
        already_resolved=(),
        attempts=(),
        told_so_far=(),
        customer_request=None,
        customer_deadline=None,
        arr=arr,
        renewal=None,
        issue_type_reason="By the baseline's rule.",
        issue_type=issue_type,
        issue_type_runner_up=None,
        routing_condition=RoutingCondition(reason="Not read.", met=Answer.NOT_KNOWN),
        surprise_test=SurpriseTest(reason="Not read.", surprised=False),
        other_issues=(),
        **readings,
    )
