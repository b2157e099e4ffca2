"""Email and chat conventions: what a CSM pastes or saves, to the messages of a situation."""

from agent.intake.situation import digest, fit, read_bytes, read_text
from agent.schema.situation import context_note

__all__ = ["context_note", "digest", "fit", "read_bytes", "read_text"]
