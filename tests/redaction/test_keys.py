"""Private keys, whole and torn apart."""

import pytest

from agent import intake
from agent.redaction import Redactor

FIRST = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ"
SECOND = "abcd1234abcd1234abcd1234abcd1234abcd1234abcd1234ab"
LAST = "Zm9vYmFyYmF6cXV4=="
KEY = f"-----BEGIN RSA PRIVATE KEY-----\n{FIRST}\n{SECOND}\n{LAST}\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    "request_text",
    [
        KEY,
        KEY.replace("\n", "\n> "),
        KEY.replace("\n", "\\n"),
        f"<message 1>\nBEGIN RSA PRIVATE KEY\n</message 1>\n<message 2>\n{FIRST}\n{SECOND}\n{LAST}\n</message 2>",
        f"{FIRST}\n{SECOND}\n{LAST}",
    ],
)
@pytest.mark.parametrize("text", [KEY, KEY.replace("\n", "\n> ")])
def test_no_line_of_a_key_is_sent(request_text: str, text: str) -> None:
    """Together, quoted, in JSON, in other parts than its marks, or alone."""
    sent = Redactor(intake.read_text(f"the log:\n\n{text}\n\nwe need help")).redact(request_text)
    for line in (FIRST, SECOND, LAST):
        assert line not in sent
    assert "[SECRET_" in sent


@pytest.mark.parametrize("mark", ["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "BEGIN EC PRIVATE KEY"])
def test_half_a_key_is_a_key(mark: str) -> None:
    """One mark is enough, on either side."""
    for text in (f"{mark}\n{FIRST}\n{SECOND}", f"{FIRST}\n{SECOND}\n{mark}"):
        sent = Redactor(intake.read_text(text)).redact(text)
        assert FIRST not in sent
        assert SECOND not in sent


def test_long_words_without_a_key_stay() -> None:
    """A hash is no secret where nobody speaks of a key."""
    text = f"the build {SECOND} fails"
    assert Redactor(intake.read_text(text)).redact(text) == text
