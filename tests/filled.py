"""A noun with every field filled, made from its annotations, so that a field added later is filled as well."""

import types
import typing
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union

from agent.schema import Noun
from tests import builders

Say = Callable[[str], str]
_PLAIN = {str: "en", int: 4, float: 1.0, bool: True, datetime: builders.NOW, date: builders.NOW.date()}


def noun(kind: type[Noun], say: Say) -> Any:
    """A valid instance with all optional fields; `say` words each string, given its place such as 'Evidence.quote'."""
    return kind.model_validate(
        {
            name: _value(field.annotation, lambda at=f"{kind.__name__}.{name}": say(at), say, field.metadata)
            for name, field in kind.model_fields.items()
        }
    )


def _value(annotation: Any, word: Callable[[], str], say: Say, metadata: Sequence[Any] = ()) -> Any:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _value(inner[0], word, say, list(_flat((*metadata, *inner[1:]))))
    if origin in {Union, types.UnionType}:
        return _value(next(each for each in inner if each is not type(None)), word, say, metadata)
    if origin is tuple:
        kinds = inner[:1] * max(1, _least(metadata)) if inner[-1] is Ellipsis else inner
        return tuple(_shared(_value(each, word, say), len(kinds)) for each in kinds)
    if origin is dict:
        key, each = inner
        assert issubclass(key, Enum), f"a key of {annotation} could hold words"
        return {member: _shared(_value(each, word, say), len(key)) for member in key}
    if annotation is str and not any(getattr(each, "pattern", None) for each in metadata):
        return word()
    return inner[0] if origin is Literal else _single(annotation, say)


def _single(annotation: Any, say: Say) -> Any:
    """A noun, the first of a vocabulary, or a plain value; a string with a pattern is a language's code."""
    if issubclass(annotation, Noun):
        return noun(annotation, say)
    return next(iter(annotation)) if issubclass(annotation, Enum) else _PLAIN[annotation]


def _shared(value: Any, among: int) -> Any:
    """Probabilities of one question sum to one."""
    return value / among if isinstance(value, float) else value


def _flat(metadata: Sequence[Any]) -> Iterator[Any]:
    """The constraints inside pydantic's `Field`, and those that stand alone."""
    for each in metadata:
        yield from getattr(each, "metadata", [each])


def _least(metadata: Sequence[Any]) -> int:
    return next((each.min_length for each in metadata if hasattr(each, "min_length")), 0)


def places(value: Any, word: str, at: str = "") -> set[str]:
    """Where the word stands in a value, as the field of the innermost noun, such as 'Evidence.quote'."""
    if isinstance(value, Noun):
        kind = type(value)
        return {p for name in kind.model_fields for p in places(getattr(value, name), word, f"{kind.__name__}.{name}")}
    if isinstance(value, dict | tuple):
        inside = (*value, *value.values()) if isinstance(value, dict) else value
        return {place for each in inside for place in places(each, word, at)}
    return {at} if isinstance(value, str) and word in value else set()
