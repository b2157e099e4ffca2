"""The readable text of an HTML mail."""

import re
from html.parser import HTMLParser

LONGEST_HTML = 200_000
_UNREAD = {"script", "style", "head", "title", "template"}
_LINE_ENDS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "hr", "ul", "ol", "pre"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source", "embed"}
_UNCLOSED = re.compile(r"<(?![^<>]{0,5000}>)")
_DECLARATION = re.compile(r"<[!?][^<>]{0,5000}>")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.unread: str | None = None
        self.depth = 0
        """how many tags of the unread one's name are open inside it, itself included"""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.unread = None  # a head that nobody closed
        if self.unread is not None:
            self.depth += tag == self.unread
        elif tag in _UNREAD or (tag not in _VOID and _hidden(attrs)):
            self.unread, self.depth = tag, 1
        elif tag in _LINE_ENDS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.unread is not None:
            self.depth -= tag == self.unread
            self.unread = self.unread if self.depth else None
        elif tag in _LINE_ENDS - {"br", "hr"}:
            self.pieces.append("\n")
        elif tag in {"td", "th"}:
            self.pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its signature
        if self.unread is None and tag in _LINE_ENDS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if self.unread is None:
            self.pieces.append(" ".join(data.split("\n")))


def _hidden(attrs: list[tuple[str, str | None]]) -> bool:
    """What a reader of the mail does not see is not what was said to them."""
    return any(name == "hidden" or (name == "style" and _HIDING.search((value or "")[:500])) for name, value in attrs)


def readable(html: str) -> str:
    """Its visible words in lines, without script and style; at most one empty line in a row.

    Only the first LONGEST_HTML characters are read. Comments, declarations and tags that nobody closes never reach the
    parser, whose time grows with the square of them.
    """
    reader = _Reader()
    page = _without_comments(html[:LONGEST_HTML])
    reader.feed(_UNCLOSED.sub("&lt;", _DECLARATION.sub("", page)))
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    return "\n".join(kept).strip()


def _without_comments(html: str) -> str:
    """As browsers do, what follows an open comment mark is a comment to the end."""
    shown, *rest = html.split("<!--")
    return shown + "".join(piece.partition("-->")[2] for piece in rest)
