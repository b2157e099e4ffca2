"""Rows to nouns and back."""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import ValidationError

from agent.errors import StoreUnusable
from agent.policy import Policy
from agent.schema import Assessment, Band, Dimension, IssueType, Noun
from agent.schema.record import (
    Entry,
    EntryKind,
    KeepText,
    Look,
    Outcome,
    OutcomeKind,
    Rescored,
    Run,
    Summary,
    Verdict,
)

Words = Mapping[str, Any] | None


def run_columns(assessment: Assessment) -> dict[str, Any]:
    """What lists ask for, as columns of `runs`."""
    made, deadlines = assessment.provenance, assessment.deadlines
    return {
        "made_at": made.made_at,
        "input_digest": made.input_digest,
        "model": made.model,
        "embedded": made.embedded,
        "issue_type": assessment.issue_type.value,
        **{dimension.value: score.score for dimension, score in assessment.scores.items()},
        "total": assessment.total,
        "band": assessment.band.value,
        "owner_answer": deadlines.owner_answer,
        "customer_word": deadlines.customer_word,
        "customer_update": deadlines.customer_update,
        "escalate_if_unresolved": deadlines.escalate_if_unresolved,
    }


def model_figures(assessment: Assessment, policy: Policy) -> dict[str, Any]:
    """The model's own scores, before the CSM overruled any, and the band that they give."""
    scores = {d.value: s.score if s.overruled_from is None else s.overruled_from for d, s in assessment.scores.items()}
    return {"scores": scores, "band": policy.band(sum(scores.values())).value}


def in_zone(assessment: Assessment, zone: str | None) -> Assessment:
    """Its instants in the zone in which they were counted; JSON keeps only the offset."""
    if zone is None:
        return assessment
    home = ZoneInfo(zone)

    def there(noun: Noun | None, *names: str) -> Noun | None:
        moments = {name: getattr(noun, name) for name in names}
        return noun and noun.model_copy(update={n: m.astimezone(home) for n, m in moments.items() if m})

    update = {
        "deadlines": there(assessment.deadlines, "owner_answer", "customer_word", "customer_update"),
        "provenance": there(assessment.provenance, "made_at"),
        "escalation": assessment.escalation and there(assessment.escalation, "by_when"),
    }
    return assessment.model_copy(update=update)


def entry(row: sa.Row[Any], words: Words, *, undone: bool) -> Entry:
    """An entry with its words, where they are still kept."""
    kind, figures = EntryKind(row.kind), json.loads(row.figures)
    return Entry(
        sequence=row.sequence,
        id=row.id,
        kind=kind,
        run_id=row.run_id,
        at=row.at,
        by=row.author,
        of_id=row.of_id,
        verdict=verdict(figures, words) if kind is EntryKind.VERDICT else None,
        rescored=_rescored(figures["rescored"]) if kind is EntryKind.VERDICT else None,
        outcome=Outcome(outcome=figures["outcome"], note=(words or {}).get("note"))
        if kind is EntryKind.OUTCOME
        else None,
        how=figures.get("how"),
        undone=undone,
    )


def _rescored(figures: Mapping[str, Any]) -> Rescored:
    """In the framework's order of dimensions, which the canonical form does not keep."""
    levels = figures["scores"]
    return Rescored.model_validate({**figures, "scores": {dimension: levels[dimension] for dimension in Dimension}})


def verdict(figures: Mapping[str, Any], words: Words) -> Verdict:
    """The verdict; a reason that was forgotten is said to be, so that the change keeps one."""
    given = Verdict.model_construct(
        scores={dimension: figures["scores"][dimension] for dimension in Dimension if dimension in figures["scores"]},
        decision=Band(figures["decision"]) if figures["decision"] else None,
        reason=(words or {}).get("reason"),
    )
    if given.agrees or given.reason:
        return given
    return given.model_copy(update={"reason": "[forgotten]"})


def summary(row: sa.Row[Any], *, verdicts: list[Entry], outcomes: list[Entry], followed_by: str | None) -> Summary:
    """One kept triage with the newest verdict and outcome that stand."""
    figures = json.loads(row.figures)
    verdict_entry = next((e for e in reversed(verdicts) if not e.undone), None)
    outcome_entry = next((e for e in reversed(outcomes) if not e.undone), None)
    assessment = figures["assessment"]
    deadlines = assessment["deadlines"]
    return Summary(
        id=row.id,
        made_at=assessment["provenance"]["made_at"],  # with the user's own offset
        saved_at=row.at,
        by=row.author,
        account=row.account,
        model=row.model,
        embedded=row.embedded,
        prompts=assessment["provenance"]["prompts"],
        issue_type=IssueType(row.issue_type),
        scores={dimension: getattr(row, dimension.value) for dimension in Dimension},
        total=row.total,
        band=Band(row.band),
        model_scores={dimension: figures["model"]["scores"][dimension] for dimension in Dimension},
        model_band=figures["model"]["band"],
        decision=assessment["decision"],
        owner=assessment["route"]["owner"],
        owner_answer=deadlines["owner_answer"],
        customer_word=deadlines["customer_word"],
        customer_update=deadlines["customer_update"],
        escalate_if_unresolved=deadlines["escalate_if_unresolved"],
        looks=tuple(Look(name) for name in row.looks.split()),
        follows=row.follows,
        followed_by=followed_by,
        forgotten=row.body_entry is None,
        verdict=verdict_entry.verdict if verdict_entry else None,
        verdict_id=verdict_entry.id if verdict_entry else None,
        verdict_at=verdict_entry.at if verdict_entry else None,
        verdict_by=verdict_entry.by if verdict_entry else None,
        rescored=verdict_entry.rescored if verdict_entry else None,
        outcome=OutcomeKind(outcome_entry.outcome.outcome) if outcome_entry and outcome_entry.outcome else None,
    )


def run(row: sa.Row[Any], of: Summary, kept: dict[str, Any]) -> Run:
    """A kept triage with the words that are left of it. Raises StoreUnusable where this version cannot read it."""
    figures = json.loads(row.figures)
    try:
        assessment = Assessment.model_validate(kept.get("assessment") or figures["assessment"])
        return Run(
            summary=of,
            assessment=in_zone(assessment, figures["time_zone"]),
            situation=kept.get("situation"),
            grounded=kept.get("grounded"),
            policy_digest=row.policy_digest,
            keep_text=KeepText(figures["keep_text"]),
            time_zone=figures["time_zone"],
        )
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise StoreUnusable(f"triage {of.id[:7]} was kept in a form that this version cannot read ({where})") from error


def words(body: str | None) -> dict[str, Any] | None:
    """The parsed words of an entry; None where there are none any more."""
    return None if body is None else json.loads(body)
