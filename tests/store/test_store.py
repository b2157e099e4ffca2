"""The record on SQLite and on PostgreSQL: what goes in comes out, nothing is overwritten."""

import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from agent import policy as policies
from agent import verdicts
from agent.errors import ConfigurationError, InputError, StoreUnusable
from agent.schema import Band, Dimension, IssueType
from agent.schema.follow_up import FoundBy
from agent.schema.record import EntryKind, Filters, KeepText, Look, Outcome, OutcomeKind, Verdict
from agent.store import Store, queries
from agent.store.verify import verify
from tests import builders
from tests.store import kept

AGREES = Verdict()


def agree(store, key, by="Ada"):
    return verdicts.give(store, store.get(key), AGREES, by=by)


def test_a_triage_comes_back_as_it_was_kept(store):
    """Assessment, thread, reading and policy are the same after a round trip, instants in their own zone."""
    of = kept.case((5, 3, 4, 2))
    printed = kept.assessment(of)
    key = store.save(printed, situation=of.situation, grounded=of.grounded, policy=of.policy, by="Maya")
    run = store.get(key)
    assert run.assessment == printed
    assert run.assessment.deadlines.customer_word.tzname() == "CET"
    assert (run.situation, run.grounded) == (of.situation, of.grounded)
    assert verdicts.policy_of_record(store, run) == of.policy
    assert run.summary.by == "Maya"
    assert run.summary.account == "Acme"


def test_a_policy_that_many_triages_share_is_kept_once(store):
    """A document is found by its digest, whatever the order of the company's own days off."""
    document = policies.load_default().model_dump(mode="json", by_alias=True)
    for days in (["2026-12-24", "2026-12-31"], ["2026-12-31", "2026-12-24"]):
        document["calendar"]["closed"] = days
        kept.keep(store, policy=policies.Policy.model_validate(document))
    runs = [store.get(summary.id) for summary in store.list()]
    assert len({run.policy_digest for run in runs}) == 1


def test_lists_are_newest_first_and_paged(store):
    """Order is by the moment of the triage, and pages neither repeat nor lose one."""
    moments = [builders.NOW + timedelta(hours=n) for n in (2, 0, 1)]
    for moment in moments:
        kept.keep(store, now=moment)
    listed = [summary.made_at for summary in (*store.list(limit=2), *store.list(limit=2, offset=2))]
    assert listed == sorted(moments, reverse=True)
    assert store.count() == 3


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(band=Band.ESCALATE_IMMEDIATELY), {"severe"}),
        (Filters(issue_type=IssueType.FEATURE_GAP), {"gap"}),
        (Filters(model="local"), {"gap"}),
        (Filters(account="globex"), {"gap"}),
        (Filters(account="%"), set()),
        (Filters(text="lose orders"), {"severe", "gap"}),
        (Filters(text="nowhere"), set()),
        (Filters(since=builders.NOW + timedelta(minutes=1)), {"gap"}),
        (Filters(until=builders.NOW + timedelta(minutes=1)), {"severe"}),
        (Filters(unverified=True), {"gap"}),
        (Filters(verified=True), {"severe"}),
        (Filters(open_only=True), {"gap"}),
        (Filters(look=Look.NEAR_BORDER), {"gap"}),
    ],
)
def test_filters_narrow_the_list(store, filters, found):
    """Each filter keeps exactly what it names; a percent sign is a letter like another."""
    keys = {
        "severe": kept.keep(store, (5, 5, 5, 5)),
        "gap": kept.keep(
            store,
            (2, 2, 2, 2),
            issue_type=IssueType.FEATURE_GAP,
            model="local",
            account="Globex",
            now=builders.NOW + timedelta(hours=1),
        ),
    }
    agree(store, keys["severe"])
    store.add_outcome(keys["severe"], Outcome(outcome=OutcomeKind.RESOLVED), by="Ada")
    assert {summary.id for summary in store.list(filters)} == {keys[name] for name in found}
    assert store.count(filters) == len(found)


def test_what_deserves_a_look_comes_first(store):
    """A silent dimension outweighs being near a border, whichever is newer."""
    near = kept.keep(store, (2, 2, 2, 2), now=builders.NOW + timedelta(hours=1))
    silent = kept.keep(store, (3, 3, 3, 3), score_fields={Dimension.CUSTOMER_IMPACT: {"basis": "unstated"}})
    listed = store.list(by_attention=True)
    assert [summary.id for summary in listed] == [silent, near]
    assert listed[0].looks[0] is Look.HUMAN_MUST_LOOK
    assert listed[1].looks == (Look.NEAR_BORDER,)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("globex", {"other"}),
        ("lose orders", {"acme", "umlaut", "other"}),
        ("orders GLOBEX", {"other"}),  # one word in the account, the other in the thread
        ("straße", {"umlaut"}),
        ("STRASSE", {"umlaut"}),
        ("ÖSTERREICH", {"umlaut"}),
        ('"tomorrow"', {"umlaut"}),
        ("rationale", set()),  # a word of the form in which it is kept, and of no thread
        ("100%", set()),
    ],
)
def test_a_search_looks_into_account_and_thread(store, words, found):
    """Each word stands in the one or the other, in any case of letters beyond A to Z too."""
    thread = f'{kept.THREAD}Lieferung in die Straße des Rechts, "tomorrow".\n'
    keys = {
        "acme": kept.keep(store),
        "other": kept.keep(store, account="Globex"),
        "umlaut": kept.keep(store, account="Österreich AG", text=thread),
    }
    assert {summary.id for summary in store.list(Filters(text=words))} == {keys[name] for name in found}
    assert store.count(Filters(text=words)) == len(found)


def ended(store, key):
    store.add_outcome(key, Outcome(outcome=OutcomeKind.RESOLVED), by="Ada")


def test_of_equally_pressing_ones_the_first_due_comes_first(store):
    """Whatever the hour, the overdue stand before those that are not, over all pages; what is closed comes last."""
    ages = {"young": 0, "oldest": 40, "old": 20, "closed": 60}
    keys = {name: kept.keep(store, now=builders.NOW - timedelta(days=days)) for name, days in ages.items()}
    ended(store, keys["closed"])
    pages = [store.list(limit=1, offset=place, by_attention=True) for place in range(4)]
    assert [page[0].id for page in pages] == [keys[name] for name in ("oldest", "old", "young", "closed")]


def test_a_more_pressing_one_is_not_overtaken_by_an_overdue_one(store):
    """Overdue is the last of the reasons to look."""
    kept.keep(store, now=builders.NOW - timedelta(days=30))
    silent = kept.keep(store, score_fields={Dimension.CUSTOMER_IMPACT: {"basis": "unstated"}})
    assert store.list(by_attention=True)[0].id == silent


def test_due_follows_what_stands(store):
    """A verdict's deadlines count, taken back the first ones do; an outcome, or a triage that goes on, ends them."""
    key = kept.keep(store, (2, 2, 2, 2))
    word = store.get(key).summary.customer_word

    def due_by(moment):
        return store.count(Filters(open_only=True, due_by=moment))

    assert (due_by(word - timedelta(seconds=1)), due_by(word)) == (0, 1)
    at_once = Verdict(decision=Band.ESCALATE_IMMEDIATELY, reason="The board knows.")
    entry = verdicts.give(store, store.get(key), at_once, by="Ada")
    assert due_by(entry.rescored.customer_word) == 1
    assert entry.rescored.customer_word < word
    store.undo(entry.id, by="Ada")
    assert due_by(entry.rescored.customer_word) == 0
    later = kept.keep(store, (2, 2, 2, 2), follows=key, now=builders.NOW + timedelta(days=30))
    assert due_by(word) == 0
    assert store.count(Filters(open_only=True)) == 1
    ended(store, later)
    assert store.count(Filters(open_only=True)) == 0
    assert verify(store).faults == ()


def test_the_tally_counts_what_the_summaries_say(store):
    """The database's counts are those of the rows one by one, by model and month, and follow an undo."""
    for number in range(12):
        scores = (1 + number % 5, 3, 3, 1 + number % 3)
        key = kept.keep(store, scores, model=("a", "b")[number % 2], now=builders.NOW + timedelta(days=9 * number))
        moved = Verdict(scores={Dimension.CSM_CAPABILITY: 5 - number % 4}, reason="x") if number % 3 else AGREES
        last = verdicts.give(store, store.get(key), moved, by="Ada")
    store.undo(last.id, by="Ada")
    verified = store.list(Filters(verified=True))
    counted = store.tally(last=3)
    assert counted.verdicts == len(verified) == 11
    assert counted.untouched == sum(s.model_scores == s.rescored.scores for s in verified)
    pairs = Counter(
        (s.model, f"{s.made_at:%Y-%m}", d, s.model_scores[d], s.rescored.scores[d]) for s in verified for d in Dimension
    )
    assert {(c.origin.model, c.origin.month, *c[1:4]): c.n for c in counted.levels} == pairs
    bands = Counter((s.model, f"{s.made_at:%Y-%m}", s.model_band, s.rescored.band) for s in verified)
    assert {(c.origin.model, c.origin.month, *c[1:3]): c.n for c in counted.bands} == bands
    assert [each.by_manager for each in counted.newest] == [s.rescored.scores for s in verified[:3]]
    assert store.tally(model="a").verdicts == sum(s.model == "a" for s in verified)
    assert store.tally(since=builders.NOW + timedelta(days=9), until=builders.NOW + timedelta(days=27)).verdicts == 2
    assert store.judged_models() == ("a", "b")


def test_the_newest_verdict_stands_and_the_older_stays(store):
    """Two managers on one case: both verdicts are kept, the later one stands."""
    key = kept.keep(store)
    agree(store, key, by="Ada")
    moved = Verdict(scores={Dimension.CSM_CAPABILITY: 5}, reason="No access at all.")
    verdicts.give(store, store.get(key), moved, by="Bob")
    (summary,) = store.list()
    assert (summary.verdict, summary.verdict_by) == (moved, "Bob")
    assert [e.by for e in store.history(key) if e.kind is EntryKind.VERDICT] == ["Ada", "Bob"]


def test_an_undo_is_a_new_entry(store):
    """What was taken back stays in the history, marked; the verdict before it stands again."""
    key = kept.keep(store)
    agree(store, key, by="Ada")
    second = agree(store, key, by="Bob")
    store.undo(second.id, by="Bob")
    history = store.history(key)
    assert [(e.kind.value, e.undone) for e in history] == [
        ("run", False),
        ("verdict", False),
        ("verdict", True),
        ("undo", False),
    ]
    assert store.list()[0].verdict_by == "Ada"
    with pytest.raises(InputError, match="take back"):
        store.undo(second.id, by="Bob")
    with pytest.raises(InputError, match="take back"):
        store.undo(key, by="Bob")


def test_an_access_is_on_record(store):
    """Who read a case, and by which door."""
    key = kept.keep(store)
    store.record_access(key, by="Ada", how="web")
    assert [(e.by, e.how) for e in store.history(key) if e.kind is EntryKind.ACCESS] == [("Ada", "web")]


def test_a_beginning_names_a_triage_if_only_one_has_it(store):
    """The shown beginning is unambiguous; a shared or unknown one is refused in words."""
    keys = [kept.keep(store) for _ in range(20)]
    for key, short in store.short(keys).items():
        assert len(short) >= 7
        assert store.resolve(short.upper()) == key
    first = min(keys)[0]
    shared = next(key[0] for key in keys if sum(other[0] == key[0] for other in keys) > 1)
    with pytest.raises(InputError, match="more than one"):
        store.resolve(shared)
    for unknown in ("", "zzzz", first + "zzz", "%"):
        with pytest.raises(InputError, match="no kept triage"):
            store.resolve(unknown)


def test_nothing_is_said_about_a_triage_that_is_not_there(store):
    """A verdict on an unknown id is an error, not an orphan."""
    with pytest.raises(InputError, match="no kept triage"):
        store.add_outcome("0" * 32, Outcome(outcome=OutcomeKind.RESOLVED), by="Ada")


def test_a_thread_is_found_by_mail_id_message_or_subject(store):
    """The surest key names the match; the same text again is not a thread that goes on."""
    earlier = kept.keep(store, message_ids=["first@acme.example"])
    answer = "Reply: still broken, and today we lost a whole truck of goods because of that."
    by_id = kept.case(text=answer).situation
    assert store.same_thread(by_id, ["first@acme.example"]) == (earlier, FoundBy.ID)
    assert store.same_thread(kept.case(text=kept.THREAD + "\n> a note below\n").situation, ()) is not None
    assert store.same_thread(by_id, ["other@acme.example"]) is None
    other_words = kept.THREAD.replace("Subject: Export", "Subject: RE: Export").replace(
        "Hello Maya, the export fails", "New words"
    )
    found = store.same_thread(kept.case(text=other_words).situation, ())
    assert found == (earlier, FoundBy.SUBJECT)
    assert store.same_thread(kept.case().situation, ["first@acme.example"]) is None


@pytest.mark.parametrize("keep_text", KeepText)
def test_the_setting_says_how_much_is_kept(store, keep_text):
    """Full keeps the thread; redacted hides people and their numbers; none keeps nothing that was copied from it."""
    key = kept.keep(store, keep_text=keep_text, situation="Jonas Weber waits for the export.")
    run = store.get(key)
    everything = run.model_dump_json()
    assert run.summary.account == "Acme"
    assert ("lose orders" in everything) is (keep_text is not KeepText.NONE)
    assert ("Jonas Weber" in run.model_dump_json(include={"situation", "grounded"})) is (keep_text is KeepText.FULL)
    assert ("+49 30 1234567" in everything) is (keep_text is KeepText.FULL)
    assert (run.situation is None) is (keep_text is KeepText.NONE)
    assert ("the export" in [e.quote for e in run.assessment.scores.customer_impact.evidence]) is (
        keep_text is not KeepText.NONE
    )
    assert run.summary.scores == dict.fromkeys(Dimension, 3)


def test_ten_writers_at_once_make_one_chain(store, place):
    """Threads and separate stores on one place wait for each other; every save is there and the chain is whole."""
    with Store(place) as other, ThreadPoolExecutor(10) as pool:
        keys = list(pool.map(lambda n: kept.keep((store, other)[n % 2], by=f"CSM {n}"), range(30)))
    assert {summary.id for summary in store.list()} == set(keys)
    assert verify(store).faults == ()


def test_a_verdict_is_taken_back_once(store, place):
    """Of several who take the same verdict back at once one does; the others are told that it does not stand."""
    entry = agree(store, kept.keep(store))
    ready = threading.Barrier(4, timeout=60)

    def take_back(_):
        with Store(place) as other:
            ready.wait()
            try:
                return other.undo(entry.id, by="Bob").kind
            except InputError as error:
                return str(error)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(take_back, range(4)))
    assert sorted(answers) == ["there is no such verdict or outcome to take back"] * 3 + [EntryKind.UNDO]
    assert [e.kind for e in store.history(entry.run_id)].count(EntryKind.UNDO) == 1


def test_a_writer_that_waits_too_long_is_told(fresh_postgres):
    """PostgreSQL would wait for ever for one who stopped in the middle of a write."""
    with Store(fresh_postgres) as store, Store(fresh_postgres) as other, other.writing():
        with pytest.raises(StoreUnusable, match="another process keeps it locked"):
            kept.keep(store)
        assert store.count() == 0


@pytest.mark.parametrize("given", ["Acm\udce9", "Acme\0"])
def test_what_is_no_text_is_refused_in_words(fresh_postgres, given):
    """Half a letter, as a terminal in another encoding sends it, or a NUL in an address: an error of who asked."""
    with Store(fresh_postgres) as store:
        for ask in (
            store.resolve,
            lambda name: store.list(Filters(account=name)),
            lambda name: store.tally(model=name),
        ):
            with pytest.raises(InputError, match="not readable as text"):
                ask(given)


def test_more_triages_than_a_question_may_name(sqlite):
    """Lists ask for what was said in parts: every verdict is there, however many triages are listed."""
    keys = {kept.keep(sqlite) for _ in range(queries.AT_ONCE + 20)}
    first, last = sqlite.ids()[0], sqlite.ids()[-1]
    agree(sqlite, first), agree(sqlite, last)
    with sqlite.reading() as connection:
        connection.connection.driver_connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, queries.AT_ONCE + 10)
    listed = sqlite.list()
    assert {summary.id for summary in listed} == keys
    assert (
        {summary.id for summary in listed if summary.verdict}
        == {first, last}
        == set(sqlite.ids(Filters(verified=True)))
    )


def test_a_place_that_cannot_be_is_refused_in_words(tmp_path):
    """A wrong kind of database, a directory, and a file of something else: one line each, no password in it."""
    with pytest.raises(ConfigurationError, match="neither sqlite nor postgresql"):
        Store("mysql://u:secret@host/db")
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        Store(tmp_path)
    (tmp_path / "notes.db").write_bytes(b"these are my notes, no database" * 100)
    with pytest.raises(StoreUnusable, match="not a database"):
        Store(tmp_path / "notes.db")
    with pytest.raises(StoreUnusable) as raised:
        Store("postgresql://u:secret@127.0.0.1:1/db")
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_file_is_its_owners_alone(sqlite, tmp_path):
    """Customers' words are not readable for others on the machine."""
    kept.keep(sqlite)
    assert {oct(file.stat().st_mode & 0o077) for file in tmp_path.glob("record.db*")} == {"0o0"}
