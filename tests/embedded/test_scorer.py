import json
from pathlib import Path

import pytest

from agent import evidence, intake, policy
from agent.embedded import judge
from agent.embedded.scorer import EmbeddedScorer
from agent.models.port import ClosedAnswer, ClosedAnswers, Deadline
from agent.schema import AccountContext, Basis, CallRecord, Dimension, IssueType

POLICY = policy.load_default()
TRAINING = Path(__file__).parents[2] / "evals" / "datasets" / "training-cases.jsonl"
THREAD = """From: Ada Okoye <ada@brightport.example>
To: Ben Sand <ben@ours.example>
Subject: export (EX-4711)
Date: 12 March 2026 09:00

Hi Ben, the export has stopped since yesterday and we cannot ship anything at all. We need it by 5pm today.

Note Ben: Brightport pays EUR 64,000 a year. I have no access to the export server, engineering has to look."""


class Answering:
    """A question model that gives each fact the share of yes it is told, and an even answer to the rest."""

    reference, context_characters = "answering", 100_000

    def __init__(self, share=0.5, **shares):
        self.share, self.shares, self.texts = share, shares, []

    def ask(self, text, questions, *, input_digest, deadline):
        self.texts.append(text)
        answers = []
        for question in questions:
            yes = self.shares.get(question.name, self.share)
            answers.append(ClosedAnswer(name=question.name, probabilities=(yes, 1 - yes)))
        call = CallRecord(purpose="read", model=self.reference, prompt="questions@1#0")
        return ClosedAnswers(answers=tuple(answers), call=call)


def read(text, model=None, **context):
    situation = intake.read_text(text, context=AccountContext(**context))
    return EmbeddedScorer(model or Answering()).extract(situation, POLICY, Deadline()), situation


def test_every_quote_stands_in_the_text():
    """Quotes are picked by code, so none is ever invented."""
    reading, situation = read(THREAD)
    grounded = evidence.ground(reading, situation)
    quotes = [e for _, score in grounded.scores.items() for e in score.evidence]
    assert quotes
    assert all(e.found for e in quotes)
    assert grounded.not_found == ()


def test_the_facts_of_the_text_are_found_by_code():
    """Amount, deadline and account are the text's own words."""
    extraction = read(THREAD)[0].extraction
    assert extraction.arr is not None
    assert extraction.arr.words.startswith("EUR 64,000")
    assert extraction.customer_deadline == "by 5pm today"
    assert extraction.account_value.score == 5


def test_capability_is_quoted_from_our_side():
    """What the CSM can do is said by us, and not by the customer."""
    reading, situation = read(THREAD)
    ours = situation.bodies("csm_note", "us")
    assert reading.extraction.csm_capability.quotes
    assert all(
        evidence.normalise(quote) in evidence.normalise(ours) for quote in reading.extraction.csm_capability.quotes
    )


def test_what_the_csm_adds_is_read_too():
    """--arr and --account reach the model's text and the account value."""
    model = Answering()
    reading, _ = read("The export is broken again.", model, arr="EUR 64k", account="Brightport")
    assert reading.extraction.account_value.score == 5
    assert reading.extraction.account == "Brightport"
    assert "EUR 64k" in model.texts[0]


def test_three_dimensions_are_of_low_confidence_and_the_silent_one_is_unstated():
    """The form says which boxes a person has to check."""
    reading, _ = read("The export is broken again.")
    assert set(reading.low_confidence) == set(judge.READ_DIMENSIONS)
    assert reading.extraction.account_value.basis is Basis.UNSTATED


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_reason_never_contradicts_what_it_is_a_reason_for(share):
    """'Product defect: nothing is broken' is no reason; without a fitting answer the words are named."""
    reading, _ = read(THREAD, Answering(share))
    facts = {fact.name: fact for fact in judge.facts()}
    weights = judge.load().facts
    for target, reason, high in reasons(reading.extraction):
        for name, fact in facts.items():
            said_yes, said_no = fact.yes in reason, fact.no in reason
            if said_yes or said_no:
                assert weights.speaks_for(name, 1 if said_yes else -1, target, high=high), (target, reason)


def reasons(extraction):
    for dimension in judge.READ_DIMENSIONS:
        score = extraction.reading(dimension)
        yield dimension, score.rationale, score.score >= 3
    yield extraction.issue_type, extraction.issue_type_reason, True


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_no_training_text_breaks_the_scorer(share):
    """Whatever the model answers, every text becomes a valid reading with all four dimensions."""
    scorer = EmbeddedScorer(Answering(share))
    for line in TRAINING.read_text(encoding="utf-8").splitlines()[::4]:
        situation = intake.read_text(json.loads(line)["text"])
        extraction = scorer.extract(situation, POLICY, Deadline()).extraction
        assert {extraction.reading(d).score for d in Dimension} <= {1, 2, 3, 4, 5}
        assert extraction.issue_type in IssueType


@pytest.mark.parametrize(
    "text", ["a" * 400, "é" * 400, "顧客から連絡がありました" * 40, "Ab " * 3000, "EUR 1,000" + ",000" * 100]
)
def test_hostile_letters_do_not_hang_it(text):
    """Runs of letters are read in linear time; the test ends at all."""
    assert read(text)[0].extraction.account_value
