"""Libraries that split mail threads, bare: a text to its messages as they find them, newest first."""

from collections.abc import Callable
from typing import NamedTuple

Found = list[tuple[str, str]]
"""per message the heading or author as the library gives it, and its words"""

_REPLY_LANGUAGES = ["en", "de", "cs", "da", "es", "fr", "it", "ja", "nl", "pl", "sv"]


class Library(NamedTuple):
    """A splitter under the name and version it is published with."""

    name: str
    split: Callable[[str], Found]


def mail_parser_reply(text: str) -> Found:
    """With every language of the corpus that it has."""
    from mailparser_reply import EmailReplyParser

    replies = EmailReplyParser(languages=_REPLY_LANGUAGES).read(text).replies
    return [(reply.headers or "", reply.body or "") for reply in replies]


def email_reply_parser(text: str) -> Found:
    """Its fragments; the heading of a quotation is the first line of the fragment."""
    from email_reply_parser import EmailReplyParser

    return [
        (f.content.partition("\n")[0], f.content) for f in EmailReplyParser.read(text).fragments if f.content.strip()
    ]


def quotequail(text: str) -> Found:
    """Unwrapped as often as it finds something."""
    import quotequail as library

    found, author, rest = Found(), "", text
    for _ in range(20):
        layer = library.unwrap(rest)
        if not layer:
            break
        if layer.get("text_top"):
            found.append((author, layer["text_top"]))
        author, rest = layer.get("from") or "", layer.get("text") or ""
        if layer.get("text_bottom"):
            found.insert(0, ("", layer["text_bottom"]))
    return [*found, (author, rest)]


def talon(text: str) -> Found:
    """It keeps the newest message only."""
    from talon import quotations

    return [("", quotations.extract_from_plain(text))]


LIBRARIES = (
    Library("quotequail", quotequail),
    Library("mail-parser-reply", mail_parser_reply),
    Library("email-reply-parser", email_reply_parser),
    Library("talon", talon),
)
