"""The rubric as typed questions: one source for every word, and answers that are absent where nothing was said."""

import pytest

from agent import intake
from agent.extraction import decisions
from agent.models.port import Deadline, QuestionKind
from agent.policy import load_default
from agent.schema import AccountContext, Dimension, IssueType, SurpriseTest
from tests.deciding import ScriptedDecisions

POLICY = load_default()
SITUATION = intake.read_text("The export has failed since Monday.", context=AccountContext(arr="EUR 48k"))
REQUEST = decisions.build_request(SITUATION, POLICY, "n0nce")


def test_one_question_per_dimension_with_the_policys_definitions():
    """Five ordered levels, lowest first, each in the policy's own words."""
    asked = {question.name: question for question in decisions.questions(POLICY)}
    for dimension in Dimension:
        question, rule = asked[dimension.value], POLICY.dimensions[dimension]
        assert question.kind is QuestionKind.SCORE
        assert rule.label in question.instructions
        assert [(o.value, o.meaning) for o in question.options] == [(str(n), words) for n, words in rule.levels.items()]


def test_one_choice_of_all_issue_types_and_one_predicate():
    """Every issue type with its condition; the surprise test in the words of the response schema, as a statement."""
    *_, types, surprised = decisions.questions(POLICY)
    assert [option.value for option in types.options] == list(IssueType)
    assert all(
        POLICY.issue_types[kind].condition in o.meaning for kind, o in zip(IssueType, types.options, strict=True)
    )
    assert surprised.kind is QuestionKind.PREDICATE
    said = str(SurpriseTest.model_fields["surprised"].description).removeprefix("true if ")
    assert surprised.instructions.casefold().startswith(said.casefold())


def test_no_band_total_or_route_is_told():
    """Neither the model nor a customer's mail can aim at a decision."""
    told = REQUEST.model_dump_json()
    assert not [rule.label for rule in POLICY.bands.values() if rule.label in told]
    assert "total" not in told.casefold()


def test_the_text_is_data_behind_the_nonce():
    """The messages and the CSM's additions are fenced as for any other model, and nothing else is sent."""
    assert "<message n0nce number=1 (newest)" in REQUEST.text
    assert "The export has failed since Monday." in REQUEST.text
    assert "<csm_context n0nce>" in REQUEST.text
    assert "EUR 48k" in REQUEST.text
    assert (REQUEST.purpose, REQUEST.input_digest) == ("decide", intake.digest(SITUATION))
    assert REQUEST.prompt == decisions.reference(decisions.questions(POLICY))


def test_changed_words_are_another_reference():
    """A policy with another level definition asks other questions, and the reference says so."""
    level = POLICY.dimensions[Dimension.CUSTOMER_IMPACT]
    reworded = level.model_copy(update={"levels": level.levels | {3: "Something else."}})
    other = POLICY.model_copy(update={"dimensions": POLICY.dimensions | {Dimension.CUSTOMER_IMPACT: reworded}})
    assert decisions.reference(decisions.questions(other)) != decisions.reference(decisions.questions(POLICY))


def test_what_was_answered_is_known_and_the_rest_is_absent():
    """A declined question leaves its dimension unknown; no default stands in for it."""
    model = ScriptedDecisions({"customer_impact": (0, 0.1, 0.2, 0.7, 0)}, silent=("account_value", "surprised"))
    weighed = decisions.ask(model, REQUEST, Deadline())
    known = weighed.probabilities
    assert known.customer_impact.likeliest == 4
    assert known.account_value is None
    assert known.issue_types.likeliest is IssueType.COMMERCIAL_DISPUTE
    assert weighed.surprised is None
    assert weighed.unanswered == ("account_value (declined)", "surprised (declined)")


@pytest.mark.parametrize(("shares", "level"), [((0.5, 0.5, 0, 0, 0), 2), ((0, 0, 0.6, 0.4, 0), 3)])
def test_a_true_tie_takes_the_higher_level(shares, level):
    """Missing an escalation costs more than one too many."""
    weighed = decisions.ask(ScriptedDecisions({"time_sensitivity": shares}), REQUEST, Deadline())
    assert weighed.probabilities.time_sensitivity.likeliest == level
