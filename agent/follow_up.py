"""A thread that goes on: what is new since the earlier triage, what moved and why, and what became of its deadlines.

Pure. Only the thread is looked at: an owner's answer does not stand in it, so it is never said to be met or missed.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from agent.evidence import normalise
from agent.schema import Band, Decision, Dimension, Grounded, Level, Message, Side, Situation
from agent.schema.follow_up import DeadlineKept, Due, FollowUp, FoundBy, Kept, Moved
from agent.schema.record import Run

_LINE_CHARACTERS = 110


def compare(  # noqa: PLR0913 - the earlier triage, and the parts of the new one
    earlier: Run, situation: Situation, grounded: Grounded, decision: Decision, *, now: datetime, found_by: FoundBy
) -> FollowUp:
    """The new case beside the earlier one, whose standing verdict counts where there is one."""
    summary, figures = earlier.summary, earlier.summary.rescored or earlier.summary
    carrier = earlier.assessment.escalation or earlier.assessment.next_step
    told = carrier.customer_message if carrier else None
    return FollowUp(
        follows=summary.id,
        found_by=found_by,
        made_at=summary.made_at.astimezone(now.tzinfo),
        new_messages=tuple(_line(message) for message in _new(earlier, situation)),
        moved=tuple(_moved(figures.scores, grounded)),
        total_before=figures.total,
        total_after=decision.total,
        band_before=figures.band,
        band_after=decision.band,
        decided_by_manager=summary.verdict is not None and not summary.verdict.agrees,
        deadlines=tuple(
            each.model_copy(update={"by": each.by.astimezone(now.tzinfo)})
            for each in _deadlines(earlier, situation, now)
        ),
        promised=earlier.assessment.deadlines.customer_update.astimezone(now.tzinfo) if told else None,
        rule_broken=_rule_broken(earlier, grounded, now),
    )


def _new(earlier: Run, situation: Situation) -> list[Message]:
    """Messages whose words the earlier triage did not have; by their date where its text is not kept."""
    if earlier.situation is not None:
        known = {normalise(message.body) for message in earlier.situation.messages}
        return [message for message in situation.messages if normalise(message.body) not in known]
    return [m for m in situation.messages if m.sent is None or _after(m.sent, earlier.summary.made_at)]


def _moved(before: Mapping[Dimension, Level], grounded: Grounded) -> Iterator[Moved]:
    for dimension, score in grounded.scores.items():
        if score.score != before[dimension]:
            quotes = tuple(evidence.quote for evidence in score.evidence if evidence.found)
            yield Moved(
                dimension=dimension, before=before[dimension], after=score.score, why=score.rationale, quotes=quotes
            )


def _deadlines(earlier: Run, situation: Situation, now: datetime) -> Iterator[DeadlineKept]:
    """A word of ours in the thread, sent since, meets the first word; the next one meets the update."""
    figures = earlier.summary.rescored or earlier.summary
    ours = sorted(
        m.sent
        for m in situation.messages
        if m.side is Side.US and m.sent and m.sent.tzinfo and _after(m.sent, earlier.summary.made_at)
    )
    yield _kept(Due.CUSTOMER_WORD, figures.customer_word, ours[0] if ours else None, now)
    if answer := figures.owner_answer:
        state = Kept.PENDING if now < answer else Kept.NOT_KNOWN
        yield DeadlineKept(due=Due.OWNER_ANSWER, by=answer, kept=state)
    yield _kept(Due.CUSTOMER_UPDATE, figures.customer_update, ours[1] if len(ours) > 1 else None, now)


def _kept(due: Due, by: datetime, seen: datetime | None, now: datetime) -> DeadlineKept:
    unseen = Kept.PENDING if now < by else Kept.NOT_SEEN
    state = unseen if seen is None else Kept.MET if seen <= by else Kept.LATE
    return DeadlineKept(due=due, by=by, kept=state, seen=seen)


def _rule_broken(earlier: Run, grounded: Grounded, now: datetime) -> date | None:
    """The standing rule's day, if it ended with the issue open. Where the CSM handles it, the update ends that day."""
    figures = earlier.summary.rescored or earlier.summary
    day = figures.escalate_if_unresolved
    extraction = grounded.extraction
    resolved = bool(extraction.already_resolved) and not extraction.open_now
    over = figures.band is Band.HANDLE_YOURSELF and now >= figures.customer_update
    return day if day is not None and over and not resolved else None


def _after(moment: datetime, other: datetime) -> bool:
    """A message without a zone counts as sent in the other's."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=other.tzinfo)) > other


def _line(message: Message) -> str:
    when = f"{message.sent:%Y-%m-%d %H:%M}, " if message.sent else ""
    words = normalise(message.body)
    if len(words) > _LINE_CHARACTERS:
        words = words[:_LINE_CHARACTERS].rsplit(" ", 1)[0] + " …"
    return f"{when}{message.author or message.side.value.replace('_', ' ')}: {words}"
