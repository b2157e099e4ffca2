"""The readable text of an HTML mail."""

import re
from collections import Counter
from html.parser import HTMLParser

from agent.errors import InputError
from agent.intake import hidden, hidden_html
from agent.intake.decode import decode
from agent.intake.formats.entry import Contents, Entry
from agent.intake.marks import Kind

LONGEST_HTML = 2_000_000
_UNREAD = {"script", "style", "head", "title", "template"}
_LINE_ENDS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "hr", "ul", "ol", "pre"}
_UNCLOSED = re.compile(r"<(?![^<>]{0,5000}>)")
_DECLARATION = re.compile(r"<[!?][^<>]{0,5000}>")
_STARTS = re.compile(
    r"<(/?)(?:(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])|(?<!/)[a-z])", re.IGNORECASE
)
_MOST_REPEATED = 100_000
_DEEPEST_QUOTE = 20
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{1,100},[A-Za-z0-9+/=%\s]{500,}")
"""a picture inside the page; its letters are no words, and longer than any tag"""

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,500}(?:<!--.{0,1000}?-->\s{0,500}|<\?xml[^<>]{0,200}>\s{0,500})?"
                   rb"<(?:!doctype\s{1,9}html|html|head|body)[\s>]", re.IGNORECASE | re.DOTALL)  # fmt: skip
_CHARSET = re.compile(rb"<meta[^<>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w-]{1,40})", re.IGNORECASE)
_CHARSET_WITHIN = 4_096


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.quoted = 0
        self.unread: str | None = None
        self.depth = 0
        """how many tags of the unread one's name are open inside it, itself included"""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its signature
        if tag == "body":
            self.unread = None  # a head that nobody closed
        if self.unread is not None:
            self.depth += tag == self.unread
        elif tag in _UNREAD:
            self.unread, self.depth = tag, 1
        elif tag in _LINE_ENDS:
            self.quoted += tag == "blockquote"
            self._new_line()

    def _new_line(self) -> None:
        """What a mail program sets in a block of its own for being quoted, a text marks with `>`."""
        self.pieces.append("\n" + "> " * min(self.quoted, _DEEPEST_QUOTE))

    def handle_endtag(self, tag: str) -> None:
        if self.unread is not None:
            self.depth -= tag == self.unread
            self.unread = self.unread if self.depth else None
        elif tag in _LINE_ENDS - {"br", "hr"}:
            self.quoted = max(0, self.quoted - (tag == "blockquote"))
            self._new_line()
        elif tag in {"td", "th"}:
            self.pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its signature
        if self.unread is None and tag in _LINE_ENDS - {"blockquote"}:
            self._new_line()

    def handle_data(self, data: str) -> None:
        if self.unread is None:
            self.pieces.append(" ".join(data.split("\n")))


def is_page(data: bytes, *, source: str) -> bool:
    """By the tags that a page starts with, or its suffix."""
    return _PAGE.match(data) is not None or source.lower().endswith((".html", ".htm"))


def read_page(data: bytes, *, source: str) -> Contents:
    """The words of a saved page. Raises InputError if it shows none."""
    declared = _CHARSET.search(data[:_CHARSET_WITHIN])
    page, note = decode(data, source=source, declared=declared[1].decode("ascii") if declared else None)
    words = readable(page)
    if not words:
        raise InputError(f"{source} shows no text; open the page and paste its words")
    cut = f"read to {LONGEST_HTML:,} characters only: the HTML" if len(page) > LONGEST_HTML else None
    return Contents((Entry(words, kind=Kind.PLAIN),), tuple(told for told in (note, cut) if told))


def readable(html: str) -> str:
    """Its visible words in lines, without script and style; at most one empty line in a row.

    Only the first LONGEST_HTML characters are read. Comments, declarations and tags that nobody closes never reach the
    parser, whose time grows with the square of them.
    """
    reader = _Reader()
    page = _EMBEDDED.sub("data:", html[:LONGEST_HTML])
    if not _tangled(page):
        page, removed = hidden_html.shown(page)
        hidden.note(removed)
    page = _without_comments(page)
    reader.feed(_UNCLOSED.sub("&lt;", _DECLARATION.sub("", page)))
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    kept = [line for n, line in enumerate(lines) if line.strip("> ") or (n and lines[n - 1].strip("> "))]
    return "\n".join(line if line.strip("> ") else "" for line in kept).strip()


def _tangled(page: str) -> bool:
    """Whether formatting that nobody closes would be repeated in every block of a tree: 27 kB can grow to 700 MB.

    Such a page is read without a tree.
    """
    unclosed, blocks = Counter[str](), 0
    most = Counter[str]()
    for closing, formatting in _STARTS.findall(page):
        tag = formatting.lower()
        if not tag:
            blocks += 1
            continue
        unclosed[tag] = max(0, unclosed[tag] + (-1 if closing else 1))
        most[tag] = max(most[tag], unclosed[tag])
    return most.total() * blocks > _MOST_REPEATED


def _without_comments(html: str) -> str:
    """As browsers do, what follows an open comment mark is a comment to the end."""
    shown, *rest = html.split("<!--")
    return shown + "".join(piece.partition("-->")[2] for piece in rest)
