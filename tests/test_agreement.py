"""The figures of agreement, checked by hand on small sets."""

from datetime import timedelta

import pytest

from agent import agreement, verdicts
from agent.schema import Band, Dimension
from agent.schema.record import Verdict
from agent.store import Store
from tests import builders
from tests.store import kept


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "record.db") as opened:
        yield opened


def judged(store, verdict=None, **fields):
    key = kept.keep(store, **fields)
    verdicts.give(store, store.get(key), verdict or Verdict(), by="Ada")


def measure(store, **options):
    return agreement.measure(store.tally(**options))


def test_exact_within_one_and_moves(store):
    """Three verdicts: one agrees, one moves by one, one by two levels."""
    judged(store)
    judged(store, Verdict(scores={Dimension.CSM_CAPABILITY: 4}, reason="x"))
    judged(store, Verdict(scores={Dimension.CSM_CAPABILITY: 1}, reason="x"))
    kept.keep(store)  # without a verdict it does not count
    figures = measure(store)
    capability = figures.dimensions[Dimension.CSM_CAPABILITY]
    assert figures.verdicts == 3
    assert (capability.exact.hits, capability.within_one.hits, capability.exact.n) == (1, 2, 3)
    assert (capability.moved_up, capability.moved_down, capability.mean_move) == (1, 1, pytest.approx(-1 / 3))
    assert figures.dimensions[Dimension.CUSTOMER_IMPACT].exact.share == 1
    assert figures.levels.exact.hits == 10
    assert figures.most_moved is Dimension.CSM_CAPABILITY


def test_bands_say_who_was_milder(store):
    """Milder than the manager is under-escalated, more severe is over-escalated; the table counts both."""
    judged(store, Verdict(scores={Dimension.CSM_CAPABILITY: 5}, reason="x"))
    judged(store, Verdict(decision=Band.HANDLE_YOURSELF, reason="x"))
    judged(store)
    bands = measure(store).bands
    assert (bands.exact.hits, bands.under.hits, bands.over.hits) == (1, 1, 1)
    row = bands.confusion[Band.ESCALATE_FOR_SUPPORT]
    assert (row[Band.ESCALATE_WITH_URGENCY], row[Band.HANDLE_YOURSELF], row[Band.ESCALATE_FOR_SUPPORT]) == (1, 1, 1)


def test_the_models_own_score_is_judged_not_the_csms(store):
    """Where the CSM had overruled the model and the manager agrees with the CSM, the model was wrong."""
    overruled = {"score_fields": {Dimension.CSM_CAPABILITY: {"score": 5, "scored_by": "csm", "overruled_from": 3}}}
    judged(store, scores=(3, 3, 3, 5), **overruled)
    capability = measure(store).dimensions[Dimension.CSM_CAPABILITY]
    assert (capability.exact.hits, capability.mean_move) == (0, 2)


def test_groups_by_model_and_month(store):
    """Each model and each month on its own, in order."""
    judged(store, model="a")
    judged(
        store,
        Verdict(scores={Dimension.CSM_CAPABILITY: 5}, reason="x"),
        model="b",
        now=builders.NOW + timedelta(days=30),
    )
    figures = measure(store)
    assert [(g.name, g.bands.exact.hits) for g in figures.models] == [("a", 1), ("b", 0)]
    assert [g.name for g in figures.months] == ["2026-11", "2026-12"]


def test_intervals_only_from_enough_verdicts(store):
    """Four verdicts give a kappa without an interval, five give both, and the interval holds the figure."""
    for number in range(5):
        judged(
            store, Verdict(scores={Dimension.CSM_CAPABILITY: number + 1}, reason="x"), scores=(3, 3, 3, 1 + number // 2)
        )
        capability = measure(store).dimensions[Dimension.CSM_CAPABILITY]
        assert (capability.kappa_low is None) is (number < 4)
    assert capability.kappa_low <= capability.kappa <= capability.kappa_high


def test_drift_is_told_when_it_is_beyond_chance(store):
    """Ten untouched and then ten all corrected is a drift; without enough verdicts nothing is claimed."""
    for number in range(20):
        moved = Verdict(scores={Dimension.CSM_CAPABILITY: 5}, reason="x") if number >= 10 else None
        judged(store, moved, now=builders.NOW + timedelta(hours=number))
    drift = measure(store, last=10).drift
    assert (drift.last.hits, drift.before.hits, drift.drifts) == (0, 10, True)
    assert drift.mean_move_last[Dimension.CSM_CAPABILITY] == 2
    assert measure(store, last=11).drift is None


def test_no_verdict_no_figure(store):
    """Nothing is divided by nothing."""
    figures = measure(store)
    assert (figures.verdicts, figures.levels.kappa, figures.most_moved) == (0, None, None)
