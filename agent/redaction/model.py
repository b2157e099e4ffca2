"""Models that are sent placeholders: adapters around another model, of either kind that a server may hold."""

from typing import TypeVar

from pydantic import BaseModel

from agent.models.port import Completion, Deadline, DecisionModel, DecisionRequest, Model, Request, TypedAnswers
from agent.redaction.redactor import Redactor

T = TypeVar("T", bound=BaseModel)


class RedactedModel:
    """Redacts what goes out and restores what comes back. Quotes and drafts are checked on the restored words."""

    def __init__(self, model: Model, redactor: Redactor) -> None:
        self._model, self._redactor = model, redactor
        self.reference, self.remote = model.reference, model.remote
        self.context_characters = model.context_characters

    def complete(self, request: Request, response_type: type[T], deadline: Deadline) -> Completion[T]:
        """As any model. Raises the ModelRejected, ModelUnusable and ModelUnavailable families."""
        completion = self._model.complete(redacted(request, self._redactor), response_type, deadline)
        return completion.model_copy(update={"output": self._redactor.restore(completion.output)})


class RedactedDecisions:
    """A decision model that is sent placeholders; it answers in probabilities, so nothing has to be restored."""

    def __init__(self, model: DecisionModel, redactor: Redactor) -> None:
        self._model, self._redactor = model, redactor
        self.reference, self.remote = model.reference, model.remote
        self.context_characters = model.context_characters

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        """As any decision model."""
        return self._model.decide(redacted_decisions(request, self._redactor), deadline)


def redacted(request: Request, redactor: Redactor) -> Request:
    """The request as it is sent. The system prompt holds no word of the thread and goes as it is."""
    messages = tuple(
        message
        if message.role == "system"
        else message.model_copy(update={"content": redactor.redact(message.content)})
        for message in request.messages
    )
    return request.model_copy(update={"messages": messages})


def redacted_decisions(request: DecisionRequest, redactor: Redactor) -> DecisionRequest:
    """The request as it is sent; the questions hold no word of the thread."""
    return request.model_copy(update={"text": redactor.redact(request.text)})
