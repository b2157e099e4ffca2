"""Untrusted words made harmless for a terminal or a Markdown page. What a reader may read stays; what acts goes."""

import re

# Colours and cursor moves carry no prose, so the whole sequence goes; any other control character goes alone, which
# never hides words from the reader.
_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that reorder or hide what stands around them: bidi controls, invisible tags, soft hyphens, blank fillers.
_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)
_MARKUP = re.compile(r"([\\`*\[\]~])")
# What becomes a link without any markup: a scheme, or "www" with its full stop.
_BARE_LINK = re.compile(r"(?<=\w)(?=://)|(?<=www)(?=\.)|(?:(?<=mailto)|(?<=xmpp))(?=:)", re.IGNORECASE)
_BLOCK_START = re.compile(r"^(?=[#>+=_|:-])|^(\d{1,9})(?=[.)])")
_LEAST_FENCE = 3


def clean(text: str) -> str:
    """The text without control sequences, control characters and invisible marks; line breaks stay."""
    lines = _SEQUENCE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return _INVISIBLE.sub("", _CONTROL.sub("", lines))


def line(text: str) -> str:
    """The cleaned text on one line."""
    return " ".join(clean(text).split())


def inline(text: str) -> str:
    """One line of Markdown that shows the text and can start no element: no HTML, link, image, code or cell."""
    shown = _MARKUP.sub(r"\\\1", line(text)).replace("<", "&lt;").replace("|", "\\|")
    return _BARE_LINK.sub(r"\\", shown)


def paragraph(text: str) -> str:
    """`inline` that may begin a line: it starts no heading, list, quote, rule or table either."""
    return _BLOCK_START.sub(lambda match: f"{match[1]}\\" if match[1] else "\\", inline(text))


def fenced(text: str) -> str:
    """The text verbatim in a fence that it cannot close."""
    body = clean(text)
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(_LEAST_FENCE, longest + 1)
    return f"{fence}text\n{body}\n{fence}"
