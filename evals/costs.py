"""What a run will cost, roughly, before it starts; what it did cost, and whose answers it was, after it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from agent import prompts
from agent.drafting import hosted as drafting
from agent.extraction.hosted import build_request
from agent.models.prices import cost_usd
from agent.models.wire import response_schema
from agent.policy import Policy
from agent.schema import AnswerSource, CallRecord, Draft, Extraction
from evals.items import Item
from evals.results import CaseResult

N = TypeVar("N", int, float)

_CHARACTERS_PER_TOKEN = 4
_OUTPUT_TOKENS = 1_000  # of both calls together, by the budget of the prompts; the real figure comes after the run
_BRIEF_TOKENS = 400  # what the second call is told about the first one's answer


@dataclass(frozen=True)
class Spent:
    """Tokens and cost of a run; None where no provider counted, or no price is known."""

    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    usd: float | None
    seconds_per_case: float | None

    def __str__(self) -> str:
        tokens = "no token counts"
        if self.input_tokens is not None:
            tokens = f"{self.input_tokens:,} tokens in ({self.cached_tokens or 0:,} cached), {self.output_tokens:,} out"
        price = "price not known" if self.usd is None else f"USD {self.usd:.2f}"
        pace = "" if self.seconds_per_case is None else f", {self.seconds_per_case:.1f} s per case"
        return f"{tokens}, {price}{pace}"


def estimate(items: Sequence[Item], model: str, policy: Policy, *, remote: bool) -> Spent:
    """Both calls of every item, response schemas included, at four characters to the token; nothing asked twice."""
    draft_prompt = len(prompts.load(drafting.PROMPT).fill()) // _CHARACTERS_PER_TOKEN
    sent = (response_schema(kind, limits=not remote) for kind in (Extraction, Draft))
    schemas = sum(len(json.dumps(schema)) for schema in sent) // _CHARACTERS_PER_TOKEN
    read = len(items) * schemas
    for item in items:
        request = build_request(item.situation, policy, "nonce")
        read += sum(len(message.content) for message in request.messages) // _CHARACTERS_PER_TOKEN
        read += draft_prompt + _BRIEF_TOKENS + len(item.case.text) // _CHARACTERS_PER_TOKEN
    written = _OUTPUT_TOKENS * len(items)
    usd = cost_usd(model, read, 0, written) if remote else 0.0
    return Spent(read, 0, written, usd, None)


def spent(results: Sequence[CaseResult]) -> Spent:
    """What the answers took, and the calls that came to nothing."""
    calls, seconds = _calls(results), [result.seconds for result in results]
    return Spent(
        input_tokens=_sum([call.input_tokens for call in calls]),
        cached_tokens=_sum([call.cached_tokens for call in calls]),
        output_tokens=_sum([call.output_tokens for call in calls]),
        usd=_sum([call.cost_usd for call in calls]),
        seconds_per_case=sum(seconds) / len(seconds) if seconds else None,
    )


def stale(results: Sequence[CaseResult]) -> tuple[str, ...]:
    """Every answer that was recorded under another prompt, schema or policy: 'case (purpose)'."""
    return tuple(f"{result.case_id} ({call.purpose})" for result in results for call in _calls([result]) if call.stale)


def authored(results: Sequence[CaseResult]) -> int:
    """How many answers a person wrote."""
    return sum(call.source is AnswerSource.AUTHORED for call in _calls(results))


def _calls(results: Sequence[CaseResult]) -> list[CallRecord]:
    answered = [call for result in results if result.assessment for call in result.assessment.provenance.calls]
    return answered + [result.failed_call for result in results if result.failed_call]


def _sum(values: Sequence[N | None]) -> N | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known[1:], start=known[0]) if known else None
