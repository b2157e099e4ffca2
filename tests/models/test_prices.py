import pytest

from agent.models.prices import cost_usd


def test_no_tokens_no_price() -> None:
    """Where nobody counted, nothing is priced."""
    assert cost_usd("openai/gpt-5-mini", None, None, None) is None


def test_cached_tokens_are_part_of_the_input_and_cheaper() -> None:
    """The price is read from the table of the extra; a cached call costs less than the same call uncached."""
    pytest.importorskip("genai_prices")
    full = cost_usd("openai/gpt-5-mini", 1000, 0, 100)
    cached = cost_usd("openai/gpt-5-mini", 1000, 800, 100)
    assert full is not None
    assert cached is not None
    assert 0 < cached < full


def test_an_unknown_model_has_no_price() -> None:
    """Unknown is None, never zero."""
    assert cost_usd("openai/never-heard-of-it", 1000, 0, 100) is None
