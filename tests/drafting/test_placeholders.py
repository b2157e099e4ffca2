import pytest

from agent.drafting.placeholders import fill
from agent.schema import DraftSource, Finding, FindingCode, Signature, Written
from tests.guards.cases import BODIES, DONE_WHEN, HANDLED, NEXT_STEP, POLICY, THREADS, brief, draft


def filled(tried, case):
    return fill(Written(draft=tried, source=DraftSource.MODEL), case, POLICY)


def test_code_composes_the_ask():
    """Owner, account and answer date come from the engine; only what to do and when it is done is worded."""
    ask = filled(draft(action="Find the cause of it"), brief()).ask
    assert ask == (
        "Engineering, through the support platform: Find the cause of it. For: Orlenka Logistics."
        f" Done when: {DONE_WHEN} Answer by: Thursday, 12 March, 17:00 (CET)."
    )


def test_who_acts_beside_the_owner_is_named_in_the_ask():
    """One owner, and those who act with them."""
    ask = filled(draft(), brief(scores=(4, 4, 4, 4))).ask
    assert ask.startswith("CS leadership (with Engineering, through the support platform): Find")


def test_only_the_text_of_the_band_is_shown():
    """An ask where it escalates, a next step where it does not, whatever the draft holds."""
    both = draft(next_step="Tell [OWNER] by [UPDATE_BY].")
    assert filled(both, brief()).next_step is None
    handled = filled(both, brief(scores=HANDLED))
    assert (handled.ask, handled.next_step) == (None, "Tell CSM by Friday, 13 March, 12:00 (CET).")


@pytest.mark.parametrize("language", BODIES)
def test_nothing_is_left_open_in_any_language(language):
    """The customer reads the team's public name and a date in their language."""
    message = filled(
        draft(language), brief(language if language in THREADS else "en", language=language)
    ).customer_message
    assert "[" not in message.subject + message.body
    assert POLICY.teams["engineering"].for_customer(language) in message.body
    assert message.body.endswith("Nora Quist\nLumivane")


@pytest.mark.parametrize(("language", "gap"), [("en", "[your name]"), ("de", "[Ihr Name]"), ("pt", "[your name]")])
def test_an_unknown_signature_stays_a_visible_gap(language, gap):
    """Nobody sends a message signed by no one without seeing it."""
    case = brief(language=language).model_copy(update={"signature": Signature(company="Lumivane")})
    tried = draft(language if language in BODIES else "en")
    assert filled(tried, case).customer_message.body.endswith(f"{gap}\nLumivane")


def test_a_filled_in_value_is_never_filled_in_again():
    """An account that is named like a placeholder stays a name."""
    assert "For: [CSM]. Done" in filled(draft(), brief(account="[CSM]")).ask


def test_an_account_without_a_name_is_said_to_have_none():
    """A missing account name is a gap to see, and a full stop of its own is not doubled."""
    assert "For: the customer (name not given)." in filled(draft(), brief(account=None)).ask
    assert "For: Orlenka Inc. Done" in filled(draft(), brief(account="Orlenka Inc.")).ask


def test_findings_and_note_are_handed_on():
    """The reader learns why a model's wording was replaced."""
    finding = Finding(code=FindingCode.LENGTH, where="body", words="", message="too long")
    written = Written(draft=draft(action=None, next_step=NEXT_STEP), source=DraftSource.TEMPLATE)
    drafts = fill(written, brief(scores=HANDLED), POLICY, findings=[finding], note="why")
    assert (drafts.findings, drafts.note, drafts.source) == ((finding,), "why", DraftSource.TEMPLATE)
