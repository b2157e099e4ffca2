"""Email and chat conventions: what a CSM pastes or saves, to the messages of a situation."""

from agent.intake.formats.known import MOST_TOTAL_BYTES
from agent.intake.situation import digest, fit, read_bytes, read_files, read_text
from agent.schema.situation import context_note

__all__ = ["MOST_TOTAL_BYTES", "context_note", "digest", "fit", "read_bytes", "read_files", "read_text"]
