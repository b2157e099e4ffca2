"""Phrases looked up by their words."""

import json

import pytest

from agent.redaction.phrases import end_of, phrases, places


def found(text: str, *known: str) -> list[str]:
    """What of a text the phrases cover, each place once."""
    at_places = places(text, phrases(sorted(known, key=len, reverse=True)))
    return [text[at:end] for at, phrase in at_places if (end := end_of(phrase, text, at))]


@pytest.mark.parametrize(
    "text",
    ["call +49 171 55 66", "call +49 171\n> 55 66", json.dumps("call\n+49 171\n55 66"), "電話は+49 171 55 66です"],
)
def test_a_phrase_is_found_across_lines_in_json_and_between_spaceless_words(text: str) -> None:
    """What breaks the lines of a value does not hide it."""
    assert len(found(text, "+49 171 55 66")) == 1


def test_quotes_and_backslashes_are_found_as_json_writes_them() -> None:
    """A value that JSON escapes is found escaped and as it is."""
    value = 'a\\b"c'
    assert found(value, value) == [value]
    assert found(json.dumps(value), value) == [json.dumps(value)[1:-1]]


def test_no_word_is_cut() -> None:
    """The start of a longer word is another word."""
    assert found("hunter2 hunter22 xhunter2 hunter2_", "hunter2") == ["hunter2"]


def test_of_phrases_at_one_place_the_longest_comes_first() -> None:
    """So that whoever takes the first takes the whole value."""
    assert found("ann lee smith", "ann", "ann lee", "ann lee smith")[0] == "ann lee smith"


@pytest.mark.parametrize("start", ["info@c", "a.b.c.d.e.f.g.h@c"])
def test_many_phrases_with_one_beginning_are_told_apart(start: str) -> None:
    """Each is looked up by all of its words, however many of them others share: at each place only it is tried."""
    known = [f"{start}{n}.example" for n in range(20_000)]
    tried = list(places(" ".join(known), phrases(known)))
    assert [phrase for _, phrase in tried] == known
    assert found(" ".join(known), *known) == known


def test_phrases_of_the_same_words_are_told_apart_by_the_marks_between() -> None:
    """At each place only the one with these marks is tried, also in JSON, where marks are escaped."""
    known = [f"a{x}b{y}c{z}d" for x in '.-+"' for y in ".-+\\" for z in ".-+ "]
    tried = list(places("; ".join(known), phrases(known)))
    assert [phrase for _, phrase in tried] == known
    assert len(found(json.dumps("; ".join(known)), *known)) == len(known)
    assert len(found("; ".join(known).replace(" ", "\n> "), *known)) == len(known)
