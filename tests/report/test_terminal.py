"""The assessment at a terminal."""

import io

import pytest
from rich.console import Console

from agent.policy import load_default
from agent.report import decision, drafts
from agent.schema import Dimension, Evidence, Provenance, ScoredBy, TriageWarning, WarningCode
from tests.builders import grounded
from tests.decisions import NOW, assessment

POLICY = load_default()


def console(width: int = 80, *, color: bool = False, encoding: str = "utf-8") -> Console:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    return Console(
        file=stream, width=width, force_terminal=color, color_system="standard" if color else None, highlight=False
    )


def text(screen: Console) -> str:
    screen.file.seek(0)
    return screen.file.read()


def shown(whole, *, width: int = 80, color: bool = False, encoding: str = "utf-8") -> str:
    screen = console(width, color=color, encoding=encoding)
    decision(screen, whole, POLICY)
    drafts(screen, whole, POLICY)
    return text(screen)


def test_the_decision_is_shown_before_any_draft_exists():
    """What the engine decided is complete without drafts, and promises none."""
    screen = console()
    decision(screen, assessment(grounded((2, 5, 3, 4)), POLICY), POLICY)
    seen = text(screen)
    assert "ESCALATE WITH URGENCY" in seen
    assert "14 of 20" in seen
    assert "Owner: CS leadership; together with Engineering" in seen
    assert "Answer by: Thu 12 Mar 2026, 17:00 CET" in seen
    assert "draft" not in seen


def test_bars_show_the_scores():
    """Five cells each, as many full as the score, with a word that says what high means for capability."""
    seen = shown(assessment(grounded((1, 5, 3, 4)), POLICY))
    assert "█░░░░  1 low" in seen
    assert "█████  5 high" in seen
    assert "████░  4 fairly high need for help" in seen


def test_a_plain_terminal_gets_plain_signs():
    """Where the encoding has no blocks the bars are drawn with what it has."""
    read = grounded((3, 3, 3, 3))
    screen = console(encoding="ascii")
    decision(screen, assessment(read, POLICY, warnings=()), POLICY)
    assert "###..  3 medium" in text(screen)


def test_quotes_stand_under_their_rationale_with_their_source():
    """A quote names its message and author; one that stands nowhere says so."""
    found = Evidence(quote="it stopped", found=True, message=3, author="Ada Okoye")
    evidence = (found, Evidence(quote="we are ruined", found=False))
    fields = {"evidence": evidence, "scored_by": ScoredBy.CSM, "overruled_from": 2}
    seen = shown(assessment(grounded(score_fields={Dimension.CUSTOMER_IMPACT: fields}), POLICY))
    assert '"it stopped" (message 3, Ada Okoye)' in seen
    assert '"we are ruined" (not found in the text)' in seen
    assert "overruled: model said 2, CSM set 3" in seen


def test_the_message_can_be_copied():
    """The customer message stands at the left edge, unwrapped and unframed."""
    long_line = "word " * 40 + "end"
    whole = assessment(grounded(), POLICY)
    message = whole.escalation.customer_message.model_copy(update={"body": f"Hello,\n\n{long_line}"})
    changed = whole.escalation.model_copy(update={"customer_message": message})
    assert f"\nHello,\n\n{long_line}\n" in shown(whole.model_copy(update={"escalation": changed}))


def test_untrusted_words_are_neither_markup_nor_commands():
    """Rich markup is shown as text, and no escape sequence of the customer's reaches the terminal."""
    words = "[bold]hi[/bold] [/nonsense] \x1b[31mred\x07 \u202eback"
    read = grounded(
        score_fields={
            Dimension.ACCOUNT_VALUE: {"rationale": words, "evidence": (Evidence(quote=words, found=True, message=1),)}
        },
        account=words,
        situation=words,
    )
    whole = assessment(read, POLICY, warnings=(TriageWarning(code=WarningCode.UNSTATED, message=words),))
    message = whole.escalation.customer_message.model_copy(update={"body": words, "subject": words})
    changed = whole.escalation.model_copy(update={"ask": words, "customer_message": message})
    seen = shown(whole.model_copy(update={"escalation": changed}), width=200)
    assert seen.count("[bold]hi[/bold] [/nonsense] red back") == 8
    assert not {"\x1b", "\x07", "\u202e"} & set(seen)


def test_lines_fit_eighty_columns_where_nothing_is_to_be_copied():
    """The decision's part never runs over the edge of a usual terminal."""
    long = "The export has failed every morning since the update and nobody can send the reports in time. " * 4
    screen = console(80)
    decision(screen, assessment(grounded(situation=long[:480]), POLICY), POLICY)
    assert max(map(len, text(screen).splitlines())) <= 80


def test_color_follows_the_band():
    """The decision wears its band's colour where the terminal has colours."""
    assert "\x1b[1;32m" in shown(assessment(grounded((1, 1, 1, 1)), POLICY), color=True)
    assert "\x1b[1;31m" in shown(assessment(grounded((5, 5, 5, 5)), POLICY), color=True)


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch):
    """NO_COLOR leaves no colour codes at all."""
    monkeypatch.setenv("NO_COLOR", "1")
    seen = shown(assessment(grounded(), POLICY), color=True)
    assert not any(f"\x1b[{code}m" in seen for code in ("33", "1;33", "36", "31", "32"))


@pytest.mark.parametrize("scores", [(3, 3, 3, 3), (1, 1, 1, 1)])
def test_a_missing_draft_says_why(scores):
    """Without drafts the reader learns why there are none."""
    whole = assessment(grounded(scores), POLICY)
    escalation = whole.escalation and whole.escalation.model_copy(update={"ask": None, "customer_message": None})
    step = whole.next_step and whole.next_step.model_copy(update={"action": None, "customer_message": None})
    missing = {"escalation": escalation, "next_step": step, "draft_note": "--no-draft was given"}
    assert "not drafted (--no-draft was given)" in shown(whole.model_copy(update=missing))


def test_the_embedded_model_is_named_first():
    """A reading by the small built-in model is marked before the scores."""
    made = Provenance(made_at=NOW, model="local", embedded=True, policy=POLICY.reference, input_digest="0" * 64)
    seen = " ".join(shown(assessment(grounded(), POLICY, provenance=made)).split())
    assert seen.index("a pre-filled form to check, not a verdict") < seen.index("Customer impact")
