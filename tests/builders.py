"""Values for tests, complete and unremarkable until a test says otherwise."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from agent.schema import (
    Answer,
    Basis,
    Dimension,
    DimensionReading,
    DimensionScore,
    Evidence,
    Extraction,
    Grounded,
    IssueType,
    Period,
    RoutingCondition,
    Scores,
    StatedArr,
    SurpriseTest,
)

NOW = datetime(2026, 11, 24, 10, 15, tzinfo=ZoneInfo("Europe/Berlin"))  # a Tuesday in office hours


_FOUND = (Evidence(quote="the export", found=True, message=1),)


def extraction(
    scores: Iterable[int] = (3, 3, 3, 3), issue_type: IssueType = IssueType.PRODUCT_DEFECT, **fields: Any
) -> Extraction:
    """An extraction that gives no cause for a warning of its own; `fields` replace its fields."""
    readings = {
        dimension.value: DimensionReading(
            quotes=(), basis=Basis.STATED, rationale=f"Why {dimension} is {score}.", score=score, question=None
        )
        for dimension, score in zip(Dimension, scores, strict=True)
    }
    given: dict[str, Any] = {
        "account": "Acme",
        "situation": "The export fails every morning.",
        "open_now": ("the export",),
        "already_resolved": (),
        "attempts": ("restarted the export",),
        "told_so_far": (),
        "customer_request": None,
        "customer_deadline": None,
        "arr": None,
        "renewal": None,
        **readings,
        "issue_type_reason": "It worked before.",
        "issue_type": issue_type,
        "issue_type_runner_up": None,
        "routing_condition": RoutingCondition(reason="Support gave up.", met=Answer.YES),
        "surprise_test": SurpriseTest(reason="They know.", surprised=False),
        "other_issues": (),
    }
    return Extraction(**given | fields)


def grounded(
    scores: Iterable[int] = (3, 3, 3, 3),
    issue_type: IssueType = IssueType.PRODUCT_DEFECT,
    *,
    score_fields: Mapping[Dimension, Mapping[str, Any]] | None = None,
    evidence: tuple[Evidence, ...] = _FOUND,
    **extraction_fields: Any,
) -> Grounded:
    """A grounded reading; `score_fields` replaces fields of single dimension scores."""
    levels, changed = tuple(scores), score_fields or {}
    of_record = {
        dimension.value: DimensionScore(
            **{"score": score, "rationale": f"Why {dimension} is {score}.", "basis": Basis.STATED, "evidence": evidence}
            | dict(changed.get(dimension, {}))
        )
        for dimension, score in zip(Dimension, levels, strict=True)
    }
    return Grounded(extraction=extraction(levels, issue_type, **extraction_fields), scores=Scores(**of_record))


def stated_arr(amount: str | int, currency: str = "EUR", period: Period = Period.YEAR) -> StatedArr:
    """An ARR as a text might state it."""
    return StatedArr(words=f"{currency} {amount}", amount=Decimal(amount), currency=currency, period=period)
