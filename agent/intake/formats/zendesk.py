"""A Zendesk ticket: the export, or the answers of its API with comments and users."""

from agent.intake.formats.entry import Contents, Entry, attachments, moment, written
from agent.intake.formats.fields import Record, at, first, key, names_of, of_html, records, words
from agent.schema import Side

NAME = "Zendesk"
_OURS = {"agent", "admin"}
_PEOPLE = ("requester", "submitter", "assignee")


def is_one(node: Record) -> bool:
    """Comments that name their author by number and say whether they are public."""
    return any("author_id" in c and ("public" in c or "plain_body" in c) for c in records(node, "comments"))


def read(node: Record) -> Contents:
    """The comments in order; what is not public is ours alone."""
    inner = at(node, "ticket")
    ticket: Record = inner if isinstance(inner, dict) else node
    people = _people(node, ticket)
    requester = first(key(ticket, "requester_id"), key(ticket, "requester", "id"))
    comments = records(node, "comments")
    entries = [_comment(c, people, requester, subject=words(ticket, "subject")) for c in comments]
    if (opened := words(ticket, "description")) and not any(opened[:200] in entry.body for entry in entries):
        asked: Record = {
            "author_id": requester,
            "body": opened,
            "public": True,
            "created_at": at(ticket, "created_at"),
        }
        entries.insert(0, _comment(asked, people, requester, subject=words(ticket, "subject")))
    files = [name for c in comments for name in names_of(records(c, "attachments"), "file_name", "filename")]
    named = tuple(dict.fromkeys(filter(None, (words(person, "name") for person in people.values()))))
    return Contents(
        tuple(entries), attachments(files), people=named, account=_organisation(node, ticket, people) or None
    )


def _organisation(node: Record, ticket: Record, people: dict[str, Record]) -> str:
    """The ticket's, else the requester's, else the only one that is exported."""
    told = records(node, "organizations")
    asked = people.get(first(key(ticket, "requester_id"), key(ticket, "requester", "id")), {})
    wanted = first(key(ticket, "organization_id"), key(asked, "organization_id"))
    own = [o for o in told if key(o, "id") == wanted] if wanted else told
    return words(own[0], "name") if len(own) == 1 else words(ticket, "organization", "name")


def _people(node: Record, ticket: Record) -> dict[str, Record]:
    told = [*records(node, "users"), *(p for name in _PEOPLE if isinstance(p := at(ticket, name), dict))]
    told += [author for c in records(node, "comments") if isinstance(author := at(c, "author"), dict)]
    return {key(person, "id"): person for person in told}


def _comment(comment: Record, people: dict[str, Record], requester: str, *, subject: str) -> Entry:
    author = key(comment, "author_id") or key(comment, "author", "id")
    person: Record = people.get(author, {})
    plain = first(words(comment, "plain_body"), words(comment, "body"))
    return written(
        first(plain, of_html(words(comment, "html_body"))),
        author=words(person, "name") or None,
        address=words(person, "email") or None,
        when=moment(at(comment, "created_at")),
        subject=subject,
        side=_side(comment, words(person, "role"), requester=author == requester != ""),
    )


def _side(comment: Record, role: str, *, requester: bool) -> Side | None:
    if at(comment, "public") is False:
        return Side.CSM_NOTE
    if role in _OURS:
        return Side.US
    return Side.CUSTOMER if requester or role == "end-user" else None
