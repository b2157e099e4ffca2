"""The account's name, where the text names it."""

import pytest

from agent import intake
from agent.embedded import account
from agent.schema import Message, Side, Situation


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Account: Lindqvist Stability Services, EUR 31,000/yr", "Lindqvist Stability Services"),
        ("Bramble Forge (studio, 22k EUR/yr): it stutters", "Bramble Forge"),
        ("Kunde Rheinbau (ARR 41k): der Export bricht ab", "Rheinbau"),
        ("Unser Kunde Rheinbau (ARR 41k) ist sauer", "Rheinbau"),
        ("Our customer Blue Fern, EUR 6k a year, waits for an answer", "Blue Fern"),
        ("it stutters again and nobody knows why", None),
        ("our customer pays EUR 6k a year", None),
    ],
)
def test_the_account_is_named_where_the_text_names_it(text: str, named: str | None) -> None:
    """A label or the words before the amount name the account; else nobody does."""
    assert account.name(intake.read_text(text, source="test")) == named


def test_the_account_is_named_by_the_customers_address() -> None:
    """The domain of the customer's address is spelled out somewhere in the text."""
    body = "Regards, Ada, Brightwater Foods"
    mail = Message(number=1, side=Side.CUSTOMER, body=body, address="ada@brightwaterfoods.example")
    assert account.name(Situation(text=body, messages=(mail,))) == "Brightwater Foods"
