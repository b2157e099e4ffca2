"""National identity numbers, told by check digits and labels."""

import pytest

from agent.redaction import identities


@pytest.mark.parametrize(
    "text",
    [
        "AB123456C", "078-05-1120", "Steuer-ID 86095742719", "86 095 742 719", "DNI 12345678Z", "X1234567L",
        "RSSMRA85T10A562S", "BSN 111222333", "756.9217.0769.85", "PESEL 44051401359", "44051401359", "02270812350",
        "529.982.247-25", "CPF: 52998224725", "NIF 123456789",
    ],
)  # fmt: skip
def test_an_identity_number_is_found(text: str) -> None:
    """Of eleven countries, by their check digits where they have any."""
    assert len(list(identities.national_ids(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "12345678A",
        "86095742719",
        "111222333",
        "RSSMRA85T10A562X",
        "000-05-1120",
        "1234-56-789",
        "order 85095742718",
        "44051401358",
        "44054401351",
        "order 44051401359",
        "Zamówienie nr 44051401359",
        "529.982.247-26",
        "52998224725",
        "111.111.111-11",
        "NIF 123456788",
        "123456789",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    """A wrong check digit, and bare digits that nothing calls an identity number."""
    assert list(identities.national_ids(text)) == []
