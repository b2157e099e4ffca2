"""Words and names go for good; figures stay."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from agent import verdicts
from agent.errors import StoreUnusable
from agent.schema import Dimension
from agent.schema.record import EntryKind, Filters, Outcome, OutcomeKind, Verdict
from agent.store import Store
from agent.store.forgetting import forget, forget_each, older_than
from agent.store.tables import contents
from agent.store.verify import verify
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


def test_words_that_cannot_be_read_go_as_well(sqlite):
    """Whoever asks to be forgotten is forgotten, also by a version that does not understand what another one kept."""
    key = kept.keep(sqlite)
    with sqlite.writing() as connection:
        body = connection.execute(sa.select(contents.c.body).where(contents.c.entry_id == key)).scalar_one()
        later = body.replace('"situation"', '"of_a_later_version"', 1)
        connection.execute(contents.update().where(contents.c.entry_id == key).values(body=later))
    with pytest.raises(StoreUnusable, match="cannot read"):
        sqlite.get(key)
    assert forget(sqlite, key, by="Ada").run_id == key
    assert sqlite.get(key).summary.forgotten


def test_one_forgetting_counts_what_it_took(store, place):
    """Of several who forget the same triage at once one took the words out, and only that entry says so."""
    key = kept.keep(store)
    ready = threading.Barrier(4, timeout=60)

    def forgotten(_):
        with Store(place) as other:
            ready.wait()
            return forget(other, key, by="Ada").messages

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(forgotten, range(4))) == [0, 0, 0, 1]
    assert verify(store).faults == ()


def test_a_journal_that_cannot_be_emptied_is_told(sqlite, tmp_path):
    """While somebody reads what was there before, the words are still in the journal: nobody is told otherwise."""
    key = kept.keep(sqlite)
    reader = sqlite3.connect(tmp_path / "record.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM runs").fetchone()
    with pytest.raises(StoreUnusable, match="journal beside it still holds the words"):
        forget(sqlite, key, by="Ada")
    reader.close()
    forget(sqlite, key, by="Ada")
    assert not any(b"Jonas" in file.read_bytes() for file in tmp_path.glob("record.db*"))


def test_who_stops_in_the_middle_has_forgotten_what_was_told(sqlite, tmp_path):
    """Ctrl-C after the first of two: the first is gone for good, the second is whole."""
    first, second = kept.keep(sqlite), kept.keep(sqlite, text=kept.THREAD.replace("Jonas", "Hedwig"))
    forgetting = forget_each(sqlite, [first, second], by="Ada")
    assert next(forgetting).run_id == first
    with pytest.raises(KeyboardInterrupt):
        forgetting.throw(KeyboardInterrupt)
    left = b"".join(file.read_bytes() for file in tmp_path.glob("record.db*"))
    assert (b"Jonas Weber" in left.replace(b"Hello Jonas Weber", b""), b"Hedwig" in left) == (False, True)


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
