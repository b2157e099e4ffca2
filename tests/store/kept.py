"""Triages to keep: complete, and unremarkable until a test says otherwise."""

from agent import engine, intake, triage
from agent import policy as policies
from agent.redaction import Redactor
from agent.schema import CustomerMessage, Drafts, DraftSource, Reading
from agent.schema.record import KeepText
from tests import builders

POLICY = policies.load_default()
THREAD = """From: Jonas Weber <j.weber@acme.example>
To: Maya Lind <maya@vendor.example>
Date: Mon, 23 Nov 2026 09:05:00 +0100
Subject: Export

Hello Maya, the export fails every morning and we lose orders because of it. Call me on +49 30 1234567.
Jonas Weber
"""
MESSAGE = CustomerMessage(language="en", subject="Your export", body="Hello Jonas Weber, we are on it.")


def case(scores=(3, 3, 3, 3), *, text=THREAD, now=builders.NOW, policy=POLICY, second_opinion=None, **fields):
    """A decided case over a real text."""
    grounded = builders.grounded(scores, **fields).model_copy(update={"second_opinion": second_opinion})
    decision = engine.decide(grounded, policy, now)
    return triage.Case(intake.read_text(text), Reading(extraction=grounded.extraction), grounded, decision, policy, now)


def assessment(of, *, model="openai/gpt-5-mini", drafted=True, **known):
    escalates = of.decision.band.escalates
    drafts = Drafts(
        ask="Look at the export." if escalates else None,
        next_step=None if escalates else "Look at the export.",
        customer_message=MESSAGE,
        source=DraftSource.MODEL,
    )
    return triage.assemble(of, triage.Wording(drafts if drafted else None), model=model, **known)


def keep(store, scores=(3, 3, 3, 3), *, by="Maya", keep_text=KeepText.FULL, follows=None, message_ids=(), **fields):
    """Keep a triage of its own; returns its id. `fields` go to the case, `model` to the assessment."""
    model = fields.pop("model", "openai/gpt-5-mini")
    of = case(scores, **fields)
    return store.save(
        assessment(of, model=model),
        situation=of.situation,
        grounded=of.grounded,
        policy=of.policy,
        by=by,
        keep_text=keep_text,
        redact=Redactor(of.situation, kept=["Acme"]).redact if keep_text is KeepText.REDACTED else None,
        follows=follows,
        message_ids=message_ids,
    )
