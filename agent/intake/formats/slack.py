"""A channel of a Slack export: the JSON of a day, or the answer of the history call."""

import re
from html import unescape

from agent.intake.formats.entry import Contents, attachments, moment, spoken
from agent.intake.formats.fields import Record, at, first, key, names_of, records, words

NAME = "Slack"
_MENTION = re.compile(r"<@([A-Z0-9]{2,20})(?:\|([^<>]{1,80}))?>")
_LINK = re.compile(r"<(?:!|#[A-Z0-9]{2,20}\|)?([^<>|]{1,2000})(?:\|([^<>]{1,2000}))?>")
_NO_WORDS = {"channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive"}


def is_one(node: Record) -> bool:
    """Messages with Slack's own time stamp."""
    return any(words(m, "type") == "message" and key(m, "ts") for m in records(node, "messages"))


def read(node: Record) -> Contents:
    """What people and bots wrote, in the order of their time stamps; joins and topics are not words."""
    said = [m for m in records(node, "messages") if words(m, "subtype") not in _NO_WORDS and key(m, "ts")]
    said.sort(key=lambda m: _seconds(key(m, "ts")))
    names = {words(m, "user"): _author(m) for m in said}
    names |= {key(user, "id"): first(words(user, "real_name"), words(user, "name")) for user in records(node, "users")}
    entries = [
        spoken(
            _text(words(m, "text"), names),
            author=names.get(words(m, "user")) or _author(m) or None,
            when=moment(_seconds(key(m, "ts"))),
        )
        for m in said
    ]
    files = [name for m in said for name in names_of(records(m, "files"), "name", "title")]
    return Contents(tuple(entry for entry in entries if entry.body), attachments(files))


def _seconds(stamp: str) -> float:
    return float(stamp) if re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", stamp) else 0.0


def _author(message: Record) -> str:
    profile = at(message, "user_profile")
    name = first(words(profile, "real_name"), words(profile, "display_name"), words(profile, "name"))
    return first(name, words(message, "username"), words(message, "bot_profile", "name"), words(message, "user"))


def _text(text: str, names: dict[str, str]) -> str:
    """Slack's marks for people and links as a reader sees them."""
    text = _MENTION.sub(lambda m: "@" + (names.get(m[1]) or m[2] or m[1]), text)
    return unescape(_LINK.sub(lambda m: m[2] or m[1], text))
