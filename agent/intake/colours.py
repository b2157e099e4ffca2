"""Colours of a page, as far as they tell whether words can be seen on their ground."""

import re
from collections.abc import Mapping

Colour = tuple[int, int, int]

_NAMED: dict[str, Colour] = {
    "white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "floralwhite": (255, 250, 240), "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245), "mintcream": (245, 255, 250), "azure": (240, 255, 255),
    "black": (0, 0, 0), "silver": (192, 192, 192), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "lightgray": (211, 211, 211), "lightgrey": (211, 211, 211), "gainsboro": (220, 220, 220),
    "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "navy": (0, 0, 128), "yellow": (255, 255, 0),
    "orange": (255, 165, 0), "purple": (128, 0, 128), "maroon": (128, 0, 0), "teal": (0, 128, 128),
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{4}|[0-9a-f]{3})(?![0-9a-f])")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+(\d*\.?\d+)(%?))?\s*\)")
_WORD = re.compile(r"[a-z]+")
_CLEAR: Colour = (-1, -1, -1)
_SEEN_THROUGH = 0.05
_FAINT = 0.03928


def read(value: str, inherited: Colour | None) -> Colour | None:
    """The colour of letters; None where it cannot be told. Letters that are seen through are `_CLEAR`."""
    value = value.lower()
    if not value.strip() or "inherit" in value:
        return inherited
    if "transparent" in value:
        return _CLEAR
    return _parsed(value)


def background(style: Mapping[str, str], attribute: str | None, inherited: Colour | None) -> Colour | None:
    """The ground that words stand on; None where it is an image or cannot be told."""
    value = style.get("background-color") or style.get("background") or (attribute or "").lower()
    if "url(" in style.get("background", "") or "url(" in style.get("background-image", "") or "gradient" in value:
        return None
    if not value or any(word in value for word in ("transparent", "inherit", "none", "initial")):
        return inherited
    parsed = _parsed(value)
    return inherited if parsed == _CLEAR else parsed


def contrast(a: Colour, b: Colour) -> float:
    """The contrast ratio of WCAG, 1 to 21; 1 for letters without a colour of their own."""
    if _CLEAR in (a, b):
        return 1.0
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _parsed(value: str) -> Colour | None:
    if match := _HEX.search(value):
        digits = match[1]
        digits = "".join(2 * d for d in digits) if len(digits) < len("rrggbb") else digits
        seen = len(digits) == len("rrggbb") or int(digits[6:], 16) > _SEEN_THROUGH * 255
        return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)) if seen else _CLEAR
    if match := _RGB.search(value):
        alpha = 1.0 if match[4] is None else float(match[4]) / (100 if match[5] else 1)
        red, green, blue = (min(255, int(match[n])) for n in (1, 2, 3))
        return (red, green, blue) if alpha > _SEEN_THROUGH else _CLEAR
    return next((_NAMED[word] for word in _WORD.findall(value) if word in _NAMED), None)


def _luminance(colour: Colour) -> float:
    channels = (c / 255 for c in colour)
    red, green, blue = (c / 12.92 if c <= _FAINT else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
