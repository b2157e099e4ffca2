"""The assessment as Markdown."""

import re

import pytest

from agent.policy import load_default
from agent.report import markdown
from agent.schema import Dimension, Evidence, LeftOut, Provenance, Question, ScoredBy, TriageWarning, WarningCode
from tests.builders import grounded
from tests.decisions import NOW, assessment

POLICY = load_default()
HOSTILE = "a | b\n## Fake\n- Route to: me `x` <img src=x> ![i](http://e.example/i.png) [bold]y[/bold] \x1b[31mred"


def headings(text: str) -> list[str]:
    return re.findall(r"^#{2,3} .*$", text, flags=re.MULTILINE)


def section(text: str, title: str) -> list[str]:
    body = text.split(f"### {title}\n", 1)[1]
    return body.split("\n###", 1)[0].strip().splitlines()


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def test_the_framework_comes_first_and_in_its_order():
    """The framework's headings open the report, in its order and with its words."""
    shown = headings(markdown(assessment(grounded(), POLICY), POLICY))
    assert shown[:5] == [
        "## Escalation Assessment: Acme",
        "### Situation",
        "### Scoring",
        "### Decision",
        "### If Escalating",
    ]
    assert shown[5:] == [
        "### Customer message",
        "### Issue type",
        "### Evidence",
        "### Hand-over for the escalation brief",
        "### Warnings",
        "### How robust",
        "### Provenance",
    ]


def test_the_table_adds_up():
    """The scoring table has the framework's columns and rows, and its total is the sum of its scores."""
    header, rule, *rows, total = section(markdown(assessment(grounded((2, 5, 3, 4)), POLICY), POLICY), "Scoring")
    assert cells(header) == ["Dimension", "Score", "Rationale"]
    assert set(rule) == {"|", "-"}
    assert [cells(row)[0] for row in rows] == ["Customer impact", "Account value", "Time sensitivity", "CSM capability"]
    assert cells(total) == ["**Total**", f"**{sum(int(cells(row)[1]) for row in rows)}**", ""]


def test_an_escalation_has_exactly_the_four_bullets():
    """Owner, ask, deadline and what the customer hears: four bullets, and the decision in its own words above."""
    text = markdown(assessment(grounded(), POLICY), POLICY)
    bullets = section(text, "If Escalating")
    assert [bullet.split(":")[0] for bullet in bullets] == [
        "- Route to",
        "- Specific ask",
        "- By when",
        "- Customer communication",
    ]
    assert bullets[2] == "- By when: Thu 12 Mar 2026, 17:00 CET"
    assert section(text, "Decision") == ["Escalate for support"]


def test_what_the_csm_handles_has_a_standing_rule_and_no_escalation():
    """In the mildest band the next step and the day of escalation take the place of the four bullets."""
    text = markdown(assessment(grounded((1, 1, 1, 1)), POLICY), POLICY)
    assert [bullet.split(":")[0] for bullet in section(text, "If Handling Yourself")] == [
        "- Next step",
        "- Escalate if not resolved by",
        "- Customer communication",
    ]
    assert "Tue 17 Mar 2026" in section(text, "If Handling Yourself")[1]
    assert "### If Escalating" not in text
    assert "Hand-over" not in text


def test_untrusted_words_break_no_structure():
    """Pipes, line breaks, fences and markup in anything that was read change neither headings nor table rows."""
    score = {"rationale": HOSTILE, "evidence": (Evidence(quote=HOSTILE, found=True, message=2),)}
    read = grounded(score_fields={Dimension.CUSTOMER_IMPACT: score}, account=HOSTILE, situation=HOSTILE)
    plain = assessment(grounded(), POLICY)
    message = plain.escalation.customer_message.model_copy(update={"body": f"{HOSTILE}\n```\n# out\n"})
    hostile = assessment(
        read,
        POLICY,
        escalation=plain.escalation.model_copy(update={"ask": HOSTILE, "customer_message": message}),
        warnings=(TriageWarning(code=WarningCode.UNSTATED, message=HOSTILE),),
    )
    text = markdown(hostile, POLICY)
    outside = re.sub(r"^(`{3,})text\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert [h.split(":")[0] for h in headings(outside)] == [h.split(":")[0] for h in headings(markdown(plain, POLICY))]
    assert all(len(cells(row)) == 3 for row in section(outside, "Scoring"))
    assert len(section(outside, "If Escalating")) == 4
    assert "\x1b" not in text
    assert "<" not in outside
    assert not re.search(r"(?<!\\)\[", outside)


def test_an_overruled_score_names_both():
    """Where the CSM set another score, the table and the evidence say what the model had said."""
    fields = {"scored_by": ScoredBy.CSM, "overruled_from": 2}
    text = markdown(
        assessment(grounded((4, 3, 3, 3), score_fields={Dimension.CUSTOMER_IMPACT: fields}), POLICY), POLICY
    )
    assert cells(section(text, "Scoring")[2])[2].startswith("CSM set 4; model said 2:")
    assert "- **Customer impact: 4** (overruled: model said 2, CSM set 4)" in section(text, "Evidence")


def test_a_quote_that_stands_nowhere_is_shown_as_such():
    """Every quote is printed with the message it stands in, or with the mark that it was not found."""
    evidence = (Evidence(quote="it stopped", found=True, message=3), Evidence(quote="we are ruined", found=False))
    text = markdown(
        assessment(grounded(score_fields={Dimension.TIME_SENSITIVITY: {"evidence": evidence}}), POLICY), POLICY
    )
    assert '  - "it stopped" (message 3)' in section(text, "Evidence")
    assert '  - "we are ruined" (**not found in the text**)' in section(text, "Evidence")


@pytest.mark.parametrize("scores", [(3, 3, 3, 3), (1, 1, 1, 1)])
def test_a_missing_draft_says_why(scores):
    """Without drafts the bullets stand and give the reason."""
    whole = assessment(grounded(scores), POLICY)
    escalation = whole.escalation and whole.escalation.model_copy(update={"ask": None, "customer_message": None})
    step = whole.next_step and whole.next_step.model_copy(update={"action": None, "customer_message": None})
    missing = {"escalation": escalation, "next_step": step, "draft_source": None, "draft_note": "--no-draft was given"}
    text = markdown(assessment(grounded(scores), POLICY, **missing), POLICY)
    name = "Specific ask" if escalation else "Next step"
    assert f"- {name}: not drafted (--no-draft was given)" in text
    assert "### Customer message" not in text
    assert text.count("not drafted") == 2


def test_the_embedded_model_is_named_under_the_title():
    """A reading by the small built-in model is marked before anything else is read."""
    made = Provenance(made_at=NOW, model="local", embedded=True, policy=POLICY.reference, input_digest="0" * 64)
    lines = markdown(assessment(grounded(), POLICY, provenance=made), POLICY).splitlines()
    assert lines[1] == ("Read by the small built-in model: low confidence, a pre-filled form to check, not a verdict.")
    assert "built-in model" not in markdown(assessment(grounded(), POLICY), POLICY)


def test_provenance_says_what_made_it_and_what_left():
    """Model, policy, digest, cost, whether text left the machine and what was not read are all there."""
    cut = assessment(grounded(), POLICY, left_out=LeftOut(messages=2, characters=900))
    lines = section(markdown(cut, POLICY), "Provenance")
    assert "- Model: openai/some-model, live" in lines
    assert "- Text left the machine: yes" in lines
    assert f"- Policy: {POLICY.reference}" in lines
    assert "- Tokens: 1200 in, 300 out" in lines
    assert "- Cost: USD 0.0123" in lines
    assert any(entry.startswith("- Left out: the 2 oldest messages (900 characters)") for entry in lines)


def test_questions_stand_in_the_report():
    """What was not asked at a terminal is asked here, under the dimension's own label."""
    asked = Question(dimension=Dimension.ACCOUNT_VALUE, question="What is the ARR?", why="the text does not say")
    text = markdown(assessment(grounded(), POLICY, questions=(asked,)), POLICY)
    assert section(text, "Questions") == ["- Account value: What is the ARR? (the text does not say)"]
