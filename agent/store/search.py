"""What a search looks through: the account and the thread on one line, where no case of letters matters."""

from collections.abc import Mapping
from typing import Any


def text(words: Mapping[str, Any], account: str | None) -> str:
    """The kept words of a triage that can be searched; only the account where no thread is kept."""
    thread = (words.get("situation") or {}).get("text", "")
    return fold(f"{account or ''} {thread}")


def fold(given: str) -> str:
    """White space is one space, and letters that differ in their case alone are the same."""
    return " ".join(given.split()).casefold()
