"""Why a person should look at a triage, told at the moment it is kept so that a queue need not read every case."""

from agent.schema import Assessment, Basis, ScoredBy, WarningCode
from agent.schema.record import Look

_BY_WARNING = {
    WarningCode.IMPACT_HIDDEN: Look.IMPACT_HIDDEN,
    WarningCode.UNSUPPORTED: Look.UNSUPPORTED,
    WarningCode.LOW_CONFIDENCE: Look.LOW_CONFIDENCE,
    WarningCode.SECOND_OPINION_DIFFERS: Look.SECOND_OPINION,
    WarningCode.INSTRUCTIONS_TO_AI: Look.INJECTION,
    WarningCode.HIDDEN_TEXT: Look.INJECTION,
}
_CERTAIN_ENOUGH = 0.6  # the band's own probability; below it another band is nearly as likely
WEIGHTS = {look: 1 << place for place, look in enumerate(reversed(Look))}


def looks(assessment: Assessment) -> tuple[Look, ...]:
    """Every reason that applies, the most pressing first."""
    codes = {warning.code for warning in assessment.warnings}
    found = {_BY_WARNING[code] for code in codes if code in _BY_WARNING}
    scores = [score for _, score in assessment.scores.items()]
    near, likely = assessment.robustness, assessment.likelihood
    applies = {
        Look.HUMAN_MUST_LOOK: assessment.human_must_look,
        Look.BAND_UNCERTAIN: likely is not None and likely.bands[assessment.band] < _CERTAIN_ENOUGH,
        Look.UNSTATED: any(score.basis is Basis.UNSTATED for score in scores),
        Look.NEAR_BORDER: 1 in (near.points_to_milder, near.points_to_severer),
        Look.OVERRULED: any(s.scored_by is ScoredBy.CSM and s.overruled_from is not None for s in scores),
    }
    found |= {look for look, holds in applies.items() if holds}
    return tuple(look for look in Look if look in found)


def attention(found: tuple[Look, ...]) -> int:
    """One number to sort by: a more pressing reason outweighs all that are less."""
    return sum(WEIGHTS[look] for look in found)


def columns(found: tuple[Look, ...]) -> dict[str, str | int]:
    """The reasons as the queue's columns hold them."""
    return {"looks": "".join(f" {look.value} " for look in found), "attention": attention(found)}
