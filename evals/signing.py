"""Hand-written recordings declared current again, after a person has read them against a changed prompt or policy."""

import json
from pathlib import Path

from agent import prompts
from agent.errors import ConfigurationError
from agent.models.recording import schema_digest
from agent.models.replay import Replay
from agent.policy import Policy
from agent.schema import Draft, Extraction

_ANSWERS = {"extract": Extraction, "draft": Draft}


def sign(directory: Path, policy: Policy) -> int:
    """Set prompt, schema and policy of every hand-written answer to those of today; how many there are.

    Raises ConfigurationError where an answer no longer fits its schema: then it has to be written anew.
    """
    Replay(directory)  # refuses what is not a recording
    signed = 0
    for path in sorted(directory.glob("*.json")):
        recording = json.loads(path.read_text(encoding="utf-8"))
        answer = _ANSWERS.get(recording["purpose"])
        if recording["source"] != "authored" or answer is None:
            continue
        try:
            answer.model_validate_json(json.dumps(recording["response"]))
        except ValueError as error:
            fault = str(error).splitlines()
            raise ConfigurationError(f"{path}: does not fit the schema any more: {' '.join(fault[1:3])}") from error
        current = {
            "prompt": prompts.load(recording["purpose"]).reference(answer),
            "schema": schema_digest(answer),
            "policy": policy.reference,
        }
        path.write_text(json.dumps(recording | current, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        signed += 1
    return signed
