"""Training of the embedded judge, on the states that ship."""

import json

import pytest

pytest.importorskip("scipy", reason="the extra 'fit' is not installed")

import numpy as np

from agent.embedded import judge
from agent.errors import ConfigurationError
from agent.stats import quadratic_kappa
from evals import cases, distil


@pytest.fixture(scope="module")
def texts():
    return distil.texts()


@pytest.fixture(scope="module")
def states(texts):
    return distil.States().matrix(texts)


def written(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def test_the_weights_that_ship_are_what_training_gives(texts, states):
    """Same texts, same states, same weights: to the byte on one machine, to rounding on another one's arithmetic."""
    document, shipped = distil.fit(texts, states).document, json.loads(distil.WEIGHTS.read_text(encoding="utf-8"))
    assert written(document) == written(distil.fit(texts, states).document)
    for name in ("version", "model", "opening", "training", "code", "texts"):
        assert document[name] == shipped[name], name
    for target, head in shipped["heads"].items():
        again = document["heads"][target]
        assert judge.unpacked(again["direction"]) == pytest.approx(
            judge.unpacked(head["direction"]), rel=0.01, abs=1e-4
        )
        assert again["bias"] == pytest.approx(head["bias"], abs=0.01)


def test_no_test_case_is_trained_on(texts):
    """What is reported was never seen: neither as a text nor as a state."""
    held_out = {
        distil.Text(case.text, {}, golden=True).digest for case in cases.load() if case.split is cases.Split.TEST
    }
    assert not held_out & {text.digest for text in texts}
    assert sum(text.golden for text in texts) == sum(case.split is cases.Split.TUNE for case in cases.load())


def test_a_fold_is_read_by_weights_that_never_saw_it():
    """Readings out of fold of labels that follow from nothing are worth nothing."""
    noise, labels = np.random.default_rng(0).normal(size=(100, 300)), np.random.default_rng(1).normal(size=(100, 1))
    read = distil.out_of_fold(
        100, lambda train, test: distil.fit_heads(noise[train], labels[train], np.ones(len(train))).read(noise[test])
    )
    assert abs(np.corrcoef(read[:, 0], labels[:, 0])[0, 1]) < 0.4


def test_a_scale_finds_the_levels_it_was_made_from():
    """Readings that are the levels with a little noise come back as the levels."""
    levels = np.tile(np.arange(1, 6), 60)
    reading = levels + np.random.default_rng(0).normal(scale=0.3, size=len(levels))
    scale = distil.fit_scale(reading, levels.astype(float), np.ones(len(levels)))
    ordinal = judge.OrdinalScale(scale["slope"], tuple(scale["cuts"]))
    found = [1 + int(np.searchsorted(np.cumsum(ordinal.shares(value)), 0.5)) for value in reading]
    assert quadratic_kappa(levels.tolist(), found, levels=5) > 0.9


def test_texts_that_were_never_read_name_the_flag(tmp_path):
    """Training does not start a model on its own."""
    with pytest.raises(ConfigurationError, match="--read"):
        distil.distil(distil.States(tmp_path / "states.npz"))


def test_states_of_another_model_are_not_used(tmp_path):
    """A changed opening or model makes every kept state worthless."""
    file = tmp_path / "states.npz"
    np.savez(file, made_with="another model", digests=np.array(["d"]), states=np.zeros((1, 4)))
    text = distil.Text("x", {}, golden=False)
    assert distil.States(file).missing([text]) == [text]
