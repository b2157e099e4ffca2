"""How sure it is, in words: weights are called weights, and a probability only where a calibration is named."""

import pytest

from agent import engine
from agent.policy import load_default
from agent.report import certainty, markdown
from agent.schema import (
    Basis,
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


def weighed(*, calibration=None, scores=(3, 3, 3, 4), shares=(0, 0, 0, 0.28, 0.72), second=None, fields=None):
    known = {CAPABILITY: {"probabilities": levels(*shares, calibration=calibration)}} if shares else {}
    known |= fields or {}
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
    assert "Calibrated by team@2." in sure(calibration="team@2")


def test_weights_are_explained_to_who_is_no_statistician():
    """What a weight does not say stands under it; a probability needs no such sentence."""
    assert "not how often it is right" in sure()
    assert "not how often it is right" not in sure(calibration="team@2")


def test_a_calibration_of_some_dimensions_names_them():
    """One calibrated dimension makes nothing a probability, and the report says which one it is."""
    told = sure(fields={TIME: {"probabilities": levels(0, 0, 1, 0, 0, calibration="team@2")}})
    assert told.startswith("Model weights, not calibrated")
    assert "Calibrated by team@2: Time sensitivity." in told


def test_what_the_text_does_not_say_is_no_certainty():
    """A level that stands in for silence is a condition of every share, not a fact beside them."""
    told = sure(fields={VALUE: {"basis": Basis.UNSTATED}})
    assert "Escalate for support 28%, if Account value is 3, which the text does not say." in told
    assert "Not in the text, and counted as its likeliest level: Account value as 3." in told
    assert "Counted as certain: Customer impact, Time sensitivity." in told


def test_nearly_certain_is_not_called_certain():
    """997 in 1000 is more than 99 in 100, and not 100; then no dimension is worth a look for its doubt."""
    told = sure(shares=(0, 0, 0, 0.003, 0.997))
    assert told.startswith("Model weights, not calibrated: Escalate with urgency >99%.")
    assert "100%" not in told
    assert "greatest doubt" not in told


def test_shares_that_lean_to_another_decision_are_explained():
    """The sum says support at 28 %: a reader is told why the decision is not the one at 72 %."""
    lean = "the shares lean to 'Escalate with urgency'"
    assert lean in sure()
    assert lean not in sure(shares=(0, 0, 0, 0.6, 0.4))


def test_the_assumption_behind_every_share_is_told():
    """With four known dimensions as with one: they are taken as independent."""
    every = {d: {"probabilities": levels(0, 0, 0.5, 0.5, 0)} for d in Dimension}
    assert "taken as independent" in sure(fields=every)
    assert "Counted as certain" not in sure(fields=every)


def test_the_built_in_models_figures_come_with_what_was_measured():
    """It says 74 % on average and is right in 47 % of the test cases: no share of its stands without that."""
    made = weighed(calibration="heads@1")
    embedded = made.model_copy(update={"provenance": made.provenance.model_copy(update={"embedded": True})})
    assert "right less often than it says" in "\n".join(certainty.how_sure(embedded, POLICY))
    assert "right less often than it says" not in "\n".join(certainty.how_sure(made, POLICY))


def test_where_the_weights_come_from_is_told():
    """A reader knows whether the chat model's own token was read or another model was asked."""
    assert "Read from how the chat model weighed the digit of each score." in sure()


def test_the_cheaper_decision_is_named_where_it_is_another():
    """The sum says support, the costs say urgency: both are told, and the decision stays the sum's."""
    assert "too severe as 1: by that, 'Escalate with urgency' costs least on average" in sure()
    assert "costs least" not in sure(shares=(0, 0, 0, 0.9, 0.1))


def test_the_greatest_doubt_and_what_counts_as_certain_are_named():
    """A reader learns which dimension to look at, and what was taken for granted."""
    told = sure()
    assert "The greatest doubt lies in: CSM capability." in told
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
