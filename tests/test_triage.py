from datetime import date
from decimal import Decimal

from agent import intake, policy, triage
from agent.drafting.hosted import HostedDrafter
from agent.drafting.template import TemplateDrafter
from agent.errors import ModelRefused, ReplayError
from agent.extraction.hosted import HostedScorer
from agent.models.port import Deadline
from agent.schema import (
    AccountContext,
    Ask,
    CustomerMessage,
    Dimension,
    Draft,
    DraftSource,
    Period,
    ScoredBy,
    Signature,
    StatedArr,
)
from tests.builders import NOW, extraction
from tests.scripted import ScriptedModel

POLICY = policy.load_default()
TEXT = (
    "From: Ada Okoye <ada@acme.example>\nTo: us\nSubject: export\n\nThe export fails every morning and we lose orders."
)
GOOD = Draft(
    ask=Ask(action="Find out why the export fails every morning and deliver a fix.", done_when="the export runs again"),
    next_step=None,
    customer_message=CustomerMessage(
        language="en",
        subject="Your export",
        body="Hello Ada,\n\nthank you for telling us that the export fails every morning. It is now with [OWNER]. "
        "You will hear from me by [UPDATE_BY], even if there is no solution yet.\n\nKind regards\n[CSM]",
    ),
)
LEAKY = GOOD.model_copy(
    update={"customer_message": GOOD.customer_message.model_copy(update={"body": "Your total is 14, we fear churn."})}
)


def judged(model, **options):
    return triage.judge(
        intake.read_text(TEXT, source="test"),
        HostedScorer(model),
        policy=POLICY,
        now=NOW,
        context_characters=100_000,
        deadline=Deadline(),
        **options,
    )


def worded(case, model, language="en"):
    return triage.word(
        case, HostedDrafter(model), TemplateDrafter(), language=language, signature=Signature(), deadline=Deadline()
    )


def test_the_stages_run_in_their_order():
    """What a waiting CSM is told is what happens."""
    told = []
    with ScriptedModel(extraction((4, 3, 4, 4)), GOOD) as model:
        case = judged(model, on_stage=told.append)
        triage.word(
            case, HostedDrafter(model), TemplateDrafter(), language="en", signature=Signature(), deadline=Deadline(),
            on_stage=told.append,
        )  # fmt: skip
    assert [stage.value for stage in told] == ["reading", "scoring", "deciding", "drafting", "checking"]


def test_an_overrule_goes_through_the_engine():
    """The CSM's score is the score of record; total and band follow from it."""
    with ScriptedModel(extraction((3, 3, 3, 4))) as model:
        case = judged(model)
    assert (case.decision.total, case.decision.band) == (13, "escalate_for_support")
    again = triage.overrule(case, {Dimension.CUSTOMER_IMPACT: 4})
    assert (again.decision.total, again.decision.band) == (14, "escalate_with_urgency")
    impact = again.grounded.scores.customer_impact
    assert (impact.scored_by, impact.overruled_from) == (ScoredBy.CSM, 3)


def test_a_draft_that_fails_its_guards_is_tried_once_more():
    """The second draft is used if it passes."""
    with ScriptedModel(extraction((4, 3, 4, 4)), LEAKY, GOOD) as model:
        wording = worded(judged(model), model)
    assert wording.drafts.source is DraftSource.MODEL
    assert len(wording.calls) == 2


def test_a_draft_that_fails_twice_is_replaced_and_the_findings_are_kept():
    """Nothing that failed its guards is ever shown as the message."""
    with ScriptedModel(extraction((4, 3, 4, 4)), LEAKY, LEAKY) as model:
        wording = worded(judged(model), model)
    assert wording.drafts.source is DraftSource.TEMPLATE
    assert wording.drafts.findings
    assert "churn" not in wording.drafts.customer_message.body
    assert "failed its checks" in wording.drafts.note


POLISH = CustomerMessage(
    language="pl",
    subject="Eksport",
    body="Dzień dobry,\n\ndziękuję za wiadomość o eksporcie, który zawodzi każdego ranka. Rozumiem, że to utrudnia"
    " Państwa pracę. Sprawą zajmuje się teraz [OWNER]. Odezwę się do Państwa do [UPDATE_BY], nawet jeśli rozwiązania"
    " jeszcze nie będzie.\n\nZ poważaniem\n[CSM]",
)


def test_a_language_without_word_lists_is_told():
    """A message that no list can judge is shown as the model's, and says that it was checked for less."""
    with ScriptedModel(extraction((4, 3, 4, 4)), GOOD.model_copy(update={"customer_message": POLISH})) as model:
        case = judged(model)
        wording = worded(case, model, "pl")
    assert wording.drafts.source is DraftSource.MODEL
    assert "not checked in 'pl'" in wording.drafts.note
    assessment = triage.assemble(case, wording, model="scripted")
    assert assessment.draft_note == wording.drafts.note
    assert "draft_replaced" not in [warning.code for warning in assessment.warnings]


def test_a_plain_wording_in_english_has_its_dates_in_english():
    """Where the customer's language has no plain wording, the whole message is in one language."""
    with ScriptedModel(extraction((4, 3, 4, 4)), ModelRefused("no")) as model:
        message = worded(judged(model), model, "pl").drafts.customer_message
    assert message.language == "en"
    assert f"{NOW:%Y-}" not in message.body


def test_a_second_draft_that_fails_to_come_tells_of_the_first_as_well():
    """Why there was a second call at all is as much worth knowing as why it failed."""
    with ScriptedModel(extraction((4, 3, 4, 4)), LEAKY, ReplayError("no recording")) as model:
        wording = worded(judged(model), model)
    assert wording.drafts.source is DraftSource.TEMPLATE
    assert wording.drafts.findings
    assert "the model's draft failed its checks" in wording.drafts.note
    assert "the second drafting call failed (no recording)" in wording.drafts.note


def test_a_failed_second_call_costs_nothing_of_the_first():
    """The decision stands, the plain wording stands in, and the note says why."""
    with ScriptedModel(extraction((4, 3, 4, 4)), ModelRefused("no")) as model:
        case = judged(model)
        wording = worded(case, model)
    assert wording.drafts.source is DraftSource.TEMPLATE
    assert "no" in wording.drafts.note
    assessment = triage.assemble(case, wording, model="scripted")
    assert assessment.escalation.ask
    assert assessment.total == 15


def test_provenance_counts_every_call():
    """Attempts and prompts of both calls are in the assessment."""
    with ScriptedModel(extraction((4, 3, 4, 4)), GOOD) as model:
        case = judged(model)
        assessment = triage.assemble(case, worded(case, model), model="scripted")
    assert [call.purpose for call in assessment.provenance.calls] == ["extract", "draft"]
    assert len(assessment.provenance.prompts) == 2
    assert assessment.provenance.policy == POLICY.reference


def test_a_replaced_draft_is_a_warning():
    """A plain wording never passes unnoticed by whoever reads the JSON only."""
    with ScriptedModel(extraction((4, 3, 4, 4)), ModelRefused("no")) as model:
        case = judged(model)
        assessment = triage.assemble(case, worded(case, model), model="scripted")
    assert "draft_replaced" in [warning.code for warning in assessment.warnings]


def test_what_the_csm_typed_beats_what_was_read():
    """--arr and --renewal reach the engine whatever the model read; a low score is then warned of."""
    context = AccountContext(arr="5,000 USD per month", renewal=date(2026, 12, 31))
    with ScriptedModel(extraction((4, 1, 4, 4))) as model:
        case = triage.judge(
            intake.read_text(TEXT, source="test", context=context),
            HostedScorer(model),
            policy=POLICY,
            now=NOW,
            context_characters=100_000,
            deadline=Deadline(),
        )
    assert case.decision.arr_eur == round(60_000 / 1.1172)
    assert case.grounded.extraction.renewal == "2026-12-31"
    assert "arr_disagrees" in [warning.code for warning in case.decision.warnings]


def test_a_stated_amount_is_what_its_words_say():
    """A model that drops a zero does not change the account's worth."""
    arr = StatedArr(words="EUR 64k", amount=Decimal(6400), currency="EUR", period=Period.YEAR)
    text = TEXT + "\n\nThey pay EUR 64k a year."
    with ScriptedModel(extraction((4, 5, 4, 4), arr=arr)) as model:
        case = triage.judge(
            intake.read_text(text, source="test"), HostedScorer(model), policy=POLICY, now=NOW,
            context_characters=100_000, deadline=Deadline(),
        )  # fmt: skip
    assert case.decision.arr_eur == 64_000
