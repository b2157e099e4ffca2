"""What happened during one call to a model, returned with its answer and never logged."""

from enum import StrEnum

from pydantic import Field

from agent.schema.noun import Noun


class AnswerSource(StrEnum):
    """Where a model's answer came from."""

    LIVE = "live"
    REPLAYED = "replayed"
    AUTHORED = "authored"


class CallRecord(Noun):
    """What happened during one model call. Tokens are None where the provider does not count them."""

    purpose: str = Field(description="'extract', 'draft' or 'read'")
    model: str
    source: AnswerSource = AnswerSource.LIVE
    prompt: str = Field(description="name@version#digest of the prompt")
    stale: bool = Field(default=False, description="a replayed answer whose prompt, schema or policy has changed since")
    error: str | None = Field(
        default=None, description="why the call came to nothing; what it took counts all the same"
    )
    attempts: int = Field(default=1, ge=0, description="requests sent; 0 where the run's deadline had passed before")
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = Field(
        default=None, description="None where no price is known; 0 for a model on this machine"
    )
    seconds: float = Field(default=0.0, ge=0)
