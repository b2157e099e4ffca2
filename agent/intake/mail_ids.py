"""The ids by which mails of one thread name each other."""

import re

_HEADERS_BYTES = 65_536
_MOST_IDS = 200
_NAMED = re.compile(rb"^(?:message-id|in-reply-to|references)\s*:(.*(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(rb"<([^<>\s@]{1,300}@[^<>\s]{1,300})>")


def message_ids(data: bytes) -> tuple[str, ...]:
    """Message-ID, In-Reply-To and References of a stored mail, each once; empty for anything else."""
    headers = re.split(rb"\r?\n\r?\n", data[:_HEADERS_BYTES], maxsplit=1)[0]
    found = (identity for named in _NAMED.finditer(headers) for identity in _ID.findall(named[1]))
    return tuple(dict.fromkeys(identity.decode("ascii", "replace") for identity in found))[:_MOST_IDS]
