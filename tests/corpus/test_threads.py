"""Every thread of the corpus is read as a person reads it."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.intake.repeats import once
from agent.intake.thread import split
from tests.corpus.matrix import LANGUAGES, Case, cases


@pytest.mark.parametrize("case", cases(), ids=[f"{n}-{case.name}" for n, case in enumerate(cases())])
def test_a_thread(case: Case) -> None:
    """Author, side, order, words, signature and legal text of each message."""
    read = [(m.author, m.side, m.body, m.signature, m.disclaimer) for m in case.read().messages]
    assert read == [tuple(message) for message in case.messages]


@pytest.mark.parametrize(
    "client", ["outlook", "outlook_web", "original_message", "gmail", "gmail_forward", "apple_mail", "thunderbird"]
)
def test_the_corpus_holds_every_language(client: str) -> None:
    """A client that speaks all fourteen languages is there in all of them."""
    assert [case.language for case in cases() if case.client == client] == list(LANGUAGES)


def test_the_senders_moment_is_told() -> None:
    """Where a header names the whole moment it is read; where day and month could be swapped it is not guessed."""
    ambiguous = {"02/11/2026 09:15", "02/11/2026 à 09:15", "02/11/2026 09:15:12", "02/11/2026 a las 9:15"}
    for case in cases():
        for message in case.read().messages:
            if (
                case.language != "ja"
                and "2026" in (message.sent_as_written or "")
                and "/" not in (message.sent_as_written or "")
            ):
                assert message.sent is not None, message.sent_as_written
            if message.sent_as_written in ambiguous:
                assert message.sent is None


_LINES = sorted({line for case in cases() for line in case.text.splitlines()})
_MARKED = st.tuples(
    st.sampled_from(["", "> ", ">> ", "> > ", "  "]), st.one_of(st.sampled_from(_LINES), st.text(max_size=30))
)


def _visible(text: str) -> Counter[str]:
    return Counter(character for character in text if not character.isspace() and character != ">")


@settings(deadline=None)
@given(st.lists(_MARKED.map("".join), min_size=1, max_size=30).map("\n".join))
def test_no_text_is_lost(text: str) -> None:
    """Lines of the corpus and others in any order and depth: every visible character is in one heading or one message."""
    parts = split(text)
    assert _visible("".join(part.heading + part.body for part in parts)) == _visible(text)


@settings(deadline=None)
@given(st.lists(_MARKED.map("".join), min_size=1, max_size=30).map("\n".join))
def test_what_is_left_out_is_named(text: str) -> None:
    """A message that is not kept stands in another one, word for word, and the situation says how many there were."""
    parts = split(text)
    kept, gone = once(parts)
    words = ["".join(part.body.split()).lower().replace(">", "") for part in kept]
    for part in parts:
        runs = ["".join(run.split()).lower().replace(">", "") for run in part.body.split("\n\n")]
        assert (
            part in kept
            or all(any(run in whole for whole in words) for run in runs)
            or part.body in {p.body for p in kept}
        )
    assert len(parts) == len(kept) + gone
