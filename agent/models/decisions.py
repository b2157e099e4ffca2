"""Decision models behind an endpoint: typed questions in, probabilities out, one pass, no text."""

import time

from agent.errors import ModelInvalid, TriageError
from agent.models.client import Client
from agent.models.decision_forms import resolve
from agent.models.port import Deadline, DecisionRequest, TypedAnswer, TypedAnswers
from agent.models.prices import decision_cost_usd
from agent.models.wire import CONTEXT_CHARACTERS
from agent.schema import CallRecord


class HostedDecisions:
    """A `DecisionModel` over either wire form, which the first word of its reference names."""

    context_characters = CONTEXT_CHARACTERS

    def __init__(self, client: Client) -> None:
        self._client = client
        self._form, self._name = resolve(client.reference, client.base_url)
        self.reference, self.remote = client.reference, client.remote

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        """Answer every question, or say which were not. Raises the families of model errors."""
        started, client = time.monotonic(), self._client
        path, body = self._form.path(client.base_url), self._form.body(self._name, request)
        call = CallRecord(purpose=request.purpose, model=self.reference, prompt=request.prompt)
        try:
            posted = client.post(path, body, deadline)
            call = self._counted(call, posted.payload, posted.attempts)
            answers = self._read(posted.payload, request)
        except TriageError as error:
            error.call = call.model_copy(update={"error": str(error), "seconds": time.monotonic() - started})
            raise
        return TypedAnswers(answers=answers, call=call.model_copy(update={"seconds": time.monotonic() - started}))

    def _read(self, payload: object, request: DecisionRequest) -> tuple[TypedAnswer, ...]:
        try:
            return self._form.read(payload, request.questions)
        except ModelInvalid as error:  # the form knows the answer, not who gave it
            raise ModelInvalid(f"{self._client.base_url}: {error}") from error

    def _counted(self, call: CallRecord, payload: object, attempts: int) -> CallRecord:
        """The tokens as either form counts them; None where the server does not."""
        usage = payload.get("usage") if isinstance(payload, dict) else None
        usage = usage if isinstance(usage, dict) else {}
        details = usage.get("input_tokens_details")
        read, written = _count(usage.get("input_tokens")), _count(usage.get("output_tokens"))
        priced = decision_cost_usd(self._name, read) if self._client.is_openai else None
        return call.model_copy(
            update={
                "attempts": attempts,
                "input_tokens": read,
                "cached_tokens": _count(details.get("cached_tokens")) if isinstance(details, dict) else None,
                "output_tokens": written,
                "cost_usd": priced if self.remote else 0.0,
            }
        )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
