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
