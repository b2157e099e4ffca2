"""The readable text of an HTML mail."""

from html.parser import HTMLParser

_UNREAD = {"script", "style", "head", "title", "template"}
_LINE_ENDS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "hr", "ul", "ol", "pre"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.unread: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its signature
        if tag in _UNREAD and self.unread is None:
            self.unread = tag
        elif tag in _LINE_ENDS:
            self.pieces.append("\n")
        elif tag == "body":
            self.unread = None  # a head that nobody closed

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unread:
            self.unread = None
        elif tag in _LINE_ENDS - {"br", "hr"}:
            self.pieces.append("\n")
        elif tag in {"td", "th"}:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if self.unread is None:
            self.pieces.append(" ".join(data.split("\n")))


def readable(html: str) -> str:
    """Its words in lines, without script and style; at most one empty line in a row."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    return "\n".join(kept).strip()
