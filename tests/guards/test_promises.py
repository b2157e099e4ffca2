import pytest

from agent.guards import check
from agent.schema import FindingCode
from tests.guards.cases import POLICY, THREADS, brief, saying
from tests.guards.test_leaks import heard_from_customer


def promised(sentence, language="en", case=None):
    """The words that are held against this sentence as a promise."""
    case = case or brief(language if language in THREADS else "en", language=language)
    return [f.words for f in check(saying(sentence, language), case, POLICY) if f.code is FindingCode.PROMISE]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It will be fixed."),
        ("en", "We will resolve it."),
        ("en", "I guarantee a result."),
        ("en", "This will not happen again."),
        ("de", "Der Fehler wird zügig behoben."),
        ("de", "Ich verspreche Ihnen eine Lösung."),
        ("de", "Wir garantieren Ihnen ein Ergebnis."),
        ("fr", "Le problème sera résolu."),
        ("es", "El problema quedará resuelto."),
        ("nl", "Het probleem wordt snel opgelost."),
        ("it", "Il problema sarà risolto."),
    ],
)
def test_a_fix_is_not_promised(language, sentence):
    """Nobody has promised a fix, so no message does."""
    assert promised(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "You asked when it will be fixed."),
        ("en", "I cannot promise a result yet."),
        ("en", "I will keep you posted and we will work on it."),
        ("de", "Sie fragen, wann der Fehler behoben wird."),
        ("de", "Eine Lösung kann ich noch nicht versprechen."),
        ("de", "Wir arbeiten an einer Lösung."),
        ("fr", "Je ne vous promets rien à ce stade."),
        ("nl", "Wij werken aan een oplossing."),
    ],
)
def test_asking_denying_and_working_are_no_promises(language, sentence):
    """A sentence that asks, denies or describes work commits to nothing."""
    assert promised(sentence, language) == []


@pytest.mark.parametrize(
    ("language", "sentence", "asked"),
    [
        ("en", "I passed on your question about a refund.", "Can we have a refund?"),
        ("de", "Ihre Frage nach einer Gutschrift habe ich weitergegeben.", "Bekommen wir eine Gutschrift?"),
    ],
)
def test_money_back_is_spoken_of_only_after_the_customer(language, sentence, asked):
    """A concession comes up in a message only if the customer brought it up."""
    assert promised(sentence, language)
    assert promised(sentence, language, heard_from_customer(asked, language)) == []
