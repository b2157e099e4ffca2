"""The judge: total, band, route, deadlines, robustness, warnings, questions. Pure; no model has a part in it."""

from datetime import datetime

from agent.engine import arr, comparison, deadlines, likelihood, questions, robustness, warnings
from agent.errors import ConfigurationError
from agent.policy import Policy
from agent.schema import Band, Decision, Extraction, Grounded, Route

__all__ = ["decide", "route"]


def decide(grounded: Grounded, policy: Policy, now: datetime) -> Decision:
    """The decision on the scores of record; `now` is an aware instant in the user's time zone.

    Raises ConfigurationError if `now` has no time zone or the policy's calendar names an unknown country.
    """
    if now.utcoffset() is None:
        raise ConfigurationError("the time of the assessment has no time zone; add one, such as 2026-11-24T09:00+01:00")
    extraction, scores = grounded.extraction, dict(grounded.scores.items())
    total = sum([score.score for score in scores.values()])
    band = policy.band(total)
    likely = likelihood.measure(grounded, policy)
    judged = warnings.Judged(
        scores=scores,
        band=band,
        deadlines=deadlines.set_for(grounded.scores, policy, band=band, now=now),
        robustness=robustness.measure(scores, policy, total=total, band=band),
        arr_eur=arr.eur_per_year(extraction.arr, policy.rates),
        comparison=comparison.compare(grounded, policy),
    )
    return Decision(
        total=total,
        band=band,
        label=policy.bands[band].label,
        issue_type=extraction.issue_type,
        route=route(extraction, policy, band),
        deadlines=judged.deadlines,
        robustness=judged.robustness,
        likelihood=likely,
        comparison=judged.comparison,
        warnings=warnings.collect(grounded, policy, judged),
        questions=questions.ask(scores, policy, likely, judged.comparison),
        arr_eur=None if judged.arr_eur is None else arr.whole(judged.arr_eur),
    )


def route(extraction: Extraction, policy: Policy, band: Band) -> Route:
    """The one owner of that issue type in that band, with who acts beside them and who hears later."""
    rule = policy.issue_types[extraction.issue_type]
    row, teams = rule.routes[band], policy.teams
    return Route(
        owner_team=row.owner,
        owner=teams[row.owner].name,
        channel=teams[row.owner].channel,
        together_with=tuple(teams[key].name for key in row.together_with),
        inform=tuple(teams[key].name for key in row.inform),
        condition=rule.condition,
        condition_met=extraction.routing_condition.met,
        condition_reason=extraction.routing_condition.reason,
    )
