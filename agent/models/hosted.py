"""Models that write, behind any OpenAI-compatible endpoint. The one module that imports instructor.

Every endpoint is asked in the same way: a chat completion with a JSON schema and `strict: true`. OpenAI, vLLM, Ollama
and llama-server constrain decoding by it. (instructor's RESPONSES_TOOLS is not used: it forces a tool and a text
format at once, and only the format is strict.) `context=` is never passed to instructor: with it, every message would
be rendered as a Jinja template.
"""

import logging
import time
from typing import Any, TypeVar

import instructor
from instructor.core import InstructorRetryException
from pydantic import BaseModel, ValidationError

from agent.errors import ModelInvalid, TriageError
from agent.models import completions, logprobs, retries
from agent.models.client import ALTERNATIVES, ChatCompletion, Client
from agent.models.port import Completion, Deadline, Request
from agent.models.prices import cost_usd
from agent.models.wire import CONTEXT_CHARACTERS, response_schema
from agent.schema import CallRecord

T = TypeVar("T", bound=BaseModel)

_THINKING_TOKENS = 8_000  # what a reasoning model thinks counts against the same limit as what it answers

# instructor logs each failure, with the model's words in it, and Python prints what no handler takes.
logging.getLogger("instructor").addHandler(logging.NullHandler())


class HostedModel:
    """A `Model` over the client of its endpoint."""

    def __init__(self, client: Client, *, context_characters: int = CONTEXT_CHARACTERS) -> None:
        self._client, self.context_characters = client, context_characters
        self.reference, self.remote = client.reference, client.remote

    def complete(self, request: Request, response_type: type[T], deadline: Deadline) -> Completion[T]:
        """Answer in `response_type`. Raises the ModelRejected, ModelUnusable and ModelUnavailable families."""
        started, call = time.monotonic(), _Call(self._client, response_type, deadline)
        create = instructor.patch(create=call.send, mode=instructor.Mode.JSON_SCHEMA)
        try:
            answer = create(
                response_model=response_type,
                max_retries=retries.re_ask_once(),
                strict=False,
                messages=[message.model_dump() for message in request.messages],
                temperature=request.temperature,
                **_named_and_limited(self._client, request.max_tokens),
                **(ALTERNATIVES if request.weighed else {}),
            )
        except InstructorRetryException as error:
            failure = _cause(error, self._client)
            failure.call = call.record(request, time.monotonic() - started, error=str(failure))
            raise failure from error
        # instructor answers in a subclass of its own, with the raw response inside.
        output = response_type.model_validate(answer.model_dump())
        weights = logprobs.weights(call.tokens, request.weighed) if request.weighed else {}
        return Completion(output=output, call=call.record(request, time.monotonic() - started), weights=weights)


class _Call:
    """One call in progress: what instructor sends goes out through here, and what it takes is counted."""

    def __init__(self, client: Client, response_type: type[BaseModel], deadline: Deadline) -> None:
        self._client, self._deadline = client, deadline
        self._attempts = 0
        self.tokens: tuple[logprobs.Token, ...] = ()  # of the last answer, where the provider tells them
        self._usages: list[tuple[int, int, int] | None] = []
        schema = response_schema(response_type, limits=not client.remote)
        described = {"name": response_type.__name__, "strict": True, "schema": schema}
        self._format = {"type": "json_schema", "json_schema": described}

    def send(self, **arguments: Any) -> ChatCompletion:  # noqa: ANN401 - the client's own arguments
        """One answer over the transport, tried up to four times. Raises TriageError only."""
        policy = retries.over_transport(self._deadline, call_seconds=self._client.call_seconds)
        sent = {**arguments, "response_format": self._format}
        completion = policy(self._client.chat, sent, self._deadline, on_request=self._count)
        # Taken now: instructor adds the tokens of two answers up in place.
        self._usages.append(completions.usage(completion))
        self.tokens = completions.tokens(completion)
        return completions.answered(completion, self._client)

    def _count(self) -> None:
        self._attempts += 1

    def record(self, request: Request, seconds: float, *, error: str | None = None) -> CallRecord:
        """What the whole call took, answered or not. Tokens are None as soon as one answer came without a count."""
        client, counted = self._client, [usage for usage in self._usages if usage is not None]
        read = cached = written = None
        if counted and len(counted) == len(self._usages):
            read, cached, written = (sum(column) for column in zip(*counted, strict=True))
        priced = cost_usd(client.reference, read, cached, written) if client.is_openai else None
        return CallRecord(
            purpose=request.purpose,
            model=client.reference,
            prompt=request.prompt,
            error=error,
            attempts=self._attempts,
            input_tokens=read,
            cached_tokens=cached,
            output_tokens=written,
            cost_usd=priced if client.remote else 0.0,
            seconds=seconds,
        )


def _named_and_limited(client: Client, max_tokens: int) -> dict[str, Any]:
    if client.is_openai:
        name = client.reference.removeprefix("openai/")
        return {"model": name, "max_completion_tokens": max_tokens + _THINKING_TOKENS}
    return {"model": client.reference, "max_tokens": max_tokens}


def _cause(error: InstructorRetryException, client: Client) -> TriageError:
    """Out of instructor's wrapper come the house's own errors as they were; the rest is an answer that does not fit."""
    cause = error.__cause__
    if isinstance(cause, TriageError):
        return cause
    what = str(cause)
    if isinstance(cause, ValidationError):
        fault = cause.errors(include_input=False)[0]
        what = ": ".join(filter(None, (".".join(str(part) for part in fault["loc"]), fault["msg"])))
    return ModelInvalid(f"{client.reference} does not answer in the schema, asked twice ({client.one_line(what)})")
