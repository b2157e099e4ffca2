"""A heading as the part of a thread that it opens: who wrote, to whom, when, and how deep the words are quoted."""

import re
from typing import Any, NamedTuple

from agent.intake.dates import WHEN
from agent.intake.headings import fields_on_one_line, header_field
from agent.intake.marks import Kind, Opening
from agent.intake.openings import BARE_WHEN, Line
from agent.late import late

_ADDRESS = re.compile(
    r"[<(\[]{0,2}(?:mailto:)?(?P<address>[^\s<>()\[\],;:@]{1,80}@[^\s<>()\[\],;:@]{1,80})(?:<mailto:[^<>\s]{1,160}>)?"
    r"[>)\]]{0,2}"
)
_AUTHOR_AND_WHEN = late(
    rf"(?P<author>.{{1,200}}?)(?P<gap>, ?| ?\(|[ \t]{{2,9}})(?P<when>{WHEN})"
    rf"(?:, [^\W\d_]{{1,20}} [^\W\d_]{{1,20}})?\)?$",
    re.IGNORECASE,
)
_VIA = re.compile(r"\S (?:via|über|par le biais de) \S", re.IGNORECASE)
_MOST_HEADER_LINES = 100


class Part(NamedTuple):
    """One message as written: its heading in fields, its words as lines of the text."""

    kind: Kind
    body: str
    author: str | None = None
    address: str | None = None
    to: str | None = None
    when: str | None = None
    subject: str | None = None
    depth: int = 0
    """how deep its words are quoted"""
    heading: str = ""
    """the lines of the text that announce it"""
    outside: bool | None = None
    """whether a chat marks who speaks as of another organisation than the reader's"""
    recorded: bool = False
    """a file says whose it is, so that no label in it makes it ours or the CSM's"""


def opened(lines: tuple[Line, ...], n: int, start: Opening, end: int) -> tuple[Part, int]:
    """The part that a heading opens, and how many lines the heading takes, 0 where its words share the line.

    The next heading stands at `end`.
    """
    fields: dict[str, Any] = {"when": start.when} if start.when else {}
    taken = start.lines
    inline = start.body_at < len(lines[n].text)
    author = start.author
    if start.kind is Kind.MAIL and not (inline and start.body_at):
        head, *same_line = fields_on_one_line(lines[n].text)
        field = header_field(head)
        author = field[1] if field and same_line and field[0] == "from" else author
        taken = 1 if author or start.body_at else 0
        _read_header(tuple(Line(0, words, 0) for words in same_line), fields)
        taken += _read_header(lines[n + taken : n + taken + _MOST_HEADER_LINES], fields)
        inline = False
    elif start.kind is Kind.CUT and not inline and not author:
        taken += _read_header(lines[n + 1 : n + 1 + _MOST_HEADER_LINES], fields)
    name, address = _person(author)
    dated = _AUTHOR_AND_WHEN.match(name) if name and "when" not in fields else None
    whole = dated and dated["author"].count("(") == dated["author"].count(")")
    if dated and whole and (start.kind is not Kind.NOTE or dated["gap"].startswith(",")):
        name, fields["when"] = dated["author"], dated["when"]
    below = lines[n + taken : min(end, n + taken + _MOST_HEADER_LINES)]
    depth = lines[n].depth if inline else _depth_of_words(lines[n], below, start.kind)
    return Part(start.kind, "", name, address, **fields, depth=depth), 0 if inline else taken


def _depth_of_words(heading: Line, below: tuple[Line, ...], kind: Kind) -> int:
    """How deep the lines are quoted that a heading announces.

    Those that follow it; below a header that starts with quoted lines, those that answer them.
    """
    depths = [line.depth for line in below if line.text] or [heading.depth]
    if kind is Kind.QUOTED:
        return max(depths[0], heading.depth)
    return heading.depth if heading.depth in depths else depths[0]


def _read_header(lines: tuple[Line, ...], fields: dict[str, str]) -> int:
    """Fills the fields from the header lines that follow and returns how many lines they take."""
    taken, name = 0, ""
    for n, line in enumerate(lines):
        field = header_field(line.text)
        if field and field[0] != "from":
            name, taken = "when" if field[0] == "sent" else field[0], n + 1
            if name == "other":
                continue
            value = line.text.strip() if name == "to" else field[1]
            fields[name] = f"{fields[name]}; {value}" if fields.get(name) else value
        elif line.text and "when" not in fields and BARE_WHEN.match(line.text):
            fields["when"], taken = line.text.strip(), n + 1
        elif name == "to" and n == taken and line.text[:1].isspace() and line.text.strip():
            fields["to"], taken = f"{fields['to']} {line.text.strip()}", n + 1  # a wrapped list of recipients
        elif line.text:
            break
    return taken


def _person(author: str | None) -> tuple[str | None, str | None]:
    """The name and the mail address of "Gus Maddern <gus@maddern.example>"."""
    match = _ADDRESS.search(author or "")
    if not author or not match:
        return author, None
    name = (author[: match.start()] + author[match.end() :]).replace("()", "").strip(" \"'*,<>")
    if _VIA.search(name):  # the address is the list's, not the sender's
        return name, None
    return name or None, match["address"]
