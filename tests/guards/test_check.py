import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.guards import check
from agent.schema import CustomerMessage
from tests.guards.cases import BODIES, HANDLED, NEXT_STEP, POLICY, THREADS, brief, draft


@pytest.mark.parametrize("language", BODIES)
def test_a_good_draft_passes_in_every_language(language):
    """A calm message that says what is known, who has it and when they hear next is held up by nothing."""
    case = brief(language if language in THREADS else "en", language=language)
    assert check(draft(language), case, POLICY) == ()


@pytest.mark.parametrize("language", BODIES)
def test_a_good_reply_passes_where_the_csm_handles_it(language):
    """Without an escalation there is a next step and no ask."""
    case = brief(language if language in THREADS else "en", language=language, scores=HANDLED)
    assert check(draft(language, action=None, next_step=NEXT_STEP), case, POLICY) == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=90))
def test_any_text_gets_an_answer_and_always_the_same(body, subject):
    """A guard never fails on what a model wrote, and never wavers."""
    message = CustomerMessage(language="en", subject=subject, body=body)
    odd = draft().model_copy(update={"customer_message": message})
    assert check(odd, brief(), POLICY) == check(odd, brief(), POLICY)
