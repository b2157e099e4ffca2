"""Training of the embedded judge, on the states that ship."""

import json

import pytest

pytest.importorskip("scipy", reason="the extra 'fit' is not installed")

import numpy as np

from agent.embedded import judge
from agent.errors import ConfigurationError
from agent.models.probing import StateSum
from agent.stats import quadratic_kappa
from evals import cases, distil
from evals.distil import fitting, readers, scales
from evals.distil.states import States
from evals.distil.texts import Text, labelled


@pytest.fixture(scope="module")
def texts():
    return labelled()


@pytest.fixture(scope="module")
def states(texts):
    return States().pooled(texts)


def text_of(words):
    return Text(words, {}, frozenset(), story=words, golden=False)


def written(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def test_the_weights_that_ship_are_what_training_gives(texts, states):
    """Same texts, same states, same weights: to the byte on one machine, to rounding on another one's arithmetic."""
    document, shipped = fitting.fit(texts, states).document, json.loads(distil.WEIGHTS.read_text(encoding="utf-8"))
    assert written(document) == written(fitting.fit(texts, states).document)
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
    held_out = {text_of(case.text).digest for case in cases.load() if case.split is cases.Split.TEST}
    assert not held_out & {text.digest for text in texts}
    assert sum(text.golden for text in texts) == sum(case.split is cases.Split.TUNE for case in cases.load())


def test_a_fold_is_read_by_weights_that_never_saw_it():
    """Readings out of fold of labels that follow from nothing are worth nothing."""
    noise, labels = np.random.default_rng(0).normal(size=(100, 300)), np.random.default_rng(1).normal(size=(100, 1))
    read = fitting.out_of_fold(
        [str(row) for row in range(100)],
        lambda train, test: noise[test] @ readers.ridge(noise[train], labels[train], 1.0),
    )
    assert abs(np.corrcoef(read[:, 0], labels[:, 0])[0, 1]) < 0.4


def test_twins_are_in_the_same_fold():
    """A text whose story was trained on in other words would be read too well."""
    stories = [str(row // 2) for row in range(60)]

    def read(train, test):
        assert not {stories[row] for row in train} & {stories[row] for row in test}
        return np.ones((len(test), 1))

    assert fitting.out_of_fold(stories, read).sum() == 60


def test_the_rest_of_a_text_is_not_what_is_said_in_it(tmp_path):
    """The mean over the sentences leaves headers out; a text without a sentence is read whole."""
    states, mail, header = States(tmp_path / "states.npz"), text_of("a mail"), text_of("a header")
    sums = {0: StateSum(3, [3.0, 3.0]), 1: StateSum(1, [9.0, 1.0])}
    states.add(mail, sums, {1})
    states.add(header, sums, set())
    pooled = states.pooled([mail, header])
    assert pooled.whole.tolist() == [[3, 1], [3, 1]]
    assert pooled.said.tolist() == [[9, 1], [3, 1]]


def test_few_texts_that_speak_are_called_silent():
    """The threshold is set by the texts that do say it: one in fifty costs a question too many."""
    silent = np.array([0.0] * 200 + [1.0] * 10)
    readings = np.concatenate([np.linspace(0, 0.5, 200), np.full(10, 0.9)])
    threshold = scales.fit_threshold(readings, silent)
    assert (readings[silent == 0] > threshold).sum() == 4
    assert (readings[silent == 1] > threshold).all()


def test_a_scale_finds_the_levels_it_was_made_from():
    """Readings that are the levels with a little noise come back as the levels."""
    levels = np.tile(np.arange(1, 6), 60)
    reading = levels + np.random.default_rng(0).normal(scale=0.3, size=len(levels))
    scale = scales.fit_scale(reading, levels.astype(float), np.ones(len(levels)))
    ordinal = judge.OrdinalScale(scale["slope"], tuple(scale["cuts"]))
    found = [1 + int(np.searchsorted(np.cumsum(ordinal.shares(value)), 0.5)) for value in reading]
    assert quadratic_kappa(levels.tolist(), found, levels=5) > 0.9


def test_texts_that_were_never_read_name_the_flag(tmp_path):
    """Training does not start a model on its own."""
    with pytest.raises(ConfigurationError, match="--read"):
        distil.distil(States(tmp_path / "states.npz"))


def test_states_of_another_model_are_not_used(tmp_path):
    """A changed opening or model makes every kept state worthless."""
    file = tmp_path / "states.npz"
    np.savez(file, made_with="another model", digests=np.array(["d"]), states=np.zeros((1, 4)))
    assert States(file).missing([text_of("x")]) == [text_of("x")]
