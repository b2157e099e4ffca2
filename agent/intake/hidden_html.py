"""What an HTML page keeps from its reader's eye, taken out before the page is turned into text, and counted.

A style is followed from a node to the words inside it: a size of nothing ends where a child sets its own, and a colour
hides only against the ground it stands on. Rules of `<style>` count, inside `@media` only those for every screen. Where
the ground is an image or unknown, no claim is made.
"""

import re
from collections import defaultdict
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from agent.intake.colours import Colour, background, contrast, read
from agent.intake.hidden import MOST_WORDS
from agent.schema import HiddenKind, Removed

_MOST_RULES = 200
_LEAST_CONTRAST = 1.2  # pale grey small print has 1.3 and more; white on white 1.0
_LEAST_POINTS = 2.0
_LEAST_OPACITY = 0.05
_FAR_PIXELS = 900
_UNREAD = frozenset({"script", "style", "head", "title", "template"})
_RULE = re.compile(r"([^{}@;]{1,500})\{([^{}]{0,2000})\}")
_EVERY_SCREEN = re.compile(
    r"@media\s{1,9}(?:only\s{1,9})?(?:screen|all)\s{0,9}\{((?:[^{}]|\{[^{}]*\})*)\}", re.IGNORECASE
)
_MEDIA = re.compile(r"@[a-z-]+[^{};]{0,500}\{(?:[^{}]|\{[^{}]*\})*\}", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
_TELLING = re.compile(
    r"display|visibility|opacity|color|background|font|height|width|overflow|left|top|indent|clip|scale|mso-hide",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%)?")
_TAG = re.compile(r"<[^<>]{0,2000}>?")
_CONDITIONAL = re.compile(r"\s*(?:\[if\b|<!\[endif|\[endif)", re.IGNORECASE)

Style = dict[str, str]


class _Look(NamedTuple):
    """How words at a place of the page are drawn. `gone` holds for everything below; the rest a child may undo."""

    gone: HiddenKind | None = None
    unseen: bool = False
    points: float = 12.0
    colour: Colour | None = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)


def shown(page: str) -> tuple[str, tuple[Removed, ...]]:
    """The page without what its reader does not see, and one record for every way in which it was hidden."""
    tree = LexborHTMLParser(page)
    hidden = _hidden(tree)
    said: dict[HiddenKind, list[str]] = defaultdict(list)
    for node, kind, words in hidden:
        said[kind].append(words)
        if node is not None:
            node.decompose()
    removed = tuple(_record(kind, words) for kind, words in said.items() if any(words))
    return (tree.html or "") if hidden else page, removed


def _record(kind: HiddenKind, pieces: list[str]) -> Removed:
    words = " ".join(piece for piece in pieces if piece)
    return Removed(kind=kind, characters=len(words), where="the HTML", words=words[:MOST_WORDS])


def _hidden(tree: LexborHTMLParser) -> list[tuple[LexborNode | None, HiddenKind, str]]:
    """The text nodes and comments that are not seen, with what they say; alt texts go with no node."""
    rules, found = _styles(tree), list[tuple[LexborNode | None, HiddenKind, str]]()
    waiting: list[tuple[LexborNode | None, _Look]] = [(tree.root, _Look())]
    while waiting:  # a loop, since pages nest thousands deep
        node, look = waiting.pop()
        while node is not None:
            if node.is_comment_node:
                found.append((node, HiddenKind.COMMENT, _comment(node.comment_content or "")))
            elif node.is_text_node:
                words = " ".join((node.text_content or "").split())
                if words and (kind := _why_unseen(look)):
                    found.append((node, kind, words))
            elif node.tag not in _UNREAD:
                inside = _inside(node, look, rules.get(node.mem_id, {}))
                if alt := " ".join((node.attributes.get("alt") or "").split()):
                    found.append((None, HiddenKind.ALT_TEXT, alt))
                if node.child is not None:
                    waiting.append((node.next, look))
                    node, look = node.child, inside
                    continue
            node = node.next
    return found


def _comment(content: str) -> str:
    """What a comment says to a reader of the source; conditions for a mail program say nothing."""
    return "" if _CONDITIONAL.match(content) else " ".join(_TAG.sub(" ", content).split())


def _why_unseen(look: _Look) -> HiddenKind | None:
    if look.gone:
        return look.gone
    if look.unseen:
        return HiddenKind.INVISIBLE
    if look.points < _LEAST_POINTS:
        return HiddenKind.TINY
    if look.colour and look.ground and contrast(look.colour, look.ground) < _LEAST_CONTRAST:
        return HiddenKind.SAME_COLOUR
    return None


def _styles(tree: LexborHTMLParser) -> dict[int, Style]:
    """What the page's own style sheets say, by node."""
    sheet = _CSS_COMMENT.sub(" ", "\n".join(node.text() for node in tree.css("style")))
    styles: dict[int, Style] = defaultdict(dict)
    sheet = _MEDIA.sub(" ", _EVERY_SCREEN.sub(r" \1 ", sheet))
    telling = (rule for rule in _RULE.finditer(sheet) if _TELLING.search(rule[2]))
    for rule, _ in zip(telling, range(_MOST_RULES), strict=False):
        try:
            nodes = [] if ":" in rule[1] else tree.css(rule[1].strip())
        except SelectolaxError:
            continue  # a selector of some mail program
        for node in nodes:
            styles[node.mem_id] |= _declared(rule[2])
    return styles


def _declared(css: str) -> Style:
    pairs = (piece.partition(":") for piece in css[:2000].lower().replace("!important", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}


def _inside(node: LexborNode, look: _Look, style: Style) -> _Look:
    """How words inside the node are drawn, by its attributes, the sheets and its own style, the last one winning."""
    attributes = node.attributes
    style = style | _declared(attributes.get("style") or "")
    gone = look.gone or _gone(attributes, style)
    visibility = style.get("visibility")
    unseen = visibility in {"hidden", "collapse"} if visibility else look.unseen
    points = _points(style, look.points)
    ground = background(style, attributes.get("bgcolor"), look.ground) if not attributes.get("background") else None
    colour = read(style.get("color") or attributes.get("color") or "", look.colour)
    return _Look(gone, unseen, points, colour, ground)


def _gone(attributes: dict[str, str | None], style: Style) -> HiddenKind | None:
    flat = any(_length(style, side) == 0 for side in ("max-height", "max-width", "height", "width"))
    far = any(
        abs(_length(style, side) or 0) >= _FAR_PIXELS and "-" in style[side]
        for side in ("left", "top", "text-indent", "margin-left")
        if side in style
    )
    clipped = re.search(
        r"rect\(\s*[01](?:px)?[ ,]+[01](?:px)?[ ,]+[01](?:px)?[ ,]+[01](?:px)?\s*\)|inset\((?:50|100)%",
        style.get("clip", "") + style.get("clip-path", ""),
    )
    opacity = re.match(r"\s*(\d*\.?\d+)(%?)", style.get("opacity", ""))
    shrunk = re.search(r"scale\(\s*0(?:\.0+)?\s*[,)]", style.get("transform", ""))
    if style.get("display") == "none" or style.get("mso-hide") == "all":
        return HiddenKind.NOT_DISPLAYED
    if opacity and float(opacity[1]) / (100 if opacity[2] else 1) < _LEAST_OPACITY:
        return HiddenKind.TRANSPARENT
    if (flat and style.get("overflow") == "hidden") or shrunk or clipped:
        return HiddenKind.TINY
    if far:
        return HiddenKind.OFF_SCREEN
    if "hidden" in attributes:
        return HiddenKind.HIDDEN_ATTRIBUTE
    return HiddenKind.ARIA_HIDDEN if (attributes.get("aria-hidden") or "").lower() == "true" else None


def _length(style: Style, name: str) -> float | None:
    match = _LENGTH.match(style.get(name, ""))
    return float(match[1]) if match else None


def _points(style: Style, inherited: float) -> float:
    """The size of the letters; relative sizes count from the parent's."""
    size = style.get("font-size") or next(
        iter(re.findall(r"(?:^|\s)(\d*\.?\d+(?:px|pt|em|rem|%))", style.get("font", ""))), ""
    )
    match = _LENGTH.match(size)
    if not match:
        return 12.0 if size in {"medium", "large", "small", "x-small", "x-large"} else inherited
    number, unit = float(match[1]), match[2]
    return (
        number * inherited
        if unit == "em"
        else number * inherited / 100
        if unit == "%"
        else number * 12
        if unit == "rem"
        else number
    )
