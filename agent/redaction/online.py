"""Email addresses, IP addresses, and what opens a door: keys, tokens, passwords."""

import ipaddress
import math
from collections import Counter
from collections.abc import Iterator

import regex

from agent.late import late_regex
from agent.redaction.found import SPACELESS, Found
from agent.schema import PrivateKind

_EMAIL = late_regex(
    rf"(?:(?<![\w.+/-])|(?<=[{SPACELESS}]))(?:mailto:)?\K(?:(?![{SPACELESS}])[\w.!#$%&'*+/=?^`{{|}}~-]){{1,64}}"
    rf"@(?:[\w-]{{1,63}}\.){{1,6}}(?:(?:(?![{SPACELESS}])\p{{L}}){{2,24}}(?![^\W{SPACELESS}]|@)|[{SPACELESS}]{{2,24}}(?![\w@]))"
)
_IPV4 = regex.compile(
    r"(?<![\w.-])(?<!\b(?i:version|versie|versión|versione|release|build|firmware|v|ver|rev)\.?:? ?)(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)"
)
_IPV6 = regex.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?:%\w+)?(?![\w:.])")
_LEAST_GROUPS = 3

# Tokens whose form alone tells them.
_TOKEN = late_regex(
    r"(?<![\w-])(?:"
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{10,}"  # JSON web token
    r"|(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}"  # AWS
    r"|gh[opsur]_\w{36,255}|github_pat_\w{22,255}|glpat-[\w-]{20,}"  # GitHub, GitLab
    r"|xox[abeoprs]-[\w-]{10,}|xapp-\d-[\w-]{10,}"  # Slack
    r"|(?:sk|pk|rk)_(?:live|test)_\w{16,}|whsec_\w{16,}"  # Stripe
    r"|sk-(?:proj-|ant-|or-|svcacct-)?[\w-]{20,}"  # OpenAI and others
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}"  # Google
    r"|SG\.[\w-]{16,}\.[\w-]{16,}|key-[0-9a-f]{32}|dop_v1_[0-9a-f]{64}|npm_\w{36}|hf_\w{30,}|pypi-[\w-]{16,}"
    r"|AC[0-9a-f]{32}|SK[0-9a-f]{32}"  # Twilio
    r")(?![\w-])"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----[\s\S]{1,8000}?-----END (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----"
    r"|https://hooks\.slack\.com/services/\K[\w/]{20,}"
    r"|(?<=[a-z]://)[^\s/:@]{1,64}:[^\s/@]{1,128}(?=@)"  # user:password in an address
)
# The body of a private key also where its lines do not stand between the marks any more.
_KEY_MARK = late_regex(r"(?:BEGIN|END) (?:[A-Z0-9]+ ){0,3}PRIVATE KEY")
_KEY_LINE = late_regex(
    r"(?:(?<![A-Za-z0-9+/\\])|(?<=\\[nrt]))[A-Za-z0-9+/]{40,}={0,2}(?:(?:\s|\\[nrt]|>)+[A-Za-z0-9+/]{4,}={1,2}(?![\w=]))?"
)
# What a label calls a secret. A value in quotes may hold spaces.
_LABEL = (
    r"(?:pass(?:word|wort|code|phrase)|passwd|pwd|pw|kennwort|mot de passe|mdp|contraseña|clave(?: de acceso)?|wachtwoord|"
    r"parola d['’]ordine|codice di accesso|toegangscode|zugangscode|code d['’]accès|pin|"
    r"api[ _-]?(?:key|token|schlüssel|sleutel)|clé (?:d['’])?api|clave (?:de )?api|chiave api|secret(?:[ _-]?key)?|client[ _-]secret|"
    r"access[ _-]?(?:key|token)|auth(?:entication)?[ _-]?token|bearer|token|private[ _-]key|connection string)"
)
_LABELLED = late_regex(
    rf"(?<!\w)(?i:{_LABEL})(?:\s?\([^()\n]{{1,30}}\))?(?:\s?(?i:is|ist|lautet|est|es|è|is nu|war|was)\s?:?|\s?[:=]{{1,2}}>?|(?<=(?i:bearer)))\s{{0,3}}"
    r"(?:\"\K[^\"\n]{3,100}(?=\")|'\K[^'\n]{3,100}(?=')|\K[^\s\"'<>,;()\[\]]{4,200})"
)
# 'pwd Kiosk-77' without a mark between: only what no word looks like.
_BESIDE = late_regex(
    r"(?<!\w)(?i:passw(?:or[dt]|d)|pwd|pw|kennwort|mot de passe|mdp|contraseña|wachtwoord|pin)\s\K(?=\S*\d)(?=\S*\p{L})[^\s\"'<>,;()\[\]]{6,100}"
)
_PLAIN_WORD = late_regex(r"\p{Lu}?\p{Ll}+[.!?…]?|\p{L}+[-’']\p{Ll}+[.!?]?")
_NO_SECRET = late_regex(r"\[[A-Z]+_\d+[A-Z]?\]|(?i:\*+|x{3,}|[•.…_-]+|n/?a|none|null|true|false|https?://\S+)[.,;]?")
_LEAST_BITS = 2.5  # per character: below that a value without digits is a word


def emails(text: str) -> Iterator[Found]:
    """Email addresses."""
    yield from (Found(m.start(), m.end(), PrivateKind.EMAIL) for m in _EMAIL.finditer(text))


def ips(text: str) -> Iterator[Found]:
    """IP addresses of either version; no version numbers and no times of day."""
    for match in _IPV4.finditer(text):
        if all(int(part) <= 255 for part in match[0].split(".")):  # noqa: PLR2004 - a byte
            yield Found(match.start(), match.end(), PrivateKind.IP)
    for match in _IPV6.finditer(text):
        groups = [part for part in match[0].partition("%")[0].split(":") if part]
        if len(groups) >= _LEAST_GROUPS and _is_ipv6(match[0].partition("%")[0]):
            yield Found(match.start(), match.end(), PrivateKind.IP)


def _is_ipv6(words: str) -> bool:
    try:
        ipaddress.IPv6Address(words)
    except ValueError:
        return False
    return True


def secrets(text: str) -> Iterator[Found]:
    """Keys and tokens by their form, passwords and keys by the label before them."""
    yield from (Found(m.start(), m.end(), PrivateKind.SECRET) for m in _TOKEN.finditer(text))
    if _KEY_MARK.search(text):
        yield from (Found(m.start(), m.end(), PrivateKind.SECRET) for m in _KEY_LINE.finditer(text))
    for match in (*_LABELLED.finditer(text), *_BESIDE.finditer(text)):
        value = match[0].rstrip(".,;:") if match.end() == len(text) or text[match.end()] not in "\"'" else match[0]
        if value and not _NO_SECRET.fullmatch(value) and not _is_a_word(value):
            yield Found(match.start(), match.start() + len(value), PrivateKind.SECRET)


def key_lines(secret: str) -> Iterator[str]:
    """The lines of a private key, which a reader of the text may have torn apart; nothing of any other secret."""
    if _KEY_MARK.search(secret):
        yield from (line for line in regex.findall(r"(?m)^[ \t>]*([A-Za-z0-9+/]{16,}={0,2})[ \t\r]*$", secret))


def _is_a_word(value: str) -> bool:
    """'The password is wrong', 'token: expired'."""
    counts = Counter(value)
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    return (
        bool(_PLAIN_WORD.fullmatch(value))
        or (value.isalpha() and value.islower())
        or (value.isalpha() and bits < _LEAST_BITS)
    )
