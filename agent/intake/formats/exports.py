"""JSON: which system exported it, and of several tickets the newest."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType

from agent.errors import InputError
from agent.intake.decode import decode
from agent.intake.formats import intercom, jira, salesforce, slack, teams, zendesk
from agent.intake.formats.entry import Contents, by_date
from agent.intake.formats.fields import Record, at, records

SYSTEMS: tuple[ModuleType, ...] = (zendesk, jira, intercom, salesforce, slack, teams)
_WRAPPERS = ("ticket", "tickets", "issue", "issues", "conversation", "conversations", "records", "results", "data")
_NAMES = ", ".join(system.NAME for system in SYSTEMS)
_OPENS = (b"{", b"[")


def is_json(data: bytes, *, source: str) -> bool:
    """By its suffix, or an object or a list of objects from end to end."""
    if source.lower().endswith((".json", ".ndjson", ".jsonl")):
        return True
    return data.lstrip()[:1] in _OPENS and _parsed(data.decode("utf-8-sig", "replace")) is not None


def read_export(data: bytes, *, source: str) -> Contents:
    """The messages of the export. Raises InputError that names the supported systems if it is none of theirs."""
    try:
        document = _parsed(text := decode(data, source=source).text)
        if document is None:
            raise InputError(f"{source} {_why_not(text)}; export it again, or paste the thread as text")
        found = [(system, node) for node in _nodes(document) for system in SYSTEMS if system.is_one(node)]
        tickets = [contents for system, node in found if (contents := _read(system, node)).entries]
    except RecursionError:
        raise InputError(f"{source} is nested too deeply; paste the thread as text") from None
    if not tickets:
        raise InputError(f"{source} is JSON, but no export with messages of {_NAMES}; paste the thread as text")
    newest = max(tickets, key=_last)
    if len(tickets) == 1:
        return newest
    others = [contents for contents in tickets if contents is not newest]
    gone = sum(len(contents.entries) for contents in others)
    note = f"the newest of {len(tickets)} tickets was read; left out: {len(others)} older ones with {gone} messages"
    return newest._replace(notes=(*newest.notes, note))


def _read(system: ModuleType, node: Record) -> Contents:
    contents: Contents = system.read(node)
    return contents._replace(entries=by_date(e for e in contents.entries if e.body))


def _last(contents: Contents) -> datetime:
    return contents.entries[-1].sent or datetime.min.replace(tzinfo=UTC)


def _parsed(text: str) -> object:
    """A JSON object or a list of objects, also one object per line; None if it is neither."""
    try:
        document = json.loads(text)
    except ValueError:
        document = _line_by_line(text)
    of_objects = isinstance(document, list) and any(isinstance(item, dict) for item in document)
    return document if of_objects or isinstance(document, dict) else None


def _why_not(text: str) -> str:
    """What is wrong with a file that holds no object."""
    try:
        json.loads(text)
    except ValueError:
        return "is not valid JSON"
    return f"is JSON without an object in it, and an export of {_NAMES} is an object or a list of objects"


def _line_by_line(text: str) -> object:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return None


def _nodes(document: object) -> Iterator[Record]:
    """The document, and what stands in it as a ticket; a bare list is one channel, or a list of tickets."""
    if isinstance(document, dict):
        yield document
        for name in _WRAPPERS:
            inner = at(document, name)
            yield from [inner] if isinstance(inner, dict) else records(document, name)
    elif isinstance(document, list):
        yield {"messages": document, "value": document}
        yield from records({"list": document}, "list")
