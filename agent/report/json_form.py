"""The assessment as JSON, and the schema of that JSON as it ships beside this file."""

import json
import re

from pydantic.json_schema import GenerateJsonSchema

from agent.schema import Assessment

# Written as \uXXXX: valid JSON, the same text for a parser, and nothing that a terminal obeys or a reader misreads.
_ACTIVE = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class _AsWritten(GenerateJsonSchema):
    """Every field is required: an assessment is always written whole, defaults included."""

    def field_is_required(self, field: object, total: bool) -> bool:  # noqa: ARG002 - pydantic's hook
        return True


def to_json(assessment: Assessment) -> str:
    """The whole assessment, indented, in the shipped schema."""
    return inert(assessment.model_dump_json(indent=2))


def inert(document: str) -> str:
    """JSON with every character that a terminal would obey written as an escape; it parses to the same."""
    return _ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def schema_text() -> str:
    """The JSON schema of `to_json`, as the shipped file carries it."""
    schema = Assessment.model_json_schema(mode="serialization", schema_generator=_AsWritten)
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
