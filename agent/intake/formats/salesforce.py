"""A Salesforce Case with its comments and its mails, as queries and the data loader's JSON give them."""

from agent.intake.formats.entry import Contents, Entry, attachments, moment, written
from agent.intake.formats.fields import Record, at, first, names_of, of_html, records, words
from agent.schema import Side

NAME = "Salesforce Case"
_STAFF = {"standard", "automatedprocess", "csponly"}


def is_one(node: Record) -> bool:
    """By its type, or by the two fields that only a case has."""
    return words(node, "attributes", "type") == "Case" or {"CaseNumber", "Subject"} <= node.keys()


def read(node: Record) -> Contents:
    """The description, the comments (published or not) and the mails, in order of their dates."""
    subject, contact = words(node, "Subject"), words(node, "Contact", "Name")
    entries = [
        written(
            words(node, "Description"),
            author=first(contact, words(node, "SuppliedName")) or None,
            address=first(words(node, "Contact", "Email"), words(node, "SuppliedEmail")) or None,
            when=moment(at(node, "CreatedDate")),
            subject=subject,
            side=Side.CUSTOMER if contact or words(node, "SuppliedEmail") else None,
        )
    ]
    entries += [_comment(comment, contact, subject) for comment in _related(node, "CaseComments")]
    mails = _related(node, "EmailMessages")
    entries += [_mail(mail, subject) for mail in mails]
    files = _related(node, "Attachments") + _related(node, "ContentDocumentLinks")
    titled = [at(file, "ContentDocument") for file in files]
    named = [document if isinstance(document, dict) else file for file, document in zip(files, titled, strict=True)]
    return Contents(tuple(e for e in entries if e.body), attachments(names_of(named, "Name", "Title")))


def _related(node: Record, name: str) -> list[Record]:
    return records(node, name, "records") or records(node, name)


def _comment(comment: Record, contact: str, subject: str) -> Entry:
    author = words(comment, "CreatedBy", "Name")
    staff = words(comment, "CreatedBy", "UserType").lower()
    theirs = author == contact != "" or (staff != "" and staff not in _STAFF)
    return written(
        words(comment, "CommentBody"),
        author=author or None,
        address=words(comment, "CreatedBy", "Email") or None,
        when=moment(at(comment, "CreatedDate")),
        subject=subject,
        side=Side.CSM_NOTE if at(comment, "IsPublished") is False else Side.CUSTOMER if theirs else Side.US,
    )


def _mail(mail: Record, subject: str) -> Entry:
    incoming = at(mail, "Incoming")
    return written(
        first(words(mail, "TextBody"), of_html(words(mail, "HtmlBody"))),
        author=words(mail, "FromName") or None,
        address=words(mail, "FromAddress") or None,
        to=words(mail, "ToAddress") or None,
        when=moment(first(words(mail, "MessageDate"), words(mail, "CreatedDate"))),
        subject=first(words(mail, "Subject"), subject),
        side=Side.CUSTOMER if incoming is True else Side.US if incoming is False else None,
    )
