"""An Intercom conversation: its first message, then its parts."""

from agent.intake.formats.entry import Contents, Entry, attachments, moment, written
from agent.intake.formats.fields import Record, at, names_of, of_html, records, words
from agent.schema import Side

NAME = "Intercom"
_THEIRS = {"user", "lead", "contact"}
_OURS = {"admin", "bot", "team", "operator"}


def is_one(node: Record) -> bool:
    """A conversation with a source or with parts."""
    parts = at(node, "conversation_parts")
    return words(node, "type") == "conversation" or isinstance(at(parts, "conversation_parts"), list)


def read(node: Record) -> Contents:
    """Notes between admins are ours alone; parts without words (assigned, closed) are no messages."""
    subject = of_html(words(node, "source", "subject"))
    source = at(node, "source")
    opening: Record = source if isinstance(source, dict) else {}
    said = [(opening, at(node, "created_at"))]
    said += [(part, at(part, "created_at")) for part in records(node, "conversation_parts", "conversation_parts")]
    entries = tuple(_part(part, when, subject) for part, when in said if words(part, "body"))
    files = [name for part, _ in said for name in names_of(records(part, "attachments"), "name")]
    return Contents(entries, attachments(files))


def _part(part: Record, when: object, subject: str) -> Entry:
    kind = words(part, "author", "type")
    side = Side.CUSTOMER if kind in _THEIRS else Side.US if kind in _OURS else None
    return written(
        of_html(words(part, "body")),
        author=words(part, "author", "name") or None,
        address=words(part, "author", "email") or None,
        when=moment(when),
        subject=subject,
        side=Side.CSM_NOTE if words(part, "part_type").startswith("note") else side,
    )
