"""A Teams chat or channel as Microsoft Graph gives it."""

from agent.intake.formats.entry import Contents, Entry, attachments, moment, spoken
from agent.intake.formats.fields import Record, at, first, names_of, of_html, records, words

NAME = "Teams"
_OUTSIDE = {"federatedUser", "anonymousGuest", "personalMicrosoftAccountUser", "skypeUser", "emailUser", "phoneUser"}


def is_one(node: Record) -> bool:
    """Messages with Graph's message type, under `value` or `messages`."""
    return any("messageType" in m and "body" in m for m in _messages(node))


def read(node: Record) -> Contents:
    """What people and apps wrote, by date; deleted messages and events are not words."""
    said = [m for m in _messages(node) if words(m, "messageType") == "message" and not at(m, "deletedDateTime")]
    said += [reply for m in said for reply in records(m, "replies")]
    said.sort(key=lambda m: words(m, "createdDateTime"))
    files = [name for m in said for name in names_of(records(m, "attachments"), "name")]
    home = words(node, "tenantId")
    return Contents(tuple(entry for m in said if (entry := _message(m, home)).body), attachments(files))


def _messages(node: Record) -> list[Record]:
    return records(node, "value") or records(node, "messages")


def _message(message: Record, home: str) -> Entry:
    sender = at(message, "from")
    body = words(message, "body", "content")
    author = first(words(sender, "user", "displayName"), words(sender, "application", "displayName"))
    return spoken(
        of_html(body) if words(message, "body", "contentType") == "html" else body,
        author=author or None,
        when=moment(at(message, "createdDateTime")),
        outside=_outside(sender, home),
        whole=True,
    )


def _outside(sender: object, home: str) -> bool | None:
    """Whether Graph says that the sender is of another organisation than the chat's own; None if it names not both."""
    kind, tenant = words(sender, "user", "userIdentityType"), words(sender, "user", "tenantId")
    if kind in _OUTSIDE:
        return True
    return tenant != home if kind == "aadUser" and tenant and home else None
