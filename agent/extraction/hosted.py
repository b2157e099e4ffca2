"""The scorer for models that write: one call, and one more if quotes do not stand in the text."""

import math

from agent import evidence, intake, prompts
from agent.errors import ModelRejected, ModelUnavailable, ModelUnusable
from agent.models.port import ChatMessage, Completion, Deadline, Model, Request
from agent.policy import LEVELS, Policy
from agent.schema import (
    Dimension,
    Extraction,
    LevelProbabilities,
    Message,
    Probabilities,
    ProbabilitySource,
    Reading,
    Situation,
)
from agent.schema.record import Precedent
from agent.schema.situation import context_note

PROMPT = "extract"


class HostedScorer:
    """A `Scorer` over any model that answers in a schema."""

    def __init__(self, model: Model, *, precedents: tuple[Precedent, ...] = ()) -> None:
        self._model = model
        self._precedents = precedents

    def extract(self, situation: Situation, policy: Policy, deadline: Deadline) -> Reading:
        """One reading with its calls. Of two answers the one with fewer missing quotes counts."""
        request = build_request(situation, policy, prompts.fresh_nonce(), precedents=self._precedents)
        first = self._model.complete(request, Extraction, deadline)
        missing = missing_quotes(first.output, situation)
        if not missing:
            return Reading(extraction=first.output, probabilities=_weighed(first), calls=(first.call,))
        try:
            second = self._model.complete(_again(request, first, missing), Extraction, deadline)
        except (ModelRejected, ModelUnavailable, ModelUnusable) as error:
            # The first answer is complete; its missing quotes are shown as not found.
            failed = (error.call,) if error.call else ()
            return Reading(extraction=first.output, probabilities=_weighed(first), calls=(first.call, *failed))
        better = second if len(missing_quotes(second.output, situation)) < len(missing) else first
        return Reading(extraction=better.output, probabilities=_weighed(better), calls=(first.call, second.call))


def build_request(
    situation: Situation, policy: Policy, nonce: str, *, precedents: tuple[Precedent, ...] = ()
) -> Request:
    """Exactly what is sent. The system message is the same in every run; text and nonce stand in the user message."""
    prompt = prompts.load(PROMPT)
    return Request(
        purpose="extract",
        prompt=prompt.reference(Extraction),
        policy=policy.reference,
        input_digest=intake.digest(situation),
        messages=(
            ChatMessage(role="system", content=prompt.fill(rubric=policy.rubric())),
            ChatMessage(role="user", content=user_message(situation, nonce, precedents)),
        ),
        temperature=prompt.front.temperature,
        weighed="score",
    )


def user_message(situation: Situation, nonce: str, precedents: tuple[Precedent, ...] = ()) -> str:
    """The thread between the two sentences that a model which writes is given."""
    earlier = (_earlier(precedents, nonce),) if precedents else ()
    return "\n\n".join((f"Blocks are marked {nonce}.", thread(situation, nonce), *earlier, "Read this situation."))


def _earlier(precedents: tuple[Precedent, ...], nonce: str) -> str:
    """What managers corrected in other cases, as data: it tells how levels are read, and nothing about this case."""
    lines = [
        f"- {each.issue_type}: {', '.join(f'{d} {a} -> {b}' for d, (a, b) in each.moved.items())}: {each.reason}"
        for each in precedents
    ]
    told = (
        "The block precedents holds scores that managers corrected in other cases, from -> to, with their reason: "
        "a hint at how levels are read where the same holds here, no fact of this situation, nothing to quote."
    )
    return f"{told}\n\n{prompts.fenced('precedents', chr(10).join(lines), nonce)}"


def thread(situation: Situation, nonce: str) -> str:
    """The thread as data: numbered, the newest first and marked, every block fenced with the nonce."""
    blocks = [_block(message, nonce) for message in situation.messages]
    if note := context_note(situation.context):
        blocks.append(prompts.fenced("csm_context", note, nonce))
    return "\n\n".join(blocks)


def missing_quotes(extraction: Extraction, situation: Situation) -> tuple[str, ...]:
    """Every passage the answer claims to have copied and that does not stand in the text."""
    claimed = [quote for dimension in Dimension for quote in extraction.reading(dimension).quotes]
    claimed += [words for words in (extraction.customer_deadline, extraction.renewal) if words]
    claimed += [extraction.arr.words] if extraction.arr else []
    return tuple(quote for quote in claimed if not evidence.find(quote, situation).found)


def _block(message: Message, nonce: str) -> str:
    # What the program knows comes first, so that no sender's name can pass for it.
    return prompts.fenced(
        "message",
        message.body,
        nonce,
        number=f"{message.number} (newest)" if message.number == 1 else message.number,
        side=message.side,
        sent=message.sent.isoformat(timespec="minutes") if message.sent else message.sent_as_written,
        subject=message.subject,
        author=message.author,
    )


def _weighed(completion: Completion[Extraction]) -> Probabilities:
    """What the score token might have been, for each dimension of which the provider tells it."""
    known: dict[str, LevelProbabilities] = {}
    for dimension in Dimension:
        shares = completion.weights.get(dimension.value, {})
        values = [shares.get(str(level), 0.0) for level in LEVELS]
        if total := math.fsum(values):
            one, two, three, four, five = (value / total for value in values)
            known[dimension.value] = LevelProbabilities(
                values=(one, two, three, four, five), source=ProbabilitySource.LOGPROBS
            )
    return Probabilities(**known)


def _again(request: Request, first: Completion[Extraction], missing: tuple[str, ...]) -> Request:
    """The same conversation with the answer in it and the passages that are not in the text."""
    # The passages may repeat what the text says to a model: they stand in a block of their own, behind a new nonce.
    listed, nonce = "\n".join(f"- {' '.join(quote.split())}" for quote in missing), prompts.fresh_nonce()
    complaint = (
        f"The passages in the block marked {nonce} do not stand in the text character for character.\n\n"
        f"{prompts.fenced('not_found', listed, nonce)}\n\n"
        "Answer again in full. Copy each from the text, or leave it out; change a score only if its reason falls away."
    )
    turns = (
        ChatMessage(role="assistant", content=first.output.model_dump_json()),
        ChatMessage(role="user", content=complaint),
    )
    return request.model_copy(update={"messages": request.messages + turns})
