"""What is kept without the text, and what stays when a triage is forgotten: proved over every field that there is."""

import pytest

from agent import verdicts
from agent.schema import Assessment, Dimension, TriageWarning, WarningCode
from agent.schema.record import KeepText, Outcome, OutcomeKind, Verdict
from agent.store import scrub
from agent.store.forgetting import forget
from tests import filled
from tests.store import kept

WORD = "Quixwort"
# Worded by the tool, its policy or its settings. Every other string may hold words of the text, a name, or what a
# model or an error made of them; a string field added to the schema has to go, or to be named here on purpose.
FORGOTTEN_NEVER = {
    "Assessment.decision",
    "CallRecord.model",
    "CallRecord.prompt",
    "CallRecord.purpose",
    "Provenance.calibrations",
    "Provenance.input_digest",
    "Provenance.model",
    "Provenance.policy",
    "Provenance.precedents",
    "Provenance.prompts",
    "Route.channel",
    "Route.condition",
    "Route.inform",
    "Route.owner",
    "Route.owner_team",
    "Route.together_with",
}
THE_TOOLS_OWN = FORGOTTEN_NEVER | {
    "Finding.where",
    "FollowUp.follows",
    "IssueTypeProbabilities.calibration",
    "LevelProbabilities.calibration",
    "Question.why",
    "Removed.where",
    "SecondOpinion.model",
    "SecondOpinion.unanswered",
}
ACCOUNT = "Assessment.account"  # no person, and lists need it: it stays until it is forgotten
OF_THE_TEXT = {"issues", "words", "what", "reason"}  # what a warning quotes, names, or tells of an error


def full(say=lambda _: WORD):
    """An assessment with every field filled, and every warning raised."""
    warnings = tuple(TriageWarning(code=code, message=WORD) for code in WarningCode)
    return filled.noun(Assessment, say).model_copy(update={"warnings": warnings})


def test_every_string_is_the_tools_own_or_goes():
    """With `keep_text = none` a word in every string there is stays only in the fields named above."""
    left = scrub.without_text(full())
    assert filled.places(left, WORD) - {"TriageWarning.message"} == THE_TOOLS_OWN | {ACCOUNT}
    assert {each.code for each in left.warnings if WORD in each.message} == scrub.SAID_IN_FIGURES


def test_forgetting_leaves_even_less():
    """Of the strings only those that say who decided and by what; no account, and no warning's words."""
    assert filled.places(scrub.figures(full()), WORD) == FORGOTTEN_NEVER


@pytest.mark.parametrize("code", WarningCode)
def test_a_warning_that_stays_takes_nothing_from_the_text(code):
    """Its wording in the policy has places for figures and the policy's terms alone."""
    takes_words = bool(kept.POLICY.warnings[code].words & OF_THE_TEXT)
    assert takes_words is (code not in scrub.SAID_IN_FIGURES)


@pytest.fixture
def saved(sqlite):
    """Keeps a triage whose every word of the text, a model or an error is the same one; gives its id."""
    of = kept.case(text=kept.THREAD.replace("Jonas Weber", WORD), account=WORD)
    raised = tuple(
        TriageWarning(code=code, message="own" if code in scrub.SAID_IN_FIGURES else WORD) for code in WarningCode
    )
    assessment = full(lambda at: "own" if at in THE_TOOLS_OWN else WORD).model_copy(update={"warnings": raised})

    def save(keep_text, **changed):
        return sqlite.save(
            assessment.model_copy(update=changed),
            situation=of.situation,
            grounded=of.grounded,
            policy=of.policy,
            by="Maya",
            keep_text=keep_text,
            message_ids=[f"{WORD}@acme.example"],
        )

    return save


def in_files(place):
    return WORD.encode() in b"".join(file.read_bytes() for file in place.glob("record.db*"))


def test_without_text_no_word_of_it_reaches_the_file(sqlite, saved, tmp_path):
    """Neither database nor journal hold a byte of it, and what is kept can be read back."""
    key = saved(KeepText.NONE, account=None)
    assert sqlite.get(key).assessment.scores.customer_impact.evidence[0].quote == "[not kept]"
    assert not in_files(tmp_path)


def test_forgetting_leaves_no_word_in_the_file(sqlite, saved, tmp_path):
    """Text, names, drafts, follow-up, marks, reasons of verdicts, notes of outcomes, keys of the thread: all gone."""
    key = saved(KeepText.FULL)
    moved = Verdict(scores={Dimension.CSM_CAPABILITY: 5}, reason=f"{WORD} told me.")
    verdicts.give(sqlite, sqlite.get(key), moved, by="Ada")
    sqlite.add_outcome(key, Outcome(outcome=OutcomeKind.RESOLVED, note=f"{WORD} is happy."), by="Ada")
    assert in_files(tmp_path)
    forget(sqlite, key, by="Ada")
    assert not in_files(tmp_path)
    assert sqlite.get(key).summary.forgotten


def test_only_what_was_kept_is_counted_as_removed(sqlite, saved):
    """Without a text there are no quotes to remove."""
    assert forget(sqlite, saved(KeepText.NONE), by="Ada").words() == "the account's name"
