"""The CSM is asked only what could change the decision."""

from itertools import product

import pytest

from agent.engine import decide
from agent.policy import load_default
from agent.schema import (
    Basis,
    Dimension,
    LevelProbabilities,
    Probabilities,
    ProbabilitySource,
    SecondOpinion,
)
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


@pytest.mark.parametrize(("share", "asked_too"), [(0.005, False), (0.3, True)])
def test_a_doubt_that_moves_nothing_opens_no_other_question(share, asked_too):
    """1 + x + 1 + 1 is mild for every x; only if impact may be 5 in earnest, and not by a hair, is x worth asking."""
    impact = LevelProbabilities(values=(1 - share, 0, 0, 0, share), source=ProbabilitySource.LOGPROBS)
    questions = asked((1, 4, 1, 1), {VALUE: UNSTATED, IMPACT: {"probabilities": impact}})
    assert (VALUE in {question.dimension for question in questions}) is asked_too


def test_the_levels_in_doubt_hold_the_one_that_is_filled_in():
    """A score between the two likeliest levels is named with them: Enter accepts nothing that was not said to be open."""
    capability = LevelProbabilities(values=(0, 0, 0.42, 0.14, 0.44), source=ProbabilitySource.HEADS)
    (question,) = asked((3, 3, 3, 4), {CAPABILITY: {"probabilities": capability}})
    assert question.why == "in doubt between 3, 4 and 5"


def test_a_decision_that_the_weights_do_not_share_is_asked_about():
    """4 + 3 + 4 + 2 is for support, the weights give urgency 91 %: little doubt, and all of it about the decision."""
    levels = LevelProbabilities(values=(0, 0, 0.1, 0.45, 0.45), source=ProbabilitySource.LOGPROBS)
    weighed = {"probabilities": levels}
    open_ = asked((4, 3, 4, 2), {IMPACT: weighed, VALUE: weighed, TIME: weighed})
    assert [question.dimension for question in open_] == [IMPACT, VALUE, TIME]
    assert asked((4, 4, 4, 2), {IMPACT: weighed, VALUE: weighed, TIME: weighed}) == ()


@pytest.mark.parametrize("sure", [(0, 0, 0, 0, 1), (0, 0, 0, 0.4, 0.6)])
def test_two_levels_apart_is_asked(sure):
    """However sure a second opinion is: where it reads 5 and the scorer 2, the CSM says which it is."""
    levels = LevelProbabilities(values=sure, source=ProbabilitySource.DECISION_MODEL)
    second = SecondOpinion(model="m", probabilities=Probabilities(customer_impact=levels))
    reading = grounded((2, 3, 3, 4)).model_copy(update={"second_opinion": second})
    (question,) = decide(reading, POLICY, NOW).questions
    assert (question.dimension, question.why) == (IMPACT, "read as 2, and as 5 by the second opinion")
    mild = grounded((1, 1, 1, 1)).model_copy(update={"second_opinion": second})
    assert decide(mild, POLICY, NOW).questions == (), "1 + 1 + 1 + 5 is handled by the CSM all the same"


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
