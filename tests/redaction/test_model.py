"""A model behind a redaction."""

from agent import intake
from agent.drafting.hosted import HostedDrafter
from agent.extraction.hosted import HostedScorer
from agent.models.port import Deadline
from agent.policy import load_default
from agent.redaction import RedactedModel, Redactor
from agent.schema import Brief, Draft
from agent.triage import judge
from tests.builders import NOW, extraction
from tests.scripted import ScriptedModel

TEXT = (
    "From: Jonas Weber <jonas@brightwater.example>\nTo: Mia Berg <mia@ours.example>\nDate: Mon, 5 Jan 2026 08:00\n\n"
    "Hello Mia,\n\nnothing leaves the building, Thomas Klein says. Call +49 89 1234567.\n\nBest,\nJonas"
)
PRIVATE = ("Jonas", "Weber", "Mia", "Berg", "Thomas", "Klein", "1234567", "@")


def test_quotes_of_placeholders_stand_in_the_text() -> None:
    """The model copies placeholders; evidence finds the words they stand for."""
    situation = intake.read_text(TEXT)
    redactor = Redactor(situation)
    name = redactor.redact("Thomas Klein")
    answer = extraction()
    quoting = answer.customer_impact.model_copy(update={"quotes": (f"nothing leaves the building, {name} says",)})
    with ScriptedModel(answer.model_copy(update={"customer_impact": quoting})) as model:
        scorer = HostedScorer(RedactedModel(model, redactor))
        case = judge(situation, scorer, policy=load_default(), now=NOW, context_characters=10_000, deadline=Deadline())
    (evidence,) = case.grounded.scores.customer_impact.evidence
    assert (evidence.quote, evidence.found) == ("nothing leaves the building, Thomas Klein says", True)
    sent = "".join(message.content for request in model.requests for message in request.messages)
    assert [value for value in PRIVATE if value in sent] == []


def test_a_second_request_carries_no_restored_words_out() -> None:
    """The first answer goes back with the complaint about its quotes: redacted again."""
    situation = intake.read_text(TEXT)
    redactor = Redactor(situation)
    name = redactor.redact("Jonas Weber")
    answer = extraction(situation=f"{name} waits.", attempts=(f"called {name}",))
    wrong = answer.customer_impact.model_copy(update={"quotes": (f"{name} is furious",)})
    with ScriptedModel(answer.model_copy(update={"customer_impact": wrong}), answer) as model:
        HostedScorer(RedactedModel(model, redactor)).extract(situation, load_default(), Deadline())
    sent = "".join(message.content for request in model.requests for message in request.messages)
    assert len(model.requests) == 2
    assert [value for value in PRIVATE if value in sent] == []


def test_a_draft_comes_back_in_names() -> None:
    """The drafting request holds restored words, goes out redacted, and its answer is restored."""
    situation = intake.read_text(TEXT)
    redactor = Redactor(situation)
    model = ScriptedModel(extraction(account="Brightwater", situation="Jonas Weber waits."))
    case = judge(
        situation,
        HostedScorer(RedactedModel(model, redactor)),
        policy=load_default(),
        now=NOW,
        context_characters=10_000,
        deadline=Deadline(),
    )
    brief = Brief(situation=case.situation, grounded=case.grounded, decision=case.decision, language="en")
    written = {"language": "en", "subject": "Your export", "body": f"Hello {redactor.redact('Jonas Weber')},\n\n[CSM]"}
    answer = Draft.model_validate({"ask": None, "next_step": "Call [PERSON_1].", "customer_message": written})
    with ScriptedModel(answer) as drafting:
        draft = HostedDrafter(RedactedModel(drafting, redactor)).draft(brief, load_default(), Deadline()).draft
    assert draft.customer_message.body == "Hello Jonas Weber,\n\n[CSM]"
    assert draft.next_step == "Call Jonas Weber."
    sent = "".join(message.content for request in drafting.requests for message in request.messages[1:])
    assert [value for value in PRIVATE if value in sent] == []
