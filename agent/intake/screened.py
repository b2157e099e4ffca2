"""Files as their reader sees them: every entry without marks that are not drawn."""

from collections.abc import Iterable
from typing import NamedTuple

from agent.intake import hidden
from agent.intake.formats.entry import Contents, Entry
from agent.schema import Removed


class Screened(NamedTuple):
    """The documents to read. `original` is their whole text as written, None where nothing was taken out of it."""

    documents: tuple[Contents, ...]
    original: str | None = None
    removed: tuple[Removed, ...] = ()


def screened(documents: tuple[Contents, ...], pages: Iterable[Removed] = ()) -> Screened:
    """The documents without hidden marks, before anything is told from their text; `pages` is what HTML hid."""
    written = "\n\n".join(entry.text for document in documents for entry in document.entries)
    text, removed = hidden.shown(written)
    if text == written:
        return Screened(documents, None, tuple(pages))
    seen = (document._replace(entries=tuple(map(_seen, document.entries))) for document in documents)
    return Screened(tuple(seen), written, (*pages, *removed))


def _seen(entry: Entry) -> Entry:
    header, author, when = (
        hidden.shown(words).text if words else words for words in (entry.header, entry.author, entry.when)
    )
    return entry._replace(
        body=hidden.shown(entry.body).text,
        header=header or "",
        author=author,
        address=hidden.shown(entry.address).text if entry.address else entry.address,
        when=when,
    )
