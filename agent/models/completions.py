"""What a chat completion says: its answer or why there is none, its tokens, and what they might have been."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agent.errors import ModelInvalid, ModelRefused, ModelTruncated
from agent.models import logprobs
from agent.models.client import ChatCompletion, Client

_ROUNDING = 1e-3  # some servers print a certain token a little above zero


class _Other(BaseModel):
    """One token and its log-probability; NaN is none, and nothing is likelier than certain."""

    model_config = ConfigDict(from_attributes=True)

    token: str
    logprob: float = Field(le=_ROUNDING)


class _Told(BaseModel):
    """A token of the answer as it came; only its text must be there, or no place in the text is known."""

    model_config = ConfigDict(from_attributes=True)

    token: str
    logprob: Any = None
    top_logprobs: Any = None


_TOLD, _OTHERS = TypeAdapter(tuple[_Told, ...]), TypeAdapter(tuple[_Other, ...])


def answered(completion: object, client: Client) -> ChatCompletion:
    """A completion that holds an answer. A refusal and a cut answer are told here, before anything parses them."""
    if not isinstance(completion, ChatCompletion) or not completion.choices or not completion.choices[0].message:
        raise ModelInvalid(f"{client.base_url} gave no chat completion; does the base URL end in /v1?")
    choice = completion.choices[0]
    if choice.message.refusal:
        raise ModelRefused(f"{client.reference} declined to answer: {client.one_line(choice.message.refusal)}")
    if choice.finish_reason == "content_filter":
        raise ModelRefused(f"{client.reference} declined to answer: its content filter stopped it")
    if choice.finish_reason == "length":
        raise ModelTruncated(f"{client.reference} reached its token limit before the answer was complete")
    # Servers that do not constrain decoding wrap the object in a code fence or in thoughts.
    text = choice.message.content or ""
    choice.message.content = text[text.find("{") : text.rfind("}") + 1] or text
    return completion


def usage(completion: object) -> tuple[int, int, int] | None:
    """Tokens read, of those from a cache, and written; None where the server does not count."""
    counted = completion.usage if isinstance(completion, ChatCompletion) else None
    if counted is None:
        return None
    cached = counted.prompt_tokens_details.cached_tokens if counted.prompt_tokens_details else None
    return counted.prompt_tokens, cached or 0, counted.completion_tokens


def tokens(completion: object) -> tuple[logprobs.Token, ...]:
    """The tokens of the answer with what else each might have been; none where the server does not tell.

    They are a bonus: what cannot be read of them is taken as not told.
    """
    choices = completion.choices if isinstance(completion, ChatCompletion) else None
    try:
        told = _TOLD.validate_python(getattr(choices[0].logprobs, "content", None) or ()) if choices else ()
    except ValidationError:
        return ()
    return tuple(logprobs.Token(token.token, _alternatives(token)) for token in told)


def _alternatives(token: _Told) -> dict[str, float]:
    """What was written and what else was told. Without anything else nobody knows how sure it was."""
    try:
        others = _OTHERS.validate_python(token.top_logprobs or ())
        written = _Other.model_validate(token)
    except ValidationError:
        return {}
    return {other.token: other.logprob for other in (*others, written)} if others else {}
