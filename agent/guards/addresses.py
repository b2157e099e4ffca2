"""Where a text sends its reader: links, bare domains, mail addresses, bank accounts, telephone numbers."""

import re
from collections.abc import Iterator

from agent.late import late

_LINK = late(
    r"(?<!\w)(?:[a-z][a-z0-9+-]{1,9}:\s?//\S+|www\.\S+|[^\s@<>()]+@[^\s@<>()]+\.\w+"
    r"|[^\W_][\w-]+(?:[.\u3002\uff0e\uff61][\w-]+)*[.\u3002\uff0e\uff61][a-z]{2,12}(?!\w)(?:[/:?#]\S*)?)",
    re.IGNORECASE,
)
_IBAN = late(r"(?<!\w)[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?(?!\w)")
_DATE = late(r"(?<!\d)(?:\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2})(?!\d)")
_PHONE = late(r"(?<![\w.,-])(?:\+\d|0|\(0)[\d\s()/.-]{6,18}\d(?!\w)")


def addresses(text: str) -> Iterator[str]:
    """Everything that could be clicked, dialled or paid to; the text is undisguised already."""
    for pattern in (_LINK, _IBAN):
        yield from (match[0].rstrip(".,;:!?)") for match in pattern.finditer(text))
    yield from (match[0] for match in _PHONE.finditer(_DATE.sub(" ", text)))
