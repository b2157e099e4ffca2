"""National identity and tax numbers of persons, told from all other numbers by their check digits and by their labels."""

import re
from collections.abc import Callable, Iterator

import regex

from agent.late import late_regex
from agent.redaction.found import Found
from agent.schema import PrivateKind

_TAX_WORD = r"(?i:(?:steuer[- ]?(?:id\w*|ident\w*|nummer)|idnr|tax (?:id\w*|number)|tin)\b)"
_BSN_WORD = r"(?i:bsn|burgerservicenummer|sofi-?nummer|citizen service number)"
_OTHER_THING = (
    r"order|ticket|invoice|zamówieni\w*|faktur\w*|przesyłk\w*|klient\w*|umow\w*|konto|nip|regon|tracking|imei"
)
_BETWEEN = r"[^\d\n]{0,25}"
_DE = late_regex(
    rf"(?:{_TAX_WORD}{_BETWEEN}\K[1-9]\d(?:[ ]?\d{{3}}){{3}}|(?<![\w.,+-])[1-9]\d (?:\d{{3}} ){{2}}\d{{3}})(?![\w-]| ?\d)"
)
_FR = late_regex(
    r"(?<![\w.,-])[12][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}(?![\w-])"
)
_ES = late_regex(r"(?<![\w-])(?:\d{8}|\d{2}\.\d{3}\.\d{3}|[XYZ][- ]?\d{7})[- ]?[A-Z](?![\w-])")
_IT = late_regex(r"(?<!\w)(?i:[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z])(?!\w)")
_NL = late_regex(
    rf"(?:{_BSN_WORD}{_BETWEEN}\K\d{{4}}[. ]?\d{{2}}[. ]?\d{{3}}|(?<![\w.,-])\d{{4}}\.\d{{2}}\.\d{{3}})(?![\w-]|\.\d)"
)
_GB = late_regex(
    r"(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"
)
_US = late_regex(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_CH = late_regex(r"(?<![\w.])756\.\d{4}\.\d{4}\.\d{2}(?![\w.]\d)")

_PL = late_regex(
    rf"(?:(?i:pesel){_BETWEEN}\K\d{{11}}|(?<![\w.,+-])(?<!(?i:{_OTHER_THING})[^\d\n]{{0,14}})\d{{11}})(?![\w-]|[.,]\d)"
)
_BR = late_regex(
    rf"(?:(?i:cpf){_BETWEEN}\K\d{{3}}\.?\d{{3}}\.?\d{{3}}-?\d\d|(?<![\w.,-])\d{{3}}\.\d{{3}}\.\d{{3}}-\d\d)(?![\w-]|[.,]\d)"
)
_PT = late_regex(rf"(?i:n\.?i\.?f\.?|contribuinte){_BETWEEN}\K\d{{3}}[ .]?\d{{3}}[ .]?\d{{3}}(?![\w-]|[.,]?\d)")


def national_ids(text: str) -> Iterator[Found]:
    """Those of DE, FR, ES, IT, NL, GB, US, CH, PL, BR and PT, with their check digits where they have any."""
    for pattern, fits in _IDS:
        for match in pattern.finditer(text):
            if fits(re.sub(r"[\s.-]", "", match[0]).upper()):
                yield Found(match.start(), match.end(), PrivateKind.NATIONAL_ID)


def _steuer_id(digits: str) -> bool:
    """ISO 7064 Mod 11,10; among the first ten digits one stands two or three times."""
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    most = max(digits[:10].count(d) for d in set(digits[:10]))
    return (11 - product) % 10 == int(digits[10]) and most in {2, 3}


def _nir(value: str) -> bool:
    digits = value.replace("2A", "19").replace("2B", "18")
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


def _dni(value: str) -> bool:
    number = value[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == value[-1]


def _codice_fiscale(value: str) -> bool:
    odd = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True))
    letters = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    odd |= dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", letters, strict=True))
    even = {c: int(c) if c.isdigit() else ord(c) - ord("A") for c in odd}
    total = sum(odd[c] if n % 2 == 0 else even[c] for n, c in enumerate(value[:15]))
    return chr(ord("A") + total % 26) == value[15]


def _bsn(digits: str) -> bool:
    total = sum(int(d) * weight for d, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 == 0 and total > 0


def _ahv(digits: str) -> bool:
    return (10 - sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(digits[:12]))) % 10 == int(digits[12])


def _pesel(digits: str) -> bool:
    """The century stands in the month: 21 to 32 is 2000 to 2099."""
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    total = sum(int(d) * weight for d, weight in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), strict=True))
    return total % 10 == 0 and 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004 - a calendar's


def _cpf(digits: str) -> bool:
    def check(n: int) -> int:
        return sum(int(d) * weight for d, weight in zip(digits[:n], range(n + 1, 1, -1), strict=True)) * 10 % 11 % 10

    return len(set(digits)) > 1 and [check(9), check(10)] == [int(digits[9]), int(digits[10])]


def _nif(digits: str) -> bool:
    rest = sum(int(d) * weight for d, weight in zip(digits[:8], range(9, 1, -1), strict=True)) % 11
    return (0 if rest < 2 else 11 - rest) == int(digits[8])  # noqa: PLR2004 - as the office that gives them counts


def _as_it_is(_: str) -> bool:
    return True


_IDS: tuple[tuple[regex.Pattern[str], Callable[[str], bool]], ...] = (
    (_FR, _nir), (_DE, _steuer_id), (_ES, _dni), (_IT, _codice_fiscale), (_NL, _bsn), (_CH, _ahv),
    (_GB, _as_it_is), (_US, _as_it_is), (_PL, _pesel), (_BR, _cpf), (_PT, _nif),
)  # fmt: skip
