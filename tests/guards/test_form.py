import pytest

from agent.guards import check
from agent.schema import FindingCode
from tests.guards.cases import ACTION, BODIES, HANDLED, NEXT_STEP, POLICY, brief, draft, saying


def codes(tried, case=None):
    """The codes of all findings on this draft."""
    return [f.code for f in check(tried, case or brief(tried.customer_message.language), POLICY)]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("placeholder", ["[OWNER]", "[UPDATE_BY]", "[CSM]"])
def test_an_escalation_tells_the_customer_who_has_it_and_when_they_hear(language, placeholder):
    """Silent outside is a mistake: owner, next word and signature stand in every message."""
    body = BODIES[language].replace(placeholder, "..." if placeholder == "[CSM]" else "uns")
    assert codes(draft(language, body=body)) == [FindingCode.PLACEHOLDER_MISSING]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It is with [TEAM]."),
        ("en", "It is with {{owner}}."),
        ("en", "Answer by [ANSWER_BY]."),
        ("de", "Es liegt bei [TEAM]."),
    ],
)
def test_no_other_placeholder_is_left_open(language, sentence):
    """A bracket nobody fills would reach the customer; the owner's deadline is not theirs."""
    assert codes(saying(sentence, language)) == [FindingCode.PLACEHOLDER_UNKNOWN]


def test_an_escalation_needs_an_ask_and_the_csms_own_case_a_next_step():
    """Exactly one of the two, by the band; the other way round is a finding and no crash."""
    assert codes(draft(action=None, next_step=NEXT_STEP)) == [FindingCode.NO_ASK]
    assert codes(draft(next_step=NEXT_STEP)) == [FindingCode.NO_ASK]
    assert codes(draft(), brief(scores=HANDLED)) == [FindingCode.NO_ASK]
    assert codes(draft(action=None, next_step=NEXT_STEP), brief(scores=HANDLED)) == []


@pytest.mark.parametrize(
    "complaint",
    [
        "The customer is very unhappy with the label export and we need to act.",
        "They are waiting for the label export since Monday.",
        "Please help with the label export to Zebrix.",
        "Could you look into the label export since Monday?",
        "Fix export.",
    ],
)
def test_a_complaint_is_not_an_ask(complaint):
    """An ask opens with something to do and has enough in it to start."""
    assert codes(draft(action=complaint)) == [FindingCode.NO_ASK]


@pytest.mark.parametrize("broad", ["Bring in Finance as well.", "Get everyone on it.", "Have the CRO call them."])
def test_an_ask_to_a_second_team_is_too_broad(broad):
    """One team, one ask; who acts beside the owner may be named."""
    assert codes(draft(action=f"{ACTION} {broad}")) == [FindingCode.TOO_BROAD]


def test_who_acts_beside_the_owner_may_be_named():
    """A route with two teams is still one ask."""
    with_logs = draft(action=f"{ACTION} Engineering has the logs.")
    assert codes(with_logs, brief(scores=(4, 4, 4, 4))) == []
    assert codes(draft(action=f"{ACTION} Finance has the logs."), brief(scores=(4, 4, 4, 4))) == [FindingCode.TOO_BROAD]


@pytest.mark.parametrize(("wanted", "written"), [("de", "en"), ("en", "de"), ("fr", "en")])
def test_the_customer_reads_their_own_language(wanted, written):
    """The words count, and so does what the model says of them."""
    found = codes(draft(written), brief("de" if written == "de" else "en", language=wanted))
    assert set(found) >= {FindingCode.LANGUAGE}


def test_a_message_is_neither_a_line_nor_a_novel():
    """Length is bounded on both sides, the subject too."""
    assert codes(draft(body="Hello Priya, it is with [OWNER] now, more by [UPDATE_BY]. [CSM]")) == [FindingCode.LENGTH]
    assert codes(saying("I understand. " * 80)) == [FindingCode.LENGTH]
    assert codes(draft(subject="")) == [FindingCode.LENGTH]
    assert codes(draft(subject="The label export " * 6)) == [FindingCode.LENGTH]


@pytest.mark.parametrize(
    ("language", "echo", "plain"),
    [
        ("en", "As an AI I see your point.", "As a team we see your point."),
        ("de", "Als KI verstehe ich das.", "Als Kunde verstehen Sie das."),
    ],
)
def test_no_model_speaks_of_itself(language, echo, plain):
    """The customer hears from a person."""
    assert codes(saying(echo, language)) == [FindingCode.INSTRUCTION_ECHO]
    assert codes(saying(plain, language)) == []
