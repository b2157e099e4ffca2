"""A stated ARR becomes EUR per year by the policy's table of rates."""

from decimal import Decimal

import pytest

from agent.engine.arr import eur_per_year, whole
from agent.policy import load_default
from agent.schema import Period
from tests.builders import stated_arr

POLICY = load_default()


@pytest.mark.parametrize(
    ("arr", "euros"),
    [
        (stated_arr(48_000), "48000"),
        (stated_arr(48_000, period=Period.UNKNOWN), "48000"),
        (stated_arr(4_000, period=Period.MONTH), "48000"),
        (stated_arr(12_000, period=Period.QUARTER), "48000"),
        (stated_arr("55860", "USD"), "50000"),  # 1.1172 USD for one EUR
        (stated_arr("41690", "GBP"), "50000"),  # 0.8338 GBP for one EUR
        (stated_arr("4655", "USD", Period.MONTH), "50000"),
    ],
)
def test_euros_per_year(arr, euros):
    """Currency by the rate, period by how often it is paid in a year; an unnamed period is a year."""
    assert eur_per_year(arr, POLICY.rates) == Decimal(euros)


@pytest.mark.parametrize("arr", [None, stated_arr(1, "XAU"), stated_arr("1e400"), stated_arr("9e999999")])
def test_unknown(arr):
    """Nothing stated, a currency without a rate and a figure beyond any real amount are not known, never an error."""
    assert eur_per_year(arr, POLICY.rates) is None


@pytest.mark.parametrize(("euros", "shown"), [("49999.49", 49999), ("49999.50", 50000), ("50000.50", 50001)])
def test_whole_euros(euros, shown):
    """Half a euro is rounded upwards."""
    assert whole(Decimal(euros)) == shown


@pytest.mark.parametrize(("amount", "level"), [("9999.99", 1), ("10000", 3), ("50000", 3), ("50000.01", 5), ("0", 1)])
def test_level_borders(amount, level):
    """Exactly EUR 10,000 and exactly EUR 50,000 are level 3; a cent less or more is not."""
    euros = eur_per_year(stated_arr(amount), POLICY.rates)
    assert POLICY.account_value_by_arr.level(euros) == level
