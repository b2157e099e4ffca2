"""Ticket numbers."""

import pytest

from agent.drafting.tickets import tickets
from agent.schema import Message
from tests.drafting.test_template import brief


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ABC-123 and INV-2041-7", ("ABC-123", "INV-2041-7")),
        ("#48817 | open", ("#48817",)),
        ("INC0012345", ("INC0012345",)),
        ("Ticket Nr. 4711", ("4711",)),
        ("Case 00440917 opened", ("00440917",)),
        ("Ticket 8-10442", ("8-10442",)),
        ("TICKET 5519-C", ("5519-C",)),
        ("ref 204-77, CASE J-3310", ("204-77", "J-3310")),
        ("Ticket 870", ("870",)),
        ("Demande n° 6018", ("6018",)),
        ("incidencia 41177; ID 50218", ("41177", "50218")),
        ("TICKET 2024-8830", ("2024-8830",)),
        ("case 12-11-2026, ref 2026-11-03, ticket 2025, case 2026-11", ()),
        ("ticket 4800 EUR, case 12,500, ref 500 €, ticket 10:45", ()),
        ("ID 0151 2345678, in case 5000 come, case 3 weeks", ()),
        ("EUR-500, EUR 48817, 48,000 EUR", ()),
        ("2026-11-03, 03.11.2026, Q3-2026, FY26-1", ()),
        ("UTF-8 and ISO-9001", ()),
        ("see https://x.example/browse/ABC-123 or a#123", ()),
        ("option #1", ()),
    ],
)
def test_ticket_numbers_are_told_from_money_dates_and_norms(text, found):
    """Only what people use as a ticket number counts as one."""
    assert tickets(brief(Message(number=1, body=text))) == found
