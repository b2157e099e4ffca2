"""Requests to an OpenAI-compatible endpoint, and what becomes of those that fail. The one module that imports openai.

A chat request that fails is tried again by `retries`, any other by openai's client itself.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx2
import openai
from openai.types.chat import ChatCompletion

from agent.errors import (
    ModelInvalid,
    ModelRefused,
    ModelRejected,
    ModelTruncated,
    ModelUnavailable,
    TriageError,
)
from agent.models import background, statuses
from agent.models.choose import KEY_VARIABLE, OPENAI_URL, is_openai
from agent.models.port import Deadline

__all__ = ["ALTERNATIVES", "TRIES", "ChatCompletion", "Client", "Posted", "asked_to_wait"]

TRIES = 4  # of one request over the transport
ALTERNATIVES: dict[str, Any] = {"logprobs": True, "top_logprobs": 5}
_OPTIONAL = ("temperature", "max_tokens", "max_completion_tokens", *ALTERNATIVES)
_CALL_SECONDS = 120.0
_CALL_SECONDS_ON_THIS_MACHINE = 600.0  # a large model on a CPU is slow, not broken

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


class Posted(NamedTuple):
    """An answer as it came, and how many requests it took."""

    payload: Any
    attempts: int


class Client:
    """The way to one model behind an endpoint. Without a base URL it is OpenAI's own; a local server needs no key."""

    def __init__(  # noqa: PLR0913 - where it is, how to get in, and whether that is another machine
        self,
        reference: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        http_client: httpx2.Client | None = None,
        remote: bool = True,
        key_variable: str = KEY_VARIABLE,
    ) -> None:
        self.reference, self.remote = reference, remote
        self.base_url = base_url or OPENAI_URL
        self.is_openai = is_openai(self.base_url)
        self.call_seconds = _CALL_SECONDS if remote else _CALL_SECONDS_ON_THIS_MACHINE
        self._api_key, self._key_variable = api_key, key_variable
        # A redirect is not followed: the text goes to the endpoint that was named, and to no other.
        self._openai = openai.OpenAI(
            base_url=self.base_url,
            api_key=api_key or "none",
            max_retries=0,
            http_client=http_client or openai.DefaultHttpxClient(follow_redirects=False),
        )
        self._unsupported: set[str] = set()  # parameters that this model has turned down, learnt on the way

    def chat(self, arguments: dict[str, Any], deadline: Deadline, *, on_request: Callable[[], None]) -> object:
        """What answers a chat request. A parameter that the model turns down is left out from then on.

        Raises the ModelRejected, ModelUnusable and ModelUnavailable families.
        """
        sent = {name: value for name, value in arguments.items() if name not in self._unsupported}
        seconds = self._seconds(deadline)
        on_request()
        # The client's own timeout bounds each read, and not a server that drips.
        asked = background.begin(lambda: self._openai.chat.completions.create(**sent, timeout=seconds))
        try:
            return asked.result(timeout=seconds)
        except openai.OpenAIError as error:
            turned_down = _turned_down(error, sent)
            if turned_down is None:
                raise self.translated(error) from error
        except (json.JSONDecodeError, RecursionError) as error:
            raise ModelInvalid(f"{self.base_url} answered with broken JSON") from error
        except TimeoutError as error:
            raise self._late(seconds, deadline) from error
        self._unsupported |= set(ALTERNATIVES) if turned_down in ALTERNATIVES else {turned_down}
        return self.chat(arguments, deadline, on_request=on_request)

    def post(self, path: str, body: dict[str, Any], deadline: Deadline) -> Posted:
        """The JSON that answers a request which is no chat; what may work later is tried again.

        Raises the ModelRejected, ModelUnusable and ModelUnavailable families.
        """
        seconds = self._seconds(deadline)
        # The client's own timeout comes after ours: it would send the text again to a server that hangs.
        patient = self._openai.with_options(max_retries=TRIES - 1, timeout=2 * seconds)
        asked = background.begin(lambda: patient.post(path, body=body, cast_to=httpx2.Response))
        try:
            answer = asked.result(timeout=seconds)
            return Posted(answer.json(), 1 + int(answer.request.headers.get("x-stainless-retry-count", 0)))
        except openai.OpenAIError as error:
            raise self.translated(error) from error
        except (ValueError, RecursionError) as error:
            raise ModelInvalid(f"{self.base_url} answered with broken JSON") from error
        except TimeoutError as error:
            raise self._late(seconds, deadline) from error

    def translated(self, error: openai.OpenAIError) -> TriageError:
        """The house's own error for one of the client's."""
        if isinstance(error, openai.APIStatusError):
            refusal = statuses.Refusal(
                status=error.status_code,
                said=self.one_line(_said(error)),
                code=error.code,
                endpoint=self.base_url,
                model=self.reference,
                has_key=self._api_key is not None,
                key_variable=self._key_variable,
            )
            return statuses.error(refusal)
        kind = next(_KIND[cls] for cls in type(error).__mro__ if cls in _KIND)
        return kind(self.one_line(f"{self.base_url}: {error} {error.__cause__ or ''}"))

    def one_line(self, text: str) -> str:
        """A server's words: short, in one line, and never with the key in them."""
        line = " ".join(text.split())
        return (line.replace(self._api_key, "***") if self._api_key else line)[:300]

    def _seconds(self, deadline: Deadline) -> float:
        remaining = deadline.remaining()
        return self.call_seconds if remaining is None else min(self.call_seconds, remaining)

    def _late(self, seconds: float, deadline: Deadline) -> ModelUnavailable:
        deadline.remaining()  # raises if it was the run's own end
        return ModelUnavailable(f"{self.base_url} was not done within {seconds:.0f} s")


def asked_to_wait(failure: BaseException) -> float | None:
    """Seconds after which the server that failed wants to be asked again; None where it does not say."""
    cause = failure.__cause__
    header = cause.response.headers.get("retry-after") if isinstance(cause, openai.APIStatusError) else None
    return statuses.retry_after(header)


def _turned_down(error: openai.OpenAIError, sent: dict[str, Any]) -> str | None:
    """The optional parameter that this model does not take, if that is what the server objects to."""
    if not isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError):
        return None
    # Whatever a server says against log-probabilities: they are a bonus, and no reason to fail.
    if not re.search(r"unsupported|not support|logprobs", f"{error.code} {error.message}", re.IGNORECASE):
        return None
    named = (error.param, *re.findall(r"\w+", error.message))
    return next((name for name in _OPTIONAL if name in sent and name in named), None)


def _said(error: openai.APIStatusError) -> str:
    """The server's own words; the client's message wraps them in a printed dictionary."""
    body = error.body if isinstance(error.body, dict) else {}
    return str(body.get("message") or error.message)
