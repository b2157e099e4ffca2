"""How many words of each kind of time stand in a text: now, soon, later.

The states alone tell time badly, so the counts are a third reader of time sensitivity beside heads and lexicon. Counted
is what is said: the clock times of headers and of a chat's stamps speak for nothing.
"""

import re

from agent.embedded import passages

KINDS = ("time_now", "time_soon", "time_later")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} ?[ap]m\b|\b\d{1,2} uhr\b", re.IGNORECASE)
_MOST = 4  # a long text is not more urgent than a short one


def counts(text: str) -> dict[str, float]:
    """Different time words per kind, 0 to 4; a clock time speaks for now."""
    found = {kind: passages.hits(kind, text) for kind in KINDS}
    found["time_now"] += len(set(_CLOCK.findall(text)))
    return {kind: float(min(_MOST, count)) for kind, count in found.items()}
