"""The assessment in the framework's own Markdown form, and behind it everything a reader may want to check."""

from collections.abc import Iterable, Iterator

from agent.policy import Policy
from agent.report import certainty, phrases
from agent.report.plain import fenced, inline, paragraph
from agent.schema import Assessment


def render(assessment: Assessment, policy: Policy) -> str:
    """The whole assessment as Markdown. Untrusted words can neither break its structure nor act in it."""
    parts = (
        _situation(assessment),
        _scoring(assessment, policy),
        _section("Decision", [assessment.decision]),
        _to_do(assessment),
        _customer_message(assessment),
        _listed("How sure", certainty.how_sure(assessment, policy)),
        _listed("Second opinion", certainty.second_opinion(assessment, policy)),
        _since(assessment, policy),
        _issue_type(assessment, policy),
        _evidence(assessment, policy),
        _hand_over(assessment),
        _section("Warnings", [f"- **{w.code.value}**: {inline(w.message)}" for w in assessment.warnings] or ["None."]),
        _questions(assessment, policy),
        _section("How robust", _bullets(phrases.robustness(assessment.robustness, policy))),
        _section("Provenance", [f"- {name}: {inline(words)}" for name, words in phrases.provenance(assessment)]),
    )
    return "\n\n".join(part for part in parts if part)


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join((f"### {title}", *lines))


def _bullets(items: Iterable[str]) -> list[str]:
    return [f"- {inline(item)}" for item in items]


def _listed(title: str, items: Iterable[str]) -> str:
    """A section, or nothing where there is nothing to say."""
    lines = _bullets(items)
    return _section(title, lines) if lines else ""


def _situation(assessment: Assessment) -> str:
    title = f"## Escalation Assessment: {inline(assessment.account or phrases.NO_ACCOUNT)}"
    note = [phrases.EMBEDDED, ""] if assessment.provenance.embedded else []
    return "\n".join((title, *note, "### Situation", paragraph(assessment.situation)))


def _scoring(assessment: Assessment, policy: Policy) -> str:
    rows = (
        f"| {policy.dimensions[dimension].label} | {score.score} | {inline(phrases.rationale(score))} |"
        for dimension, score in assessment.scores.items()
    )
    return _section(
        "Scoring",
        ["| Dimension | Score | Rationale |", "|---|---|---|", *rows, f"| **Total** | **{assessment.total}** | |"],
    )


def _to_do(assessment: Assessment) -> str:
    communication = f"- Customer communication: {inline(phrases.customer_communication(assessment))}"
    if escalation := assessment.escalation:
        return _section(
            "If Escalating",
            [
                f"- Route to: {inline(phrases.route(assessment.route))}",
                f"- Specific ask: {inline(phrases.drafted(escalation.ask, assessment))}",
                f"- By when: {phrases.when(escalation.by_when)}",
                communication,
            ],
        )
    until = assessment.deadlines.escalate_if_unresolved
    action = assessment.next_step.action if assessment.next_step else None
    return _section(
        "If Handling Yourself",
        [
            f"- Next step: {inline(phrases.drafted(action, assessment))}",
            f"- Escalate if not resolved by: {phrases.day(until) if until else 'no date set'}",
            communication,
        ],
    )


def _customer_message(assessment: Assessment) -> str:
    message = phrases.message(assessment)
    if message is None:
        return ""
    about = f"Language: {message.language}. Worded by {inline(phrases.worded_by(assessment))}."
    replaced = [
        f"- replaced ({finding.code.value}): {inline(finding.message)}" for finding in assessment.draft_findings
    ]
    copy = fenced(f"Subject: {message.subject}\n\n{message.body}")
    return _section("Customer message", [about, *replaced, "", copy])


def _since(assessment: Assessment, policy: Policy) -> str:
    change = assessment.follow_up
    return _section("Since the last triage", _bullets(phrases.since(change, policy))) if change else ""


def _issue_type(assessment: Assessment, policy: Policy) -> str:
    lines = [f"- {policy.issue_types[assessment.issue_type].label}: {inline(assessment.issue_type_reason)}"]
    if second := assessment.issue_type_runner_up:
        lines.append(f"- Runner-up: {policy.issue_types[second].label}")
    if assessment.band.escalates:
        lines.append(f"- {inline(phrases.condition(assessment.route))}")
    lines.append(f"- {inline(phrases.surprise(assessment))}")
    return _section("Issue type", lines)


def _evidence(assessment: Assessment, policy: Policy) -> str:
    return _section("Evidence", _evidence_lines(assessment, policy))


def _evidence_lines(assessment: Assessment, policy: Policy) -> Iterator[str]:
    for dimension, score in assessment.scores.items():
        yield f"- **{policy.dimensions[dimension].label}: {score.score}** ({phrases.scored_by(score)})"
        for evidence in score.evidence:
            where = inline(phrases.source(evidence))
            yield f'  - "{inline(evidence.quote)}" ({where if evidence.found else f"**{where}**"})'
        if not score.evidence:
            yield "  - no quote"
    for words in assessment.not_found:
        yield f'- claimed from the text and not used: "{inline(words)}" (**not found in the text**)'


def _hand_over(assessment: Assessment) -> str:
    if assessment.hand_over is None:
        return ""
    lines: list[str] = []
    for title, items in phrases.hand_over(assessment.hand_over):
        lines.append(f"- **{title}**")
        lines += [f"  - {paragraph(item)}" for item in items]
    return _section("Hand-over for the escalation brief", lines)


def _questions(assessment: Assessment, policy: Policy) -> str:
    if not assessment.questions:
        return ""
    return _section(
        "Questions",
        [
            f"- {policy.dimensions[q.dimension].label}: {inline(q.question)} ({inline(q.why)})"
            for q in assessment.questions
        ],
    )
