from typing import Any

import httpx2
import openai
import pytest
from openai.types.chat import ChatCompletion

from agent.errors import (
    ModelInvalid,
    ModelRefused,
    ModelRejected,
    ModelTruncated,
    ModelUnavailable,
    TriageError,
)
from agent.models.client import Client

from .asking import KEY, NO_END, VALID, Verdict, model, request
from .endpoint import Endpoint, Reply, completion, failure


@pytest.mark.parametrize(
    ("reply", "names"),
    [
        (failure(400, "bad schema"), "bad schema"),
        (failure(401, f"Incorrect API key provided: {KEY}"), "OPENAI_API_KEY"),
        (failure(402, "pay"), "no credit"),
        (failure(403, f"key {KEY} may not"), "'played'"),
        (failure(307, "this way", location="http://127.0.0.1:1/v1/chat/completions"), "points to another address"),
        (failure(404, "model not found"), "'played'"),
        (failure(422, "unprocessable"), "unprocessable"),
        (failure(429, "you exceeded your quota", code="insufficient_quota", retry_after="0"), "no credit"),
    ],
)
def test_a_rejection_says_what_to_change_and_never_the_key(endpoint: Endpoint, reply: Reply, names: str) -> None:
    """What trying again cannot change is rejected after one request, in one line that names the cause."""
    endpoint.plays(reply)
    with pytest.raises(ModelRejected, match=names) as raised:
        model(endpoint).complete(request(), Verdict, NO_END)
    assert KEY not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_parameter_that_the_model_turns_down_is_left_out_from_then_on(endpoint: Endpoint) -> None:
    """Reasoning models take no temperature: the call is repeated without, and the next one knows."""
    message = "Unsupported value: 'temperature' does not support 0.0 with this model."
    endpoint.plays(
        failure(400, message, code="unsupported_value", param="temperature"),
        failure(400, "Unsupported parameter: 'max_tokens' is not supported with this model."),
        completion(VALID),
        completion(VALID),
    )
    reasoning = model(endpoint)
    assert reasoning.complete(request(), Verdict, NO_END).call.attempts == 3
    assert reasoning.complete(request(), Verdict, NO_END).call.attempts == 1
    assert [sorted({"temperature", "max_tokens"} & set(sent.body)) for sent in endpoint.received] == [
        ["max_tokens", "temperature"],
        ["max_tokens"],
        [],
        [],
    ]


def subclasses(cls: type) -> set[type]:
    return {cls}.union(*(subclasses(child) for child in cls.__subclasses__()))


EXPECTED: dict[type[Exception], type[TriageError]] = {
    openai.BadRequestError: ModelRejected,
    openai.AuthenticationError: ModelRejected,
    openai.OAuthError: ModelRejected,
    openai.PermissionDeniedError: ModelRejected,
    openai.NotFoundError: ModelRejected,
    openai.UnprocessableEntityError: ModelRejected,
    openai.APIStatusError: ModelRejected,
    openai.ConflictError: ModelUnavailable,
    openai.RateLimitError: ModelUnavailable,
    openai.InternalServerError: ModelUnavailable,
    openai.APIError: ModelUnavailable,
    openai.APIConnectionError: ModelUnavailable,
    openai.APITimeoutError: ModelUnavailable,
    openai.APIResponseValidationError: ModelInvalid,
    openai.LengthFinishReasonError: ModelTruncated,
    openai.ContentFilterFinishReasonError: ModelRefused,
    openai.WebSocketConnectionClosedError: ModelUnavailable,
    openai.WebSocketQueueFullError: ModelUnavailable,
    openai.OpenAIError: ModelRejected,
}


def example(cls: type[Any]) -> Any:
    """An instance as the client would raise it."""
    sent = httpx2.Request("POST", "http://127.0.0.1/v1")
    if issubclass(cls, openai.APIStatusError | openai.APIResponseValidationError):
        status = getattr(cls, "status_code", 500 if cls is openai.InternalServerError else 418)
        silent = cls in (openai.OAuthError, openai.APIResponseValidationError)
        return cls(response=httpx2.Response(status, request=sent), body=None, **({} if silent else {"message": "x"}))
    if issubclass(cls, openai.APIConnectionError):
        return cls(request=sent)
    arguments: dict[type[Exception], dict[str, Any]] = {
        openai.APIError: {"message": "x", "request": sent, "body": None},
        openai.LengthFinishReasonError: {"completion": ChatCompletion.construct(usage=None)},
        openai.WebSocketConnectionClosedError: {"message": "x", "unsent_messages": []},
    }
    return cls(**arguments.get(cls, {}))


def test_every_error_of_the_client_has_its_place(endpoint: Endpoint) -> None:
    """No class of openai's errors, present or added by an upgrade of it, is without a decided outcome."""
    public = {cls for cls in subclasses(openai.OpenAIError) if getattr(openai, cls.__name__, None) is cls}
    public -= {cls for cls in public if cls.__name__.startswith("_")}
    assert public == set(EXPECTED)
    for cls, expected in EXPECTED.items():
        translated = Client("played", base_url=endpoint.base_url).translated(example(cls))
        assert type(translated) is expected, cls
        assert endpoint.base_url in str(translated), cls
    for cls in subclasses(openai.OpenAIError) - public:
        assert next(parent for parent in cls.__mro__ if parent in EXPECTED), cls
