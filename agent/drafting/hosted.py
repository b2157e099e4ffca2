"""The drafter for models that write: what to word, the facts it needs, and what may reach whom."""

from collections.abc import Sequence

from agent import intake, prompts
from agent.models.port import ChatMessage, Deadline, Model, Request
from agent.policy import Policy
from agent.schema import Brief, Draft, DraftSource, Finding, Side, Written

PROMPT = "draft"
MAX_TOKENS = 1200


class HostedDrafter:
    """A `Drafter` over any model that answers in a schema."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def draft(self, brief: Brief, policy: Policy, deadline: Deadline, findings: Sequence[Finding] = ()) -> Written:
        """One draft, placeholders unfilled. Raises model errors; whether it may be shown is for the guards to say."""
        request = build_request(brief, policy, prompts.fresh_nonce(), findings=findings)
        completion = self._model.complete(request, Draft, deadline)
        return Written(draft=completion.output, source=DraftSource.MODEL, calls=(completion.call,))


def build_request(brief: Brief, policy: Policy, nonce: str, *, findings: Sequence[Finding] = ()) -> Request:
    """Exactly what is sent. `findings` is what the guards held against the last draft."""
    prompt = prompts.load(PROMPT)
    words = user_message(brief, policy, nonce)
    if findings:
        # In the same turn: some chat formats refuse two turns of the user in a row.
        words = f"{words}\n\n{_complaint(findings, nonce)}"
    return Request(
        purpose="draft",
        prompt=prompt.reference(Draft),
        policy=policy.reference,
        input_digest=intake.digest(brief.situation),
        messages=(ChatMessage(role="system", content=prompt.fill()), ChatMessage(role="user", content=words)),
        temperature=prompt.front.temperature,
        max_tokens=MAX_TOKENS,
    )


def user_message(brief: Brief, policy: Policy, nonce: str) -> str:
    """The task and two blocks: facts for colleagues only, and the customer's own words. No revenue, score or band."""
    extraction, escalates = brief.grounded.extraction, brief.decision.band.escalates
    issue = policy.issue_types[brief.decision.issue_type].label
    task = "escalate: fill ask, next_step is null" if escalates else "the CSM handles it: fill next_step, ask is null"
    internal = [
        f"situation: {extraction.situation}",
        *(f"open: {words}" for words in extraction.open_now),
        *(f"tried: {words}" for words in extraction.attempts),
        *([f"customer asks for: {extraction.customer_request}"] if extraction.customer_request else []),
        *([f"customer needs it by: {extraction.customer_deadline}"] if extraction.customer_deadline else []),
    ]
    head = f"Blocks are marked {nonce}.\nTask: {task}. Kind of issue: {issue}. Customer message in: {brief.language}."
    return "\n\n".join(
        (
            head,
            prompts.fenced("internal", "\n".join(internal), nonce),
            prompts.fenced("customer", _customer_words(brief), nonce),
            "Word the two texts.",
        )
    )


def _customer_words(brief: Brief) -> str:
    messages = [m for m in brief.situation.messages if m.side is Side.CUSTOMER]
    if not messages:
        return "(none in the text: name the topic in neutral words of your own and copy nothing from internal)"
    return "\n\n".join(f"{m.author or 'customer'}:\n{m.body}" for m in messages)


def _complaint(findings: Sequence[Finding], nonce: str) -> str:
    """What was wrong, numbered; the words at fault may come from outside and stand in a block of their own."""
    listed = "\n".join(f"{n}. {f.where}: {f.message}" for n, f in enumerate(findings, 1))
    at_fault = "\n".join(f"{n}. {' '.join(f.words.split())}" for n, f in enumerate(findings, 1) if f.words)
    block = prompts.fenced("at_fault", at_fault, nonce)
    return f"Findings on an earlier draft, the words at fault by number in the block:\n{listed}\n\n{block}"
