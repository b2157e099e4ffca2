import json
from pathlib import Path

import pytest

from agent import evidence, intake, policy
from agent.embedded import judge
from agent.embedded.scorer import EmbeddedScorer
from agent.models.port import Deadline, PassageReading, ProbeReadings
from agent.schema import AccountContext, Basis, CallRecord, Dimension, IssueType

POLICY = policy.load_default()
TRAINING = Path(__file__).parents[2] / "evals" / "datasets" / "training-cases.jsonl"
THREAD = """From: Ada Okoye <ada@brightport.example>
To: Ben Sand <ben@ours.example>
Subject: export (EX-4711)
Date: 12 March 2026 09:00

Hi Ben, the export has stopped since yesterday and we cannot ship anything at all. We need it by 5pm today.

Note Ben: Brightport pays EUR 64,000 a year. I have no access to the export server, engineering has to look."""


class Reading:
    """A model that reads what it is told in every passage, and more in those that hold a given word."""

    reference, context_characters = "reading", 100_000

    def __init__(self, telling="", **values):
        self.telling, self.values, self.texts = telling, values, []

    def probe(self, passages, probes, *, input_digest, deadline):
        self.texts.append("".join(passages))
        parts = judge.load().parts  # a head that is part of no level reads nothing
        centre = {p.name: self.values.get(p.name, parts[p.name][0].centre if p.name in parts else 0.0) for p in probes}
        readings = tuple(
            PassageReading(passage=place, tokens=1 + len(words), values=self._of(words, centre))
            for place, words in enumerate(passages)
        )
        return ProbeReadings(
            passages=readings, call=CallRecord(purpose="read", model=self.reference, prompt="probes@1#0")
        )

    def _of(self, words, centre):
        told = bool(self.telling) and self.telling in words
        return {name: value + (told and name in judge.TARGETS) for name, value in centre.items()}


def read(text, model=None, **context):
    situation = intake.read_text(text, context=AccountContext(**context))
    return EmbeddedScorer(model or Reading()).extract(situation, POLICY, Deadline()), situation


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


def test_the_amount_says_nothing_of_what_the_csm_can_do():
    """Where our side wrote nothing but what the account pays, the customer's words are quoted."""
    thread = THREAD.split("Note Ben:", maxsplit=1)[0] + "Note Ben: Brightport pays EUR 64,000 a year."
    quotes = read(thread)[0].extraction.csm_capability.quotes
    assert quotes
    assert not any("64,000" in quote for quote in quotes)


def test_what_the_csm_adds_is_read_too():
    """--arr and --account reach the model's text and the account value."""
    model = Reading()
    reading, _ = read("The export is broken again.", model, arr="EUR 64k", account="Brightport")
    assert reading.extraction.account_value.score == 5
    assert reading.extraction.account == "Brightport"
    assert "EUR 64k" in model.texts[0]


def test_three_dimensions_are_of_low_confidence_and_the_silent_one_is_unstated():
    """The form says which boxes a person has to check."""
    reading, _ = read("The export is broken again.")
    assert set(reading.low_confidence) == set(judge.READ_DIMENSIONS)
    assert reading.extraction.account_value.basis is Basis.UNSTATED


@pytest.mark.parametrize("dimension", judge.READ_DIMENSIONS)
def test_a_silent_text_is_said_to_be_silent(dimension):
    """Where the head of silence speaks up, nothing is quoted, and the level stays the likeliest one."""
    told, _ = read(THREAD)
    silent, _ = read(THREAD, Reading(**{judge.SILENCE[dimension]: 1.0}))
    of_record, before = silent.extraction.reading(dimension), told.extraction.reading(dimension)
    assert (of_record.basis, of_record.quotes, of_record.score) == (Basis.UNSTATED, (), before.score)
    assert before.basis is Basis.INFERRED
    assert before.quotes


def test_headers_speak_for_time_alone():
    """A date in a header says when; what hurts whom, and who can help, is said in sentences."""
    quiet, _ = read(THREAD, Reading("Date:", customer_impact=1.0, time_sensitivity=1.0))
    loud, _ = read(THREAD, Reading("stopped", customer_impact=1.0, time_sensitivity=1.0))
    impact, time = Dimension.CUSTOMER_IMPACT, Dimension.TIME_SENSITIVITY
    plain, _ = read(THREAD, Reading(customer_impact=1.0, time_sensitivity=1.0))
    assert quiet.probabilities.of(impact) == plain.probabilities.of(impact) != loud.probabilities.of(impact)
    assert quiet.probabilities.of(time) != plain.probabilities.of(time)


def test_the_quote_is_the_sentence_in_which_most_was_read():
    """Evidence is what moved the reading: quotes of a high impact hold the words that raised it."""
    reading, _ = read(THREAD, Reading("cannot ship", customer_impact=6.0))
    assert reading.extraction.customer_impact.score >= 3
    assert "cannot ship" in reading.extraction.customer_impact.quotes[0]


def test_a_level_comes_with_its_probabilities():
    """The level of record follows from what the scale says, and the account value needs none: it was read."""
    reading, _ = read(THREAD)
    for dimension in judge.READ_DIMENSIONS:
        levels = reading.probabilities.of(dimension)
        assert reading.extraction.reading(dimension).score == judge.level(levels)
    assert reading.probabilities.of(Dimension.ACCOUNT_VALUE) is None


@pytest.mark.parametrize(
    ("values", "surprised"),
    [
        ({"customer_impact": 9.0}, True),
        ({"customer_impact": -3.0, "relationship_risk": 3.0}, True),
        ({"customer_impact": -3.0, "feature_gap": 3.0}, False),
    ],
)
def test_a_manager_is_surprised_by_severe_impact_or_damaged_trust(values, surprised):
    """The surprise test follows from what was read."""
    assert read(THREAD, Reading(**values))[0].extraction.surprise_test.surprised is surprised


def test_the_model_is_given_the_text_as_pasted():
    """The pieces in which it is read are the text, letter by letter."""
    model = Reading()
    _, situation = read(THREAD, model)
    assert model.texts == [situation.text]


@pytest.mark.parametrize("value", [-9.0, 0.5, 9.0])
def test_no_training_text_breaks_the_scorer(value):
    """Whatever the model reads, every text becomes a valid reading with all four dimensions."""
    scorer = EmbeddedScorer(Reading(**dict.fromkeys(judge.TARGETS, value)))
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
