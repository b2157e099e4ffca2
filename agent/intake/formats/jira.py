"""A request of Jira Service Management: the issue with its comments, or the portal's own view of it."""

from collections.abc import Iterator

from agent.intake.formats.entry import Contents, Entry, attachments, moment, written
from agent.intake.formats.fields import Record, at, first, key, names_of, records, words
from agent.schema import Side

NAME = "Jira Service Management"
_BLOCKS = {"paragraph", "heading", "listItem", "tableRow", "codeBlock", "hardBreak", "rule", "mediaSingle"}


def is_one(node: Record) -> bool:
    """An issue has a key and fields; a request of the portal has an issueKey and values."""
    issue = key(node, "key") != "" and isinstance(at(node, "fields"), dict)
    return (issue and "summary" in _fields(node)) or bool(key(node, "issueKey") and _values(node))


def read(node: Record) -> Contents:
    """The description as the reporter's own words, then the comments in order."""
    fields, asked = _fields(node), _values(node)
    reporter = _person(at(fields, "reporter") or at(node, "reporter"))
    subject = first(words(fields, "summary"), asked.get("summary", ""))
    opened = first(_text(at(fields, "description")), asked.get("description", ""))
    created = at(fields, "created") or at(node, "createdDate", "iso8601")
    entries = [_written(opened or subject, reporter, created, side=Side.CUSTOMER, subject=subject)]
    comments = records(fields, "comment", "comments") or records(node, "comments", "values")
    entries += [_comment(comment, reporter, subject) for comment in comments]
    files = names_of(records(fields, "attachment"), "filename")
    files += [name for c in comments for name in names_of(records(c, "attachments", "values"), "filename")]
    return Contents(tuple(entries), attachments(files))


def _fields(node: Record) -> dict[str, object]:
    fields = at(node, "fields")
    return fields if isinstance(fields, dict) else {}


def _values(node: Record) -> dict[str, str]:
    return {words(value, "fieldId"): _text(at(value, "value")) for value in records(node, "requestFieldValues")}


def _person(node: object) -> tuple[str, str]:
    name = first(words(node, "displayName"), words(node, "name"))
    return name, words(node, "emailAddress")


def _comment(comment: Record, reporter: tuple[str, str], subject: str) -> Entry:
    author = _person(at(comment, "author"))
    created = first(words(comment, "created"), words(comment, "created", "iso8601"))
    customer = author == reporter or words(comment, "author", "accountType") == "customer"
    side = Side.CSM_NOTE if _internal(comment) else Side.CUSTOMER if customer else Side.US
    return _written(_text(at(comment, "body")), author, created, side=side, subject=subject)


def _internal(comment: Record) -> bool:
    told = (at(comment, "jsdPublic"), at(comment, "public"))
    marks = records(comment, "properties")
    return False in told or any(at(mark, "value", "internal") in {True, "true"} for mark in marks)


def _written(body: str, author: tuple[str, str], when: object, *, side: Side, subject: str) -> Entry:
    return written(
        body, author=author[0] or None, address=author[1] or None, when=moment(when), subject=subject, side=side
    )


def _text(body: object) -> str:
    """A body as text: plain, or Atlassian's document of nested nodes."""
    return body.strip() if isinstance(body, str) else "".join(_pieces(body)).strip()


def _pieces(node: object) -> Iterator[str]:
    kind = words(node, "type")
    text = at(node, "text")
    if isinstance(text, str):
        yield text
    elif name := first(words(node, "attrs", "text"), words(node, "attrs", "shortName"), words(node, "attrs", "url")):
        yield name
    for inner in records(node, "content"):
        yield from _pieces(inner)
    if kind in _BLOCKS:
        yield "\n"
