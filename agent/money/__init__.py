"""Amounts of money in a text: what the words say, and which of them is what the account pays."""

from agent.money.amounts import StatedAmount, parse, per_year, read_amounts
from agent.money.revenue import find_arr

__all__ = ["StatedAmount", "find_arr", "parse", "per_year", "read_amounts"]
