"""The CSM is asked only what could change the decision."""

from itertools import product

import pytest

from agent.engine import decide
from agent.policy import load_default
from agent.schema import Basis, Dimension
from tests.builders import NOW, grounded

POLICY = load_default()
IMPACT, VALUE, TIME, CAPABILITY = Dimension
UNSTATED = {"basis": Basis.UNSTATED}
DOUBTFUL = {"low_confidence": True}


def asked(scores, fields):
    return decide(grounded(scores, score_fields=fields), POLICY, NOW).questions


def test_nothing_open_nothing_asked():
    """A text that says everything raises no question, even one point below the next band."""
    assert asked((2, 2, 2, 2), {}) == ()


@pytest.mark.parametrize(
    ("fields", "why"), [(UNSTATED, "the text does not say"), (DOUBTFUL, "read with low confidence")]
)
def test_open_dimension_is_asked(fields, why):
    """An unstated dimension and one read with low confidence are each asked, with the policy's question."""
    (question,) = asked((2, 2, 2, 2), {CAPABILITY: fields})
    assert (question.dimension, question.why) == (CAPABILITY, why)
    assert question.question == "Can you resolve this yourself?"


def test_own_question_comes_first():
    """A question that the reading brought along replaces the policy's."""
    (question,) = asked((2, 2, 2, 2), {VALUE: UNSTATED | {"question": "Is Acme a reference?"}})
    assert question.question == "Is Acme a reference?"


def test_answer_that_changes_nothing_is_not_asked():
    """Account value cannot move 1+1+x+1 out of the mildest band, so it is not asked."""
    assert asked((1, 3, 1, 1), {VALUE: UNSTATED}) == ()


def test_other_open_dimensions_count():
    """A value that changes nothing alone is asked if it can together with another open one."""
    assert len(asked((1, 3, 1, 1), {VALUE: UNSTATED, TIME: DOUBTFUL})) == 2


def test_unstated_first_then_framework_order_three_at_most():
    """Unstated dimensions stand before doubtful ones, each in the framework's order; the fourth is dropped."""
    questions = asked((2, 2, 2, 2), {IMPACT: DOUBTFUL, VALUE: UNSTATED, TIME: DOUBTFUL, CAPABILITY: UNSTATED})
    assert [q.dimension for q in questions] == [VALUE, CAPABILITY, IMPACT]


def test_unstated_and_doubtful_is_asked_once():
    """A dimension that is both is asked once, as unstated."""
    (question,) = asked((2, 2, 2, 2), {TIME: UNSTATED | DOUBTFUL})
    assert question.why == "the text does not say"


@pytest.mark.parametrize("open_dimensions", [(VALUE,), (IMPACT, TIME), (VALUE, TIME, CAPABILITY)])
def test_asked_exactly_where_the_band_could_change(open_dimensions):
    """The rule by trying: some value of the dimension changes the band while the other open ones stand anywhere."""
    for scores in product((1, 3, 5), repeat=4):
        fixed = sum(s for d, s in zip(Dimension, scores, strict=True) if d not in open_dimensions)
        others = {fixed + sum(values) for values in product(range(1, 6), repeat=len(open_dimensions) - 1)}
        matters = any(POLICY.band(total + 1) is not POLICY.band(total + 5) for total in others)
        questions = asked(scores, dict.fromkeys(open_dimensions, UNSTATED))
        assert tuple(q.dimension for q in questions) == (open_dimensions if matters else ())
