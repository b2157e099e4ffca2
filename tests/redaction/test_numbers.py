"""Numbers that are private, told from all others."""

import pytest

from agent.redaction import numbers
from agent.redaction.found import Found


def words(text: str, found: list[Found]) -> list[str]:
    return [text[one.start : one.end] for one in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF", "DE89 3704 0044 0532 0130 00"),
        ("to gb29nwbk60161331926819 please", "gb29nwbk60161331926819"),
    ],
)
def test_an_iban_ends_where_its_country_says(text: str, value: str) -> None:
    """Letters that follow are no part of it."""
    assert words(text, list(numbers.ibans(text))) == [value]


@pytest.mark.parametrize("text", ["DE88 3704 0044 0532 0130 00", "XX89 3704 0044 0532 0130 00", "DE89 3704 0044 0532"])
def test_what_fails_the_check_is_no_iban(text: str) -> None:
    """One digit, an unknown country, a length that is not the country's."""
    assert list(numbers.ibans(text)) == []


@pytest.mark.parametrize(
    ("text", "found"), [("4111 1111 1111 1111", 1), ("4111 1111 1111 1112", 0), ("4444444444444444", 0)]
)
def test_a_card_fits_its_check(text: str, found: int) -> None:
    """A serial number of the same length does not."""
    assert len(list(numbers.cards(text))) == found


@pytest.mark.parametrize(
    "text",
    [
        "EUR 120,000", "2026-03-12", "12.03.2026 - 14.03.2026", "10.2.14.3", "ticket 4500123456", "order 88-120-4471",
        "12,345,678 rows", "12 345 678 lignes", "VAT 01234567890", "0.123456789", "10:30:45 to 11:45:00", "99.95 % of 1200",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "nl", None])
def test_no_telephone_is_seen_in_other_numbers(text: str, language: str | None) -> None:
    """Amounts, dates, versions, tickets, orders and counts."""
    assert words(text, list(numbers.phones(text, language))) == []
