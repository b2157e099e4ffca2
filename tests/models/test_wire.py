from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from agent.models.wire import response_schema
from agent.schema import Draft, Extraction, Noun

REFUSED = {"minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "format", "default"}


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for child in (*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items")):
        if child:
            yield from nodes(child)


@pytest.mark.parametrize("response_type", [Extraction, Draft])
def test_what_is_sent_to_a_strict_decoder_is_inside_its_subset(response_type: type[BaseModel]) -> None:
    """No keyword that a strict decoder refuses, no reference, every object closed and all of it required."""
    for node in nodes(response_schema(response_type, limits=False)):
        assert not (REFUSED | {"$ref", "$defs", "title"}) & set(node)
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])


@pytest.mark.parametrize("limits", [True, False])
@pytest.mark.parametrize("response_type", [Extraction, Draft])
def test_fields_keep_the_order_in_which_the_model_has_to_think(response_type: type[BaseModel], limits: bool) -> None:
    """Field order is reasoning order, and survives the rewriting."""
    schema = response_schema(response_type, limits=limits)
    assert list(schema["properties"]) == list(response_type.model_fields)


class Kind(StrEnum):
    A = "a"
    B = "b"


class Inner(Noun):
    """Inside."""

    level: Annotated[int, Field(ge=1, le=3)]


class Sample(Noun):
    """A sample."""

    words: str = Field(max_length=12, description="the words")
    kind: Kind = Field(description="which")
    amount: Decimal = Field(ge=0, description="how much")
    inner: Inner | None = None
    lines: tuple[Annotated[str, Field(max_length=5)], ...] = Field(max_length=2)


def test_limits_that_cannot_be_enforced_are_said_in_words() -> None:
    """Lengths move into descriptions, a small range becomes an enumeration, a decimal is a plain number."""
    properties = response_schema(Sample, limits=False)["properties"]
    assert properties["words"] == {"type": "string", "description": "the words At most 12 characters."}
    assert properties["kind"] == {"type": "string", "enum": ["a", "b"], "description": "which"}
    assert properties["amount"] == {"type": "number", "description": "how much"}
    assert properties["inner"]["anyOf"][0]["properties"]["level"] == {"type": "integer", "enum": [1, 2, 3]}
    assert properties["lines"]["description"] == "At most 2 items."


def test_limits_are_kept_for_decoders_that_enforce_them() -> None:
    """A grammar on this machine bounds every string; only the decimal's uncompilable pattern goes."""
    properties = response_schema(Sample, limits=True)["properties"]
    assert properties["words"]["maxLength"] == 12
    assert properties["amount"] == {"type": "number", "minimum": 0.0, "description": "how much"}
    assert properties["lines"]["items"]["maxLength"] == 5
