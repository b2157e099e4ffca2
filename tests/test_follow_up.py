"""A thread that goes on: what is new, what moved, what became of the deadlines."""

from datetime import timedelta

import pytest

from agent import follow_up, triage, verdicts
from agent.drafting.template import TemplateDrafter
from agent.models.port import Deadline
from agent.schema import Band, Dimension, Signature, WarningCode
from agent.schema.follow_up import Due, FoundBy, Kept
from agent.schema.record import Verdict
from agent.store import Store
from tests import builders
from tests.store import kept

OURS = """From: Maya Lind <maya@vendor.example>
To: Jonas Weber <j.weber@acme.example>
Date: {when:%a, %d %b %Y %H:%M:%S %z}
Subject: Re: Export

Hello Jonas, I have it with our engineers and you hear from me again tomorrow. Maya

"""


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "record.db") as opened:
        yield opened


def compare(run, later, scores=(3, 3, 3, 3), *, answered=None, **fields):
    """The follow-up `later` hours on, with a mail of ours `answered` hours after the first triage."""
    ours = OURS.format(when=builders.NOW + timedelta(hours=answered)) if answered is not None else ""
    of = kept.case(scores, text=ours + kept.THREAD, now=builders.NOW + timedelta(hours=later), **fields)
    change = follow_up.compare(run, of.situation, of.grounded, of.decision, now=of.now, found_by=FoundBy.GIVEN)
    return of, change


def states(change):
    return {each.due: each.kept for each in change.deadlines}


def test_what_moved_is_named_with_its_reason_and_quotes(store):
    """Only the dimensions whose score is another, from and to, and the band before and after."""
    run = store.get(kept.keep(store, (3, 3, 3, 3)))
    _, change = compare(run, 2, (5, 3, 3, 3))
    (moved,) = change.moved
    assert (moved.dimension, moved.before, moved.after) == (Dimension.CUSTOMER_IMPACT, 3, 5)
    assert (moved.why, moved.quotes) == ("Why customer_impact is 5.", ("the export",))
    assert (change.band_before, change.band_after) == (Band.ESCALATE_FOR_SUPPORT, Band.ESCALATE_WITH_URGENCY)


def test_a_managers_verdict_is_what_it_was_before(store):
    """The new scores are held against the verdict that stands, and the report says so."""
    key = kept.keep(store, (3, 3, 3, 3))
    verdicts.give(
        store, store.get(key), Verdict(scores={Dimension.CUSTOMER_IMPACT: 5}, reason="They stand still."), by="Ada"
    )
    _, change = compare(store.get(key), 2, (5, 3, 3, 3))
    assert change.moved == ()
    assert change.decided_by_manager


def test_only_messages_that_were_not_there_are_new(store):
    """The words of a message tell, not its place in the thread."""
    run = store.get(kept.keep(store))
    _, change = compare(run, 3, answered=1)
    assert [line.split(": ")[1] for line in change.new_messages] == [
        "Hello Jonas, I have it with our engineers and you hear from me again tomorrow. Maya"
    ]


@pytest.mark.parametrize(
    ("later", "answered", "word"),
    [(1, None, Kept.PENDING), (3, 1, Kept.MET), (200, 100, Kept.LATE), (200, None, Kept.NOT_SEEN)],
)
def test_a_word_of_ours_meets_the_first_deadline_or_not(store, later, answered, word):
    """Told from the thread alone: in time, late, not in it, or still to come."""
    run = store.get(kept.keep(store))
    of, change = compare(run, later, answered=answered)
    if answered is not None and not any(m.side.value == "us" for m in of.situation.messages):
        pytest.fail("the mail of ours is not read as ours")
    assert states(change)[Due.CUSTOMER_WORD] is word


def test_an_owners_answer_is_never_claimed(store):
    """It does not stand in the thread: once its time has passed it is not known."""
    run = store.get(kept.keep(store))
    assert states(compare(run, 1)[1])[Due.OWNER_ANSWER] is Kept.PENDING
    assert states(compare(run, 200)[1])[Due.OWNER_ANSWER] is Kept.NOT_KNOWN


@pytest.mark.parametrize(
    ("hours", "fields", "broken"),
    [(1, {}, False), (400, {}, True), (400, {"open_now": (), "already_resolved": ("the export",)}, False)],
)
def test_the_standing_rule_is_honoured(store, hours, fields, broken):
    """Its day has passed and the issue is open: a warning at which a human must look. Solved or in time: none."""
    run = store.get(kept.keep(store, (2, 2, 2, 2)))
    of, change = compare(run, hours, (2, 2, 2, 2), **fields)
    assert (change.rule_broken == run.summary.escalate_if_unresolved) is broken
    told = triage.assemble(of, triage.Wording(None), model="m", follow_up=change)
    assert (WarningCode.STANDING_RULE_BROKEN in [w.code for w in told.warnings]) is broken
    assert told.human_must_look is broken


def test_an_escalated_case_has_no_standing_rule(store):
    """The rule asks for an escalation, and there was one."""
    run = store.get(kept.keep(store, (5, 5, 5, 5)))
    assert compare(run, 400)[1].rule_broken is None


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "You were to hear from me by"), ("de", "Sie sollten bis"), ("it", "Le avevo annunciato")],
)
def test_the_plain_draft_refers_to_what_was_promised(store, language, words):
    """The date is the one that the earlier draft named; without an earlier draft nothing is said."""
    run = store.get(kept.keep(store))
    of, change = compare(run, 3)
    plain = TemplateDrafter()
    written = triage.word(
        of, plain, plain, language=language, signature=Signature(), deadline=Deadline(), promised=change.promised
    )
    assert words in written.drafts.customer_message.body
    assert "26" in written.drafts.customer_message.body
    silent = triage.word(of, plain, plain, language=language, signature=Signature(), deadline=Deadline())
    assert words not in silent.drafts.customer_message.body
