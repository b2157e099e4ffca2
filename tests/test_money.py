"""Amounts: what the words say, in which currency, for which period, and which of them is the account's revenue."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.money import find_arr, parse, per_year, read_amounts
from agent.money.spelt import THOUSANDS
from agent.schema import Period


@pytest.mark.parametrize(
    ("words", "amount", "currency", "period"),
    [
        ("EUR 48k", 48_000, "EUR", Period.UNKNOWN),
        ("48000 USD per month", 48_000, "USD", Period.MONTH),
        ("4,1k€/Monat", 4_100, "EUR", Period.MONTH),
        ("4,100 dollars a month", 4_100, "USD", Period.MONTH),
        ("28.000 EUR im Jahr", 28_000, "EUR", Period.YEAR),
        ("£6,500 a year", 6_500, "GBP", Period.YEAR),
        ("TEUR 48", 48_000, "EUR", Period.UNKNOWN),
        ("48 T€ p.a.", 48_000, "EUR", Period.YEAR),
        ("1,2 Mio €", 1_200_000, "EUR", Period.UNKNOWN),
        ("$1.2M ARR", 1_200_000, "USD", Period.YEAR),
        ("CHF 12'500 jährlich", 12_500, "CHF", Period.YEAR),
        ("CHF 12’500", 12_500, "CHF", Period.UNKNOWN),
        ("12\u00a0500 EUR par an", 12_500, "EUR", Period.YEAR),
        ("24.000 EUR al año", 24_000, "EUR", Period.YEAR),
        ("22.500 euro all'anno", 22_500, "EUR", Period.YEAR),
        ("31.000 EUR per jaar", 31_000, "EUR", Period.YEAR),
        ("500万円", 5_000_000, "JPY", Period.UNKNOWN),
        ("₹ 12 lakh", 1_200_000, "INR", Period.UNKNOWN),
        ("R$ 4.000 por mes", 4_000, "BRL", Period.MONTH),
        ("A$12k", 12_000, "AUD", Period.UNKNOWN),
        ("4 500 zł", 4_500, "PLN", Period.UNKNOWN),
        ("EUR 900 a quarter", 900, "EUR", Period.QUARTER),
        ("MRR 2.100 EUR", 2_100, "EUR", Period.MONTH),
        ("5,600 a month (EUR)", 5_600, "EUR", Period.MONTH),
    ],
)
def test_an_amount_is_read_as_people_write_it(words: str, amount: int, currency: str, period: Period) -> None:
    """Currency before or after, thousands and decimals of either habit, suffixes and periods in six languages."""
    read = parse(words)
    assert read is not None
    assert (read.amount, read.currency, read.period) == (amount, currency, period)


@pytest.mark.parametrize(
    "text",
    [
        "ticket #4500",
        "on 12.03.2026 at 10:30",
        "95% of 1,200 users",
        "Fr. 12 Uhr",
        "we try 500 things",
        "version 6.2",
        "We ship 12k a month, and more in May.",
        "We send 6k a year in parcels.",
        "a 45k customer base",
        "Our new shop brings 40k visitors a month.",
        "our 60k customer accounts are locked",
        "A subscription of 50k emails a month",
        "in Germany, 400k a year, we ship",
        "Bookings - 120k a year",
        "a 30k account import",
        "Vertrag über 20k Sendungen",
        "Our 20k account holders",
        "Orders grew to 30k per year since then.",
        "a 120k customer records import",
    ],
)
def test_a_number_without_a_currency_is_no_amount(text: str) -> None:
    """Tickets, dates, times, percentages, volumes and head counts are not money."""
    assert read_amounts(text) == ()


def test_the_words_stand_where_they_are_said_to_stand() -> None:
    """`words` is the text between `start` and `end`, character for character."""
    text = "They pay EUR 48k/yr, and 39 EUR par mois for a seat."
    assert [text[a.start : a.end] for a in read_amounts(text)] == ["EUR 48k/yr", "39 EUR par mois"]
    assert all(text[a.start : a.end] == a.words for a in read_amounts(text))


@pytest.mark.parametrize(
    ("words", "yearly"),
    [("EUR 500 a month", 6_000), ("EUR 500 a quarter", 2_000), ("EUR 500 a year", 500), ("EUR 500", 500)],
)
def test_an_amount_is_annualised_by_its_period(words: str, yearly: int) -> None:
    """Twelve months, four quarters; an amount without a period counts as a year's."""
    read = parse(words)
    assert read is not None
    assert per_year(read) == Decimal(yearly)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We lose EUR 90,000 per day. Contract is EUR 31k a year.", "EUR 31k a year"),
        ("Invoice over EUR 12,700 disputed. They pay 420 EUR monthly.", "420 EUR monthly"),
        ("The penalty is EUR 50,000 a month. ARR: EUR 20,000.", "EUR 20,000"),
        ("A competitor offers EUR 9,000 a year. Our contract: EUR 14,000 a year.", "EUR 14,000 a year"),
        ("Northwind, 48k EUR, renews in May.", "48k EUR"),
        ("4 800 EUR par an ; elle conteste 39 EUR par mois", "4 800 EUR par an"),
    ],
)
def test_the_revenue_is_told_from_other_amounts(text: str, words: str) -> None:
    """Losses, invoices, penalties and offers are not the account's revenue, however large."""
    found = find_arr(text)
    assert found is not None
    assert found.words == words


@pytest.mark.parametrize(
    "text",
    ["They were overcharged by EUR 3,150.", "Tickets cost EUR 85 each.", "EUR 5,000 here, EUR 7,000 there.", "No sum."],
)
def test_no_revenue_is_guessed(text: str) -> None:
    """Where no amount is the account's revenue, or two could be, none is named."""
    assert find_arr(text) is None


def test_two_amounts_are_no_answer_to_one_question() -> None:
    """A flag that holds two amounts is not read as either."""
    assert parse("EUR 48k or EUR 50k") is None
    assert parse("plenty") is None


@given(st.integers(1, 999_999), st.sampled_from([",", ".", "'", "\u00a0"]))
def test_whole_amounts_survive_every_thousands_mark(number: int, mark: str) -> None:
    """Grouping never changes a whole amount."""
    read = parse(f"EUR {number:,}".replace(",", mark))
    assert read is not None
    assert read.amount == number


@pytest.mark.parametrize(
    ("text", "words", "yearly"),
    [
        # So many seats at so much each.
        ("They have 120 seats at EUR 30 per seat per month.", "120 seats at EUR 30 per seat per month", 43_200),
        ("40 Lizenzen zu je 25 EUR im Monat, seit 2023.", "40 Lizenzen zu je 25 EUR im Monat", 12_000),
        ("15 licences à 40 € par utilisateur et par mois", "15 licences à 40 € par utilisateur et par mois", 7_200),
        ("Kunde: Rau Technik, 3.400 Lizenzen zu je 58 € im Jahr.", "3.400 Lizenzen zu je 58 € im Jahr", 197_200),
        # Thousands without a currency, beside what says whose they are.
        ("Normal account, they pay us 45k a year.", "pay us 45k a year", 45_000),
        ("Blue Fern (6k a year) has waited since Monday.", "6k a year", 6_000),
        ("Small account, 3k/yr. I can fix it.", "3k/yr.", 3_000),
        ("Blue Fern, 6k/yr, nothing strategic.", "6k/yr", 6_000),
        ("Their renewal (210k) is in March.", "renewal (210k)", 210_000),
        ("It's a 120k customer, so careful.", "a 120k customer", 120_000),
        ("33k/year customer, and loud", "33k/year customer", 33_000),
        ("Umsatz mit uns: 55k p.a.", "Umsatz mit uns: 55k p.a.", 55_000),
        ("They pay us roughly 20 grand a year.", "pay us roughly 20 grand a year", 20_000),
        ("40 seats for EUR 14,400 a year.", "EUR 14,400 a year", 14_400),
        # Several years in one sum.
        ("Three-year contract worth EUR 90,000, signed in May.", "Three-year contract worth EUR 90,000", 30_000),
        ("EUR 150k over three years, paid up front.", "EUR 150k over three years", 50_000),
        ("Vertrag über 36.000 EUR auf drei Jahre", "36.000 EUR auf drei Jahre", 12_000),
        ("contrat de 24 000 € sur 3 ans", "24 000 € sur 3 ans", 8_000),
        ("TCV EUR 300k over 36 months.", "EUR 300k over 36 months", 100_000),
        ("EUR 20,000 a year for 3 years", "EUR 20,000 a year", 20_000),
        # No currency, but said to be revenue.
        ("ARR: 48k, renewal in June.", "ARR: 48k", 48_000),
        ("ARR 31,000 | health green", "ARR 31,000", 31_000),
        ("They lose 90k a year. MRR is 2k.", "MRR is 2k", 24_000),
        # Written out.
        ("They pay forty-eight thousand euros a year.", "forty-eight thousand euros a year", 48_000),
        ("Sie zahlen achtundvierzigtausend Euro im Jahr.", "achtundvierzigtausend Euro im Jahr", 48_000),
        ("Ils paient trente-deux mille euros par an.", "trente-deux mille euros par an", 32_000),
        ("They pay about half a million a year in dollars.", "half a million a year in dollars", 500_000),
        # In further languages.
        ("Avtalet är värt 420 000 kr per år.", "420 000 kr per år", 420_000),
        ("Umowa na 90 tys. zł rocznie.", "90 tys. zł rocznie", 90_000),
        ("Contrato de R$ 80 mil por ano", "R$ 80 mil por ano", 80_000),
        # With or without tax, with Swiss dashes, in a header.
        ("12 000 € HT par an", "12 000 € HT par an", 12_000),
        ("12.000 € + IVA al año", "12.000 € + IVA al año", 12_000),
        ("€ 9.500 excl. btw per jaar", "€ 9.500 excl. btw per jaar", 9_500),
        ("48'000.- CHF pro Jahr", "48'000.- CHF pro Jahr", 48_000),
        ("K€ 48 par an", "K€ 48 par an", 48_000),
        ("#4411 | Acme | ARR EUR 29,500 | P2 | EUR 12,000 at stake", "EUR 29,500", 29_500),
        ("She lost ~$26k of work, I may credit $500. $88k, renewal 12/15.", "$88k", 88_000),
        ("Gutschrift 900 EUR offen; 36.000 EUR, läuft bis Mai.", "36.000 EUR", 36_000),
        # What was paid once, is paid by a group, may be paid one day, or is no subscription.
        ("Old contract: EUR 12,000 a year. The new one is EUR 22,000 a year.", "EUR 22,000 a year", 22_000),
        ("Früher zahlten sie 9.000 EUR im Jahr, jetzt 15.000 EUR im Jahr.", "15.000 EUR im Jahr", 15_000),
        ("The parent pays us EUR 2m a year; this plant pays EUR 9k a year.", "EUR 9k a year", 9_000),
        ("Konzernvertrag 400.000 EUR im Jahr, das Werk zahlt 8.000 EUR im Jahr.", "8.000 EUR im Jahr", 8_000),
        ("Upsell of EUR 60k a year in the pipeline, today they pay EUR 6k a year.", "EUR 6k a year", 6_000),
        ("Their revenue is EUR 12m a year, they pay us EUR 400 a month.", "EUR 400 a month", 4_800),
        ("Late fee EUR 300 a month contested; subscription is EUR 900 a month.", "EUR 900 a month", 10_800),
        ("Fattura da 4.500 € contestata, canone 750 € al mese.", "750 € al mese", 9_000),
        ("Quieren un abono de 2.000 €; abono anual 18.000 €.", "18.000 €", 18_000),
        ("Straordinari 1.900 €, canone annuo 12.000 €.", "12.000 €", 12_000),
    ],
)
def test_what_the_account_pays_in_a_year(text: str, words: str, yearly: int) -> None:
    """Seats, terms of years, words for numbers, taxes; the account's own revenue of today. The words say it again."""
    found = find_arr(text)
    assert found is not None
    assert (found.words, per_year(found)) == (words, yearly)
    again = parse(found.words)
    assert again is not None
    assert again.amount == found.amount


def test_thousands_are_spelt_in_six_languages() -> None:
    """Every thousand from 1 to 99 has a word in each language, and no word means two."""
    for spelt, value in {
        "seventy-two thousand": 72_000,
        "einundzwanzigtausend": 21_000,
        "quatre-vingt-dix mille": 90_000,
        "cuarenta y ocho mil": 48_000,
        "ventunomila": 21_000,
        "achtenveertigduizend": 48_000,
    }.items():
        assert THOUSANDS[spelt] == value
    assert set(THOUSANDS.values()) == set(range(1_000, 100_000, 1_000))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("There is a penalty of EUR 5k and an ARR of EUR 48k.", "EUR 48k"),
        ("We owe a credit of 900 EUR on an ARR of 48k EUR.", "48k EUR"),
        ("They have a potential ARR of EUR 48k.", None),
        ("They dispute invoice 4711 over EUR 48k.", None),
    ],
)
def test_an_amount_that_is_named_is_not_judged_by_its_neighbour(text: str, words: str | None) -> None:
    """What says that another amount is a penalty says nothing of the ARR behind it."""
    found = find_arr(text)
    assert (found and found.words) == words
