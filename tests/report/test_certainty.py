"""How sure it is, in words: weights are called weights, and a probability only where a calibration is named."""

import pytest

from agent import engine
from agent.policy import load_default
from agent.report import certainty, markdown
from agent.schema import (
    Dimension,
    LevelProbabilities,
    Probabilities,
    ProbabilitySource,
    SecondOpinion,
)
from tests.builders import NOW, grounded
from tests.decisions import assessment

POLICY = load_default()
IMPACT, VALUE, TIME, CAPABILITY = Dimension


def levels(*values, calibration=None):
    return LevelProbabilities(values=values, source=ProbabilitySource.LOGPROBS, calibration=calibration)


def weighed(*, calibration=None, scores=(3, 3, 3, 4), shares=(0, 0, 0, 0.28, 0.72), second=None):
    known = {CAPABILITY: {"probabilities": levels(*shares, calibration=calibration)}} if shares else {}
    reading = grounded(scores, score_fields=known).model_copy(update={"second_opinion": second})
    decision = engine.decide(reading, POLICY, NOW)
    return assessment(
        reading, POLICY, likelihood=decision.likelihood, comparison=decision.comparison, second_opinion=second
    )


def sure(**how):
    return "\n".join(certainty.how_sure(weighed(**how), POLICY))


def test_nothing_known_nothing_said():
    """Without probabilities there is neither a section nor a sentence."""
    made = weighed(shares=None)
    assert not list(certainty.how_sure(made, POLICY))
    assert not list(certainty.second_opinion(made, POLICY))
    assert "How sure" not in markdown(made, POLICY)


def test_weights_are_no_probability():
    """Uncalibrated, they are model weights; with a named calibration they are a probability, and the map is named."""
    assert sure().startswith("Model weights, not calibrated: Escalate with urgency 72%, Escalate for support 28%.")
    assert "robability" not in sure()
    assert sure(calibration="team@2").startswith("Probability: Escalate with urgency 72%")
    assert "(team@2)" in sure(calibration="team@2")


def test_where_the_weights_come_from_is_told():
    """A reader knows whether the chat model's own token was read or another model was asked."""
    assert "Read from the token in which the chat model wrote each score." in sure()


def test_the_cheaper_decision_is_named_where_it_is_another():
    """The sum says support, the costs say urgency: both are told, and the decision stays the sum's."""
    assert "'Escalate with urgency' has the least expected cost" in sure()
    assert "least expected cost" not in sure(shares=(0, 0, 0, 0.9, 0.1))


def test_the_greatest_doubt_and_what_counts_as_certain_are_named():
    """A reader learns which dimension to look at, and what was taken for granted."""
    told = sure()
    assert "Most of the doubt lies in: CSM capability." in told
    assert "CSM capability: 5 at 72%, 4 at 28%" in told
    assert "Counted as certain: Customer impact, Account value, Time sensitivity." in told


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (SecondOpinion(model="m", note="it timed out"), "No second opinion: it timed out"),
        (SecondOpinion(model="m", unanswered=("surprised (declined)",)), "Not answered: surprised (declined)."),
        (
            SecondOpinion(model="m", probabilities=Probabilities(csm_capability=levels(0, 0, 0, 0, 1))),
            "CSM capability: 5 instead of 4, 1 apart (5 at 100%)",
        ),
        (
            SecondOpinion(model="m", probabilities=Probabilities(csm_capability=levels(0, 0, 0, 1, 0))),
            "By its levels: total 13, Escalate for support: the same decision.",
        ),
        (SecondOpinion(model="m", surprised=0.9), "Surprise test: yes at 90%: differs."),
    ],
)
def test_a_second_opinion_is_told_in_full(second, words):
    """Agreement, difference, silence and failure each have their sentence, on the Markdown page too."""
    made = weighed(shares=None, second=second)
    assert words in "\n".join(certainty.second_opinion(made, POLICY))
    assert "### Second opinion" in markdown(made, POLICY)


def test_a_models_words_cannot_act_in_the_page():
    """What another server says is untrusted: it starts no heading, link or image."""
    second = SecondOpinion(model="m", note="x\n## Fake ![i](http://e.example/i.png) <img src=x>")
    page = markdown(weighed(shares=None, second=second), POLICY)
    assert "\n## Fake" not in page
    assert "<img" not in page
