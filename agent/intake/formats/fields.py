"""Reading a ticket export that may hold anything anywhere: what is not there, or not of its kind, is nothing."""

from collections.abc import Iterable, Mapping

from agent.intake.html import readable

Record = Mapping[str, object]


def at(node: object, *path: str) -> object:
    """What stands at the path; None where a step is missing."""
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def words(node: object, *path: str) -> str:
    """The text at the path, without white space around it; empty where there is none."""
    value = at(node, *path)
    return value.strip() if isinstance(value, str) else ""


def key(node: object, *path: str) -> str:
    """A number or a text at the path, to compare ids by."""
    value = at(node, *path)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def records(node: object, *path: str) -> list[Record]:
    """The objects in the list at the path."""
    value = at(node, *path)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def of_html(html: str) -> str:
    """The words of a comment that an export keeps as HTML."""
    return readable(html) if "<" in html or "&" in html else html


def first(*candidates: str) -> str:
    """The first one that says anything."""
    return next((candidate for candidate in candidates if candidate), "")


def names_of(files: Iterable[Record], *keys: str) -> list[str]:
    """The names of attached files, under whichever key this export keeps them."""
    return [first(*(words(file, name) for name in keys)) or "without a name" for file in files]
