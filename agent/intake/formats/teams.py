"""A Teams chat or channel as Microsoft Graph gives it."""

from agent.intake.formats.entry import Contents, Entry, attachments, moment, spoken
from agent.intake.formats.fields import Record, at, first, names_of, of_html, records, words

NAME = "Teams"


def is_one(node: Record) -> bool:
    """Messages with Graph's message type, under `value` or `messages`."""
    return any("messageType" in m and "body" in m for m in _messages(node))


def read(node: Record) -> Contents:
    """What people and apps wrote, by date; deleted messages and events are not words."""
    said = [m for m in _messages(node) if words(m, "messageType") == "message" and not at(m, "deletedDateTime")]
    said += [reply for m in said for reply in records(m, "replies")]
    said.sort(key=lambda m: words(m, "createdDateTime"))
    files = [name for m in said for name in names_of(records(m, "attachments"), "name")]
    return Contents(tuple(entry for m in said if (entry := _message(m)).body), attachments(files))


def _messages(node: Record) -> list[Record]:
    return records(node, "value") or records(node, "messages")


def _message(message: Record) -> Entry:
    sender = at(message, "from")
    body = words(message, "body", "content")
    author = first(words(sender, "user", "displayName"), words(sender, "application", "displayName"))
    return spoken(
        of_html(body) if words(message, "body", "contentType") == "html" else body,
        author=author or None,
        when=moment(at(message, "createdDateTime")),
        whole=True,
    )
