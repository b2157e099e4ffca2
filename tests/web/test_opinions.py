"""Verdicts, outcomes and their taking back, as a browser without scripts posts them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from agent import engine, evidence, verdicts
from agent.schema import Band, Dimension
from agent.schema.record import EntryKind, OutcomeKind, Verdict
from agent.store import Store
from tests.web import cases
from tests.web.conftest import serve
from tests.web.test_door import form_of

REASON = "Support can do this without us."


def post(client, key, what, **fields):
    known = form_of(client.get(f"/case/{key}"))
    return client.post(f"/case/{key}/{what}", data=known | fields, follow_redirects=True)


def levels(**moved):
    case = cases.decided(0)
    return {d.value: str(score.score) for d, score in case.grounded.scores.items()} | moved


def test_agreement_is_kept(lite, client):
    """One press; the case says so, and who."""
    key = cases.keep(lite.store)
    page = post(client, key, "verdict", say="agree")
    assert "Your verdict is kept." in page.text
    summary = lite.store.get(key).summary
    assert (summary.verdict.agrees, summary.verdict_by) == (True, "Ada")


def test_a_correction_is_rescored_by_the_engine(site):
    """What is kept is what the engine makes of the moved scores."""
    key = cases.keep(site.store)
    with site.client() as client:
        page = post(
            client, key, "verdict", say="change", reason=REASON, **levels(csm_capability="1", customer_impact="5")
        )
    assert page.status_code == 200
    case = cases.decided(0)
    moved = {Dimension.CSM_CAPABILITY: 1, Dimension.CUSTOMER_IMPACT: 5}
    wanted = engine.decide(evidence.overrule(case.grounded, moved), case.policy, case.now)
    summary = site.store.get(key).summary
    assert summary.verdict.scores == moved
    assert summary.verdict.reason == REASON
    assert (summary.rescored.total, summary.rescored.band) == (wanted.total, wanted.band)
    assert summary.rescored.owner_answer == wanted.deadlines.owner_answer


def test_a_change_needs_a_reason_and_loses_nothing_typed(lite, client):
    """Without one nothing is kept, and the page comes back with the moved score."""
    key = cases.keep(lite.store)
    page = post(client, key, "verdict", say="change", reason=" ", **levels(csm_capability="1"))
    assert page.status_code == 422
    assert "needs a reason" in page.text
    assert 'name="csm_capability" value="1" checked' in page.text
    assert lite.store.get(key).summary.verdict is None


def test_nothing_moved_is_no_correction(lite, client):
    """It is not taken for agreement either."""
    key = cases.keep(lite.store)
    page = post(client, key, "verdict", say="change", reason=REASON, **levels())
    assert page.status_code == 422
    assert lite.store.get(key).summary.verdict is None


def test_a_decision_by_hand(lite, client):
    """A band that the scores do not give is kept with its own owner."""
    key = cases.keep(lite.store)
    post(client, key, "verdict", say="change", reason=REASON, decision="escalate_immediately", **levels())
    summary = lite.store.get(key).summary
    assert summary.verdict.decision is Band.ESCALATE_IMMEDIATELY
    assert summary.rescored.band is Band.ESCALATE_IMMEDIATELY


def test_two_reviewers_are_both_kept_and_the_later_sees_the_other(store, place):
    """A page that somebody else overtook is told so and keeps what was typed; sent again, both verdicts stand."""
    key = cases.keep(store)
    with (
        Store(place) as second,
        serve(store, by="Ada") as hers,
        serve(second, by="Noor") as his,
        hers.client() as ada,
        his.client() as noor,
    ):
        opened = form_of(noor.get(f"/case/{key}"))
        post(ada, key, "verdict", say="agree")
        typed = {"say": "change", "reason": REASON} | levels(csm_capability="1")
        stale = noor.post(f"/case/{key}/verdict", data=opened | typed)
        assert stale.status_code == 409
        assert "somebody else said something" in stale.text
        assert "<b>Ada</b> agrees" in " ".join(stale.text.split())
        assert REASON in stale.text
        assert 'name="csm_capability" value="1" checked' in stale.text
        again = noor.post(f"/case/{key}/verdict", data=form_of(stale) | typed, follow_redirects=True)
        assert "Your verdict is kept." in again.text
    given = [entry for entry in store.history(key) if entry.kind is EntryKind.VERDICT]
    assert [(entry.by, entry.undone) for entry in given] == [("Ada", False), ("Noor", False)]


def test_a_press_in_the_queue_tells_of_the_others(lite):
    """Who agrees by a key is told in the answer whose verdict stands beside, also where both came at one moment."""
    key = cases.keep(lite.store)
    with lite.client() as client:
        opened = form_of(client.get("/")) | {"say": "agree"}
        asked = {"Accept": "application/json"}
        first = client.post(f"/case/{key}/verdict", data=opened, headers=asked).json()
        assert first["others"] == ""
        lite.store.undo(first["entry"], by="Ada")
        verdicts.give(lite.store, lite.store.get(key), Verdict(), by="No\u202eor")
        again = opened | {"seen": form_of(client.get(f"/case/{key}"))["seen"]}
        assert client.post(f"/case/{key}/verdict", data=again, headers=asked).json()["others"] == "Noor"


def test_taking_back_is_a_new_entry(lite, client):
    """The verdict stays in the history, marked; the case waits for a look again."""
    key = cases.keep(lite.store)
    post(client, key, "verdict", say="agree")
    entry = lite.store.get(key).summary.verdict_id
    page = post(client, key, "undo", entry=entry)
    assert "Taken back." in page.text
    kinds = [e.kind for e in lite.store.history(key) if e.kind is not EntryKind.ACCESS]
    assert kinds == [EntryKind.RUN, EntryKind.VERDICT, EntryKind.UNDO]
    assert lite.store.get(key).summary.verdict is None
    assert post(client, key, "undo", entry=entry).status_code == 409


def test_only_an_entry_of_the_case_is_taken_back(lite, client):
    """An id of another case's verdict is none of this one."""
    key, other = cases.keep(lite.store), cases.keep(lite.store, 1)
    post(client, other, "verdict", say="agree")
    entry = lite.store.get(other).summary.verdict_id
    assert post(client, key, "undo", entry=entry).status_code == 404
    assert lite.store.get(other).summary.verdict is not None


def test_an_outcome_closes_the_case(lite, client):
    """It is kept with its note; without a choice nothing is."""
    key = cases.keep(lite.store)
    assert post(client, key, "outcome", outcome="", note="x").status_code == 422
    page = post(client, key, "outcome", outcome="was_too_late", note="They had called twice.")
    assert "The outcome is kept." in page.text
    assert "They had called twice." in page.text
    assert lite.store.get(key).summary.outcome is OutcomeKind.WAS_TOO_LATE


@pytest.mark.parametrize(
    ("what", "fields", "status"),
    [
        ("verdict", {"say": "change", "csm_capability": "6"}, 400),
        ("verdict", {"say": "change", "csm_capability": "x"}, 400),
        ("verdict", {"say": "change", "decision": "panic"}, 400),
        ("verdict", {"say": "change", "csm_capability": "1", "reason": "x" * 1001}, 422),
        ("undo", {"entry": "nothing"}, 404),
        ("decision", {"customer_impact": "-1"}, 400),
    ],
)
def test_what_no_form_offers_is_refused(lite, client, what, fields, status):
    """With words, and nothing is kept."""
    key = cases.keep(lite.store)
    answer = post(client, key, what, **fields)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert lite.store.get(key).summary.verdict is None


def test_the_queue_keeps_its_filters_after_a_press(lite, client):
    """Agreeing from a filtered queue comes back to it, and never leads to another site."""
    key = cases.keep(lite.store)
    fields = form_of(client.get("/?account=Nord")) | {"say": "agree"}
    answer = client.post(f"/case/{key}/verdict", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?account=Nord")
    other = client.post(
        f"/case/{key}/outcome",
        data=form_of(client.get(f"/case/{key}")) | {"outcome": "resolved", "back": "//evil.example"},
    )
    assert other.headers["location"].startswith("/?")


def test_ten_reviewers_at_once(site):
    """Every verdict that was answered as kept is kept, the others were told that the page is stale; none is lost."""
    key = cases.keep(site.store)
    with site.client() as client, ThreadPoolExecutor(10) as pool:
        fields = form_of(client.get(f"/case/{key}")) | {"say": "agree"}
        answers = list(pool.map(lambda _: client.post(f"/case/{key}/verdict", data=fields).status_code, range(10)))
    given = [entry for entry in site.store.history(key) if entry.kind is EntryKind.VERDICT]
    assert set(answers) <= {303, 409}
    assert len(given) == answers.count(303) >= 1
