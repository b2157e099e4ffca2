"""A decision and an assessment for tests of the rooms behind the engine: routes from the shipped policy, fixed times."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.policy import Policy
from agent.schema import (
    AnswerSource,
    Assessment,
    Band,
    CustomerMessage,
    Deadlines,
    Decision,
    Dimension,
    Escalation,
    Grounded,
    HandOver,
    NextStep,
    Provenance,
    Robustness,
    Route,
    TippingPoint,
    Tokens,
    TriageWarning,
    WarningCode,
)

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=ZONE)
CUSTOMER_WORD = datetime(2026, 3, 10, 17, 0, tzinfo=ZONE)
OWNER_ANSWER = datetime(2026, 3, 12, 17, 0, tzinfo=ZONE)
CUSTOMER_UPDATE = datetime(2026, 3, 13, 12, 0, tzinfo=ZONE)


def decision(grounded: Grounded, policy: Policy, **fields: Any) -> Decision:
    """The decision on these scores as the engine shapes it; `fields` replace its fields."""
    total = sum(score.score for _, score in grounded.scores.items())
    band = policy.band(total)
    issue_type = grounded.extraction.issue_type
    rule, row = policy.issue_types[issue_type], policy.issue_types[issue_type].routes[band]
    given: dict[str, Any] = {
        "total": total,
        "band": band,
        "label": policy.bands[band].label,
        "issue_type": issue_type,
        "route": Route(
            owner_team=row.owner,
            owner=policy.teams[row.owner].name,
            together_with=tuple(policy.teams[team].name for team in row.together_with),
            inform=tuple(policy.teams[team].name for team in row.inform),
            condition=rule.condition,
            condition_met=grounded.extraction.routing_condition.met,
        ),
        "deadlines": Deadlines(
            owner_answer=OWNER_ANSWER if band.escalates else None,
            customer_word=CUSTOMER_WORD,
            customer_update=CUSTOMER_UPDATE,
            escalate_if_unresolved=None if band.escalates else date(2026, 3, 17),
        ),
        "robustness": Robustness(
            points_to_milder=4,
            points_to_severer=1,
            tipping_points=(
                TippingPoint(dimension=Dimension.CUSTOMER_IMPACT, score=4, band=Band.ESCALATE_WITH_URGENCY),
            ),
            bands_over_unstated=(band,),
        ),
    }
    return Decision(**given | fields)


def assessment(grounded: Grounded, policy: Policy, **fields: Any) -> Assessment:
    """A whole assessment with drafts, as `triage` assembles it; `fields` replace its fields."""
    decided = decision(grounded, policy)
    message = CustomerMessage(language="en", subject="Your message", body="Hello,\n\nIt is now with our team.\n\nAda")
    given: dict[str, Any] = {
        "account": grounded.extraction.account,
        "situation": grounded.extraction.situation,
        "scores": grounded.scores,
        "issue_type": decided.issue_type,
        "issue_type_runner_up": grounded.extraction.issue_type_runner_up,
        "issue_type_reason": grounded.extraction.issue_type_reason,
        "total": decided.total,
        "band": decided.band,
        "decision": decided.label,
        "arr_eur": None,
        "route": decided.route,
        "deadlines": decided.deadlines,
        "escalation": Escalation(ask="Engineering: find the cause.", by_when=OWNER_ANSWER, customer_message=message)
        if decided.band.escalates
        else None,
        "next_step": None if decided.band.escalates else NextStep(action="Reproduce it.", customer_message=message),
        "draft_source": "model",
        "hand_over": HandOver(timeline=("2026-03-09, Ada (us): on it",)) if decided.band.escalates else None,
        "robustness": decided.robustness,
        "warnings": (TriageWarning(code=WarningCode.NEXT_BAND_NEAR, message="One point from the next band."),),
        "questions": (),
        "surprise_test": grounded.extraction.surprise_test,
        "provenance": Provenance(
            made_at=NOW,
            model="openai/some-model",
            prompts=("extract@1#abc",),
            policy=policy.reference,
            input_digest="0" * 64,
            source=AnswerSource.LIVE,
            attempts=2,
            tokens=Tokens(input=1200, output=300),
            cost=0.0123,
            seconds=4.2,
            left_the_machine=True,
        ),
    }
    return Assessment(**given | fields)
