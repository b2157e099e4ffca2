"""A message in pieces says which words carry which score, and loses none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import evidence
from agent.schema import Dimension, Evidence, Message, Scores
from agent.web.passages import locate, pieces
from tests import builders


def scores(**quotes):
    """Scores whose quotes stand in message 1."""
    grounded = builders.grounded(
        score_fields={
            d: {"evidence": tuple(Evidence(quote=q, found=True, message=1) for q in quotes.get(d.value, ()))}
            for d in Dimension
        }
    )
    return Scores.model_validate(grounded.scores)


@pytest.mark.parametrize(
    ("quote", "body", "found"),
    [
        ("two people", "Since Friday two people compare.", "two people"),
        ("we stop\nthe line", "So we stop  the line.", "we stop  the line"),
        ('"now" - he says', "and “now” – he says so", "“now” – he says"),
        ("one two three", "> one two\n> three and more", "one two\n> three"),
        ("wait...", "we wait… long", "wait…"),
        ("café", "the cafe\u0301 is shut", "cafe\u0301"),
        ("not there", "something else", None),
        ("", "something", None),
    ],
)
def test_a_quote_is_found_as_evidence_compares_it(quote, body, found):
    """White space, quote marks, dashes, quoted lines and Unicode forms may differ; the smallest piece is marked."""
    place = locate(quote, body)
    assert (body[place[0] : place[1]] if place else None) == found


def test_overlapping_quotes_share_their_words():
    """Each piece names every dimension that quotes it, where a quote begins, and where it ends."""
    message = Message(number=1, body="The line stops and nobody can help us.")
    found = pieces(message, scores(customer_impact=("The line stops and nobody",), csm_capability=("nobody can help",)))
    assert [(piece.text, piece.dimensions) for piece in found] == [
        ("The line stops and ", (Dimension.CUSTOMER_IMPACT,)),
        ("nobody", (Dimension.CUSTOMER_IMPACT, Dimension.CSM_CAPABILITY)),
        (" can help", (Dimension.CSM_CAPABILITY,)),
        (" us.", ()),
    ]
    assert found[0].begins == ("quote-customer_impact-1",)
    assert found[1].ends == (Dimension.CUSTOMER_IMPACT,)


def test_a_quote_of_another_message_marks_nothing():
    """Only the message that evidence named is marked."""
    found = pieces(Message(number=2, body="two people"), scores(customer_impact=("two people",)))
    assert [piece.dimensions for piece in found] == [()]


@given(body=st.text(max_size=60), start=st.integers(0, 60), length=st.integers(0, 20))
def test_nothing_is_lost_and_what_is_marked_holds_the_quote(body, start, length):
    """The pieces are the body; a located piece is what `evidence` would accept."""
    quote = body[start : start + length]
    found = pieces(Message(number=1, body=body), scores(time_sensitivity=(quote,)))
    assert "".join(piece.text for piece in found) == body
    if place := locate(quote, body):
        assert evidence.normalise(quote) in evidence.normalise(body[slice(*place)])
