"""The plain deterministic wording."""

import pytest

from agent.drafting.placeholders import fill
from agent.drafting.template import MOST_ACTION_CHARACTERS, TemplateDrafter
from agent.drafting.wording import load
from agent.models.port import Deadline
from agent.policy import load_default
from agent.schema import (
    Brief,
    Dimension,
    Draft,
    Drafts,
    DraftSource,
    Evidence,
    IssueType,
    Message,
    Side,
    Signature,
    Situation,
)
from tests.builders import grounded
from tests.decisions import decision

POLICY, WORDING = load_default(), load()
LANGUAGES = ("en", "de", "fr", "es", "nl", "it")
FAILS = "The nightly export has failed three times and our invoices are not sent."


def brief(
    *messages: Message, scores=(3, 3, 3, 3), language="en", issue_type=IssueType.PRODUCT_DEFECT, **fields
) -> Brief:
    read = grounded(scores, issue_type, **fields)
    said = messages or (Message(number=1, side=Side.CUSTOMER, author="Rosa Lind", body=FAILS),)
    return Brief(
        situation=Situation(text="\n".join(m.body for m in said), messages=said),
        grounded=read,
        decision=decision(read, POLICY),
        language=language,
        signature=Signature(name="Ada Nowak", company="Widgets"),
    )


def draft(given: Brief) -> Draft:
    written = TemplateDrafter().draft(given, POLICY, Deadline(None))
    assert written.source is DraftSource.TEMPLATE
    assert not written.calls
    return written.draft


def filled(given: Brief) -> Drafts:
    return fill(TemplateDrafter().draft(given, POLICY, Deadline(None)), given, POLICY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_escalation_tells_the_customer_who_has_it_and_when_they_hear(language):
    """In every language: the customer's words, the owner, the time of the next word, the signature, and no answer date."""
    message = draft(brief(language=language)).customer_message
    assert message.language == language
    assert all(part in message.body for part in ("Rosa Lind", FAILS, "[OWNER]", "[UPDATE_BY]"))
    assert message.body.endswith("[CSM]")
    assert "[ANSWER_BY]" not in message.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_csm_handles_names_no_owner(language):
    """In the mildest band the CSM takes care of it, still says when the next word comes, and asks nobody."""
    given = draft(brief(language=language, scores=(1, 1, 1, 1)))
    assert given.ask is None
    assert given.next_step
    assert "[OWNER]" not in given.customer_message.body
    assert "[UPDATE_BY]" in given.customer_message.body


@pytest.mark.parametrize("issue_type", IssueType)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_and_type_reads_without_a_gap(language, issue_type):
    """Filled in, no placeholder is left in any language for any type, and the owner stands in the customer's language."""
    shown = filled(brief(language=language, issue_type=issue_type))
    assert "[" not in shown.customer_message.body + shown.customer_message.subject + (shown.ask or "")
    owner = POLICY.issue_types[issue_type].routes["escalate_for_support"].owner
    assert POLICY.teams[owner].customer_name[language] in shown.customer_message.body


def test_german_teams_stand_in_the_dative():
    """The German sentence takes the dative forms of the policy behind 'bei'."""
    assert "liegt jetzt bei unserem Entwicklungsteam." in filled(brief(language="de")).customer_message.body


def test_a_language_without_wording_gets_english_and_says_so():
    """An unsupported language is answered in English, marked as English."""
    message = draft(brief(language="pt")).customer_message
    assert message.language == "en"
    assert message.body.startswith("Hello Rosa Lind,")


def test_the_same_brief_gives_the_same_words():
    """Nothing in the wording depends on chance or time."""
    assert draft(brief()) == draft(brief())


def test_the_ask_carries_the_facts_verbatim():
    """Ticket, deadline and the telling quote stand in the ask in the words of the thread."""
    note = Message(number=1, side=Side.CSM_NOTE, body="see INC-4410 and ticket no. 88213")
    evidence = (
        Evidence(quote="not there", found=False),
        Evidence(quote="invoices are not sent", found=True, message=1),
    )
    given = brief(
        note,
        score_fields={Dimension.CUSTOMER_IMPACT: {"evidence": evidence}},
        customer_deadline="by Friday noon",
        customer_request="a working export",
    )
    action = draft(given).ask.action
    assert action.startswith("Find the cause of this defect and deliver a fix or a dated timeline.")
    assert all(
        w in action for w in ("INC-4410", "88213", '"by Friday noon"', '"invoices are not sent"', "a working export")
    )
    assert "not there" not in action


def test_the_next_step_carries_the_facts_too():
    """Where the CSM handles it, the step names what it is about."""
    no_quote = {Dimension.CUSTOMER_IMPACT: {"evidence": ()}}
    step = draft(brief(scores=(1, 1, 1, 1), customer_deadline="by Friday noon", score_fields=no_quote)).next_step
    assert FAILS.rstrip(".") in step
    assert "by Friday noon" in step


@pytest.mark.parametrize("issue_type", IssueType)
@pytest.mark.parametrize("scores", [(1, 1, 1, 1), (3, 3, 3, 3)])
def test_long_facts_are_cut_at_a_word_and_never_cost_the_deadline(issue_type, scores):
    """However long the quotes, the text fits, ends a fact at a word, and keeps ticket and deadline."""
    quote = Evidence(quote="everything stands still " * 10, found=True, message=1)
    many = ", ".join(f"LONGPREFIX-{n}0000000" for n in range(1, 7))
    given = brief(
        Message(number=1, side=Side.CUSTOMER, body=many),
        scores=scores,
        issue_type=issue_type,
        score_fields={d: {"evidence": (quote,)} for d in Dimension},
        customer_deadline=("before the board meets " * 6)[:120].strip(),
        customer_request=("a written answer " * 20)[:240],
    )
    made = draft(given)
    text = made.ask.action if made.ask else made.next_step
    assert len(text) <= MOST_ACTION_CHARACTERS
    assert "LONGPREFIX-10000000" in text
    assert "before the board meets" in text
    assert "stands still everything …" in text or "everything stands …" in text or "stands still …" in text


def test_a_placeholder_in_the_text_is_never_filled_in():
    """A thread that contains our own placeholders cannot make them speak."""
    words = "Please tell [OWNER] that nothing at all works here since this morning."
    quote = Evidence(quote=words, found=True, message=1)
    given = brief(
        Message(number=1, side=Side.CUSTOMER, body=words),
        score_fields={Dimension.CUSTOMER_IMPACT: {"evidence": (quote,)}},
        customer_request="[CSM] to call",
    )
    made = draft(given)
    assert "Please tell" not in made.customer_message.body + made.ask.action
    assert "[CSM]" not in made.ask.action


@pytest.mark.parametrize("side", [Side.CSM_NOTE, Side.UNKNOWN])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_thanked_for_a_message_they_did_not_write(language, side):
    """A call note or a talk among colleagues holds no message of the customer's, so none is thanked for."""
    body = draft(brief(Message(number=1, side=side, body=FAILS), language=language)).customer_message.body
    say = WORDING.languages[language]
    assert say.without_message in body
    assert say.thanks not in body
    assert FAILS not in body


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "“The page says ‘try later’ to every one of our drivers.”"),
        ("de", "„The page says ‚try later‘ to every one of our drivers.“"),
        ("fr", "« The page says “try later” to every one of our drivers. »"),
        ("es", "«The page says “try later” to every one of our drivers.»"),
    ],
)
@pytest.mark.parametrize("said", ['"try later"', "“try later”", "« try later »", "„try later“"])
def test_quotations_in_a_quotation_have_marks_of_their_own(language, shown, said):
    """Whatever marks the customer used, the inner ones differ from ours."""
    words = f"The page says {said} to every one of our drivers."
    given = brief(Message(number=1, side=Side.CUSTOMER, author="Rosa Lind", body=words), language=language)
    assert shown in draft(given).customer_message.body


def test_every_sentence_of_the_file_has_its_place():
    """Each language words each sentence with exactly the values it is given."""
    for words in WORDING.languages.values():
        assert "{name}" in words.greeting_named
        assert "{words}" in words.quote
        assert "{words}" in words.inner_quote
        assert words.inner_quote[0] != words.quote[0]
        assert "[OWNER]" in words.with_owner
        assert "[UPDATE_BY]" in words.update
        assert max(len(words.subject_owner), len(words.subject_myself)) <= 120
    assert set(WORDING.languages) == set(LANGUAGES)
    assert all(len(issue.done_when) <= 240 for issue in WORDING.issue_types.values())
