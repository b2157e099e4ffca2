"""Calls kept as files, and answered from files.

One call is one JSON file, whose name means nothing:

    {
      "format": 1,
      "source": "live",                      "authored" if a person wrote the answer
      "purpose": "extract",                  "extract", "draft", "probes", "decide" or "second_opinion"
      "input_digest": "9f2c...",             what the call was about; `triage preview` prints it
      "sequence": 1,                         the n-th call of this purpose about this input in one run
      "model": "openai/gpt-5.4-mini",
      "prompt": "extract@1#...",             name@version#digest
      "schema": "51ab...",                   sha256 of the response's JSON schema
      "policy": "...@1.0.0#...",
      "request": {"messages": [...], ...},   what was sent; never a key
      "response": {...},                     the answer, in the response's schema
      "weights": null,                       shares of other scores, where the provider tells them
      "error": null,                         why there is no response, where the call failed
      "usage": {"attempts": 1, "seconds": 2.1, "input_tokens": 900, ...}
    }

A file written by hand needs `format`, `source`, `purpose`, `input_digest` and `response`. A call is answered by the
file with its input digest, purpose and sequence. Where prompt, schema or policy have changed since, the answer is
marked stale. The response of the built-in model is what its probes read, passage by passage; by hand one is enough:
{"passages": [{"passage": 0, "tokens": 1, "values": {"customer_impact": 4.2, ...}}]}. That of a decision model is
{"answers": [{"name": "customer_impact", "probabilities": [0.1, ...]}]}; a question it did not answer carries
"unanswered": "declined" instead.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from agent.errors import ReplayError
from agent.schema import AnswerSource, CallRecord, Noun
from agent.schema.probabilities import Probability


class Usage(Noun):
    """What the recorded call took."""

    attempts: int = 1
    seconds: float = 0.0
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None


class Recording(Noun):
    """One call as a file."""

    format: Literal[1]
    source: Literal["live", "authored"]
    purpose: Literal["extract", "draft", "probes", "decide", "second_opinion"]
    input_digest: str
    sequence: int = Field(default=1, ge=1)
    model: str | None = None
    prompt: str | None = None
    schema_: str | None = Field(default=None, alias="schema")
    policy: str | None = None
    request: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    weights: dict[str, dict[str, Probability]] | None = None
    error: str | None = Field(default=None, description="why there is no response")
    usage: Usage = Usage()

    @model_validator(mode="after")
    def _answered_or_failed(self) -> Self:
        if (self.response is None) == (self.error is None):
            raise ValueError("needs a response, or the error that stood in its place")
        return self

    @property
    def key(self) -> tuple[str, str, int]:
        return self.input_digest, self.purpose, self.sequence

    def differs(self, **now: str) -> bool:
        """True if a reference that was recorded is not the one in use now."""
        return any(getattr(self, name) not in (None, value) for name, value in now.items())

    def call(self, purpose: str, *, prompt: str, stale: bool, seconds: float) -> CallRecord:
        """The record of a call from here, answered or failed: the recorded tokens and cost, the time of the replay."""
        return CallRecord(
            purpose=purpose,
            model=self.model or "replay",
            source=AnswerSource.AUTHORED if self.source == "authored" else AnswerSource.REPLAYED,
            prompt=self.prompt or prompt,
            stale=stale,
            error=self.error,
            **self.usage.model_dump(exclude={"seconds"}),
            seconds=seconds,
        )


def schema_digest(response_type: type[BaseModel]) -> str:
    """sha256 of a response's JSON schema. The order of fields counts: it is the order of reasoning."""
    return hashlib.sha256(json.dumps(response_type.model_json_schema()).encode()).hexdigest()


def load(path: Path) -> Recording:
    """The call that a file holds. Raises ReplayError naming file and fault."""
    try:
        return Recording.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ReplayError(f"{path}: cannot be read ({error})") from error
    except ValidationError as error:
        raise ReplayError(f"{path}: is not a recording: {fault(error)}") from error


def fault(error: ValidationError) -> str:
    """Where a document does not fit, and why, in one line."""
    fault = error.errors()[0]
    return ": ".join(filter(None, (".".join(str(part) for part in fault["loc"]), fault["msg"])))
