"""Amounts of money in a text: the number, its currency and what it pays for, with the words they were read from.

The number itself is read by price-parser, which drops suffixes ("$1.2M" is 1.2 to it); suffixes, currencies and periods
are the tables below. A number without a currency is never an amount: "ticket #4500" is not money.
"""

import re
from decimal import Decimal
from typing import Protocol

from price_parser import Price
from pydantic import Field

from agent.schema import Noun, Period

RARE_CODES = "CNY DKK HKD HUF IDR ILS ISK KRW MXN MYR NOK NZD PHP RON SGD THB TRY ZAR"
CURRENCIES = {
    "EUR": "€ eur euro euros",
    "USD": "us$ $ usd dollar dollars dólares dollari",
    "GBP": "£ gbp pound pounds sterling quid pfund",
    "CHF": "chf sfr fr. franken francs franchi",
    "JPY": "¥ 円 yen jpy",
    "INR": "₹ inr rupees",
    "PLN": "zł pln",
    "SEK": "kr sek",  # a bare "kr" may also be Norwegian or Danish: near enough for a level
    "CZK": "kč czk",
    "BRL": "r$ brl",
    "AUD": "a$ au$ aud",
    "CAD": "c$ ca$ cad",
} | {code: code.lower() for code in RARE_CODES.split()}
SUFFIXES = {
    1_000: "k t tsd tsd. tausend thousand mille mila mil duizend",
    1_000_000: "m mio mio. mln mln. million millions millionen millón millones milioni miljoen",
    10_000: "万",
    100_000: "lakh lakhs",
    10_000_000: "crore crores",
}
PERIODS = {
    Period.YEAR: r"years?|yr\.?|annum|annually|annual|yearly|jahr|jährlich|jaehrlich|année|annuels?|año|anual(?:es)?"
    r"|anno|annui|jaar|jaarlijks|p\.?\s?a\.?|p/[jy]|arr|acv|(?<=par )an|(?<=/)an|(?<=l['’])an",
    Period.MONTH: r"months?|mth|mo|p/m|monthly|monat|monatlich|mtl|mois|mensuels?|mes|mensual(?:es)?|mese|mensili|maand"
    r"|maandelijks|p\.?\s?m\.?|mrr",
    Period.QUARTER: r"quarters?|qtr|quarterly|quartal|trimestre|trimestrales|trimestriels?|kwartaal",
}
LEAST_BARE_AMOUNT = 1_000
HOME_CURRENCY = "eur"  # of the policy: "46k ARR" names no currency, and a level needs no exact one
_NAMED_REVENUE = {"arr", "mrr", "acv"}
LEAST_IN_FRANCS = 100  # below it, "Fr. 12" is a Friday
PER_YEAR = {Period.YEAR: 1, Period.QUARTER: 4, Period.MONTH: 12, Period.UNKNOWN: 1}


def _lookup(table: dict[str, str]) -> dict[str, str]:
    return {word: key for key, words in table.items() for word in words.split()}


def _choice(words: list[str]) -> str:
    """Longest first, so that "euros" is not read as "eur"."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


CURRENCY_OF = _lookup(CURRENCIES)
SUFFIX_OF = {word: factor for factor, words in SUFFIXES.items() for word in words.split()}

_CURRENCY = _choice(list(CURRENCY_OF))
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_NUMBER = (
    r"(?<![\d#])(?<!\d[.,:/'’-])"
    r"(?:\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d{1,2}(?!\d))?|\d{1,12}(?:[.,]\d{1,2}(?!\d))?)"
    r"(?![.,:/-]?\d|%)"
)
_LINK = r"\s?[,(]?\s?(?:(?:per|a|an|pro|im|par|al|por|je|the|every|each|in) |/ ?|all['’]|(?:à )?l['’])?"
_PERIOD = "(?:" + "|".join(f"(?P<{period}>{words})" for period, words in PERIODS.items()) + r")(?![^\W_])"
_AMOUNT = re.compile(
    rf"(?:{_NO_LETTER_BEFORE}(?P<kilo>t(?=eur|€))?(?P<before>{_CURRENCY})\s?)?"
    rf"(?P<number>{_NUMBER})"
    rf"(?:[ \u00a0\u202f]?(?P<suffix>{_choice(list(SUFFIX_OF))})(?=\s?(?:{_CURRENCY})|{_NO_LETTER_AFTER}))?"
    rf"(?:[ \u00a0\u202f-]?(?P<after>{_CURRENCY})(?![^\W\d_]))?",
    re.IGNORECASE,
)
_PERIOD_AFTER = re.compile(rf"(?: (?:with|to|at) (?:you|us))?{_LINK}{_PERIOD}", re.IGNORECASE)
_PERIOD_BEFORE = re.compile(
    r"(?<![^\W_])(?:(?P<year>ARR|ACV|annual|yearly|per year|jährlich|Jahres\w{0,20}|im Jahr|annuel|anual|jaarlijks)"
    r"|(?P<month>MRR|monthly|per month|monatlich|Monats\w{0,20}|im Monat|mensuel|mensual|maandelijks)"
    r"|(?P<quarter>quarterly))(?![^\W_])[^.;\n\d]{0,20}$",
    re.IGNORECASE,
)
_CURRENCY_LATE = re.compile(rf"(?: [AM]RR)?,?\s?\(?(?:in )?(?P<late>{_CURRENCY})(?![^\W_])\)?", re.IGNORECASE)
_PER_UNIT = re.compile(
    r"\s?(?:/ ?|(?:per|an?|pro|je|par|por|al|each|every|jede[nrs]?|chaque|cada|ogni) |all['’]|à l['’])"
    r"(?!year|annum|month|quarter|jahr|monat|quartal|an\b|mois|trimestre|año|mes|anno|jaar|maand|kwartaal)[^\W\d_]{2,}|\s(?:each|apiece)\b",
    re.IGNORECASE,
)


class StatedAmount(Noun):
    """One amount as a text states it; `start` and `end` are the place of `words` in that text."""

    words: str
    start: int
    end: int
    amount: Decimal = Field(ge=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")
    period: Period = Period.UNKNOWN


class Stated(Protocol):
    """Anything with an amount and the period it pays for."""

    @property
    def amount(self) -> Decimal: ...

    @property
    def period(self) -> Period: ...


def per_year(stated: Stated) -> Decimal:
    """The amount for a whole year, in its own currency; an unknown period counts as a year."""
    return stated.amount * PER_YEAR[stated.period]


def _period(match: re.Match[str] | None) -> Period:
    return next((p for p in PERIODS if match and match[p]), Period.UNKNOWN)


def _read(match: re.Match[str], text: str) -> StatedAmount | None:
    after = _PERIOD_AFTER.match(text, match.end())
    end = after.end() if after else match.end()
    currency = match["before"] or match["after"]
    if not currency and after and (late := _CURRENCY_LATE.match(text, end)):
        currency, end = late["late"], late.end()
    if not currency and after and after.group().strip(" ,(").lower() in _NAMED_REVENUE:
        currency = HOME_CURRENCY
    if not currency or (currency.islower() and currency.upper() in RARE_CODES):  # "try" and "ils" are also words
        return None
    number = Price.fromstring(match["number"].replace("’", "'")).amount
    if number is None:
        return None
    factor = SUFFIX_OF[match["suffix"].lower()] if match["suffix"] else 1_000 if match["kilo"] else 1
    if currency.lower() == "fr." and number * factor < LEAST_IN_FRANCS:
        return None
    before = _PERIOD_BEFORE.search(text, max(0, match.start() - 60), match.start())
    return StatedAmount(
        words=text[match.start() : end],
        start=match.start(),
        end=end,
        amount=number * factor,
        currency=CURRENCY_OF[currency.lower()],
        period=_period(after) if after else _period(before),
    )


def read_amounts(text: str) -> tuple[StatedAmount, ...]:
    """Every amount with a currency, in the text's order."""
    return tuple(amount for match in _AMOUNT.finditer(text) if (amount := _read(match, text)))


def parse(words: str) -> StatedAmount | None:
    """The amount in a few words such as "EUR 48k" or "4,1k€/Monat"; None where there is none, or more than one."""
    amounts = read_amounts(words)
    return amounts[0] if len(amounts) == 1 else None


# What says that an amount is the account's recurring revenue, and what says that it is something else.
_REVENUE = re.compile(
    r"(?<![^\W_])(?:ARR|MRR|ACV|contract|contrat|contrato|contratto|vertrag\w{0,12}|subscription|abo|abonnement\w{0,4}"
    r"|suscripción|abbonamento|renews?|renewal|verlängerung|renouvellement|renovación|rinnovo|verlenging|licen[cs]e\w{0,4}|lizenz\w{0,10}|plan|tarif|pays?|paying|zahl(?:t|en)|paie(?:nt)?|pagan?"
    r"|betaalt|betalen|spends?|account|worth|fee)(?![^\W_])",
    re.IGNORECASE,
)
_NOT_REVENUE = re.compile(
    r"penal|fined?\b|fines\b|credit|refund|invoice|overcharg|overbill|billed|charged|disput|difference|arrears"
    r"|lost\b|los(?:e|es|ing|s)\b|losses|damage|cost|salar|wage|budget|competitor|offer|quote[ds]?\b|cheaper|limit"
    r"|approv|sign off|surcharge|overage|fee for|devolv|devuel|sales\b|strafe|gutschrift|rechnung|bestreit|verlust"
    r"|verlier|schadenersatz|kost|gehalt|angebot|wettbewerb|differenz|freigabe|nachlass|pénalit|amende|avoirs?\b"
    r"|factur(?!amos)|faisait|chiffre|perte|perd|coût|offre|remise|écart|multa|reembols|abono|pérdida|pierd|perdi"
    r"|coste|oferta|penale|nota di credito|fattur|perdit|perde|offerta|boete|verlies|schadevergoeding|factuur"
    r"|offerte|korting|turnover|umsatz(?! mit uns)|revenue of",
    re.IGNORECASE,
)
_CLAUSE_END, _CLAUSE_OR_COMMA = re.compile(r"[.;!?](?=\s)|\n"), re.compile(r"[,;)\n]|[.!?](?=\s)")


def _clause(text: str, amount: StatedAmount) -> tuple[str, str]:
    """What stands before and after an amount in its own clause, 40 and 25 characters at most."""
    before = _CLAUSE_END.split(text[max(0, amount.start - 40) : amount.start])[-1]
    return before, _CLAUSE_OR_COMMA.split(text[amount.end : amount.end + 25])[0]


def _revenue_rank(text: str, amount: StatedAmount) -> int:
    """How clearly an amount is recurring revenue: 4 with a period and a word for it, 1 bare, 0 if something else."""
    before, after = _clause(text, amount)
    periodic = amount.period is not Period.UNKNOWN
    if _NOT_REVENUE.search(before) or (
        not periodic and (_NOT_REVENUE.search(after) or _PER_UNIT.match(text, amount.end))
    ):
        return 0
    named = bool(_REVENUE.search(before) or _REVENUE.search(after))
    return 1 + 2 * periodic + named


def find_arr(text: str) -> StatedAmount | None:
    """The amount that is most clearly the account's recurring revenue, the first of equals; None if none is.

    A bare amount ("Nordhav, 48k EUR, renews in May") counts only where it is the only one and at least 1,000.
    """
    ranked = [(_revenue_rank(text, amount), amount) for amount in read_amounts(text)]
    if clear := [(rank, -amount.start, amount) for rank, amount in ranked if rank > 1]:
        return max(clear)[2]
    bare = [amount for rank, amount in ranked if rank and amount.amount >= LEAST_BARE_AMOUNT]
    return bare[0] if len(bare) == 1 else None
