"""Precision and recall on the labelled texts, beside the bare library."""

import json
from pathlib import Path

import pytest

from agent import intake
from agent.redaction import Redactor
from agent.schema import PrivateKind
from tests.redaction.labelled import LANGUAGES, bare_phonenumbers, fresh, measure, misses, ours, texts, unseen

_TRAINING = Path(__file__).parents[2] / "evals" / "datasets" / "training-cases.jsonl"
_LEAST_VALUES = 60


@pytest.mark.parametrize("kind", PrivateKind)
def test_the_set_is_large_enough_to_say_something(kind: PrivateKind) -> None:
    """Sixty values of every kind at least, in every language."""
    counts = [sum(value.kind is kind for item in texts(language) for value in item.private) for language in LANGUAGES]
    assert sum(counts) >= _LEAST_VALUES
    assert all(counts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_private_values_are_found(language: str) -> None:
    """Nearly everything is found and hardly anything is taken that is not private; the misses are printed."""
    for kind, figures in measure(texts(language), ours).items():
        assert figures.recall >= 0.95, (kind, misses(texts(language)))
        assert figures.precision >= 0.95, (kind, misses(texts(language)))


def test_the_product_finds_more_telephones_than_the_bare_library() -> None:
    """The library is told the country and still takes other numbers, and misses those of a neighbour."""
    for figure in ("recall", "precision"):
        own = sum(getattr(measure(texts(code), ours)[PrivateKind.PHONE], figure) for code in LANGUAGES)
        bare = sum(getattr(measure(texts(code), bare_phonenumbers)[PrivateKind.PHONE], figure) for code in LANGUAGES)
        assert own > bare, figure


def test_nothing_but_people_and_mail_is_found_in_texts_without_more() -> None:
    """Every eighth training text: they hold names and addresses of mail, order numbers, amounts, dates and versions."""
    cases = [json.loads(line) for line in _TRAINING.read_text().splitlines()][::8]
    situations = [intake.read_text(case["text"]) for case in cases]
    found = {
        (find.kind, situation.text[find.start : find.end])
        for situation in situations
        for find in Redactor(situation).find(situation.text)
    }
    assert {pair for pair in found if pair[0] not in {PrivateKind.PERSON, PrivateKind.EMAIL}} == set()


def test_letters_that_the_patterns_were_not_written_from() -> None:
    """Numbers, addresses and keys are found nearly always; a name that nothing beside it tells may be missed."""
    for kind in PrivateKind:
        figures = [measure(unseen(language), ours)[kind] for language in LANGUAGES]
        right, values = sum(f.right for f in figures), sum(f.all for f in figures)
        assert right >= (0.8 if kind is PrivateKind.PERSON else 0.9) * values, kind
        assert sum(f.wrong for f in figures) <= 1, kind


def test_names_that_only_the_prose_mentions() -> None:
    """Nine in ten of the letters held apart, with hardly a thing taken for a person; all their identity numbers."""
    figures = measure(fresh(), ours)
    person, numbers = figures[PrivateKind.PERSON], figures[PrivateKind.NATIONAL_ID]
    assert person.recall >= 0.9
    assert person.precision >= 0.95
    assert (numbers.right, numbers.wrong) == (numbers.all, 0)
