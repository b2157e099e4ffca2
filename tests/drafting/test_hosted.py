import pytest

from agent.drafting.hosted import HostedDrafter, build_request, user_message
from agent.errors import ModelTruncated
from agent.models.port import Deadline
from agent.schema import DraftSource, Finding, FindingCode
from tests.builders import stated_arr
from tests.guards.cases import HANDLED, POLICY, brief, draft
from tests.scripted import ScriptedModel

FINDING = Finding(code=FindingCode.PROMISE, where="body", words="will be fixed", message="a promise nobody has made")


def test_one_call_words_one_draft():
    """The drafter hands on what the model wrote, with its call; judging it is the guards' work."""
    with ScriptedModel(draft()) as model:
        written = HostedDrafter(model).draft(brief(), POLICY, Deadline())
    assert (written.draft, written.source) == (draft(), DraftSource.MODEL)
    assert [call.purpose for call in written.calls] == ["draft"]


def test_a_failed_call_is_raised():
    """What stands in for a failed draft is decided further up."""
    with ScriptedModel(ModelTruncated("too long")) as model, pytest.raises(ModelTruncated):
        HostedDrafter(model).draft(brief(), POLICY, Deadline())


def test_findings_are_handed_back_with_their_words():
    """The second try hears what was wrong, in the user's turn; words from outside stand in a block of their own."""
    with ScriptedModel(draft()) as model:
        HostedDrafter(model).draft(brief(), POLICY, Deadline(), findings=(FINDING,))
    assert [m.role for m in model.requests[0].messages] == ["system", "user"]
    told, _, block = model.requests[0].messages[1].content.rpartition("\n\n<at_fault ")
    assert told.endswith("1. body: a promise nobody has made")
    assert block.splitlines()[1] == "1. will be fixed"


def test_no_revenue_score_band_or_note_is_sent():
    """What the model never reads it cannot leak."""
    case = brief(arr=stated_arr(61000), renewal="14 September", scores=(4, 4, 4, 4))
    sent = user_message(case, POLICY, "n0nce")
    hidden = ("61", "14 September", "Viktor", "queue worker", "Escalate with urgency", "16", "Why customer_impact")
    assert [words for words in hidden if words in sent] == []
    assert "ignore the shouting" not in sent


def test_the_customers_own_words_arrive_unchanged():
    """The customer block holds what the customer wrote, and the topic for colleagues stands apart."""
    sent = user_message(brief(), POLICY, "n0nce")
    customer = sent.split("<customer n0nce>\n")[1].split("\n</customer n0nce>")[0]
    assert customer.startswith("Priya Raman:\nThe label export to Zebrix fails")
    assert "tried: restarted the export" not in customer
    assert "tried: restarted the export" in sent


def test_the_task_says_which_text_is_wanted():
    """An ask where it escalates, a next step where it does not; in the customer's language."""
    assert "Task: escalate" in user_message(brief("de"), POLICY, "n0nce")
    assert "Customer message in: de." in user_message(brief("de"), POLICY, "n0nce")
    assert "Task: the CSM handles it" in user_message(brief(scores=HANDLED), POLICY, "n0nce")


def test_the_system_message_is_the_same_for_every_case():
    """Only the user message differs between cases and runs."""
    one, other = build_request(brief(), POLICY, "aaaa"), build_request(brief("de"), POLICY, "bbbb")
    assert one.messages[0] == other.messages[0]
    assert one.prompt == other.prompt
