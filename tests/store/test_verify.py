"""Tampering shows; forgetting does not count as tampering."""

import json
import sqlite3

import pytest

from agent.schema.record import Outcome, OutcomeKind
from agent.store.forgetting import forget
from agent.store.verify import verify
from tests.store import kept
from tests.store.test_store import agree


@pytest.fixture
def filled(sqlite, tmp_path):
    """A record with two triages, a verdict and an outcome, and a plain connection to tamper with it."""
    first, _ = kept.keep(sqlite), kept.keep(sqlite, (5, 5, 5, 5))
    agree(sqlite, first)
    sqlite.add_outcome(first, Outcome(outcome=OutcomeKind.RESOLVED, note="Fixed on Tuesday."), by="Ada")
    raw = sqlite3.connect(tmp_path / "record.db", isolation_level=None)
    yield sqlite, raw
    raw.close()


def test_an_untouched_record_has_no_fault(store):
    """Every kind of entry on both engines, and the seal is the last entry's."""
    key = kept.keep(store)
    agree(store, key)
    store.record_access(key, by="Ada", how="web")
    checked = verify(store)
    assert (checked.entries, checked.faults) == (3, ())
    assert len(checked.seal) == 64


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE entries SET author = 'somebody' WHERE sequence = 1", "entry 1 (run): was changed"),
        (
            "UPDATE entries SET figures = replace(figures, '\"total\":12', '\"total\":13') WHERE sequence = 1",
            "entry 1 (run): was changed",
        ),
        ("UPDATE entries SET at = '2020-01-01 00:00:00.000000' WHERE sequence = 3", "entry 3 (verdict): was changed"),
        (
            "DELETE FROM contents WHERE entry_id = (SELECT id FROM entries WHERE sequence = 4)",
            "entry 4 (outcome): its words are missing",
        ),
        ("DELETE FROM entries WHERE sequence = 3", "an entry before it is missing"),
        (
            "UPDATE contents SET body = replace(body, 'lose orders', 'gain orders')",
            "entry 1 (run): its words were changed",
        ),
        ("UPDATE contents SET account = 'Globex'", "entry 1 (run): its account was changed"),
        ("UPDATE runs SET total = 4, band = 'handle_yourself'", "the list's columns were changed: total, band"),
        ("UPDATE runs SET is_open = 1, due_at = '2020-01-01 00:00:00.000000'", "columns were changed: is_open, due_at"),
        ("UPDATE searched SET text = 'nothing'", "entry 1 (run): what a search finds of it was changed"),
        ("UPDATE judged SET manager_csm_capability = 5", "columns were changed: judged_manager_csm_capability"),
        ("DELETE FROM judged", "columns were changed: judged_run_id"),
        ("DELETE FROM runs WHERE total = 20", "the list's columns were changed"),
        (
            "UPDATE policies SET document = replace(document, 'Handle yourself', 'Do nothing')",
            "its document was changed",
        ),
    ],
)
def test_a_change_shows(filled, change, told):
    """Whatever is changed, removed or put in by hand is named with its place."""
    store, raw = filled
    assert raw.execute(change).rowcount
    assert any(told in fault for fault in verify(store).faults)


def test_a_change_that_reseals_itself_still_breaks_the_next_entry(filled):
    """Whoever changes an entry and its hash has to change every later one, and the seal that was noted elsewhere."""
    store, raw = filled
    noted = verify(store).seal
    raw.execute("UPDATE entries SET hash = ? WHERE sequence = 2", ("0" * 64,))
    assert any("entry 3" in fault for fault in verify(store).faults)
    raw.execute("DELETE FROM entries WHERE sequence = 4")
    assert verify(store).seal != noted


def test_a_forgotten_text_is_no_fault(store):
    """Digests stay and are sealed; their salt goes with the words, so that nobody can try guesses."""
    key, other = kept.keep(store), kept.keep(store)
    agree(store, key)
    forget(store, key, by="Ada")
    assert verify(store).faults == ()
    assert store.get(other).situation is not None


def test_the_sealed_figures_hold_no_word_of_the_text(filled):
    """What can never be forgotten names no account, no person, no quote and no draft."""
    _, raw = filled
    sealed = json.dumps(raw.execute("SELECT * FROM entries").fetchall()) + json.dumps(
        raw.execute("SELECT * FROM runs").fetchall()
    )
    for word in ("Acme", "Jonas", "export", "orders", "Fixed on"):
        assert word not in sealed
