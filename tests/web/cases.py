"""Triages as a team keeps them: threads with their quotes, decided by the real engine and worded by the real drafter."""

from datetime import timedelta
from itertools import product

from agent import engine, evidence, follow_up, intake, triage
from agent import policy as policies
from agent.drafting.template import TemplateDrafter
from agent.models.port import Deadline
from agent.policy import LEVELS
from agent.redaction import Redactor
from agent.schema import (
    Answer,
    Basis,
    Dimension,
    DimensionReading,
    IssueType,
    LevelProbabilities,
    OwnCompany,
    Probabilities,
    ProbabilitySource,
    Reading,
    RoutingCondition,
    SecondOpinion,
    Signature,
    SurpriseTest,
)
from agent.schema.follow_up import FoundBy
from agent.schema.record import KeepText
from tests import builders

POLICY = policies.load_default()
MODELS = ("openai/gpt-5-mini", "openai/gpt-5-mini", "local/qwen3-8b")

WAREHOUSE = """From: Katrin Holm <k.holm@nordlicht-logistik.example>
To: Maya Lind <maya@vendor.example>
Date: Mon, 23 Nov 2026 16:42:00 +0100
Subject: RE: Pick lists arrive twice

Hello Maya,

the pick lists still arrive twice. This morning the night shift packed 214 parcels a second time, and we had to stop
the line for an hour to take them off the trucks again. Since Friday two people do nothing but compare lists by hand.

Our peak week starts on Thursday. If this is not solved by Wednesday evening we go back to the old system for December,
and then I do not know whether we come back. The steering committee meets tomorrow at nine.

Katrin Holm
Head of warehouse operations

On Fri, 20 Nov 2026 at 11:05, Maya Lind <maya@vendor.example> wrote:
> Hi Katrin, support could see the duplicates (ticket 88213) and has handed them to the integration team.
> I cannot change the queue from here myself. I will write as soon as I hear more.
"""
INVOICE = """From: Pieter Vos <p.vos@lindehof.example>
To: Maya Lind <maya@vendor.example>
Date: Tue, 24 Nov 2026 08:15:00 +0100
Subject: Invoice of November

Hi Maya, on the November invoice there are 42 seats, but we agreed on 38 in spring. It is not urgent, next week is
fine, but our bookkeeping wants it corrected before they pay the EUR 7,600.

Best, Pieter
"""
SILENT = """Note after the call with Bergmann Medical, 23 November.
They asked for the audit export again, third time this quarter. Dr. Yilmaz was polite, and she said that their new head
of IT "compares vendors at the moment". Renewal is on 31 January, EUR 118k. I promised to find out whether the export is
on the roadmap. I have no say in that. Their workaround is a spreadsheet that one person keeps up by hand.
"""
LOGIN = """From: Office <office@harbour-dental.example>
To: support@vendor.example
Date: Tue, 24 Nov 2026 09:30:00 +0100
Subject: password

Good morning, one of our two assistants cannot log in since she changed her telephone. The other one can. Could you
reset her second factor? Thank you!
"""
OUTAGE = """From: Samuel Okafor <s.okafor@brightline-pay.example>
To: Maya Lind <maya@vendor.example>
Cc: cfo@brightline-pay.example
Date: Tue, 24 Nov 2026 09:02:00 +0100
Subject: Third outage in five weeks

Maya,

this is the third outage in five weeks. Since 08:10 no payment file leaves our system, and the bank's cut-off is at
13:00 today. 1,900 salaries depend on it. Your status page is green.

I was promised a root cause after the second one and never got it. I have copied our CFO, and I expect a call from
somebody who can decide, not another ticket.

Samuel Okafor
"""

WEIGHED = Probabilities(
    customer_impact=LevelProbabilities(values=(0, 0.05, 0.2, 0.6, 0.15), source=ProbabilitySource.LOGPROBS),
    time_sensitivity=LevelProbabilities(values=(0, 0.02, 0.18, 0.55, 0.25), source=ProbabilitySource.LOGPROBS),
    csm_capability=LevelProbabilities(values=(0, 0.1, 0.3, 0.5, 0.1), source=ProbabilitySource.LOGPROBS),
)


def _reading(score, rationale, *quotes, basis=Basis.STATED, question=None):
    return DimensionReading(quotes=quotes, basis=basis, rationale=rationale, score=score, question=question)


def _case(text, account, issue_type, situation, readings, **fields):
    names = [dimension.value for dimension in Dimension]
    return text, {
        "account": account,
        "situation": situation,
        "issue_type": issue_type,
        **dict(zip(names, readings, strict=True)),
        **fields,
    }


CASES = (
    _case(
        WAREHOUSE, "Nordlicht Logistik", IssueType.PRODUCT_DEFECT,
        "Pick lists reach the warehouse twice; parcels are packed a second time and compared by hand. The peak week starts on Thursday.",
        (
            _reading(4, "A core process runs twice and costs hours; comparing by hand hardly holds.", "the night shift packed 214 parcels a second time", "two people do nothing but compare lists by hand"),
            _reading(3, "Nothing says what the account is worth.", "They are one of our three largest customers.", basis=Basis.INFERRED),
            _reading(4, "The customer names Wednesday evening as the last moment.", "If this is not solved by Wednesday evening we go back to the old system for December", "Our peak week starts on Thursday."),
            _reading(4, "The queue belongs to the integration team.", "I cannot change the queue from here myself.", "has handed them to the integration team"),
        ),
        customer_deadline="Wednesday evening", attempts=("support reproduced it, ticket 88213",), open_now=("duplicate pick lists",),
        surprise_test=SurpriseTest(reason="They think of leaving, and leadership has not heard of it.", surprised=True),
    ),
    _case(
        INVOICE, "Lindehof", IssueType.COMMERCIAL_DISPUTE, "The November invoice counts 42 seats instead of the agreed 38.",
        (
            _reading(1, "An inconvenience for bookkeeping.", "on the November invoice there are 42 seats, but we agreed on 38 in spring"),
            _reading(2, "A small account by its invoice.", "EUR 7,600", basis=Basis.INFERRED),
            _reading(1, "The customer says that it is not urgent.", "It is not urgent, next week is\nfine"),
            _reading(2, "A correction needs one approval of finance.", basis=Basis.INFERRED),
        ),
        open_now=("wrong number of seats",), attempts=(),
    ),
    _case(
        SILENT, "Bergmann Medical", IssueType.FEATURE_GAP, "The audit export is missing; the customer asks for the third time and compares vendors.",
        (
            _reading(3, "The workaround is painful.", "Their workaround is a spreadsheet that one person keeps up by hand."),
            _reading(5, "EUR 118k.", "EUR 118k"),
            _reading(2, "No date was named for the export.", basis=Basis.UNSTATED, question="By when do they need the export?"),
            _reading(3, "Product management decides about the roadmap.", "I have no say in that."),
        ),
        arr=builders.stated_arr("118000"), renewal="31 January", open_now=("no audit export",), attempts=(),
        issue_type_runner_up=IssueType.RELATIONSHIP_RISK, told_so_far=("I promised to find out whether the export is on the roadmap",),
    ),
    _case(
        LOGIN, "Harbour Dental", IssueType.PRODUCT_DEFECT, "One of two assistants cannot log in after she changed her telephone.",
        (
            _reading(2, "One person is locked out, the other works on.", "one of our two assistants cannot log in", "The other one can."),
            _reading(1, "The text does not say what the account is worth.", basis=Basis.UNSTATED, question="What does the account pay?"),
            _reading(2, "No date is named.", basis=Basis.INFERRED),
            _reading(1, "A reset that support does itself.", "reset her second factor"),
        ),
        open_now=("one locked account",), attempts=(),
    ),
    _case(
        OUTAGE, "Brightline Pay", IssueType.SERVICE_FAILURE, "Third outage in five weeks: no payment file leaves the system, and the bank's cut-off is today at 13:00.",
        (
            _reading(5, "Salaries cannot be paid, and there is no workaround.", "no payment file leaves our system", "1,900 salaries depend on it."),
            _reading(4, "A payment company with its CFO on copy.", "I have copied our CFO", basis=Basis.INFERRED),
            _reading(5, "The bank's cut-off is today.", "the bank's cut-off is at\n13:00 today"),
            _reading(4, "The customer wants somebody who can decide.", "I expect a call from\nsomebody who can decide, not another ticket"),
        ),
        customer_deadline="13:00 today", customer_request="a call from somebody who can decide", attempts=("a root cause was promised and not delivered",), open_now=("no payment file leaves",),
        routing_condition=RoutingCondition(reason="Three outages in five weeks are a pattern.", met=Answer.YES),
        surprise_test=SurpriseTest(reason="The CFO is on copy.", surprised=True),
    ),
)  # fmt: skip


SECOND_OPINION = SecondOpinion(
    model="decisions/luna",
    probabilities=Probabilities(
        customer_impact=LevelProbabilities(values=(0, 0, 0, 0.1, 0.9), source=ProbabilitySource.DECISION_MODEL),
        csm_capability=LevelProbabilities(values=(0.8, 0.2, 0, 0, 0), source=ProbabilitySource.DECISION_MODEL),
    ),
    surprised=0.2,
    unanswered=("time_sensitivity",),
)


def decided(number=0, *, now=builders.NOW, text=None, second=None, **fields):
    """One of the cases, read and decided; `fields` replace what was read."""
    thread, known = CASES[number]
    situation = intake.read_text(text or thread, company=OwnCompany(domains=("vendor.example",)))
    extraction = builders.extraction(**{**known, **fields})
    doubt = {"low_confidence": (Dimension.TIME_SENSITIVITY,), "probabilities": WEIGHED} if number == 0 else {}
    reading = Reading(extraction=extraction, **doubt)
    grounded = evidence.ground(reading, situation).model_copy(update={"second_opinion": second})
    return triage.Case(situation, reading, grounded, engine.decide(grounded, POLICY, now), POLICY, now)


def assessed(case, *, model=MODELS[0], earlier=None):
    """The whole assessment with the plain drafts; `earlier` is the kept triage that it goes on from."""
    plain = TemplateDrafter()
    signature = Signature(name="Maya Lind", company=None)
    wording = triage.word(case, plain, plain, language="en", signature=signature, deadline=Deadline(None))
    since = earlier and follow_up.compare(
        earlier, case.situation, case.grounded, case.decision, now=case.now, found_by=FoundBy.GIVEN
    )
    return triage.assemble(case, wording, model=model, follow_up=since)


def keep(store, number=0, *, by="Maya", keep_text=KeepText.FULL, model=MODELS[0], follows=None, **fields):
    """Keep one of the cases; returns its id."""
    case = decided(number, **fields)
    account = case.grounded.extraction.account
    return store.save(
        assessed(case, model=model, earlier=store.get(follows) if follows else None),
        situation=case.situation,
        grounded=case.grounded,
        policy=POLICY,
        by=by,
        keep_text=keep_text,
        follows=follows,
        redact=Redactor(case.situation, kept=[account]).redact if keep_text is KeepText.REDACTED else None,
    )


def varied(place, *, now=builders.NOW):
    """A variation of one of the cases: another account, other scores and an earlier day, decided by the engine."""
    combinations = tuple(product(LEVELS, repeat=len(Dimension)))
    levels = combinations[137 * (place + 3) % len(combinations)]  # far apart, and each once
    number = place % len(CASES)
    _, known = CASES[number]
    given = {
        d.value: known[d.value].model_copy(update={"score": level}) for d, level in zip(Dimension, levels, strict=True)
    }
    account = f"{known['account']} {place // len(CASES) + 1}"
    return decided(number, account=account, now=now - timedelta(hours=5 * place), **given)


def many(store, count, *, now=builders.NOW):
    """Keep that many variations; returns their ids."""
    ids = []
    for place in range(count):
        case = varied(place, now=now)
        ids.append(
            store.save(
                assessed(case, model=MODELS[place % len(MODELS)]),
                situation=case.situation, grounded=case.grounded, policy=POLICY, by="Maya",
            )
        )  # fmt: skip
    return ids
