"""A map of the model's own doubt, fitted on what managers made of its scores."""

from datetime import timedelta

import pytest

from agent import calibration, own_calibration, verdicts
from agent.calibration import LEAST_PAIRS
from agent.errors import ConfigurationError
from agent.schema import (
    Band,
    Dimension,
    LevelProbabilities,
    Probabilities,
    ProbabilitySource,
    ScoredBy,
    SecondOpinion,
)
from agent.schema.record import Filters, KeepText, Verdict
from agent.store import Store
from agent.store.forgetting import forget
from tests import builders
from tests.store import kept

CAPABILITY = Dimension.CSM_CAPABILITY
SURE = (0.01, 0.01, 0.96, 0.01, 0.01)
ALL = Filters()


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "record.db") as opened:
        yield opened


def judged(store, level, *, calibrated=None, verdict=None, source=ProbabilitySource.LOGPROBS, **fields):
    """A triage whose model was sure of a 3, and the manager's verdict on it."""
    known = LevelProbabilities(values=SURE, source=source, calibration=calibrated)
    key = kept.keep(store, score_fields={CAPABILITY: {"probabilities": known}}, **fields)
    moved = Verdict(scores={CAPABILITY: level}, reason="x") if level != 3 else Verdict()
    return verdicts.give(store, store.get(key), verdict or moved, by="Ada")


def many(store, count=LEAST_PAIRS, **fields):
    """Of five a manager leaves three as they are."""
    return [judged(store, (3, 3, 3, 1, 5)[n % 5], **fields) for n in range(count)]


def test_the_map_says_what_came_true(store):
    """What the model gave 96 % was left by managers in 60 %, and so the map gives it about 60 %."""
    many(store)
    fitted, pairs = own_calibration.fit(store, ALL)
    assert len(pairs[CAPABILITY]) == fitted.pairs[CAPABILITY] == LEAST_PAIRS
    assert max(calibration.temper(SURE, fitted.temperatures[CAPABILITY])) == pytest.approx(0.6, abs=0.03)
    assert fitted.temperatures.keys() == {CAPABILITY}
    assert (fitted.model, fitted.source) == ("openai/gpt-5-mini", ProbabilitySource.LOGPROBS)


def test_its_version_tells_the_verdicts(store):
    """The same verdicts give the same map; one more gives another version, and each says on how many it stands."""
    newest = many(store)[-1]
    first, _ = own_calibration.fit(store, ALL)
    assert first.reference == f"verdicts@{newest.at:%Y-%m-%d}-{LEAST_PAIRS}"
    assert first == own_calibration.fit(store, ALL)[0]
    judged(store, 3)
    second, _ = own_calibration.fit(store, ALL)
    assert second.reference.endswith(f"-{LEAST_PAIRS + 1}")
    assert f"{LEAST_PAIRS + 1} triages with a standing verdict" in second.fitted_on


def test_what_confirms_no_weight_of_the_model_does_not_count(store):
    """A decision set by hand, a verdict taken back, forgotten words, and weights that a map had changed already."""
    judged(store, 3, verdict=Verdict(decision=Band.ESCALATE_IMMEDIATELY, reason="x"))
    store.undo(judged(store, 5).id, by="Ada")
    forget(store, judged(store, 5).run_id, by="Ada")
    judged(store, 5, calibrated="verdicts@2026-01-01-30")
    with pytest.raises(ConfigurationError, match="nothing to fit"):
        own_calibration.fit(store, ALL)
    judged(store, 5, keep_text=KeepText.NONE)  # the weights are figures, and kept
    with pytest.raises(ConfigurationError, match="at most 1"):
        own_calibration.fit(store, ALL)


def test_too_few_verdicts_are_told_with_their_number(store):
    """No map is made of chance."""
    many(store, LEAST_PAIRS - 1)
    with pytest.raises(ConfigurationError, match=f"has {LEAST_PAIRS} .*at most {LEAST_PAIRS - 1}"):
        own_calibration.fit(store, ALL)


def test_one_map_fits_one_model(store):
    """Verdicts on several models are refused with their names, and a filter chooses one."""
    many(store)
    judged(store, 3, model="local/other")
    with pytest.raises(ConfigurationError, match=r"--model: .*local/other, openai/gpt-5-mini"):
        own_calibration.fit(store, ALL)
    fitted, _ = own_calibration.fit(store, Filters(model="openai/gpt-5-mini"))
    assert fitted.model == "openai/gpt-5-mini"


def heard(store, level, *, name="decisions/luna", scored_by=ScoredBy.MODEL, **fields):
    """A triage of a chat model that tells no weights, with a second opinion that was sure of a 3."""
    known = LevelProbabilities(values=SURE, source=ProbabilitySource.DECISION_MODEL)
    second = SecondOpinion(model=name, probabilities=Probabilities(csm_capability=known))
    by = {Dimension.CUSTOMER_IMPACT: {"scored_by": scored_by}}
    key = kept.keep(store, score_fields=by, second_opinion=second, **fields)
    moved = Verdict(scores={CAPABILITY: level}, reason="x") if level != 3 else Verdict()
    return verdicts.give(store, store.get(key), moved, by="Ada")


def test_a_second_opinion_is_fitted_where_the_shares_stand_on_it(store):
    """Its weights beside the manager's levels give a map of its own model, which is then applied to its answers."""
    for n in range(LEAST_PAIRS):
        heard(store, (3, 3, 3, 1, 5)[n % 5])
    fitted, _ = own_calibration.fit(store, ALL)
    assert (fitted.model, fitted.source) == ("decisions/luna", ProbabilitySource.DECISION_MODEL)
    assert max(calibration.temper(SURE, fitted.temperatures[CAPABILITY])) == pytest.approx(0.6, abs=0.03)


def test_a_second_opinion_is_chosen_by_its_name_or_its_scorers(store):
    """Of two opinions `--model` chooses one; the scorer's name chooses all that stood beside it."""
    for n in range(LEAST_PAIRS):
        heard(store, (3, 3, 3, 1, 5)[n % 5])
    heard(store, 3, name="systemone/jev")
    for wanted in (None, "openai/gpt-5-mini"):
        with pytest.raises(ConfigurationError, match=r"--model: .*decisions/luna, systemone/jev"):
            own_calibration.fit(store, Filters(model=wanted))
    assert own_calibration.fit(store, Filters(model="decisions/luna"))[0].model == "decisions/luna"


def test_a_scorer_that_weighs_is_fitted_before_any_second_opinion(store):
    """Whether a score that the CSM set had been weighed is not known, so that no second opinion steps in for it."""
    many(store)
    heard(store, 3, scored_by=ScoredBy.CSM)
    assert own_calibration.fit(store, ALL)[0].model == "openai/gpt-5-mini"


def test_the_built_in_judges_own_scales_are_weights_to_fit(store):
    """They carry a digest and are no map; of two versions of its weights the newer one counts."""
    heads = {"source": ProbabilitySource.HEADS}
    many(store, 3, calibrated="embedded-judge@1#aaaaaaaaaaaa", **heads)
    many(store, calibrated="embedded-judge@2#bbbbbbbbbbbb", now=builders.NOW + timedelta(days=1), **heads)
    fitted, _ = own_calibration.fit(store, ALL)
    assert fitted.pairs == {CAPABILITY: LEAST_PAIRS}
    assert fitted.source is ProbabilitySource.HEADS
