"""What a hosted model need not know: private values replaced on the way out, restored on the way back. All offline."""

from agent.redaction.languages import partly_recognised
from agent.redaction.model import RedactedDecisions, RedactedModel, redacted, redacted_decisions
from agent.redaction.numbers import check
from agent.redaction.redactor import PLACEHOLDER, Redactor
from agent.redaction.sensitive import categories

__all__ = [
    "PLACEHOLDER",
    "RedactedDecisions",
    "RedactedModel",
    "Redactor",
    "categories",
    "check",
    "partly_recognised",
    "redacted",
    "redacted_decisions",
]
