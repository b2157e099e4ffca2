"""What is kept in words: the policy as it was in force, and, by the setting, what can be forgotten later."""

import json
import re
from collections.abc import Callable
from typing import Any

from agent.policy import Policy
from agent.schema import Assessment, Grounded, Situation
from agent.schema.record import KeepText
from agent.store import scrub

Redact = Callable[[str], str]
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?\Z")


def document(policy: Policy) -> str:
    """The policy as in force, country included. The order of its keys is kept: warnings are listed in it."""
    dumped = policy.model_dump(mode="json", by_alias=True)
    dumped["calendar"]["closed"].sort()  # a set has no order of its own, and equal policies have one digest
    return json.dumps(dumped, ensure_ascii=False)


def words(
    assessment: Assessment, situation: Situation, grounded: Grounded, *, keep_text: KeepText, redact: Redact | None
) -> dict[str, Any]:
    """What can be forgotten later, as much of it as the setting keeps at all."""
    if keep_text is KeepText.NONE:
        return {"assessment": scrub.without_text(assessment).model_dump(mode="json")}
    nouns = {"assessment": assessment, "situation": situation, "grounded": grounded}
    full = {name: noun.model_dump(mode="json") for name, noun in nouns.items()}
    if keep_text is KeepText.FULL:
        return full
    assert redact is not None
    hidden: dict[str, Any] = _everywhere(redact, full)
    # A server's refusal may repeat what it was sent; nothing else of the provenance holds words of the text.
    refused = hidden["assessment"]["provenance"]["calls"]
    calls = [
        {**call, "error": told["error"]}
        for call, told in zip(full["assessment"]["provenance"]["calls"], refused, strict=True)
    ]
    full["assessment"]["provenance"]["calls"] = calls
    # What holds no words of the text stays as it is; the account is not a person, and lists need it.
    hidden["assessment"] |= {name: full["assessment"][name] for name in ("account", "provenance", "deadlines")}
    return hidden


def _everywhere(redact: Redact, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value with every string in it redacted, instants excepted; keys stay."""
    if isinstance(value, str):
        return value if _INSTANT.match(value) else redact(value)
    if isinstance(value, list):
        return [_everywhere(redact, each) for each in value]
    if isinstance(value, dict):
        return {key: _everywhere(redact, each) for key, each in value.items()}
    return value
