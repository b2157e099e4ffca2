"""A channel of a Slack export: the JSON of a day, or the answer of the history call."""

import json
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
    users = {key(user, "id"): user for user in records(node, "users")}
    names |= {number: _name_of(user) for number, user in users.items()}
    home = {team for user in users.values() if not at(user, "is_stranger") and (team := key(user, "team_id"))}
    entries = [
        spoken(
            _text(words(m, "text"), names),
            author=names.get(words(m, "user")) or _author(m) or None,
            when=moment(_seconds(key(m, "ts"))),
            address=_address(users.get(words(m, "user"), {}), m) or None,
            outside=_outside(users.get(words(m, "user"), {}), m, home),
            whole=True,
        )
        for m in said
    ]
    files = [name for m in said for name in names_of(records(m, "files"), "name", "title")]
    return Contents(tuple(entry for entry in entries if entry.body), attachments(files))


def with_names(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The channel files with the names of a users.json that was given beside them, which is no file of its own then."""
    users = [user for name, data in files if _is_list_of_users(name) for user in _objects(data)]
    channels = [(name, data) for name, data in files if not _is_list_of_users(name)]
    if not channels or not any(key(user, "id") for user in users):
        return files
    return [(name, _named(data, users)) for name, data in channels]


def _is_list_of_users(name: str) -> bool:
    return re.split(r"[\\/]", name.lower())[-1] == "users.json"


def _objects(data: bytes) -> list[Record]:
    try:
        return records({"list": json.loads(data)}, "list")
    except (ValueError, RecursionError):
        return []


def _named(data: bytes, users: list[Record]) -> bytes:
    messages = _objects(data) if data.lstrip()[:1] == b"[" else []
    return json.dumps({"messages": messages, "users": users}).encode() if is_one({"messages": messages}) else data


def _seconds(stamp: str) -> float:
    return float(stamp) if re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", stamp) else 0.0


def _name_of(user: Record) -> str:
    profile = at(user, "profile")
    return first(words(user, "real_name"), words(profile, "real_name"), words(user, "name"))


def _author(message: Record) -> str:
    profile = at(message, "user_profile")
    name = first(words(profile, "real_name"), words(profile, "display_name"), words(profile, "name"))
    return first(name, words(message, "username"), words(message, "bot_profile", "name"), words(message, "user"))


def _address(user: Record, message: Record) -> str:
    return first(words(user, "profile", "email"), words(message, "user_profile", "email"))


def _outside(user: Record, message: Record, home: set[str]) -> bool | None:
    """Whether the author is of another workspace than the one that was exported; a guest of it may be anybody's."""
    team = first(key(message, "user_team"), key(user, "team_id"), key(message, "user_profile", "team"))
    if at(user, "is_stranger") is True or at(message, "user_profile", "is_stranger") is True:
        return True
    guest = at(user, "is_restricted") is True or at(message, "user_profile", "is_restricted") is True
    return None if guest or not team or len(home) != 1 else team not in home


def _text(text: str, names: dict[str, str]) -> str:
    """Slack's marks for people and links as a reader sees them."""
    text = _MENTION.sub(lambda m: "@" + (names.get(m[1]) or m[2] or m[1]), text)
    return unescape(_LINK.sub(lambda m: m[2] or m[1], text))
