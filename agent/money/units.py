"""Currencies, suffixes and periods as people write them."""

import re
from collections.abc import Iterable

from agent.schema import Period

RARE_CODES = "CNY DKK HKD HUF IDR ILS ISK KRW MXN MYR NOK NZD PHP RON SGD THB TRY ZAR"
CURRENCIES = {
    "EUR": "€ eur euro euros",
    "USD": "us$ $ usd dollar dollars dólares dollari",
    "GBP": "£ gbp pound pounds sterling quid pfund",
    "CHF": "chf sfr fr. franken francs franchi",
    "JPY": "¥ 円 yen jpy",
    "INR": "₹ inr rupees",
    "PLN": "zł pln",
    "SEK": "kr kr. sek",  # a bare "kr" may also be Norwegian or Danish: near enough for a level
    "CZK": "kč czk",
    "BRL": "r$ brl",
    "AUD": "a$ au$ aud",
    "CAD": "c$ ca$ cad",
} | {code: code.lower() for code in RARE_CODES.split()}
SUFFIXES = {
    1_000: "k t tsd tsd. tausend thousand grand mille mila mil duizend tusen tys tys. tis.",
    1_000_000: "m mio mio. mln mln. million millions millionen millón millones milioni miljoen",
    10_000: "万",
    100_000: "lakh lakhs",
    10_000_000: "crore crores",
}
PERIODS = {
    Period.YEAR: r"years?|yr\.?|annum|annually|annual|yearly|jahr|jährlich|jaehrlich|année|annuels?|año|anual(?:es)?"
    r"|anno|annui|jaar|jaarlijks|(?:om )?(?:året|år)|rocznie|ročně|ano|p\.?\s?a\.?|p/[jy]|arr|acv"
    r"|(?<=par )an|(?<=/)an|(?<=l['’])an",
    Period.MONTH: r"months?|mth|mo|p/m|monthly|monat|monatlich|mtl|mois|mensuels?|mes|mensual(?:es)?|mese|mensili|maand"
    r"|maandelijks|(?:om )?måneden|måned|månad(?:en)?|miesięcznie|měsíčně|p\.?\s?m\.?|mrr",
    Period.QUARTER: r"quarters?|qtr|quarterly|quartal|trimestre|trimestrales|trimestriels?|kwartaal",
}
HOME_CURRENCY = "eur"  # of the policy: "46k ARR" names no currency, and a level needs no exact one
LEAST_IN_FRANCS = 100  # below it, "Fr. 12" is a Friday
PER_YEAR = {Period.YEAR: 1, Period.QUARTER: 4, Period.MONTH: 12, Period.UNKNOWN: 1}


def _lookup(table: dict[str, str]) -> dict[str, str]:
    return {word: key for key, words in table.items() for word in words.split()}


def choice(words: Iterable[str]) -> str:
    """Longest first, so that "euros" is not read as "eur"."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


CURRENCY_OF = _lookup(CURRENCIES)
SUFFIX_OF = {word: factor for factor, words in SUFFIXES.items() for word in words.split()}
