"""Thousands written out, "forty-eight thousand" or "achtundvierzigtausend", and half a million, in six languages."""

from collections.abc import Iterator

_UNITS = {  # one to nineteen
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen",
    "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn"
    " achtzehn neunzehn",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
    " dix-neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
    " dieciocho diecinueve",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
    " diciassette diciotto diciannove",
    "nl": "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
    " achttien negentien",
}
_TENS = {  # twenty to ninety; French counts on from sixty and from eighty
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
}
_JOINED = {  # how a unit is put to its ten; `cut` is the ten without its last letter
    "en": ("{ten}-{unit}", "{ten} {unit}"),
    "de": ("{unit}und{ten}",),
    "fr": ("{ten}-{unit}", "{ten} {unit}", "{ten} et {unit}"),
    "es": ("{ten} y {unit}", "{cut}i{unit}"),
    "it": ("{ten}{unit}", "{cut}{unit}"),
    "nl": ("{unit}en{ten}", "{unit}ën{ten}"),
}
_THOUSAND = {"en": " thousand", "de": "tausend", "fr": " mille", "es": " mil", "it": "mila", "nl": "duizend"}
_LAST_UNIT = {"fr": 19}  # soixante-dix-neuf, quatre-vingt-dix-neuf


def _up_to_99(code: str) -> Iterator[tuple[str, int]]:
    units = _UNITS[code].split()
    yield from ((word, value) for value, word in enumerate(units, 1))
    tens = [(ten, value * 10) for value, ten in enumerate(_TENS[code].split(), 2)]
    for ten, value in (*tens, *((("quatre-vingt", 80),) if code == "fr" else ())):
        yield ten, value
        for more, unit in enumerate(units[: _LAST_UNIT.get(code, 9)], 1):
            for form in _JOINED[code]:
                yield form.format(ten=ten, unit=unit, cut=ten[:-1]), value + more


THOUSANDS = {word + _THOUSAND[code]: value * 1_000 for code in _UNITS for word, value in _up_to_99(code)}
HALF_A_MILLION = dict.fromkeys(
    ("half a million", "eine halbe million", "un demi-million", "medio millón", "mezzo milione", "een half miljoen"),
    500_000,
)
