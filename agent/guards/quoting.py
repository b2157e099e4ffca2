"""Whether a sentence may be quoted back to the customer, judged as if nobody had said it yet.

Who wrote a sentence is told by headings, and headings can mislead. So a sentence is quoted only if it would be harmless
had one of us written it.
"""

import re

from agent import money
from agent.guards import leaks, words
from agent.guards.addresses import addresses
from agent.guards.texts import undisguised
from agent.schema import Brief, Period

THEIRS_TO_SAY = frozenset({"office", "ranking"})  # a customer may speak of their own managing director and priorities


def may_quote(sentence: str, brief: Brief) -> bool:
    """No revenue, rating, internal word, colleague, promise, money back, nor anything to click, dial or pay to."""
    lists, plain = words.load(), undisguised(sentence)
    inside = (group for name, group in lists.internal.items() if name not in THEIRS_TO_SAY)
    barred = (*inside, *lists.rated, *lists.promises.values(), *lists.concessions.values())
    return not (
        any(pattern.search(plain) for pattern in (*barred, lists.of_our_notes))
        or leaks.mixes_scripts(plain)
        or any(True for _ in leaks.spoken_levels(plain))
        or any(True for _ in addresses(plain))
        or _is_revenue(plain, brief)
        or _names_the_csm(plain, brief)
    )


def _is_revenue(plain: str, brief: Brief) -> bool:
    """An amount for a period, or the account's own in any notation."""
    for_a_period = any(amount.period is not Period.UNKNOWN for amount in money.read_amounts(plain))
    ours = leaks.revenue(brief)
    return for_a_period or any(amount in ours for _, amount in leaks.numbers(plain))


def _names_the_csm(plain: str, brief: Brief) -> bool:
    ours = {name for name in re.findall(r"\w{3,}", brief.signature.name or "") if name[0].isupper()}
    return bool(ours & set(re.findall(r"\w+", plain)))
