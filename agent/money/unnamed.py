"""Amounts that name no currency, and the words beside them by which they are money all the same.

"46k ARR", "pays us 6k", "Blue Fern (6k a year)" and "a 45k account" are said among colleagues, in the currency in which
they count. Other numbers without a currency are head counts.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from agent.late import late

LEAST = 100  # below it, "ARR 12" is a count
_REVENUE = {"arr", "mrr", "acv"}
_THOUSANDS = {"k", "grand"}
_LOOKS_BACK = 40  # characters

_REVENUE_BEFORE = late(
    r"(?<![^\W_])(?:ARR|MRR|ACV)(?: ?[:=~]| is| of| at| von| de| di| van)?(?: about| around| ca\.?)? ?$"
)
_PAID_BEFORE = late(
    r"(?<![^\W_])(?:(?:pays?|paying|worth|brings?|zahl(?:t|en)|paient|paie|paga|pagan|pagano|betaalt|betalen)"
    r"(?: us| uns| nous| nos| ci| ons)?|(?:machen|macht|umsatz) (?:bei|mit) uns:?"
    r"|(?:renewal|contract|deal(?: size)?|subscription|vertrag|abo|contrat|contrato|contratto)"
    r"(?: is| of| at| worth| value|:| über| von| de| di)?(?: ?\()?)"
    r"(?: about| around| roughly| ca\.?| rund| etwa| environ| unos| circa)? ?$",
    re.IGNORECASE,
)
# "Blue Fern (6k a year)" and "small account, 6k/yr, nothing strategic": said of whom is named before it. One capital
# alone names nobody: "Orders - 120k a year".
_NAME = r"[A-ZÀ-Þ][\w&'’.-]*"
_NAME_BEFORE = late(
    rf"(?<![^\W_])(?:(?<!\bin )(?<!\bto )(?<!\bfrom ){_NAME} {_NAME}"
    r"|account|customer|client|kunde|kundin|cliente|klant),? ?[(,–—-] ?$"
)
# "40k visitors" and "a 30k account import" count something else; "a 45k account and" does not.
_COUNTED = late(
    r"[ -](?!(?:account|customer|client|contract|an?|per|in|for|and|or|but|with|to|on|at|as|is|if|so|we|they|which|that"
    r"|who|since|im|pro|par|al|und|aber|mit|di|de|en|e|et|y|arr|mrr|acv)(?!\w))[^\W\d_]{2,}",
    re.IGNORECASE,
)
_SAID_ALL = late(r"(?<=\.)\s|\s*(?:[),;|\n]|\.(?:\s|$)|[–—-]\s|$)")
_A_BEFORE = late(r"(?<![^\W_])(?:an?|our|their) $", re.IGNORECASE)
_ACCOUNT_AFTER = late(
    r"[ -](?:account|customer|client|contract)(?![\w-]| (?:base|records?|lists?|data|files?|ids?)\b)", re.IGNORECASE
)


def revenue(
    text: str, match: re.Match[str], after: re.Match[str] | None, *, number: Decimal, yearly: bool
) -> tuple[int, int] | None:
    """Where the words begin and end by which a number is money, itself included; None where it is no money.

    `after` is the period behind it, `yearly` tells whether that is a year.
    """
    end = after.end() if after else match.end()
    if after and after.group().strip(" ,(").lower() in _REVENUE:
        return match.start(), end
    if number < LEAST:
        return None
    thousands = (match["suffix"] or "").lower() in _THOUSANDS
    return next(_spans(text, match.start(), end, thousands=thousands, yearly=yearly), None)


def _spans(text: str, start: int, end: int, *, thousands: bool, yearly: bool) -> Iterator[tuple[int, int]]:
    back = max(0, start - _LOOKS_BACK)
    counted = _COUNTED.match(text, end)
    if thousands and not counted and (paid := _PAID_BEFORE.search(text, back, start)):
        yield paid.start(), end + (paid.group().endswith("(") and text[end : end + 1] == ")")
    if named := _REVENUE_BEFORE.search(text, back, start):
        yield named.start(), end
    if not thousands:
        return
    account = _ACCOUNT_AFTER.match(text, end)
    if account and _COUNTED.match(text, account.end()):
        return
    if account and (article := _A_BEFORE.search(text, back, start)):
        yield article.start(), account.end()
    named_before = _NAME_BEFORE.search(text, back, start) and _SAID_ALL.match(text, end)
    if yearly and (account or named_before or text.strip() == text[start:end]):
        yield start, account.end() if account else end
