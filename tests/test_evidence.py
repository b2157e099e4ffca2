"""Quotes: found exactly or not at all, in the newest message that has them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.evidence import find, ground, overrule
from agent.schema import (
    AccountContext,
    Answer,
    Basis,
    Dimension,
    DimensionReading,
    Extraction,
    IssueType,
    Message,
    Period,
    Reading,
    RoutingCondition,
    ScoredBy,
    Situation,
    StatedArr,
    SurpriseTest,
)

NO_CONTEXT = AccountContext()
PIECE = st.text(alphabet="abcdefgßéÉ12 .,\"'“”«»’–…\n\r\t\u00a0>", max_size=60)


def _situation(*bodies: str, context: AccountContext = NO_CONTEXT) -> Situation:
    messages = tuple(Message(number=n, body=body) for n, body in enumerate(bodies, 1))
    return Situation(text="\n".join(bodies), messages=messages, context=context)


def _reading(*quotes: str, **claims: object) -> Reading:
    seen = DimensionReading(quotes=quotes, basis=Basis.INFERRED, rationale="because", score=4, question=None)
    extraction = Extraction(
        account=None,
        situation="s",
        open_now=(),
        already_resolved=(),
        attempts=(),
        told_so_far=(),
        customer_request=None,
        **({"customer_deadline": None, "arr": None, "renewal": None} | claims),
        customer_impact=seen,
        account_value=seen,
        time_sensitivity=seen,
        csm_capability=seen,
        issue_type_reason="r",
        issue_type=IssueType.PRODUCT_DEFECT,
        issue_type_runner_up=None,
        routing_condition=RoutingCondition(reason="r", met=Answer.NOT_KNOWN),
        surprise_test=SurpriseTest(reason="r", surprised=False),
        other_issues=(),
    )
    return Reading(extraction=extraction, low_confidence=(Dimension.CSM_CAPABILITY,))


QUOTE = st.builds("{}{}{}".format, PIECE, st.sampled_from(["abc", "a1É", "é2ß"]), PIECE)


@given(PIECE, QUOTE, PIECE)
def test_every_slice_of_the_text_is_found(before: str, quote: str, after: str) -> None:
    """Any piece of a message with three letters or digits stands in it."""
    assert find(quote, _situation(before + quote + after)).found


@given(PIECE, QUOTE, PIECE, st.integers(0))
def test_a_changed_letter_is_not_found(before: str, quote: str, after: str, n: int) -> None:
    """Nothing is matched fuzzily: one foreign letter, and the quote stands nowhere."""
    letters = [place for place, character in enumerate(quote) if character.isalpha()]
    place = letters[n % len(letters)]
    assert not find(quote[:place] + "Z" + quote[place + 1 :], _situation(before + quote + after)).found


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("nothing\u00a0works\nat all", "nothing works at all"),
        ("she said “we leave”", 'she said "we leave"'),
        ("un « incident connu » encore", 'un "incident connu" encore'),
        ("it’s down — again…", "it's down - again..."),
        ("> the export\n> fails daily", "the export fails daily"),
        ("Gru\u0308ße aus Köln", "Grüße aus Köln"),
    ],
)
def test_typography_does_not_hide_a_quote(text: str, quote: str) -> None:
    """White space, quote marks, dashes, ellipsis, Unicode form and mail quoting may differ."""
    assert find(quote, _situation(text)).message == 1


@pytest.mark.parametrize("quote", ["Nothing works", "nothing worked", "a!", "", "…"])
def test_case_and_words_count_and_scraps_do_not(quote: str) -> None:
    """Case is kept, words are not stemmed, and fewer than three letters prove nothing."""
    assert not find(quote, _situation("nothing works a!")).found


def test_the_newest_message_is_named() -> None:
    """A quote that stands in several messages is credited to the newest."""
    situation = _situation("still down", "it is down", "it is down again")
    assert find("it is down", situation).message == 2


def test_the_csms_own_additions_can_be_quoted() -> None:
    """What stands only in the context is found, in no message."""
    context = AccountContext(account="Northwind", arr="EUR 48k", renewal=date(2026, 12, 1), strategic=True)
    for quote in ("ARR: EUR 48k", "Renewal: 2026-12-01", "Strategically important"):
        found = find(quote, _situation("the export fails", context=context))
        assert (found.found, found.message) == (True, None)


def test_a_quote_that_is_not_found_is_kept_and_named() -> None:
    """No quote is dropped silently; a score whose quotes all fail is unsupported."""
    scores = ground(_reading("we will sue you"), _situation("the export fails")).scores
    assert scores.customer_impact.evidence[0].quote == "we will sue you"
    assert not scores.customer_impact.supported
    assert ground(
        _reading("we will sue you", "export fails"), _situation("the export fails")
    ).scores.csm_capability.supported


def test_grounding_keeps_what_was_read() -> None:
    """Score, rationale and basis stay the model's; low confidence falls on the dimensions named."""
    scores = ground(_reading("export"), _situation("the export fails")).scores
    assert (scores.customer_impact.score, scores.customer_impact.basis) == (4, Basis.INFERRED)
    assert scores.customer_impact.scored_by is ScoredBy.MODEL
    assert [d for d, s in scores.items() if s.low_confidence] == [Dimension.CSM_CAPABILITY]


def test_invented_claims_are_dropped_and_real_ones_stay() -> None:
    """A deadline, revenue or renewal whose words stand nowhere becomes None; the others are untouched."""
    arr = StatedArr(words="EUR 48k", amount=Decimal(48_000), currency="EUR", period=Period.YEAR)
    reading = _reading("export", customer_deadline="by Friday noon", arr=arr, renewal="in December")
    grounded = ground(reading, _situation("by Friday noon, please. EUR 48k a year.")).extraction
    assert (grounded.customer_deadline, grounded.arr, grounded.renewal) == ("by Friday noon", arr, None)
    bare = ground(reading, _situation("nothing of it")).extraction
    assert (bare.customer_deadline, bare.arr, bare.renewal) == (None, None, None)


def test_the_csm_overrules() -> None:
    """The CSM's level is the score of record, stated and sure; the model's own is kept beside it."""
    heard = overrule(ground(_reading(), _situation("x")), {Dimension.CSM_CAPABILITY: 2, Dimension.CUSTOMER_IMPACT: 4})
    changed, agreed = heard.scores.csm_capability, heard.scores.customer_impact
    assert (changed.score, changed.scored_by, changed.overruled_from) == (2, ScoredBy.CSM, 4)
    assert (changed.basis, changed.low_confidence) == (Basis.STATED, False)
    assert (agreed.scored_by, agreed.overruled_from) == (ScoredBy.CSM, None)
    assert heard.scores.account_value.scored_by is ScoredBy.MODEL


def test_overruling_twice_still_names_the_model() -> None:
    """A CSM who corrects themselves overrules the model's score, not their own."""
    once = overrule(ground(_reading(), _situation("x")), {Dimension.CUSTOMER_IMPACT: 1})
    twice = overrule(once, {Dimension.CUSTOMER_IMPACT: 5})
    assert twice.scores.customer_impact.overruled_from == 4
    assert overrule(twice, {Dimension.CUSTOMER_IMPACT: 4}).scores.customer_impact.overruled_from is None
