"""Every thread of the corpus is read as a person reads it."""

import pytest

from tests.corpus.matrix import LANGUAGES, Case, cases


@pytest.mark.parametrize("case", cases(), ids=[f"{n}-{case.name}" for n, case in enumerate(cases())])
def test_a_thread(case: Case) -> None:
    """Author, side, order, words, signature and legal text of each message."""
    read = [(m.author, m.side, m.body, m.signature, m.disclaimer) for m in case.read().messages]
    assert read == [tuple(message) for message in case.messages]


@pytest.mark.parametrize("client", ["outlook", "outlook_web", "original_message", "gmail", "gmail_forward", "apple_mail", "thunderbird"])
def test_the_corpus_holds_every_language(client: str) -> None:
    """A client that speaks all fourteen languages is there in all of them."""
    assert [case.language for case in cases() if case.client == client] == list(LANGUAGES)


def test_the_senders_moment_is_told() -> None:
    """Where a header names the whole moment it is read; where day and month could be swapped it is not guessed."""
    ambiguous = {"02/11/2026 09:15", "02/11/2026 à 09:15", "02/11/2026 09:15:12", "02/11/2026 a las 9:15"}
    for case in cases():
        for message in case.read().messages:
            if case.language != "ja" and "2026" in (message.sent_as_written or "") and "/" not in (message.sent_as_written or ""):
                assert message.sent is not None, message.sent_as_written
            if message.sent_as_written in ambiguous:
                assert message.sent is None
