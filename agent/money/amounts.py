"""Amounts of money in a text: the number, its currency and what it pays for, with the words they were read from.

The number itself is read by price-parser, which drops suffixes ("$1.2M" is 1.2 to it); suffixes, currencies and periods
are the tables of `units`. A number without a currency is no amount ("ticket #4500"), `unnamed` ones aside.
"""

import re
from decimal import Decimal
from typing import Protocol

from price_parser import Price
from pydantic import Field

from agent.late import late
from agent.money import unnamed
from agent.money.spelt import HALF_A_MILLION, THOUSANDS
from agent.money.units import (
    CURRENCY_OF,
    HOME_CURRENCY,
    LEAST_IN_FRANCS,
    PER_YEAR,
    PERIODS,
    RARE_CODES,
    SUFFIX_OF,
    choice,
)
from agent.schema import Noun, Period

_SPELT = THOUSANDS | HALF_A_MILLION
_CURRENCY = choice(CURRENCY_OF)
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_NUMBER = (
    r"(?<![\d#])(?<!\d[.,:/'’-])"
    r"(?:\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d{1,2}(?!\d))?|\d{1,12}(?:[.,]\d{1,2}(?!\d))?)"
    r"(?![.,:/-]?\d|%)"
)
_TAX = (
    r"(?:,? ?\(?(?:net|netto|plus vat|excl?\.? (?:vat|btw)|[+] ?(?:vat|mwst\.?|iva|btw)|zzgl\.? mwst\.?|ht"
    r"|hors taxes|m[áa]s iva"
    r"|sin iva|più iva)(?![^\W_])\)?)?"
)
_LINK = r"\s?[,(]?\s?(?:(?:per|a|an|pro|im|par|al|por|je|the|every|each|in) |/ ?|all['’]|(?:à )?l['’])?"
_PERIOD = "(?:" + "|".join(f"(?P<{period}>{words})" for period, words in PERIODS.items()) + r")(?![^\W_])"
_AMOUNT = late(
    rf"(?:{_NO_LETTER_BEFORE}(?P<kilo>[tk](?=eur|€))?(?P<before>{_CURRENCY})\s?)?"
    rf"(?:(?P<number>{_NUMBER})(?:[.,][-–—]{{1,2}})?|(?P<spelt>{_NO_LETTER_BEFORE}(?:{choice(_SPELT)})))"
    rf"(?:[ \u00a0\u202f]?(?P<suffix>{choice(SUFFIX_OF)})(?=\s?(?:{_CURRENCY})|{_NO_LETTER_AFTER}))?"
    rf"(?:[ \u00a0\u202f-]?(?P<after>{_CURRENCY})(?![^\W\d_]))?",
    re.IGNORECASE,
)
_PERIOD_AFTER = late(rf"{_TAX}(?: (?:with|to|at) (?:you|us))?{_LINK}{_PERIOD}", re.IGNORECASE)
_AND_PERIOD = late(rf"(?: (?:and|und|et|y|e|en)(?= ))?{_LINK}{_PERIOD}", re.IGNORECASE)
_PERIOD_BEFORE = late(
    r"(?<![^\W_])(?:(?P<year>ARR|ACV|annual|yearly|per year|jährlich|Jahres\w{0,20}|im Jahr|annuel|anual|jaarlijks)"
    r"|(?P<month>MRR|monthly|per month|monatlich|Monats\w{0,20}|im Monat|mensuel|mensual|maandelijks)"
    r"|(?P<quarter>quarterly))(?![^\W_])[^.;\n\d]{0,20}$",
    re.IGNORECASE,
)
_CURRENCY_LATE = late(rf"(?: [AM]RR)?,?\s?\(?(?:in )?(?P<late>{_CURRENCY})(?![^\W_])\)?", re.IGNORECASE)
PER_UNIT = late(
    r"\s?(?:/ ?|(?:per|an?|pro|je|par|por|al|each|every|jede[nrs]?|chaque|cada|ogni) |all['’]|à l['’])"
    r"(?!year|annum|month|quarter|jahr|monat|quartal|an\b|mois|trimestre|año|mes|anno|jaar|maand"
    r"|kwartaal)[^\W\d_]{2,}|\s(?:each|apiece)\b",
    re.IGNORECASE,
)
_SEATS = late(
    r"(?<![\w.,])(?P<count>\d{1,2}[., ’']\d{3}|\d{1,5}) (?:\w+ )?(?:seats?|users?|licen[cs]es?|logins?|sites?"
    r"|locations?|branches|stores|shops"
    r"|lizenzen|plätze|arbeitsplätze|nutzer|standorte|filialen|licences|postes|utilisateurs|sites|agences|licencias"
    r"|usuarios|puestos|sedes|tiendas|licenze|utenti|postazioni|sedi|licenties|gebruikers|werkplekken|vestigingen)"
    r",? ?(?:(?P<each>zu je|je|×|x|@|à)|at|a|zu|for|für|pour|por|per|voor|van|de|da)? ?$",
    re.IGNORECASE,
)
_EACH = late(r",? ?(?:each|apiece|jeweils|chacune?|cada un[oa]|ciascun[oa]|elk)(?![^\W_])", re.IGNORECASE)
_TWO, _THREE = "two zwei deux dos due twee", "three drei trois tres tre drie"
_COUNTS = dict.fromkeys(_TWO.split(), 2) | dict.fromkeys(_THREE.split(), 3)
_YEARS = rf"(?P<years>[2-9]|10|{choice(_COUNTS)})"
_OVER_YEARS = late(
    rf"(?: in)?(?: total| gesamt| insgesamt)? (?:over|across|for|auf|über|für|sur|pour|en|por|a lo largo de|su|in"
    rf"|per|over|voor)"
    rf" (?:the |les |los )?(?:{_YEARS} (?:years|jahre|ans|años|anni|jaar)"
    r"|(?P<months>24|36|48|60) (?:months|monate|mois|meses|mesi|maanden))(?![^\W_])",
    re.IGNORECASE,
)
_YEARS_BEFORE = late(
    rf"(?<![\w.,]){_YEARS}[ -](?:years?|jahres?|jährige\w*|ans|años|anni|jaar)[ -]?(?:contract|deal|term|agreement"
    rf"|vertrag"
    rf"|laufzeit|contrat|contrato|contratto)[^.;\n\d]{{0,20}}$",
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
    number = _number(match)
    currency = match["before"] or match["after"]
    if not currency and after and (late := _CURRENCY_LATE.match(text, end)):
        currency, end = late["late"], late.end()
    start = match.start()
    if not currency and number is not None:
        yearly = _period(after) is Period.YEAR
        if span := unnamed.revenue(text, match, after, number=number, yearly=yearly):
            currency, (start, end) = HOME_CURRENCY, span
    if not currency or (currency.islower() and currency.upper() in RARE_CODES.split()):  # "try" is also a word
        return None
    if number is None or (currency.lower() == "fr." and number < LEAST_IN_FRANCS):
        return None
    before = _PERIOD_BEFORE.search(text, max(0, match.start() - 60), match.start())
    stated = StatedAmount(
        words=text[start:end],
        start=start,
        end=end,
        amount=number,
        currency=CURRENCY_OF[currency.lower()],
        period=_period(after) if after else _period(before),
    )
    return _for_all_seats(stated, text) or _per_contract_year(stated, text) or stated


def _number(match: re.Match[str]) -> Decimal | None:
    """The number with its suffix; None where the digits are none."""
    if match["spelt"]:
        return Decimal(_SPELT[match["spelt"].lower()])
    number = Price.fromstring(match["number"].replace("’", "'")).amount
    factor = SUFFIX_OF[match["suffix"].lower()] if match["suffix"] else 1_000 if match["kilo"] else 1
    return None if number is None else number * factor


def _for_all_seats(stated: StatedAmount, text: str) -> StatedAmount | None:
    """Of "40 seats at EUR 30 per seat a month" the words from the seats on, and what all of them pay together."""
    seats = _SEATS.search(text, max(0, stated.start - 40), stated.start)
    unit = PER_UNIT.match(text, stated.end) or _EACH.match(text, stated.end)
    if seats is None or not (unit or seats["each"]):  # "40 seats for EUR 14,400 a year" is said of all of them
        return None
    end = unit.end() if unit else stated.end
    period = stated.period
    if unit and period is Period.UNKNOWN and (paid := _AND_PERIOD.match(text, end)):
        end, period = paid.end(), _period(paid)
    return stated.model_copy(
        update={
            "words": text[seats.start() : end],
            "start": seats.start(),
            "end": end,
            "amount": stated.amount * int("".join(filter(str.isdigit, seats["count"]))),
            "period": period,
        }
    )


def _per_contract_year(stated: StatedAmount, text: str) -> StatedAmount | None:
    """Of "EUR 90k over three years" a year's share, in the words that say so."""
    if stated.period is not Period.UNKNOWN:
        return None
    start, end = stated.start, stated.end
    if over := _OVER_YEARS.match(text, end):
        end = over.end()
    elif over := _YEARS_BEFORE.search(text, max(0, start - 50), start):
        start = over.start()
    else:
        return None
    update = {"words": text[start:end], "start": start, "end": end, "amount": stated.amount / _years(over)}
    return stated.model_copy(update=update | {"period": Period.YEAR})


def _years(term: re.Match[str]) -> int:
    if months := term.groupdict().get("months"):
        return int(months) // 12
    return int(term["years"]) if term["years"].isdigit() else _COUNTS[term["years"].lower()]


def read_amounts(text: str) -> tuple[StatedAmount, ...]:
    """Every amount with a currency, in the text's order."""
    return tuple(amount for match in _AMOUNT.finditer(text) if (amount := _read(match, text)))


def parse(words: str) -> StatedAmount | None:
    """The amount in a few words such as "EUR 48k" or "4,1k€/Monat"; None where there is none, or more than one."""
    amounts = read_amounts(words)
    return amounts[0] if len(amounts) == 1 else None
