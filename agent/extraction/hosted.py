"""The scorer for models that write: one call, and one more if quotes do not stand in the text."""

from agent import evidence, intake, prompts
from agent.errors import ModelRejected, ModelUnavailable, ModelUnusable
from agent.models.port import ChatMessage, Completion, Deadline, Model, Request
from agent.policy import Policy
from agent.schema import Dimension, Extraction, Message, Reading, Situation
from agent.schema.situation import context_note

PROMPT = "extract"


class HostedScorer:
    """A `Scorer` over any model that answers in a schema."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def extract(self, situation: Situation, policy: Policy, deadline: Deadline) -> Reading:
        """One reading with its calls. Of two answers the one with fewer missing quotes counts."""
        request = build_request(situation, policy, prompts.fresh_nonce())
        first = self._model.complete(request, Extraction, deadline)
        missing = missing_quotes(first.output, situation)
        if not missing:
            return Reading(extraction=first.output, calls=(first.call,))
        try:
            second = self._model.complete(_again(request, first, missing), Extraction, deadline)
        except (ModelRejected, ModelUnavailable, ModelUnusable):
            # The first answer is complete; its missing quotes are shown as not found.
            return Reading(extraction=first.output, calls=(first.call,))
        better = second if len(missing_quotes(second.output, situation)) < len(missing) else first
        return Reading(extraction=better.output, calls=(first.call, second.call))


def build_request(situation: Situation, policy: Policy, nonce: str) -> Request:
    """Exactly what is sent. The system message is the same in every run; text and nonce stand in the user message."""
    prompt = prompts.load(PROMPT)
    return Request(
        purpose="extract",
        prompt=prompt.reference(Extraction),
        policy=policy.reference,
        input_digest=intake.digest(situation),
        messages=(
            ChatMessage(role="system", content=prompt.fill(rubric=policy.rubric())),
            ChatMessage(role="user", content=user_message(situation, nonce)),
        ),
        temperature=prompt.front.temperature,
    )


def user_message(situation: Situation, nonce: str) -> str:
    """The thread as data: numbered, the newest first and marked, every block fenced with the nonce."""
    blocks = [_block(message, nonce) for message in situation.messages]
    if note := context_note(situation.context):
        blocks.append(prompts.fenced("csm_context", note, nonce))
    return "\n\n".join((f"Blocks are marked {nonce}.", *blocks, "Read this situation."))


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


def _again(request: Request, first: Completion[Extraction], missing: tuple[str, ...]) -> Request:
    """The same conversation with the answer in it and the passages that are not in the text."""
    listed = "\n".join(f"- {quote}" for quote in missing)
    complaint = (
        f"These passages do not stand in the text character for character:\n{listed}\n"
        "Answer again in full. Copy each from the text, or leave it out; change a score only if its reason falls away."
    )
    turns = (
        ChatMessage(role="assistant", content=first.output.model_dump_json()),
        ChatMessage(role="user", content=complaint),
    )
    return request.model_copy(update={"messages": request.messages + turns})
