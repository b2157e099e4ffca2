"""What stands below the words of a message: the signature, and the legal text that nobody wrote to anybody."""

import re
from typing import NamedTuple

from agent.intake.letter import signed
from agent.intake.voices import from_inside
from agent.intake.wording import all_of, one_of
from agent.late import late

_DELIMITER = late(r"^--[ \u00a0]?$", re.MULTILINE)
_MOBILE = late(rf"[\W_]{{0,3}}{one_of(all_of('mobile'))}", re.IGNORECASE)
_DISCLAIMER = late(rf"[\W_]{{0,4}}{one_of(all_of('disclaimer'))}", re.IGNORECASE)
_LEGAL = late(one_of(all_of("legal")), re.IGNORECASE)
_LEAST_LEGAL_WORDS = 2
_CONTACT = late(r"\+?\d[\d ()/.-]{5,}|@|www\.|https?://|\||(?:株式|有限)会社|〒|(?-i:\b(?:GmbH|AG|Ltd|LLC|Inc|SA|SARL|SAS"
                      r"|S\.?[lLpP]\.?[aA]?\.?|B\.?V\.?|AB|ApS|A/S|AS|Oy|Sp\. z o\.o\.|s\.r\.o\.|Lda)\b)")  # fmt: skip
_TALKS = late(
    r"\b(?:I|I'm|we|you|us|our|your|ich|wir|Sie|uns|ihr|je|nous|vous|yo|nosotros|usted|noi|voi|ik|wij|jullie|eu|vocês?"
    r"|jag|vi|jeg|minä|me|já|my)\b|[?!:。？]\s*$|[^\W\d]{3,}\.\s*$"
)
_POSTSCRIPT = late(r"p\.? ?p?\.?s\b", re.IGNORECASE)
CONTACT_LINE = late(
    r"\s*(?:(?:tel|telefon|telephone|phone|fon|fax|telefax|mobile?|mob|cell)[.: ]{1,3}\+?[\d ()/.–-]{3,30}"
    r"|(?:(?:e-?mail|mail|web|website|internet)[.: ]{1,3})?"
    r"(?:https?://\S+|www\.\S+|<?[^\s@<>]{1,80}@[^\s@<>]{1,80}>?)"
    r"|(?:iban[: ]{0,2})?[A-Z]{2}\d\d(?: ?[A-Z\d]{2,4}){3,8}|(?:bic|swift)[: ]{1,2}[A-Z\d]{8,11}"
    r"|(?:ust|uid|vat|mwst)[ .-]{0,2}(?:id|no|nr)?[ .-]{0,2}(?:no|nr)?[.: ]{0,3}[A-Z]{2,3}[ -]?\d[\d. -]{5,14}"
    r"|(?:(?:amtsgericht|registergericht:?|handelsregister:?) [^\s.?!]{1,30}(?: [^\s.?!]{1,20})?[, ]{1,2})?"
    r"hr[ab][: ]{1,2}\d{2,8}"
    r"|(?:sitz der gesellschaft|geschäftsführer(?:in)?|geschäftsführung): [^.?!]{1,80}"
    r"|\+?\d[\d ()/.-]{6,20})\s*$",
    re.IGNORECASE,
)
"""a line that holds a telephone number, an address of mail or web, a bank account or a registry entry, and no more"""
_PLACE = late(
    r"(?:(?-i:[^\W\d_])[\w.'’-]{0,30}[ -]){0,3}[^\W\d_]{0,30}"
    r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|street|road"
    r"|avenue|lane|rue) \d{1,4} ?[a-z]?$|(?:[A-Z]{1,2}-)?\d{4,5} "
    r"(?-i:[^\W\d_a-zß-ÿ])[^\W\d_]{1,30}(?:[ /-][^\W\d_]{1,20}){0,3}$",
    re.IGNORECASE,
)
_MOST_LINES = 15
_WORDS_OF_A_LINE = 8
_WORDS_OF_A_CONTACT_LINE = 16


class Closed(NamedTuple):
    """A message's own words, and what was taken off below them, all of it as written."""

    body: str
    signature: str | None = None
    disclaimer: str | None = None


def closed(words: str) -> Closed:
    """Signature and legal text split off, unless nothing would be left. Words below them stay in the body."""
    own, disclaimer = _without_disclaimer(words)
    body, signature = _without_signature(own)
    if not body:
        return Closed(words)
    return Closed(body, signature or None, disclaimer or None)


def _without_disclaimer(words: str) -> tuple[str, str]:
    """A block counts as legal text by how it begins and by two of its words; a letter may begin like one."""
    own, legal, block = list[str](), list[str](), list[str]()
    for line in [*words.splitlines(), ""]:
        starts = bool(_DISCLAIMER.match(line))
        if block and (starts or not line.strip()):
            block = _file(block, own, legal)
        if block or starts:
            block.append(line)
        elif line.strip() or own:
            own.append(line)
    return "\n".join(own).strip(), "\n".join(legal).strip()


def _file(block: list[str], own: list[str], legal: list[str]) -> list[str]:
    """Puts the block where it belongs: right below a signature one word tells; what opens a message stays."""
    cues = {cue.lower() for cue in _LEGAL.findall("\n".join(block))}
    above = "\n".join(own).strip()
    below_signature = bool(cues) and _signature(above)[0] < _signature(above)[1] == len(above)
    (legal if own and (below_signature or len(cues) >= _LEAST_LEGAL_WORDS) else own).extend(block)
    return []


def _without_signature(words: str) -> tuple[str, str]:
    lines = words.splitlines()
    mobile = [n for n, line in enumerate(lines) if _MOBILE.match(line)]
    footer = lines[mobile[0] :] if mobile and len(lines) - mobile[0] <= len(mobile) + 1 else []
    kept = "\n".join(lines[: len(lines) - len(footer)]).strip()
    start, end = _signature(kept)
    if not any(map(str.isalnum, kept[start:end])):
        start = end = len(kept)
    body = "\n\n".join(piece for piece in (kept[:start].strip(), kept[end:].strip()) if piece)
    return body, "\n".join(piece for piece in (kept[start:end].strip(), *footer) if piece)


def _signature(words: str) -> tuple[int, int]:
    """Where the signature stands: behind the `-- ` line, or from the closing line to the last line about the writer."""
    delimiters = list(_DELIMITER.finditer(words))
    if delimiters and words[delimiters[-1].start() :].count("\n") <= _MOST_LINES:
        return _from_closing(words, delimiters[-1].start()), len(words)
    name = signed(words)
    if name is None:
        return len(words), len(words)
    end, apart, named, seen = name.start, False, False, 0
    for raw in words[name.start :].splitlines(keepends=True):
        line = raw.strip()
        if seen > _MOST_LINES or (named and line and not _about_the_writer(line, apart=apart)):
            break
        seen += bool(line)
        apart = named and (apart or not line)
        named = named or (name.author or "") in line
        end += len(raw)
    return name.start, end


def _from_closing(words: str, delimiter: int) -> int:
    """The closing and the name right above the `-- ` line belong to the signature."""
    name = signed(words[:delimiter])
    return name.start if name and not words[name.end : delimiter].strip() else delimiter


def _about_the_writer(line: str, *, apart: bool) -> bool:
    """Title, company, telephone; behind an empty line only what surely is one of these."""
    if _POSTSCRIPT.match(line) or from_inside(line) or line.startswith(("(", "[", "=", ">")):
        return False
    if CONTACT_LINE.match(line) or _PLACE.match(line):
        return True
    if _CONTACT.search(line):
        return len(line.split()) <= _WORDS_OF_A_CONTACT_LINE
    talks = _TALKS.search(line) or len(line.split()) > _WORDS_OF_A_LINE or line[0].islower()
    return not apart and not talks
