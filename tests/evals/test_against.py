from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.errors import ConfigurationError, ModelInvalid, ModelRefused
from agent.models.recorders import Recorder
from agent.models.replay import Replay
from agent.policy import load_default
from agent.schema import Band, Basis, Dimension, IssueType
from evals import against
from evals.against.chat import Chat, Reply, build_request, render
from evals.against.markdown import parse
from evals.cases import Labels, Split
from evals.items import Item
from evals.results import Outcome
from evals.suites import chat as slips
from tests.evals.report_builders import case
from tests.scripted import ScriptedModel

POLICY = load_default()
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
GOOD = """## Escalation Assessment: Acme
### Situation
The export fails every morning. Drivers wait.
### Scoring
| Dimension | Score | Rationale |
|---|---|---|
| Customer impact | 4 | drivers wait |
| Account value | 3 | mid |
| Time sensitivity | 4 | by tomorrow |
| CSM capability | 3 | needs engineering |
| **Total** | **14** | |
### Decision
Escalate with urgency
### If Escalating
- Route to: CS leadership, with Engineering
- Specific ask: find the cause of the failing export
- By when: tomorrow noon
- Customer communication: tell them who has it
### Issue type
Product defect (technical)
### Customer message
Subject: Your export

Hello Tom, our customer success lead has your export now and you hear from us tomorrow at noon. Best, Ada
"""


def labelled(name, levels, kind=IssueType.PRODUCT_DEFECT, split=Split.TUNE):
    return case(name, expected=Labels(**dict(zip(Dimension, levels, strict=True)), issue_type=kind), split=split)


def chat(*answers):
    model = ScriptedModel(*(a if isinstance(a, Exception) else Reply(markdown=a) for a in answers))
    return model, Chat(lambda _: model, POLICY)


def test_constant_is_the_most_frequent_label_of_the_tune_split():
    """The constant looks at the tune split alone and gives every text the same levels."""
    known = [
        labelled("a", (2, 3, 4, 1)),
        labelled("b", (2, 3, 4, 1)),
        labelled("c", (5, 5, 5, 5), IssueType.FEATURE_GAP),
        *(labelled(f"t{n}", (5, 1, 1, 5), split=Split.TEST) for n in range(5)),
    ]
    one = against.contender("constant", known, policy=POLICY)
    for item in (Item(known[0]), Item(known[-1])):
        made = one.answer(item).assessment
        assert [score.score for _, score in made.scores.items()] == [2, 3, 4, 1]
        assert (made.total, made.band, made.issue_type) == (10, Band.ESCALATE_FOR_SUPPORT, IssueType.PRODUCT_DEFECT)
        assert made.escalation.customer_message.body


def test_constant_needs_cases_to_look_at():
    """Without a tune split there is no most frequent label."""
    with pytest.raises(ConfigurationError, match="tune"):
        against.contender("constant", [labelled("t", (1, 1, 1, 1), split=Split.TEST)], policy=POLICY)


@pytest.mark.parametrize(
    ("text", "dimension", "level"),
    [
        ("We have a total outage.", Dimension.CUSTOMER_IMPACT, 5),
        ("It is slow.", Dimension.CUSTOMER_IMPACT, 3),
        ("We need it today.", Dimension.TIME_SENSITIVITY, 5),
        ("Keine Eile damit.", Dimension.TIME_SENSITIVITY, 1),
        ("They pay EUR 4,000 a month for the plan.", Dimension.ACCOUNT_VALUE, 3),
        ("They pay EUR 60,000 a year for the plan.", Dimension.ACCOUNT_VALUE, 5),
        ("I can fix that with my login.", Dimension.CSM_CAPABILITY, 1),
        ("A yesterdaytodays word.", Dimension.TIME_SENSITIVITY, 2),
    ],
)
def test_rules_read_keywords_and_the_amount(text, dimension, level):
    """A keyword at the start of a word gives a level, the stated revenue the account value."""
    made = against.contender("rules", [], policy=POLICY).answer(Item(case(text=text))).assessment
    assert made.scores.of(dimension).score == level
    assert all(evidence.found for _, score in made.scores.items() for evidence in score.evidence)


def test_rules_say_when_no_amount_is_stated():
    """Without an amount the account value is the middle level, and unstated."""
    made = against.contender("rules", [], policy=POLICY).answer(Item(case(text="The export fails."))).assessment
    assert (made.scores.account_value.score, made.scores.account_value.basis) == (3, Basis.UNSTATED)


@pytest.mark.parametrize("name", ["chat", "dice"])
def test_contenders_that_cannot_stand(name):
    """A chat without a model and an unknown name are told before anything runs."""
    with pytest.raises(ConfigurationError, match=name):
        against.contender(name, [], policy=POLICY)


def test_the_whole_framework_is_pasted():
    """The chat's prompt holds every level, band and route of the policy, and the text untouched at its end."""
    words = render(POLICY, NOW)
    for rule in POLICY.dimensions.values():
        assert all(definition in words for definition in rule.levels.values())
    for rule in POLICY.bands.values():
        assert f"{rule.from_} to {rule.to}: {rule.label}" in words
    for rule in POLICY.issue_types.values():
        assert f"{rule.label}: {rule.route}" in words
    hostile = case(text="{{ 7*7 }} $bands {dimensions} costs $5")
    request = build_request(hostile.situation, POLICY, NOW)
    assert [message.role for message in request.messages] == ["user"]
    assert request.messages[0].content.endswith("{{ 7*7 }} $bands {dimensions} costs $5")


def test_a_good_page():
    """What is written in the form is read without a slip."""
    page = parse(GOOD, POLICY)
    assert page.slips == ()
    assert list(page.levels.values()) == [4, 3, 4, 3]
    assert (page.total, page.band, page.owner_team) == (14, Band.ESCALATE_WITH_URGENCY, "cs_leadership")
    assert (page.account, page.issue_type, page.subject) == ("Acme", IssueType.PRODUCT_DEFECT, "Your export")
    assert page.message.startswith("Hello Tom")


@pytest.mark.parametrize(
    ("old", "new", "slip"),
    [
        ("## Escalation Assessment: Acme", "# Escalation Assessment: Acme", "title"),
        ("## Escalation Assessment", "Sure, here it is.\n## Escalation Assessment", "words before the title"),
        ("### Situation", "## Situation", "heading 'Situation' written another way"),
        ("### Situation\nThe export fails every morning. Drivers wait.\n", "", "section 'Situation' missing"),
        ("| 4 | drivers wait |", "| 4/5 | drivers wait |", "a score is more than a number"),
        ("| 3 | mid |", "| 3 | |", "a rationale is missing"),
        ("| **Total** | **14** | |", "| Total | 14 | |", "the total's row written another way"),
        ("\nEscalate with urgency\n", "\n**Escalate with urgency** because\n", "the decision is more than its label"),
        ("- By when: tomorrow noon\n", "", "'By when' missing"),
        ("CS leadership, with Engineering", "Bob", "the route names no team of the framework"),
        ("Product defect (technical)", "It is a product defect", "the issue type is more than its label"),
        ("Subject: Your export\n", "", "the customer message has no subject"),
    ],
)
def test_slips_are_read_and_named(old, new, slip):
    """A departure from the form is named once, and everything else is still read."""
    assert old in GOOD
    page = parse(GOOD.replace(old, new), POLICY)
    assert page.slips == (slip,)
    assert (list(page.levels.values()), page.total, page.band) == ([4, 3, 4, 3], 14, Band.ESCALATE_WITH_URGENCY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| Time sensitivity | 4 | by tomorrow |\n", ""),
        ("| Time sensitivity | 4 |", "| Time sensitivity | 7 |"),
        ("| Time sensitivity | 4 |", "| Time sensitivity | high |"),
        ("| **Total** | **14** | |\n", ""),
        ("\nEscalate with urgency\n", "\nDo something\n"),
        ("### Issue type\nProduct defect (technical)\n", ""),
    ],
)
def test_what_cannot_be_read_is_invalid(old, new):
    """A missing score, total, decision or issue type is never filled with a default."""
    assert old in GOOD
    with pytest.raises(ModelInvalid):
        parse(GOOD.replace(old, new), POLICY)


def test_handling_it_oneself_needs_no_escalation_section():
    """Where the chat does not escalate, the part about escalating may be absent or empty."""
    head, _, tail = GOOD.partition("### If Escalating")
    page = parse(
        head.replace("with urgency", "").replace("Escalate \n", "Handle yourself\n") + "###" + tail.partition("###")[2],
        POLICY,
    )
    assert (page.band, page.owner_team, page.slips) == (Band.HANDLE_YOURSELF, "csm", ())


def test_the_chat_is_taken_at_its_word():
    """Total, band and owner are those it wrote, even where its own scores say otherwise; that is what is counted."""
    wrong = GOOD.replace("**14**", "**18**").replace("Escalate with urgency", "Escalate immediately")
    model, one = chat(wrong)
    with model:
        result = one.answer(Item(case()))
    made = result.assessment
    assert (made.total, slips.own_total(made)) == (18, 14)
    assert (made.band, made.decision) == (Band.ESCALATE_IMMEDIATELY, "Escalate immediately")
    assert (made.route.owner, made.route.together_with) == ("CS leadership", ())
    assert made.escalation.ask.startswith("CS leadership, with Engineering: find the cause")
    assert made.escalation.by_when == made.deadlines.owner_answer
    assert made.provenance.model == "chat: scripted"


def test_slips_travel_with_the_assessment():
    """The suite finds the slips of the form in the assessment."""
    model, one = chat(GOOD.replace("| **Total** | **14** | |", "| Total | 14 | |"))
    with model:
        made = one.answer(Item(case())).assessment
    assert slips.format_slips(made) == ["the total's row written another way"]


@pytest.mark.parametrize(
    ("answer", "outcome"), [("I cannot help with that.", Outcome.INVALID), (ModelRefused("no"), Outcome.REFUSED)]
)
def test_a_chat_that_fails(answer, outcome):
    """An answer that cannot be read, and no answer, are failures of their own kind."""
    model, one = chat(answer)
    with model:
        result = one.answer(Item(case(), variant="inflate.plain.top.en", repeat=2))
    assert (result.outcome, result.assessment, result.variant, result.repeat) == (
        outcome,
        None,
        "inflate.plain.top.en",
        2,
    )


def test_recorded_and_replayed(tmp_path):
    """A chat's answer is kept and answered again like any other call, apart from the product's own."""
    model, _ = chat(GOOD)
    with model:
        live = Chat(lambda _: Recorder(model, tmp_path), POLICY).answer(Item(case())).assessment
    replay = Replay(tmp_path)
    again = Chat(lambda _: replay, POLICY).answer(Item(case())).assessment
    assert again.scores == live.scores
    assert not again.provenance.calls[0].stale
    assert not replay.holds(live.provenance.input_digest, "extract")
