"""The response schema as it goes over the wire: the subset of JSON Schema that every constrained decoder accepts.

Strict decoders refuse lengths, patterns and ranges with a 400, want every property required, and allow nothing beside
a `$ref`. Left to itself pydantic also writes a decimal as a pattern with a lookahead, which no grammar can compile.
What the decoder cannot enforce is said in the description, and pydantic checks it when the answer is back.
"""

from typing import Any

from pydantic import BaseModel

_UNCONSTRAINED = ("minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "format")

JsonSchema = dict[str, Any]

CONTEXT_CHARACTERS = 100_000  # of thread text in one call; about 25,000 tokens, which every current hosted model takes


def response_schema(response_type: type[BaseModel], *, limits: bool) -> JsonSchema:
    """The schema of an answer, references resolved. `limits` keeps lengths and ranges for decoders that know them."""
    document = response_type.model_json_schema()
    return _node(document, document.get("$defs", {}), limits=limits)


def _node(node: JsonSchema, definitions: dict[str, JsonSchema], *, limits: bool) -> JsonSchema:
    node = dict(node)
    if reference := node.pop("$ref", None):
        node = {**definitions[reference.rsplit("/", 1)[-1]], **node}
    for unused in ("title", "default", "$defs"):
        node.pop(unused, None)
    if "anyOf" in node:
        variants = [_node(v, definitions, limits=limits) for v in _without_decimal_text(node.pop("anyOf"))]
        node = {**variants[0], **node} if len(variants) == 1 else {"anyOf": variants, **node}
    if "items" in node:
        node["items"] = _node(node["items"], definitions, limits=limits)
    if "properties" in node:
        node["properties"] = {k: _node(v, definitions, limits=limits) for k, v in node["properties"].items()}
        node |= {"required": list(node["properties"]), "additionalProperties": False}
    return node if limits else _said_in_words(node)


def _without_decimal_text(variants: list[JsonSchema]) -> list[JsonSchema]:
    """A decimal is offered as a number or as text; the number will do."""
    numeric = any(variant.get("type") == "number" for variant in variants)
    return [variant for variant in variants if not (numeric and variant.get("type") == "string")]


def _said_in_words(node: JsonSchema) -> JsonSchema:
    words = [node["description"]] if "description" in node else []
    if "maxLength" in node:
        words.append(f"At most {node['maxLength']} characters.")
    if "maxItems" in node:
        words.append(f"At most {node['maxItems']} items.")
    if node.get("type") == "integer" and "minimum" in node and "maximum" in node:
        node["enum"] = list(range(node["minimum"], node["maximum"] + 1))
    said = {key: value for key, value in node.items() if key not in _UNCONSTRAINED}
    return {**said, "description": " ".join(words)} if words else said
