"""What the escalation brief writer takes over: history, attempts, money, who knows what, and what is missing.

The decision is this product's job; writing the brief is its sibling's.
"""

from agent.engine.warnings import missing_context
from agent.evidence import normalise
from agent.schema import Decision, Extraction, Grounded, HandOver, Message, Side, Situation

_SAID_BY = {Side.CUSTOMER: "customer", Side.US: "us", Side.CSM_NOTE: "CSM's note", Side.UNKNOWN: "unknown"}
_TIMELINE_CHARACTERS = 110
_TIMELINE_MESSAGES = 12


def hand_over(situation: Situation, grounded: Grounded, decision: Decision) -> HandOver:
    """Everything the text gives for a brief, oldest first, in the text's own words."""
    extraction = grounded.extraction
    return HandOver(
        timeline=tuple(_line(message) for message in reversed(situation.messages[:_TIMELINE_MESSAGES])),
        open_now=extraction.open_now,
        already_resolved=extraction.already_resolved,
        customer_request=extraction.customer_request,
        customer_deadline=extraction.customer_deadline,
        attempts=extraction.attempts,
        commercial_context=_commercial(situation, grounded, decision),
        told_so_far=extraction.told_so_far,
        missing=missing_context(grounded) + _commercial_gaps(extraction),
    )


def _commercial_gaps(extraction: Extraction) -> tuple[str, ...]:
    """What a brief names and a decision can do without."""
    gaps = {"the ARR": extraction.arr is None, "the renewal date": extraction.renewal is None}
    return tuple(words for words, missing in gaps.items() if missing)


def _line(message: Message) -> str:
    when = f"{message.sent:%Y-%m-%d %H:%M}" if message.sent else message.sent_as_written or "no date"
    who = message.author or "unnamed"
    words = normalise(message.body)
    if len(words) > _TIMELINE_CHARACTERS:
        words = words[:_TIMELINE_CHARACTERS].rsplit(" ", 1)[0] + " …"
    return f"{when}, {who} ({_SAID_BY[message.side]}): {words}"


def _commercial(situation: Situation, grounded: Grounded, decision: Decision) -> tuple[str, ...]:
    extraction, context = grounded.extraction, situation.context
    lines = []
    if extraction.arr:
        euros = "" if decision.arr_eur is None else f" (about EUR {decision.arr_eur:,} a year)"
        lines.append(f"ARR as stated: {extraction.arr.words}{euros}")
    if renewal := context.renewal or extraction.renewal:
        lines.append(f"Renewal: {renewal}")
    if context.strategic:
        lines.append("Strategically important, says the CSM")
    return tuple(lines)
