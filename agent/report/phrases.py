"""The sentences that the terminal and the Markdown page share, still unescaped: each form makes them harmless."""

from collections.abc import Iterator
from datetime import date, datetime

from agent.policy import Policy
from agent.schema import (
    Answer,
    Assessment,
    Basis,
    CustomerMessage,
    Dimension,
    DimensionScore,
    DraftSource,
    Evidence,
    HandOver,
    Provenance,
    Replaced,
    Robustness,
    Route,
    ScoredBy,
)
from agent.schema.follow_up import Due, FollowUp, Kept

EMBEDDED = "Read by the small built-in model: low confidence, a pre-filled form to check, not a verdict."
NO_ACCOUNT = "account not named"
_BASIS = {
    Basis.STATED: "the text says it",
    Basis.INFERRED: "the text implies it",
    Basis.UNSTATED: "the text does not say; most likely level",
}
_CONDITION = {Answer.YES: "met", Answer.NO: "not met", Answer.NOT_KNOWN: "not known whether it is met"}


_DUE = {
    Due.CUSTOMER_WORD: "First word to the customer",
    Due.OWNER_ANSWER: "The owner's answer",
    Due.CUSTOMER_UPDATE: "The customer's next word",
    Due.STANDING_RULE: "The standing rule",
}
_KEPT = {
    Kept.MET: "met",
    Kept.LATE: "late",
    Kept.NOT_SEEN: "passed, and no word of ours is in the thread",
    Kept.NOT_KNOWN: "passed; a thread does not show whether it came",
    Kept.PENDING: "still to come",
}


def day(moment: date) -> str:
    """A day as colleagues read it, such as 'Thu 12 Mar 2026'."""
    return f"{moment:%a %d %b %Y}"


def when(moment: datetime) -> str:
    """An instant with its zone, such as 'Thu 12 Mar 2026, 17:00 CET'."""
    zone = moment.tzname() or ""
    return f"{day(moment)}, {moment:%H:%M} {'UTC' if zone.startswith(('+', '-')) else ''}{zone}".rstrip()


def route(where: Route) -> str:
    """The one owner, where they are reached, who acts beside them and who hears later."""
    parts = [where.owner + (f" ({where.channel})" if where.channel else "")]
    if where.together_with:
        parts.append("together with " + " and ".join(where.together_with))
    if where.inform:
        parts.append("inform later: " + ", ".join(where.inform))
    return "; ".join(parts)


def condition(where: Route) -> str:
    reason = f" ({where.condition_reason.rstrip('.')})" if where.condition_reason else ""
    return f"It is right to route there when {where.condition}: {_CONDITION[where.condition_met]}{reason}."


def surprise(assessment: Assessment) -> str:
    """The framework's surprise test with its reason; without a model it is the reader's to ask."""
    question, test = "Would your manager be surprised to hear this from the customer first?", assessment.surprise_test
    if assessment.provenance.model is None:
        return f"{question} Ask yourself: if yes, escalate."
    return f"{question} {'yes' if test.surprised else 'no'}: {test.reason}"


def message(assessment: Assessment) -> CustomerMessage | None:
    """The customer message, whoever sends it."""
    carrier = assessment.escalation or assessment.next_step
    return carrier.customer_message if carrier else None


def drafted(words: str | None, assessment: Assessment) -> str:
    """The drafted words, or that there are none and why."""
    return words or f"not drafted ({assessment.draft_note or 'no reason given'})"


def customer_communication(assessment: Assessment) -> str:
    """What the customer needs to hear, and when."""
    deadlines = assessment.deadlines
    who = f"that it is with {assessment.route.owner}" if assessment.band.escalates else "that you take care of it"
    where = "the message below" if message(assessment) else f"message {drafted(None, assessment)}"
    return (
        f"tell them by {when(deadlines.customer_word)} {who}, and that they hear again "
        f"by {when(deadlines.customer_update)}, even without a solution; {where}"
    )


def worded_by(assessment: Assessment) -> str:
    """Who worded the drafts, and why not the model where it did not."""
    who = "the model" if assessment.draft_source is DraftSource.MODEL else "plain deterministic wording"
    return f"{who} ({assessment.draft_note})" if assessment.draft_note else who


def scored_by(score: DimensionScore) -> str:
    """Who set the score of record, and on what basis."""
    if score.overruled_from is not None:
        return f"overruled: model said {score.overruled_from}, CSM set {score.score}"
    if score.scored_by is ScoredBy.CSM:
        return "set by the CSM"
    marks = [_BASIS[score.basis]]
    if score.low_confidence:
        marks.append("low confidence")
    if not score.supported:
        marks.append("unsupported")
    return ", ".join(marks)


def rationale(score: DimensionScore) -> str:
    """The reason for the score, led by whatever a reader must know before trusting it."""
    if score.overruled_from is not None:
        return f"CSM set {score.score}; model said {score.overruled_from}: {score.rationale}"
    if score.basis is Basis.UNSTATED:
        return f"Not stated, most likely level: {score.rationale}"
    return score.rationale


def level_word(dimension: Dimension, level: int) -> str:
    """The level in a word; a high capability score is a high need for help, which its label alone would not say."""
    word = ("low", "fairly low", "medium", "fairly high", "high")[level - 1]
    return f"{word} need for help" if dimension is Dimension.CSM_CAPABILITY else word


def source(evidence: Evidence) -> str:
    """Where a quote stands, or that it does not."""
    if not evidence.found:
        return "not found in the text"
    if evidence.message is None:
        return "in a header or your own flags"
    return f"message {evidence.message}, {evidence.author}" if evidence.author else f"message {evidence.message}"


def robustness(how: Robustness, policy: Policy) -> Iterator[str]:
    """How near the decision is to another one, a sentence each."""
    for points, direction in ((how.points_to_milder, "milder"), (how.points_to_severer, "more severe")):
        if points is not None:
            yield f"{points} point{'' if points == 1 else 's'} to the next {direction} decision."
    for tip in how.tipping_points:
        yield f"{policy.dimensions[tip.dimension].label} at {tip.score} would give: {policy.bands[tip.band].label}."
    if not how.tipping_points:
        yield "No single score moved by one step changes the decision."
    if len(how.bands_over_unstated) > 1:
        bands = ", ".join(policy.bands[band].label for band in how.bands_over_unstated)
        yield f"Over all values of what the text does not say: {bands}."


def since(change: FollowUp, policy: Policy) -> Iterator[str]:
    """What changed since the triage that this one goes on from, a sentence each."""
    who = "as the manager decided" if change.decided_by_manager else "as triaged"
    before, after = policy.bands[change.band_before].label, policy.bands[change.band_after].label
    moved = f"{before} ({change.total_before}) -> {after} ({change.total_after})"
    yield f"Goes on from {change.follows[:7]} of {when(change.made_at)}, {who}: {moved}."
    for move in change.moved:
        quotes = "".join(f' "{quote}"' for quote in move.quotes)
        yield f"{policy.dimensions[move.dimension].label} {move.before} -> {move.after}: {move.why}{quotes}"
    if not change.moved:
        yield "No score moved."
    for due in change.deadlines:
        seen = f" on {when(due.seen)}" if due.seen else ""
        yield f"{_DUE[due.due]} by {when(due.by)}: {_KEPT[due.kept]}{seen}."
    for words in change.new_messages:
        yield f"New: {words}"


def hand_over(notes: HandOver) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The parts of the hand-over under their titles, in the order a brief needs them."""
    nothing = ("nothing in the text",)
    yield "Timeline", notes.timeline or nothing
    asked = (notes.customer_request, f"by when: {notes.customer_deadline}" if notes.customer_deadline else None)
    yield "What the customer asks for", tuple(words for words in asked if words) or nothing
    yield "Still open", notes.open_now or nothing
    if notes.already_resolved:
        yield "Already resolved", notes.already_resolved
    yield "Attempts so far", notes.attempts or nothing
    yield "Commercial context", notes.commercial_context or nothing
    yield "Told so far", notes.told_so_far or nothing
    yield "Missing for a good brief", notes.missing or ("nothing",)


def provenance(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """What made this assessment, a name and its words each."""
    made, cut = assessment.provenance, assessment.left_out
    yield "Model", _model(made)
    yield "Text left the machine", "yes" if made.left_the_machine else "no"
    if made.redacted is not None:
        yield "Replaced before sending", _replaced(made.redacted)
    yield "Prompts", ", ".join(made.prompts) or "none"
    if made.precedents:
        yield "Precedents shown to the model", ", ".join(key[:7] for key in made.precedents)
    if made.calibrations:
        yield "Calibration", ", ".join(made.calibrations)
    yield "Policy", made.policy
    yield "Input", f"sha256 {made.input_digest}"
    yield "Attempts", str(made.attempts)
    yield "Tokens", _tokens(made)
    yield "Cost", _cost(made)
    yield "Seconds", f"{made.seconds:.1f}"
    yield "Made at", when(made.made_at)
    if any(call.stale for call in made.calls):
        yield "Stale", "a replayed answer was recorded under another prompt, schema or policy"
    if cut:
        yield "Left out", f"the {cut.messages} oldest messages ({cut.characters} characters) did not fit the model"
    for note in assessment.intake_notes:
        yield "Reading the input", note


def _replaced(redacted: tuple[Replaced, ...]) -> str:
    """Such as 'person: 3 values in 9 places, email: 1 value in 1 place'."""
    return (
        ", ".join(
            f"{one.kind.value.replace('_', ' ')}: {one.values} value{'' if one.values == 1 else 's'} "
            f"in {one.times} place{'' if one.times == 1 else 's'}"
            for one in redacted
        )
        or "nothing was found to replace"
    )


def _model(made: Provenance) -> str:
    if made.model is None:
        return "none; the scores were given by hand"
    marks = [made.source.value] if made.source else []
    return ", ".join([made.model, *marks, *(["embedded, low confidence"] if made.embedded else [])])


def _tokens(made: Provenance) -> str:
    counts = (("in", made.tokens.input), ("cached", made.tokens.cached), ("out", made.tokens.output))
    return ", ".join(f"{count} {name}" for name, count in counts if count is not None) or "not counted"


def _cost(made: Provenance) -> str:
    if made.cost is None:
        return "none" if made.model is None else "not known"
    return f"USD {made.cost:.4f}"
