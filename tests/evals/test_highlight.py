import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.evidence import normalise
from evals.reports.highlight import locate, passages

TEXT = "Hi,\n> the export  fails\n> every “morning” – since May…\nand «  jamais  » again\n"


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Hi", "Hi"),
        ("export fails every", "export  fails\n> every"),
        ('"morning" - since', "“morning” – since"),
        ("May...", "May…"),
        ('"jamais" again', "«  jamais  » again"),
    ],
)
def test_a_quote_is_found_where_evidence_finds_it(quote, shown):
    """White space, quote marks, dashes and the marks of quoted mail may differ; the words may not."""
    start, end = locate(quote, TEXT)
    assert TEXT[start:end] == shown


def test_a_quote_that_stands_nowhere_is_not_marked():
    """Nothing is matched loosely, and an empty quote marks nothing."""
    assert locate("the export failed", TEXT) is None
    assert locate("  ", TEXT) is None
    assert passages("abc", [("x", "d")]) == (("abc", ()),)


def test_overlapping_quotes_share_their_passage():
    """Every label that covers a passage is named on it, once."""
    marked = passages("one two three", [("a", "one two"), ("b", "two three"), ("a", "one two")])
    assert marked == (("one ", ("a",)), ("two", ("a", "b")), (" three", ("b",)))


@given(st.text(alphabet="ab >\n\t\"“«»–…'é", max_size=60), st.data())
def test_whatever_evidence_accepts_is_marked_with_the_same_words(text, data):
    """A passage cut from the normalised text is located, and what is marked normalises to what holds it."""
    words = normalise(text)
    start = data.draw(st.integers(0, len(words)))
    quote = words[start : data.draw(st.integers(start, len(words)))]
    if not normalise(quote):
        return
    wanted = normalise(quote)
    if wanted not in words:
        return
    found = locate(quote, text)
    assert found is not None
    assert wanted in normalise(text[: found[1]])
    assert wanted.split()[0][:1] in normalise(text[found[0] : found[1]])


@given(st.text(alphabet="ab >\n.", max_size=60), st.lists(st.text(alphabet="ab ", max_size=4), max_size=4))
def test_the_passages_are_the_text(text, quotes):
    """No character is lost or doubled by marking."""
    assert "".join(passage.text for passage in passages(text, [("q", quote) for quote in quotes])) == text
