"""The assessment for a person at a terminal: first the decision, and once they are worded, the drafts."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from agent.policy import LEVELS, Policy
from agent.report import certainty, phrases
from agent.report.plain import clean, line
from agent.schema import Assessment, Band, Dimension, DimensionScore

_BAND_STYLE = {
    Band.HANDLE_YOURSELF: "green",
    Band.ESCALATE_FOR_SUPPORT: "yellow",
    Band.ESCALATE_WITH_URGENCY: "dark_orange",
    Band.ESCALATE_IMMEDIATELY: "red",
}
_INDENT = 2


def decision(console: Console, assessment: Assessment, policy: Policy) -> None:
    """What is known once the engine has decided: the band, the scores and why, whom to go to, what to be warned of."""
    style = _BAND_STYLE[assessment.band]
    header = Text(line(assessment.decision).upper(), style=f"bold {style}", justify="center")
    header.append(f"\n{assessment.total} of 20", style="default")
    title = Text(line(assessment.account or phrases.NO_ACCOUNT), style="bold")
    console.print(Panel(header, title=title, border_style=style, padding=(1, 2)))
    if assessment.likelihood:
        console.print(Text(line(certainty.headline(assessment, policy)), style="bold"))
    if assessment.provenance.embedded:
        console.print(Text(phrases.EMBEDDED, style="italic yellow"))
    console.print(Text(line(assessment.situation)))
    console.print()
    width = max(len(rule.label) for rule in policy.dimensions.values())
    for dimension, score in assessment.scores.items():
        _score(console, score, f"{policy.dimensions[dimension].label:<{width}}", dimension)
    _whom(console, assessment, policy)
    _list(console, "Second opinion", certainty.second_opinion(assessment, policy))
    if change := assessment.follow_up:
        _list(console, "Since the last triage", phrases.since(change, policy))
    _list(console, "Warnings", [warning.message for warning in assessment.warnings], style="yellow")


def drafts(console: Console, assessment: Assessment, policy: Policy) -> None:
    """What is worded after the decision, ready to copy, and what a careful reader checks last."""
    if escalation := assessment.escalation:
        _copy(console, "The ask", phrases.drafted(escalation.ask, assessment))
    else:
        action = assessment.next_step.action if assessment.next_step else None
        _copy(console, "Next step", phrases.drafted(action, assessment))
    if message := phrases.message(assessment):
        about = f"worded by {line(phrases.worded_by(assessment))}"
        _copy(
            console,
            f"Message to the customer ({message.language})",
            f"Subject: {message.subject}\n\n{message.body}",
            about,
        )
    if assessment.hand_over:
        _heading(console, "Hand-over for the escalation brief")
        for title, items in phrases.hand_over(assessment.hand_over):
            _indented(console, Text(title))
            for item in items:
                _indented(console, Text(f"{_bullet(console)} {line(item)}", style="dim"), 2 * _INDENT)
    labels = policy.dimensions
    _list(console, "Questions", [f"{labels[q.dimension].label}: {q.question} ({q.why})" for q in assessment.questions])
    _list(console, "How sure", certainty.how_sure(assessment, policy))
    _list(console, "How robust", phrases.robustness(assessment.robustness, policy))
    console.print()
    made = "; ".join(f"{name.lower()}: {words}" for name, words in phrases.provenance(assessment))
    console.print(Text(line(made), style="dim"))


def _score(console: Console, score: DimensionScore, label: str, dimension: Dimension) -> None:
    """One dimension: the bar, who scored it, why, and the quotes that carry it."""
    full, empty = ("#", ".") if console.options.ascii_only else ("█", "░")
    head = Text(f"{label}  ")
    head.append(full * score.score + empty * (len(LEVELS) - score.score), style="cyan")
    head.append(f"  {score.score} ", style="bold")
    head.append(phrases.level_word(dimension, score.score))
    head.append(f"  ({phrases.scored_by(score)})", style="dim")
    console.print(head)
    _indented(console, Text(line(score.rationale)))
    for evidence in score.evidence:
        quote = Text(f'"{line(evidence.quote)}"', style="dim")
        quote.append(f" ({line(phrases.source(evidence))})", style="dim" if evidence.found else "yellow")
        _indented(console, quote, 2 * _INDENT)
    console.print()


def _whom(console: Console, assessment: Assessment, policy: Policy) -> None:
    """The issue type, the one owner and every deadline."""
    deadlines, escalation = assessment.deadlines, assessment.escalation
    second = assessment.issue_type_runner_up
    kind = policy.issue_types[assessment.issue_type].label
    rows = [
        ("Issue type", kind + (f", or {policy.issue_types[second].label}" if second else "")),
        ("Owner", phrases.route(assessment.route)),
        ("Answer by", phrases.when(escalation.by_when) if escalation else None),
        ("Escalate if open after", phrases.day(day) if (day := deadlines.escalate_if_unresolved) else None),
        ("Tell the customer by", phrases.when(deadlines.customer_word)),
        ("Customer hears again by", phrases.when(deadlines.customer_update)),
    ]
    for name, words in rows:
        if words:
            console.print(Text.assemble((f"{name}: ", "bold"), line(words)))


def _list(console: Console, title: str, items: Iterable[str], *, style: str = "") -> None:
    lines = [Text(f"{_bullet(console)} {line(item)}", style=style) for item in items]
    if lines:
        _heading(console, title)
    for item in lines:
        _indented(console, item)


def _bullet(console: Console) -> str:
    return "-" if console.options.ascii_only else "·"


def _copy(console: Console, title: str, words: str, about: str = "") -> None:
    """Words to copy: no box, no indent, no line break that is not in them."""
    _heading(console, title)
    if about:
        console.print(Text(f"{about}\n", style="dim"))
    console.print(Text(clean(words)), soft_wrap=True)


def _heading(console: Console, title: str) -> None:
    console.print()
    console.print(Rule(Text(title, style="bold"), align="left", style="dim"))


def _indented(console: Console, text: Text, columns: int = _INDENT) -> None:
    console.print(Padding(text, (0, 0, 0, columns), expand=False))
