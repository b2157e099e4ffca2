"""The order of the stages. Read `judge`, `overrule`, `word` and `assemble` in this order to know the product."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from agent import calibration as calibrating
from agent import caution, engine, evidence, guards, intake, money
from agent.calibration import CalibrationMap
from agent.drafting import Drafter, placeholders
from agent.errors import ModelRejected, ModelUnavailable, ModelUnusable, ReplayError
from agent.extraction import Scorer, second_opinion
from agent.hand_over import hand_over
from agent.models.port import Deadline, DecisionModel
from agent.policy import Policy
from agent.schema import (
    Assessment,
    Brief,
    CallRecord,
    Decision,
    Dimension,
    Drafts,
    DraftSource,
    Escalation,
    Finding,
    Grounded,
    Level,
    NextStep,
    Period,
    Provenance,
    Reading,
    Replaced,
    SecondOpinion,
    Signature,
    Situation,
    StatedArr,
    Tokens,
    TriageWarning,
    WarningCode,
)
from agent.schema.follow_up import FollowUp


class Stage(StrEnum):
    """What a waiting CSM is told is happening."""

    READING = "reading"
    SCORING = "scoring"
    DECIDING = "deciding"
    DRAFTING = "drafting"
    CHECKING = "checking"


OnStage = Callable[[Stage], None]


@dataclass(frozen=True)
class Case:
    """One situation, read and decided. Everything after it only words or shows it."""

    situation: Situation
    reading: Reading
    grounded: Grounded
    decision: Decision
    policy: Policy
    now: datetime
    cautions: tuple[TriageWarning, ...] = ()  # about the text itself


def judge(  # noqa: PLR0913 - the stages' inputs, each named at the call
    situation: Situation,
    scorer: Scorer,
    *,
    policy: Policy,
    now: datetime,
    context_characters: int,
    deadline: Deadline,
    overrules: Mapping[Dimension, Level] | None = None,
    second: DecisionModel | None = None,
    calibration: CalibrationMap | None = None,
    on_stage: OnStage = lambda _: None,
) -> Case:
    """Read, score, look up the quotes, decide. Raises model errors; a failed model never becomes a score.

    `second` is asked side by side with the scorer: it is compared and shown, and no score of record is its.
    """
    on_stage(Stage.READING)
    whole, situation = situation, intake.fit(situation, context_characters)
    cautions = caution.warnings(situation, policy)
    on_stage(Stage.SCORING)
    asked = None
    if second:
        asked = second_opinion.begin(second, intake.fit(whole, second.context_characters), policy, deadline)
    reading = scorer.extract(situation, policy, deadline)
    opinion = asked.collect() if asked else None
    if calibration:
        reading, opinion = _calibrated(reading, opinion, calibration)
    on_stage(Stage.DECIDING)
    grounded = _with_flags(evidence.ground(reading, situation), situation)
    grounded = grounded.model_copy(update={"second_opinion": opinion})
    decision = engine.decide(grounded, policy, now)
    case = Case(situation, reading, grounded, decision, policy, now, cautions)
    return overrule(case, overrules) if overrules else case


def _calibrated(
    reading: Reading, opinion: SecondOpinion | None, calibration: CalibrationMap
) -> tuple[Reading, SecondOpinion | None]:
    """Both with the probabilities of the map's own model as they come true; another model's stay weights."""
    model = next((call.model for call in reading.calls), "")
    known = calibrating.apply(calibration, reading.probabilities, model)
    if opinion:
        heard = calibrating.apply(calibration, opinion.probabilities, opinion.model)
        opinion = opinion.model_copy(update={"probabilities": heard})
    return reading.model_copy(update={"probabilities": known}), opinion


def _with_flags(grounded: Grounded, situation: Situation) -> Grounded:
    """What the CSM typed beats what was read; a stated amount is what its words say, whoever read them."""
    context, extraction = situation.context, grounded.extraction
    words = context.arr or (extraction.arr.words if extraction.arr else None)
    update: dict[str, object] = {"renewal": context.renewal.isoformat()} if context.renewal else {}
    if words and (amount := money.parse(words)):
        read = extraction.arr.period if extraction.arr and not context.arr else Period.UNKNOWN
        period = amount.period if amount.period is not Period.UNKNOWN else read
        update["arr"] = StatedArr(words=words, amount=amount.amount, currency=amount.currency, period=period)
    return grounded.model_copy(update={"extraction": extraction.model_copy(update=update)})


def overrule(case: Case, scores: Mapping[Dimension, Level]) -> Case:
    """The same case with the CSM's own scores; the engine decides again."""
    grounded = evidence.overrule(case.grounded, scores)
    return replace(case, grounded=grounded, decision=engine.decide(grounded, case.policy, case.now))


@dataclass(frozen=True)
class Wording:
    """The drafts, or why there are none, and the calls they took."""

    drafts: Drafts | None
    calls: tuple[CallRecord, ...] = ()
    missing_because: str | None = None


def word(  # noqa: PLR0913 - the stages' inputs, each named at the call
    case: Case,
    drafter: Drafter,
    plain: Drafter,
    *,
    language: str,
    signature: Signature,
    deadline: Deadline,
    promised: datetime | None = None,
    on_stage: OnStage = lambda _: None,
) -> Wording:
    """Draft, check, let the drafter try once more, and fall back to the plain wording. A failed call never raises."""
    brief = Brief(
        situation=case.situation,
        grounded=case.grounded,
        decision=case.decision,
        language=language,
        signature=signature,
        promised=promised,
    )
    calls: list[CallRecord] = []
    findings: tuple[Finding, ...] = ()
    note: str | None = None
    try:
        for _ in range(2):
            on_stage(Stage.DRAFTING)
            written = drafter.draft(brief, case.policy, deadline, findings)
            calls += written.calls
            on_stage(Stage.CHECKING)
            if written.source is DraftSource.TEMPLATE:  # proven in tests, and nothing could stand in for it
                return Wording(placeholders.fill(written, brief, case.policy), tuple(calls))
            findings = guards.check(written.draft, brief, case.policy)
            if not findings:
                unchecked = guards.unchecked(language)
                return Wording(placeholders.fill(written, brief, case.policy, note=unchecked), tuple(calls))
        note = "the model's draft failed its checks twice; a plain wording stands in"
    except (ModelUnusable, ModelUnavailable, ModelRejected, ReplayError) as error:
        calls += [error.call] if error.call else []
        which = "the model's draft failed its checks, and the second" if findings else "the"
        note = f"{which} drafting call failed ({error}); a plain wording stands in"
    written = plain.draft(brief, case.policy, deadline)
    drafts = placeholders.fill(written, brief, case.policy, findings=findings, note=note)
    return Wording(drafts, tuple(calls))


def assemble(  # noqa: PLR0913 - what the run knows about itself
    case: Case,
    wording: Wording,
    *,
    model: str | None,
    embedded: bool = False,
    remote: bool = False,
    seconds: float = 0.0,
    follow_up: FollowUp | None = None,
    precedents: tuple[str, ...] = (),
    redacted: tuple[Replaced, ...] | None = None,
) -> Assessment:
    """Everything in one noun, ready to print, keep and compare."""
    second = case.grounded.second_opinion
    return Assessment(
        **_read(case),
        **_decided(case),
        **_worded(case.decision, wording),
        follow_up=follow_up,
        warnings=_about_the_rule(case, follow_up)
        + case.decision.warnings
        + case.cautions
        + _about_drafts(case, wording.drafts),
        provenance=Provenance(
            model=model,
            embedded=embedded,
            left_the_machine=remote or bool(second and second.remote),
            seconds=round(seconds, 3),
            precedents=precedents,
            redacted=redacted,
            **_made_of(case, wording),
        ),
    )


def _read(case: Case) -> dict[str, Any]:
    """What was read, and in what."""
    situation, grounded, extraction = case.situation, case.grounded, case.grounded.extraction
    return {
        "account": situation.context.account or extraction.account,
        "situation": extraction.situation,
        "scores": grounded.scores,
        "issue_type": extraction.issue_type,
        "issue_type_runner_up": extraction.issue_type_runner_up,
        "issue_type_reason": extraction.issue_type_reason,
        "issue_type_probabilities": grounded.issue_type_probabilities,
        "second_opinion": grounded.second_opinion,
        "surprise_test": extraction.surprise_test,
        "not_found": grounded.not_found,
        "left_out": situation.left_out,
        "intake_notes": situation.notes,
        "removed": situation.removed,
        "marks": situation.marks,
    }


def _decided(case: Case) -> dict[str, Any]:
    """The engine's part."""
    decision = case.decision
    return {
        "total": decision.total,
        "band": decision.band,
        "decision": decision.label,
        "arr_eur": decision.arr_eur,
        "route": decision.route,
        "deadlines": decision.deadlines,
        "hand_over": hand_over(case.situation, case.grounded, decision) if decision.band.escalates else None,
        "robustness": decision.robustness,
        "likelihood": decision.likelihood,
        "comparison": decision.comparison,
        "questions": decision.questions,
    }


def _worded(decision: Decision, wording: Wording) -> dict[str, Any]:
    """The drafts, and what became of them."""
    drafts, answer_by = wording.drafts, decision.deadlines.owner_answer
    message = drafts.customer_message if drafts else None
    ask, step = (drafts.ask, drafts.next_step) if drafts else (None, None)
    return {
        "escalation": Escalation(ask=ask, by_when=answer_by, customer_message=message) if answer_by else None,
        "next_step": None if decision.band.escalates else NextStep(action=step, customer_message=message),
        "draft_source": drafts.source if drafts else None,
        "draft_findings": drafts.findings if drafts else (),
        "draft_note": drafts.note if drafts else wording.missing_because,
    }


def _made_of(case: Case, wording: Wording) -> dict[str, Any]:
    """What the calls of both passes took, and what the case stands on."""
    second = case.grounded.second_opinion
    calls = (*case.reading.calls, *((second.call,) if second and second.call else ()), *wording.calls)
    return {
        "made_at": case.now,
        "prompts": tuple(dict.fromkeys(call.prompt for call in calls)),
        "calibrations": _calibrations(case),
        "policy": case.policy.reference,
        "input_digest": intake.digest(case.situation),
        "source": calls[0].source if calls else None,
        "attempts": sum(call.attempts for call in calls),
        "tokens": Tokens(
            input=_sum(call.input_tokens for call in calls),
            cached=_sum(call.cached_tokens for call in calls),
            output=_sum(call.output_tokens for call in calls),
        ),
        "cost": _sum(call.cost_usd for call in calls),
        "calls": calls,
    }


def _about_the_rule(case: Case, follow_up: FollowUp | None) -> tuple[TriageWarning, ...]:
    """The standing rule of the earlier triage, honoured: its day passed and the issue is open."""
    if follow_up is None or follow_up.rule_broken is None:
        return ()
    code = WarningCode.STANDING_RULE_BROKEN
    rule = case.policy.warnings[code]
    words = rule.say(date=f"{follow_up.rule_broken:%Y-%m-%d}")
    return (TriageWarning(code=code, message=words, human_must_look=rule.human_must_look),)


def _calibrations(case: Case) -> tuple[str, ...]:
    """Every calibration that some probability of the case was read with."""
    second = case.grounded.second_opinion
    used = [case.reading.probabilities.of(dimension) for dimension in Dimension]
    used += [second.probabilities.of(dimension) for dimension in Dimension] if second else []
    return tuple(dict.fromkeys(levels.calibration for levels in used if levels and levels.calibration))


def _about_drafts(case: Case, drafts: Drafts | None) -> tuple[TriageWarning, ...]:
    """A plain wording that stands in for a model's is worth a warning, and costs no decision."""
    if drafts is None or drafts.note is None or drafts.source is DraftSource.MODEL:
        return ()
    code = WarningCode.DRAFT_REPLACED
    rule = case.policy.warnings[code]
    return (TriageWarning(code=code, message=rule.say(reason=drafts.note), human_must_look=rule.human_must_look),)


def _sum(values: Iterable[float | None]) -> Any:  # noqa: ANN401 - int for tokens, float for cost
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
