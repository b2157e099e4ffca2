"""Words and names go for good; figures stay."""

from datetime import timedelta

from agent import verdicts
from agent.schema import Dimension
from agent.schema.record import EntryKind, Filters, Outcome, OutcomeKind, Verdict
from agent.store.forgetting import forget, older_than
from tests import builders
from tests.store import kept

MOVED = Verdict(scores={Dimension.CSM_CAPABILITY: 5}, reason="Jonas told me that nobody has access.")


def test_figures_stay_and_words_go(store):
    """Scores, band, owner, deadlines, digest and verdict's scores are there; account, thread, quotes, drafts are not."""
    key = kept.keep(store, (5, 3, 4, 2))
    before = store.get(key)
    verdicts.give(store, before, MOVED, by="Ada")
    store.add_outcome(key, Outcome(outcome=OutcomeKind.RESOLVED, note="Jonas is happy."), by="Ada")
    removed = forget(store, key, by="Ada")
    after = store.get(key)
    text = after.model_dump_json() + "".join(entry.model_dump_json() for entry in store.history(key))
    for word in ("Acme", "Jonas", "export", "access", "happy"):
        assert word not in text
    for name in ("total", "band", "deadlines", "issue_type", "decision"):
        assert getattr(after.assessment, name) == getattr(before.assessment, name)
    assert after.assessment.provenance == before.assessment.provenance
    assert after.summary.scores == before.summary.scores
    assert after.summary.verdict.scores == MOVED.scores
    assert (after.summary.forgotten, after.situation, after.grounded) == (True, None, None)
    assert (removed.messages, removed.quotes, removed.drafts, removed.reasons, removed.account) == (1, 4, 2, 2, True)
    assert "1 messages" in removed.words()
    assert store.history(key)[-1].kind is EntryKind.FORGET


def test_nothing_is_left_in_the_file(sqlite, tmp_path):
    """Neither free pages nor the journal keep what was forgotten."""
    key = kept.keep(sqlite)
    forget(sqlite, key, by="Ada")
    left = b"".join(file.read_bytes() for file in tmp_path.glob("record.db*"))
    assert b"Jonas" not in left
    assert b"Acme" not in left


def test_a_forgotten_triage_can_still_be_judged(store):
    """The engine decides on the scores that stay, under the policy of record."""
    key = kept.keep(store, (3, 3, 3, 3))
    forget(store, key, by="Ada")
    entry = verdicts.give(
        store, store.get(key), Verdict(scores={Dimension.CSM_CAPABILITY: 5}, reason="No access."), by="Ada"
    )
    assert entry.rescored.total == 14


def test_a_forgotten_text_is_found_no_more(store):
    """Neither by a filter nor as the beginning of a thread; forgetting again removes nothing."""
    key = kept.keep(store, message_ids=["first@acme.example"])
    forget(store, key, by="Ada")
    assert store.list(Filters(text="orders")) == ()
    assert store.list(Filters(account="Acme")) == ()
    answer = kept.case(text="Reply: still broken.").situation
    assert store.same_thread(answer, ["first@acme.example"]) is None
    assert forget(store, key, by="Ada").words() == "nothing that was still kept"


def test_older_ones_are_named_oldest_first_and_once(store):
    """What was forgotten already, and what is younger, is not named again."""
    keys = [kept.keep(store, now=builders.NOW - timedelta(days=days)) for days in (1, 100, 200, 300)]
    forget(store, keys[1], by="Ada")
    assert list(older_than(store, builders.NOW - timedelta(days=90))) == [keys[3], keys[2]]
