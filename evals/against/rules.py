"""The baseline of an afternoon: keywords, and the amount the text states. The words were chosen once, not tuned."""

import re

from agent import money
from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import Dimension, IssueType, Level, Reading, Situation, StatedArr
from evals.against import form

NAME = "rules"

# Levels with the words that give them; the first match wins.
_IMPACT: tuple[tuple[Level, str], ...] = (
    (5, r"outage|standstill|down\b|blocked|cannot (?:work|ship|bill|invoice|pay)|lost (?:data|revenue|orders)"),
    (5, r"steht still|ausgefallen|Stillstand|à l'arrêt|bloqué|parad[oa]|bloquead[oa]|safety"),
    (1, r"cosmetic|typo|colou?r\b|nice to have|Schönheitsfehler|Tippfehler|coquille"),
    (3, r"workaround|slow|manual|delay|by hand|Umweg|langsam|von Hand|contournement|à la main|lent\b"),
)
_TIME: tuple[tuple[Level, str], ...] = (
    (5, r"today|tonight|immediately|right now|within the hour|heute|sofort|aujourd'hui|immédiatement|hoy\b"),
    (4, r"tomorrow|24 hours|morgen\b|übermorgen|demain|mañana"),
    (1, r"no rush|no hurry|whenever|next quarter|keine Eile|hat Zeit|pas urgent|sin prisa"),
    (3, r"this week|friday|monday|diese Woche|Freitag|cette semaine|vendredi|esta semana"),
)
_CAPABILITY: tuple[tuple[Level, str], ...] = (
    (1, r"I can (?:fix|do|solve|sort)|my (?:own )?(?:login|rights|admin)|kann ich selbst|je peux le faire"),
    (5, r"CEO|CRO|board\b|lawyer|legal\b|Geschäftsführ|Vorstand|Anwalt|direction générale|avocat"),
    (4, r"engineering|developers?|finance|contract|roadmap|Entwicklung|Finanz|Vertrag|équipe technique|contrat"),
)
_LEVELS: dict[Dimension, tuple[tuple[tuple[Level, str], ...], Level]] = {
    Dimension.CUSTOMER_IMPACT: (_IMPACT, 3),
    Dimension.TIME_SENSITIVITY: (_TIME, 2),
    Dimension.CSM_CAPABILITY: (_CAPABILITY, 3),
}
_TYPES = (
    (IssueType.EXECUTIVE_INTERVENTION, r"our (?:CEO|CFO|chief)|executive sponsor|Geschäftsführ|Vorstand"),
    (IssueType.COMMERCIAL_DISPUTE, r"invoice|billing|overcharg|price|Rechnung|Preis|factur|prix|tarif"),
    (IssueType.SERVICE_FAILURE, r"again\b|third time|SLA\b|outages|schon wieder|erneut|encore une fois|otra vez"),
    (IssueType.FEATURE_GAP, r"feature|roadmap|does not support|Funktion fehlt|fonctionnalité|funcionalidad"),
    (IssueType.RELATIONSHIP_RISK, r"trust|disappointed|competitor|Vertrauen|enttäuscht|confiance|déçu|confianza"),
    (IssueType.CROSS_FUNCTIONAL, r"several teams|both teams|mehrere Teams|plusieurs équipes|varios equipos"),
)


class RulesScorer:
    """A `Scorer` of keywords, matched at the start of a word in any case."""

    def extract(self, situation: Situation, policy: Policy, deadline: Deadline) -> Reading:  # noqa: ARG002 - the port
        text = situation.text
        found = {dimension: _level(text, *ladder) for dimension, ladder in _LEVELS.items()}
        stated, value = _account_value(text, policy)
        levels = {d: value if d is Dimension.ACCOUNT_VALUE else found[d][0] for d in Dimension}
        words = {d: said for d, (_, said) in found.items() if said} | (
            {Dimension.ACCOUNT_VALUE: stated.words} if stated else {}
        )
        return Reading(
            extraction=form.extraction(
                levels,
                next((kind for kind, pattern in _TYPES if _find(pattern, text)), IssueType.PRODUCT_DEFECT),
                reasons={d: f"The text says '{words[d]}'." if d in words else "No keyword." for d in Dimension},
                quotes={d: (said,) for d, said in words.items()},
                arr=stated,
                unstated=() if stated else (Dimension.ACCOUNT_VALUE,),
            )
        )


def _level(text: str, rules: tuple[tuple[Level, str], ...], otherwise: Level) -> tuple[Level, str | None]:
    """The level of the first rule that matches, and the word that matched."""
    matches = ((level, _find(pattern, text)) for level, pattern in rules)
    return next(((level, match[0]) for level, match in matches if match), (otherwise, None))


def _find(pattern: str, text: str) -> re.Match[str] | None:
    """The first place where a word starts like this."""
    return re.search(rf"(?<!\w)(?:{pattern})", text, re.IGNORECASE)


def _account_value(text: str, policy: Policy) -> tuple[StatedArr | None, Level]:
    """The stated revenue and its level by the policy's amounts; the middle level where there is none."""
    amount = money.find_arr(text)
    eur = policy.rates.to_eur(money.per_year(amount), amount.currency) if amount else None
    if amount is None or eur is None:
        return None, 3
    stated = StatedArr(words=amount.words[:120], amount=amount.amount, currency=amount.currency, period=amount.period)
    return stated, policy.account_value_by_arr.level(eur)
