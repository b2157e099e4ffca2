"""Tampering shows; forgetting does not count as tampering."""

import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from agent.schema.record import Outcome, OutcomeKind
from agent.store import Store, chain
from agent.store.forgetting import forget
from agent.store.tables import contents, entries
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
        ("UPDATE runs SET looks = ' overruled ' WHERE total = 12", "columns were changed: looks"),
        ("UPDATE runs SET attention = attention + 1", "columns were changed: attention"),
        ("UPDATE runs SET due_at = 'soon'", "a row holds what this tool never wrote"),
        ("UPDATE entries SET at = 'yesterday' WHERE sequence = 2", "a row holds what this tool never wrote"),
        ("UPDATE entries SET figures = 'none' WHERE sequence = 1", "entry 1 (run): was changed"),
        ("UPDATE contents SET body = 'none' WHERE entry_id = run_id", "entry 1 (run): its words were changed"),
        ("UPDATE contents SET run_id = 'another'", "entry 1 (run): its words are kept as another triage's"),
        ("DELETE FROM threads", "entry 1 (run): by what a later mail finds it was changed"),
        ("UPDATE threads SET kind = 'id'", "entry 1 (run): by what a later mail finds it was changed"),
        ("UPDATE judged SET run_id = 'nothing'", "judged: 1 rows that belong to no entry"),
        ("INSERT INTO searched VALUES ('nothing', 'acme')", "searched: 1 rows that belong to no entry"),
        ("DELETE FROM policies", "its document is missing"),
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


def test_what_was_said_after_a_forgetting_is_sealed_too(filled):
    """A forgetting excuses missing words of before it, and no later ones."""
    store, raw = filled
    (key,) = (summary.id for summary in store.list() if summary.verdict)
    forget(store, key, by="Ada")
    store.add_outcome(key, Outcome(outcome=OutcomeKind.RESOLVED, note="Said afterwards."), by="Ada")
    assert verify(store).faults == ()
    raw.execute("DELETE FROM contents WHERE run_id = ?", (key,))
    assert verify(store).faults == ("entry 6 (outcome): its words are missing, and no forgetting is on record",)


def test_words_that_come_back_show(filled):
    """Whoever puts forgotten words back, as from a backup, is told of, although their digests fit."""
    store, raw = filled
    (key,) = (summary.id for summary in store.list() if summary.verdict)
    words = raw.execute("SELECT * FROM contents WHERE run_id = ? ORDER BY entry_id <> run_id", (key,)).fetchall()
    forget(store, key, by="Ada")
    raw.executemany("INSERT INTO contents VALUES (?, ?, ?, ?, ?)", words)
    faults = verify(store).faults
    assert {f"entry {place}" for place in (1, 4)} <= {
        fault.partition(" (")[0] for fault in faults if "are back" in fault
    }


def test_a_record_of_before_the_seal_grew_has_no_fault(filled):
    """Reasons to look and keys of a thread were not sealed at first; such a triage is not taken for a changed one."""
    store, _ = filled
    key = kept.keep(store)
    figures, words = _of_before(store, key)
    with store.writing() as connection:
        connection.execute(entries.update().where(entries.c.id == key).values(figures=figures))
        connection.execute(contents.update().where(contents.c.entry_id == key).values(body=words))
        row = connection.execute(
            sa.select(entries, contents.c.salt, contents.c.body)
            .join(contents, contents.c.entry_id == entries.c.id)
            .where(entries.c.id == key)
        ).one()
        sealed = chain.Sealed(*(getattr(row, name) for name in chain.Sealed._fields))
        sealed = sealed._replace(content_digest=chain.content_digest(row.salt, row.body))
        values = {"content_digest": sealed.content_digest, "hash": sealed.hash()}
        connection.execute(entries.update().where(entries.c.id == key).values(values))
    assert verify(store).faults == ()


def _of_before(store, key):
    """The canonical figures and words of a run without what was added to them."""
    with store.reading() as connection:
        figures = json.loads(connection.execute(sa.select(entries.c.figures).where(entries.c.id == key)).scalar_one())
        words = json.loads(
            connection.execute(sa.select(contents.c.body).where(contents.c.entry_id == key)).scalar_one()
        )
    return chain.canonical({k: v for k, v in figures.items() if k != "looks"}), chain.canonical(
        {k: v for k, v in words.items() if k != "threads"}
    )


def test_others_who_write_meanwhile_are_no_fault(store, place):
    """A check sees one moment of the record: what is judged, taken back or forgotten beside it is not taken for tampering."""
    kept.keep(store)
    done = threading.Event()

    def work():
        with Store(place) as other:
            while not done.is_set():
                key = kept.keep(other)
                other.undo(agree(other, key).id, by="Ada")
                forget(other, key, by="Ada")

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            faults = [fault for _ in range(25) for fault in verify(store).faults]
        finally:
            done.set()
        working.result()
    assert faults == []


def test_the_sealed_figures_hold_no_word_of_the_text(filled):
    """What can never be forgotten names no account, no person, no quote and no draft."""
    _, raw = filled
    sealed = json.dumps(raw.execute("SELECT * FROM entries").fetchall()) + json.dumps(
        raw.execute("SELECT * FROM runs").fetchall()
    )
    for word in ("Acme", "Jonas", "export", "orders", "Fixed on"):
        assert word not in sealed
