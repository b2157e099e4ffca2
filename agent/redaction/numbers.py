"""Account, card and telephone numbers, told from all other numbers by their check digits."""

import re
import unicodedata
from collections.abc import Container, Iterator
from functools import cache
from types import ModuleType

import regex

from agent.errors import ConfigurationError
from agent.late import late_regex
from agent.redaction.found import SPACELESS, Found
from agent.schema import PrivateKind

INSTALL = "pip install 'escalation-triage[privacy]'"

# Letters and digits of an IBAN by country.
_IBAN_LENGTH = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "ME": 22, "MK": 19, "MT": 31,
    "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
    "TR": 26, "UA": 29,
}  # fmt: skip
_IBAN = late_regex(r"(?<!\w)[A-Za-z]{2}\s?\d{2}(?:[ \u00a0.-]?[A-Za-z0-9]){11,30}")
_CARD = late_regex(r"(?<![\w.,+-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-]|[.,]\d)")
_CARD_DIGITS = range(13, 20)

_TELEPHONE = late_regex(
    rf"(?<![^\W{SPACELESS}]|[.,/@#=-]|[\d/]:)(?:[+＋(（])?\d(?:[ \u00a0\u202f\u3000()（）./\-–‐－ー−]{{0,3}}\d){{6,16}}"
    rf"(?![^\W{SPACELESS}]|[@:]|[,.]\d|[-/][^\W{SPACELESS}])"
)
_CALLING = late_regex(
    r"(?i)(?<!\w)(?:tel(?:e(?:ph|f)o\w*|éfono|\.)?|phone|mobile?|handy|mobil\w*|cell|fax|durchwahl|ruf|call|ring|dial|reach|whatsapp|signal|sms|"
    r"portable|fixe|appel\w*|joindre|llam\w*|móvil|chiam\w*|cellulare|bel\w{0,3}|bereik\w*|erreich\w*|anruf\w*|rückruf\w*|wähl\w*|hebt|direct line|línea|linea|ligne|compos\w*|décroche\w*|répond\w*|respond\w*|rispond\w*|contest\w*|marc\w*|marqu\w*|answers?|picks? up|neemt|draai|number|numéro|número|numero|nummer|☎|📞)\b[^\d+\n]{0,40}$"
)
_OTHER_NUMBER = late_regex(
    r"(?i)(?<!\w)(?:ticket|order|invoice|ref\w*|case|po|sku|serial|batch|lot|article|item|part|contract|customer|account|policy|tracking|shipment|build|imei|vat|"
    r"bestell\w*|auftrag\w*|rechnung\w*|vorgang\w*|kunden\w*|vertrag\w*|artikel\w*|charge\w*|serien\w*|sendung\w*|aktenzeichen|ust\w*|"
    r"commande|facture|dossier|client|contrat|article|lot|série|colis|siret|siren|pedido|factura|contrato|cliente|artículo|lote|serie|envío|expediente|cif|"
    r"ordine|fattura|contratto|articolo|lotto|spedizione|pratica|p\.? ?iva|bestelling|factuur|zending|klant|artikel|partij|kvk|zaak|eur|usd|gbp|chf|€|\$|£)"
    r"[\w .:#°º-]{0,14}$"
)
_AN_AMOUNT = late_regex(r"\s?(?:€|\$|£|eur|usd|gbp|chf|%|kg|mb|gb|km|units?|stück|pcs|pallets)", regex.IGNORECASE)
_DATE = late_regex(
    r"(?:(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:\d{4}|\d{2})|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?:\s.*)?"
)
_DECIMAL = late_regex(r"\d{1,3}\.\d{5,}")
_REGIONS = {
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH"),
    "es": ("ES", "MX"),
    "it": ("IT", "CH"),
    "nl": ("NL", "BE"),
}
# Asked only where the text is in that language: their short numbers would be found in everybody's order numbers.
_FURTHER = {
    "ja": ("JP",), "ko": ("KR",), "zh": ("CN", "TW", "HK"), "pt": ("PT", "BR"), "pl": ("PL",), "cs": ("CZ",), "sk": ("SK",),
    "sv": ("SE",), "da": ("DK",), "no": ("NO",), "fi": ("FI",), "tr": ("TR",), "el": ("GR",), "hu": ("HU",), "ro": ("RO",),
    "ru": ("RU",), "uk": ("UA",), "ar": ("AE", "SA", "EG"), "he": ("IL",), "hi": ("IN",), "th": ("TH",), "vi": ("VN",),
}  # fmt: skip
_KANA = late_regex(r"[\p{Hiragana}\p{Katakana}]")
_ENGLISH = ("GB", "US", "IE", "AU")
_TRUNK = ("0", "(", "+")


def check(kinds: Container[PrivateKind]) -> None:
    """Raises ConfigurationError where telephone numbers are wanted and the library for them is not there."""
    if PrivateKind.PHONE in kinds:
        _library()


def ibans(text: str) -> Iterator[Found]:
    """Account numbers whose country, length and check digits fit."""
    for match in _IBAN.finditer(text):
        length, end, seen = _IBAN_LENGTH.get(match[0][:2].upper(), 0), match.start(), 0
        while seen < length and end < match.end():
            seen += text[end].isalnum()
            end += 1
        value = re.sub(r"\W", "", text[match.start() : end]).upper()
        whole = end == len(text) or not text[end].isalnum()
        if 0 < length == seen and whole and _mod97(value[4:] + value[:4]) == 1:
            yield Found(match.start(), end, PrivateKind.IBAN)


def cards(text: str) -> Iterator[Found]:
    """Payment cards: 13 to 19 digits that fit Luhn's check."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) in _CARD_DIGITS and len(set(digits)) > 1 and _luhn(digits):
            yield Found(match.start(), match.end(), PrivateKind.CARD)


def phones(text: str, language: str | None) -> Iterator[Found]:
    """Telephone numbers valid in the countries of the language, or written with their country.

    A national number without a leading zero counts only behind a word for calling, or in the customer's own language.
    Raises ConfigurationError where the library is not installed.
    """
    library, kana = _library(), _KANA.search(text) is not None
    for match in _TELEPHONE.finditer(text):
        start, end = match.span()
        before, written = text[max(0, start - 60) : start], _plain(match[0])
        if _DATE.fullmatch(written) or _DECIMAL.fullmatch(written) or _AN_AMOUNT.match(text, end):
            continue
        called = _CALLING.search(before) is not None
        abroad = written.startswith(("+", "00"))
        if not called and not abroad and (_OTHER_NUMBER.search(before) or not re.search(r"\D", written)):
            continue
        own = _REGIONS.get(language or "") or _FURTHER.get(language or "", ())
        own += ("JP",) if kana and "JP" not in own else ()
        regions = [*own, *_ENGLISH, *(region for group in _REGIONS.values() for region in group)]
        if not (called or abroad or written.startswith(_TRUNK)):
            regions = [*(own or _ENGLISH)] if _grouped(written) else []
        if any(_valid(library, written, region) for region in dict.fromkeys(regions)):
            yield Found(start, end, PrivateKind.PHONE)


def _plain(written: str) -> str:
    """Full-width digits and marks as the library reads them."""
    return regex.sub("[‐ー−]", "-", unicodedata.normalize("NFKC", written)) if not written.isascii() else written


def _grouped(written: str) -> bool:
    """In groups as telephones are written, not as thousands are."""
    groups = re.findall(r"\d+", written)
    return len(groups) > 2 and not all(len(group) == 3 for group in groups[1:-1] + groups[-1:])  # noqa: PLR2004


def _valid(library: ModuleType, written: str, region: str) -> bool:
    international = re.sub(r"^00(?=[1-9])", "+", written)
    try:
        return bool(library.is_valid_number(library.parse(international, region)))
    except library.NumberParseException:
        return False


@cache
def _library() -> ModuleType:
    try:
        import phonenumbers  # noqa: PLC0415 - 22 MB that only a redaction needs
    except ImportError as error:
        raise ConfigurationError(f"--redact needs the library for telephone numbers: {INSTALL}") from error
    return phonenumbers


def _mod97(value: str) -> int:
    return int("".join(str(int(c, 36)) for c in value)) % 97


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(d), 10)) if n % 2 else int(d) for n, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0
