"""Models that write, behind any OpenAI-compatible endpoint. The one module that imports openai, instructor, tenacity.

Every endpoint is asked in the same way: a chat completion with a JSON schema and `strict: true`. OpenAI, vLLM, Ollama
and llama-server constrain decoding by it. (instructor's RESPONSES_TOOLS is not used: it forces a tool and a text
format at once, and only the format is strict.)

Two things are tried again, never both on one failure: a failed transport, in `_Call.send`, and an answer that does not
fit the schema, by instructor, once. Both end with the run's deadline. `context=` is never passed to instructor: with
it, every message would be rendered as a Jinja template.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

import httpx2
import instructor
import openai
import tenacity
from instructor.core import InstructorRetryException
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from agent.errors import (
    DeadlineExceeded,
    ModelInvalid,
    ModelRefused,
    ModelRejected,
    ModelTruncated,
    ModelUnavailable,
    TriageError,
)
from agent.models import logprobs, statuses
from agent.models.choose import KEY_VARIABLE, OPENAI_URL, is_openai
from agent.models.port import Completion, Deadline, Request
from agent.models.prices import cost_usd
from agent.models.wire import CONTEXT_CHARACTERS, response_schema
from agent.schema import CallRecord

T = TypeVar("T", bound=BaseModel)
R = TypeVar("R")

_TRIES = 4  # of one request over the transport
_BACKOFF = tenacity.wait_random_exponential(multiplier=0.5, max=8)
_LONGEST_PAUSE_SECONDS = 60.0
_CALL_SECONDS = 120.0
_CALL_SECONDS_ON_THIS_MACHINE = 600.0  # a large model on a CPU is slow, not broken
_THINKING_TOKENS = 8_000  # what a reasoning model thinks counts against the same limit as what it answers
_ALTERNATIVES: dict[str, Any] = {"logprobs": True, "top_logprobs": 5}
_OPTIONAL = ("temperature", "max_tokens", "max_completion_tokens", *_ALTERNATIVES)

# What becomes of the client's errors that carry no HTTP status; `statuses` tells those that do apart.
_KIND: dict[type[openai.OpenAIError], type[TriageError]] = {
    openai.OpenAIError: ModelRejected,
    openai.APIError: ModelUnavailable,
    openai.APIConnectionError: ModelUnavailable,
    openai.APIResponseValidationError: ModelInvalid,
    openai.LengthFinishReasonError: ModelTruncated,
    openai.ContentFilterFinishReasonError: ModelRefused,
    openai.WebSocketConnectionClosedError: ModelUnavailable,
    openai.WebSocketQueueFullError: ModelUnavailable,
}

# instructor logs each failure, with the model's words in it, and Python prints what no handler takes.
logging.getLogger("instructor").addHandler(logging.NullHandler())


class HostedModel:
    """A model behind an endpoint. Without a base URL it is OpenAI's own; a local server needs no key."""

    def __init__(  # noqa: PLR0913 - where it is, how to get in, and what the port asks of every model
        self,
        reference: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        http_client: httpx2.Client | None = None,
        context_characters: int = CONTEXT_CHARACTERS,
        remote: bool = True,
        key_variable: str = KEY_VARIABLE,
    ) -> None:
        self.reference, self.remote, self.context_characters = reference, remote, context_characters
        self.base_url = base_url or OPENAI_URL
        self.is_openai = is_openai(self.base_url)
        self.api_key, self.key_variable = api_key, key_variable
        self.client = openai.OpenAI(
            base_url=self.base_url, api_key=api_key or "none", max_retries=0, http_client=http_client
        )
        self.call_seconds = _CALL_SECONDS if remote else _CALL_SECONDS_ON_THIS_MACHINE
        self.unsupported: set[str] = set()  # parameters that this model has turned down, learnt on the way

    def complete(self, request: Request, response_type: type[T], deadline: Deadline) -> Completion[T]:
        """Answer in `response_type`. Raises the ModelRejected, ModelUnusable and ModelUnavailable families."""
        started, call = time.monotonic(), _Call(self, response_type, deadline)
        create = instructor.patch(create=call.send, mode=instructor.Mode.JSON_SCHEMA)
        try:
            answer = create(
                response_model=response_type,
                max_retries=_re_ask_once(),
                strict=False,
                messages=[message.model_dump() for message in request.messages],
                temperature=request.temperature,
                **self._named_and_limited(request.max_tokens),
                **(_ALTERNATIVES if request.weighed else {}),
            )
        except InstructorRetryException as error:
            failure = _cause(error, self)
            failure.call = call.record(request, time.monotonic() - started, error=str(failure))
            raise failure from error
        # instructor answers in a subclass of its own, with the raw response inside.
        output = response_type.model_validate(answer.model_dump())
        weights = logprobs.weights(call.tokens, request.weighed) if request.weighed else {}
        return Completion(output=output, call=call.record(request, time.monotonic() - started), weights=weights)

    def post(self, path: str, body: dict[str, Any], deadline: Deadline) -> "Posted":
        """The JSON that answers a request which is no chat; the client itself tries again what may work later.

        Raises the ModelRejected, ModelUnusable and ModelUnavailable families.
        """
        remaining = deadline.remaining()
        seconds = self.call_seconds if remaining is None else min(self.call_seconds, remaining)
        # The client's own timeout comes after ours: it would send the text again to a server that hangs.
        client = self.client.with_options(max_retries=_TRIES - 1, timeout=2 * seconds)
        try:
            answer = _within(seconds, lambda: client.post(path, body=body, cast_to=httpx2.Response))
            attempts = 1 + int(answer.request.headers.get("x-stainless-retry-count", 0))
            return Posted(answer.json(), attempts)
        except openai.OpenAIError as error:
            raise _translated(error, self) from error
        except ValueError as error:
            raise ModelInvalid(f"{self.base_url} answered with broken JSON") from error
        except TimeoutError as error:
            deadline.remaining()  # raises if it was the run's own end
            raise ModelUnavailable(f"{self.base_url} was not done within {seconds:.0f} s") from error

    def _named_and_limited(self, max_tokens: int) -> dict[str, Any]:
        if self.is_openai:
            name = self.reference.removeprefix("openai/")
            return {"model": name, "max_completion_tokens": max_tokens + _THINKING_TOKENS}
        return {"model": self.reference, "max_tokens": max_tokens}


class Posted(NamedTuple):
    """An answer as it came, and how many requests it took."""

    payload: Any
    attempts: int


class _Call:
    """One call in progress: what instructor sends goes out through here, and what it takes is counted."""

    def __init__(self, model: HostedModel, response_type: type[BaseModel], deadline: Deadline) -> None:
        self._model, self._deadline = model, deadline
        self._attempts = 0
        self.tokens: tuple[logprobs.Token, ...] = ()  # of the last answer, where the provider tells them
        self._usages: list[tuple[int, int, int] | None] = []
        schema = response_schema(response_type, limits=not model.remote)
        described = {"name": response_type.__name__, "strict": True, "schema": schema}
        self._format = {"type": "json_schema", "json_schema": described}

    def send(self, **arguments: Any) -> ChatCompletion:  # noqa: ANN401 - the client's own arguments
        """One answer over the transport, tried up to four times. Raises TriageError only."""
        later = tenacity.retry_if_exception_type(ModelUnavailable)
        policy = tenacity.Retrying(
            retry=later & tenacity.retry_if_not_exception_type(DeadlineExceeded),
            # A request that hangs for all its time gets a second chance, not a fourth.
            stop=tenacity.stop_after_attempt(_TRIES) | tenacity.stop_after_delay(1.5 * self._model.call_seconds),
            wait=self._pause,
            reraise=True,
        )
        completion = policy(self._once, {**arguments, "response_format": self._format})
        self._usages.append(_usage(completion))
        self.tokens = _tokens(completion)
        return _answered(completion, self._model)

    def _once(self, arguments: dict[str, Any]) -> object:
        model, remaining = self._model, self._deadline.remaining()
        seconds = model.call_seconds if remaining is None else min(model.call_seconds, remaining)
        sent = {name: value for name, value in arguments.items() if name not in model.unsupported}
        self._attempts += 1
        try:
            return _within(seconds, lambda: model.client.chat.completions.create(**sent, timeout=seconds))
        except openai.OpenAIError as error:
            turned_down = _turned_down(error, sent)
            if turned_down is None:
                raise _translated(error, model) from error
        except json.JSONDecodeError as error:
            raise ModelInvalid(f"{model.base_url} answered with broken JSON") from error
        except TimeoutError as error:
            self._deadline.remaining()  # raises if it was the run's own end
            raise ModelUnavailable(f"{model.base_url} was not done within {seconds:.0f} s") from error
        model.unsupported |= set(_ALTERNATIVES) if turned_down in _ALTERNATIVES else {turned_down}
        return self._once(arguments)

    def _pause(self, state: tenacity.RetryCallState) -> float:
        """Seconds until the next try: what the server asks for, else a jittered, growing pause."""
        failure = state.outcome.exception() if state.outcome else None
        if failure is None or state.attempt_number >= _TRIES:
            return 0
        cause = failure.__cause__
        header = cause.response.headers.get("retry-after") if isinstance(cause, openai.APIStatusError) else None
        asked = statuses.retry_after(header)
        seconds = _BACKOFF(state) if asked is None else asked
        remaining = self._deadline.remaining()
        if remaining is not None and seconds >= remaining:
            raise DeadlineExceeded(f"{failure}; the next try, in {seconds:.0f} s, is past the run's --deadline")
        if seconds > _LONGEST_PAUSE_SECONDS:
            raise ModelUnavailable(f"{failure}; it asks to wait {seconds:.0f} s")
        return seconds

    def record(self, request: Request, seconds: float, *, error: str | None = None) -> CallRecord:
        """What the whole call took, answered or not. Tokens are None as soon as one answer came without a count."""
        model, counted = self._model, [usage for usage in self._usages if usage is not None]
        read = cached = written = None
        if counted and len(counted) == len(self._usages):
            read, cached, written = (sum(column) for column in zip(*counted, strict=True))
        priced = cost_usd(model.reference, read, cached, written) if model.is_openai else None
        return CallRecord(
            purpose=request.purpose,
            model=model.reference,
            prompt=request.prompt,
            error=error,
            attempts=self._attempts,
            input_tokens=read,
            cached_tokens=cached,
            output_tokens=written,
            cost_usd=priced if model.remote else 0.0,
            seconds=seconds,
        )


def _within(seconds: float, call: Callable[[], R]) -> R:
    """The result of a call, or TimeoutError. The client's own timeouts bound each read, not a server that drips."""
    outcome: Future[R] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:  # noqa: BLE001 - handed to the caller, who waits for it
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(timeout=seconds)


def _answered(completion: object, model: HostedModel) -> ChatCompletion:
    """A completion that holds an answer. A refusal and a cut answer are told here, before anything parses them."""
    if not isinstance(completion, ChatCompletion) or not completion.choices or not completion.choices[0].message:
        raise ModelInvalid(f"{model.base_url} gave no chat completion; does the base URL end in /v1?")
    choice = completion.choices[0]
    if choice.message.refusal:
        raise ModelRefused(f"{model.reference} declined to answer: {_one_line(choice.message.refusal, model)}")
    if choice.finish_reason == "content_filter":
        raise ModelRefused(f"{model.reference} declined to answer: its content filter stopped it")
    if choice.finish_reason == "length":
        raise ModelTruncated(f"{model.reference} reached its token limit before the answer was complete")
    # Servers that do not constrain decoding wrap the object in a code fence or in thoughts.
    text = choice.message.content or ""
    choice.message.content = text[text.find("{") : text.rfind("}") + 1] or text
    return completion


def _usage(completion: object) -> tuple[int, int, int] | None:
    """Tokens read, of those from a cache, and written. Taken before instructor adds them up in place."""
    usage = completion.usage if isinstance(completion, ChatCompletion) else None
    if usage is None:
        return None
    cached = usage.prompt_tokens_details.cached_tokens if usage.prompt_tokens_details else None
    return usage.prompt_tokens, cached or 0, usage.completion_tokens


def _tokens(completion: object) -> tuple[logprobs.Token, ...]:
    """The tokens of the answer with what else each might have been; none where the server does not tell."""
    choices = completion.choices if isinstance(completion, ChatCompletion) else None
    told = choices[0].logprobs if choices else None
    return tuple(
        logprobs.Token(token.token, {other.token: other.logprob for other in (*(token.top_logprobs or ()), token)})
        for token in (told.content if told and told.content else ())
    )


def _re_ask_once() -> tenacity.Retrying:
    """The model sees what was wrong with its answer, and answers once more."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(ValidationError), stop=tenacity.stop_after_attempt(2), reraise=True
    )


def _cause(error: InstructorRetryException, model: HostedModel) -> TriageError:
    """Out of instructor's wrapper come the house's own errors as they were; the rest is an answer that does not fit."""
    cause = error.__cause__
    if isinstance(cause, TriageError):
        return cause
    what = str(cause)
    if isinstance(cause, ValidationError):
        fault = cause.errors(include_input=False)[0]
        what = ": ".join(filter(None, (".".join(str(part) for part in fault["loc"]), fault["msg"])))
    return ModelInvalid(f"{model.reference} does not answer in the schema, asked twice ({_one_line(what, model)})")


def _turned_down(error: openai.OpenAIError, sent: dict[str, Any]) -> str | None:
    """The optional parameter that this model does not take, if that is what the server objects to."""
    if not isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError):
        return None
    # Whatever a server says against log-probabilities: they are a bonus, and no reason to fail.
    if not re.search(r"unsupported|not support|logprobs", f"{error.code} {error.message}", re.IGNORECASE):
        return None
    named = (error.param, *re.findall(r"\w+", error.message))
    return next((name for name in _OPTIONAL if name in sent and name in named), None)


def _translated(error: openai.OpenAIError, model: HostedModel) -> TriageError:
    if isinstance(error, openai.APIStatusError):
        refusal = statuses.Refusal(
            status=error.status_code,
            said=_one_line(_said(error), model),
            code=error.code,
            endpoint=model.base_url,
            model=model.reference,
            has_key=model.api_key is not None,
            key_variable=model.key_variable,
        )
        return statuses.error(refusal)
    kind = next(_KIND[cls] for cls in type(error).__mro__ if cls in _KIND)
    return kind(_one_line(f"{model.base_url}: {error} {error.__cause__ or ''}", model))


def _said(error: openai.APIStatusError) -> str:
    """The server's own words; the client's message wraps them in a printed dictionary."""
    body = error.body if isinstance(error.body, dict) else {}
    return str(body.get("message") or error.message)


def _one_line(text: str, model: HostedModel) -> str:
    """A server's words: short, in one line, and never with the key in them."""
    line = " ".join(text.split())
    return (line.replace(model.api_key, "***") if model.api_key else line)[:300]
