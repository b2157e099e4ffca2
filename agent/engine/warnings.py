"""What a reader has to be warned of. Words and reasons are the policy's; a warning never changes band or route.

A rule yields its code and the values for its words. Where a rule stands says what it guards against: one of the
framework's six mistakes, something that a plain sum hides, or a reading that may be wrong.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from pydantic import TypeAdapter

from agent.engine.arr import whole
from agent.engine.robustness import ScoreOf, unstated
from agent.policy import Policy
from agent.schema import (
    Answer,
    Band,
    Comparison,
    Deadlines,
    Dimension,
    Grounded,
    Robustness,
    ScoredBy,
    TriageWarning,
    WarningCode,
)

_PATTERN_OF_ATTEMPTS = 2
_SEVEREST_LEVEL = 5
_STRATEGIC_LEVELS = 2  # as far above the amount's level a score disagrees; see the policy's account_value_by_arr
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_WARNINGS = TypeAdapter(tuple[TriageWarning, ...])  # all at once costs half of one by one

Values = dict[str, object]
Raised = Iterator[tuple[WarningCode, Values]]


class Judged(NamedTuple):
    """The parts of a decision that warnings look at."""

    scores: ScoreOf
    band: Band
    deadlines: Deadlines
    robustness: Robustness
    arr_eur: Decimal | None
    comparison: Comparison | None


def collect(grounded: Grounded, policy: Policy, judged: Judged) -> tuple[TriageWarning, ...]:
    """Every warning that applies: first those at which a human must look, then in the policy's order."""
    rules = (_mistakes(grounded, policy, judged), _hidden_by_the_sum(policy, judged), _doubts(grounded, policy, judged))
    raised = dict(chain.from_iterable(rules))
    if not raised:
        return ()
    # What the text does not say is no reason to look where it could not change the decision.
    settled = (WarningCode.UNSTATED,) if len(judged.robustness.bands_over_unstated) == 1 else ()
    said = [
        {
            "code": code,
            "message": rule.say(**raised[code]),
            "human_must_look": rule.human_must_look and code not in settled,
        }
        for code, rule in policy.warnings.items()
        if code in raised
    ]
    said.sort(key=itemgetter("human_must_look"), reverse=True)  # the policy's order stays within each half
    return _WARNINGS.validate_python(said)


def missing_context(grounded: Grounded) -> tuple[str, ...]:
    """What a good brief still lacks of the five things a CSM is asked for, in plain words."""
    extraction, scores = grounded.extraction, grounded.scores
    lacks = {
        "the issue": not extraction.situation.strip(),
        "customer impact": scores.customer_impact.unstated,
        "what was tried": not extraction.attempts,
        "account context (ARR, renewal)": extraction.arr is None and scores.account_value.unstated,
        "whether the CSM can resolve it": scores.csm_capability.unstated,
    }
    return tuple([words for words, missing in lacks.items() if missing])


def _mistakes(grounded: Grounded, policy: Policy, judged: Judged) -> Raised:
    """The framework's six mistakes, as far as scores and facts can show them."""
    extraction, band, deadlines = grounded.extraction, judged.band, judged.deadlines
    attempts = len(extraction.attempts)
    if not band.escalates:
        if attempts >= _PATTERN_OF_ATTEMPTS and extraction.open_now and deadlines.escalate_if_unresolved:
            yield WarningCode.TOO_LATE, {"attempts": attempts, "date": _day(deadlines.escalate_if_unresolved)}
        if extraction.surprise_test.surprised:
            yield WarningCode.SURPRISE_TEST, {"decision": policy.bands[band].label}
    else:
        if not attempts:
            yield WarningCode.NOTHING_TRIED, {}
        if missing := missing_context(grounded):
            yield WarningCode.CONTEXT_MISSING, {"missing": ", ".join(missing)}
        yield WarningCode.TELL_THE_CUSTOMER, {"customer_word": _moment(deadlines.customer_word)}
        if extraction.routing_condition.met is Answer.NO:
            rule = policy.issue_types[extraction.issue_type]
            values: Values = {"team": rule.route, "condition": rule.condition, "first_step": rule.first_step}
            yield WarningCode.ROUTING_CONDITION, values
    if extraction.other_issues:
        yield WarningCode.SEVERAL_ISSUES, {"issues": "; ".join(extraction.other_issues)}


def _hidden_by_the_sum(policy: Policy, judged: Judged) -> Raised:
    band, impact = judged.band, judged.scores[Dimension.CUSTOMER_IMPACT].score
    if impact == _SEVEREST_LEVEL and not band.escalates:
        yield WarningCode.IMPACT_HIDDEN, {"impact": impact, "decision": policy.bands[band].label}
    if judged.robustness.points_to_severer == 1:
        severer = policy.band(policy.bands[band].to + 1)
        yield WarningCode.NEXT_BAND_NEAR, {"band": policy.bands[severer].label}


def _doubts(grounded: Grounded, policy: Policy, judged: Judged) -> Raised:
    """Where the reading behind the scores may be wrong. What the CSM scored is not doubted."""
    scores, arr = judged.scores, grounded.extraction.arr
    if arr is not None and judged.arr_eur is not None:
        score, level = scores[Dimension.ACCOUNT_VALUE].score, policy.account_value_by_arr.level(judged.arr_eur)
        if score < level or score >= level + _STRATEGIC_LEVELS:
            amount = f"{whole(judged.arr_eur):,}"
            yield WarningCode.ARR_DISAGREES, {"words": arr.words, "arr_eur": amount, "level": level, "score": score}
    if silent := unstated(scores):
        bands = ", ".join([policy.bands[band].label for band in judged.robustness.bands_over_unstated])
        yield WarningCode.UNSTATED, {"dimensions": _labels(silent, policy), "bands": bands}
    if unsupported := [d for d, s in scores.items() if not s.supported and s.scored_by is ScoredBy.MODEL]:
        yield WarningCode.UNSUPPORTED, {"dimensions": _labels(unsupported, policy)}
    if doubtful := [d for d, s in scores.items() if s.low_confidence]:
        yield WarningCode.LOW_CONFIDENCE, {"dimensions": _labels(doubtful, policy)}
    second, beside = grounded.second_opinion, judged.comparison
    if second and beside and (beside.apart or beside.band is not judged.band):
        differences = [
            f"{policy.dimensions[d].label} {beside.levels[d]} instead of {scores[d].score}" for d in beside.apart
        ]
        if beside.band is not judged.band:
            differences.append(f"'{policy.bands[beside.band].label}' instead of '{policy.bands[judged.band].label}'")
        yield WarningCode.SECOND_OPINION_DIFFERS, {"model": second.model, "differences": "; ".join(differences)}


def _labels(dimensions: Iterable[Dimension], policy: Policy) -> str:
    return ", ".join([policy.dimensions[dimension].label for dimension in dimensions])


def _day(day: date) -> str:
    """Such as 'Tue 2026-11-24': the weekday by our own table, since the machine's locale has no say."""
    return f"{_WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())} {moment.hour:02}:{moment.minute:02}"
