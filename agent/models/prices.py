"""What a call to OpenAI costs, by the public price table of the extra `prices`."""


def cost_usd(
    model: str, input_tokens: int | None, cached_tokens: int | None, output_tokens: int | None
) -> float | None:
    """Cost in US dollars; None where the table is not installed, or does not know the model. Cached counts as input."""
    if input_tokens is None or output_tokens is None:
        return None
    try:
        from genai_prices import Usage, calc_price  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        return None
    usage = Usage(input_tokens=input_tokens, cache_read_tokens=cached_tokens or 0, output_tokens=output_tokens)
    try:
        return float(calc_price(usage, model_ref=model.removeprefix("openai/"), provider_id="openai").total_price)
    except LookupError:
        return None


# USD per million tokens read, as OpenAI lists them for its Decisions API (October 2026); nothing else is charged there.
_DECISIONS = {"gpt-6-luna": 0.10}


def decision_cost_usd(model: str, input_tokens: int | None) -> float | None:
    """Cost of one call to OpenAI's Decisions API in US dollars; None for a model whose price is not known."""
    price = _DECISIONS.get(model)
    return None if price is None or input_tokens is None else price * input_tokens / 1e6
