"""The baseline of today: the whole framework pasted into a chat, and the model does everything itself.

It scores, adds, decides, routes and words in the framework's Markdown. Its answer is taken at its word: the total, the
band and the owner are those it wrote, right or wrong for its own scores; `suites.chat` counts what contradicts itself.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template

from pydantic import Field

from agent import engine, evidence, intake, language, triage
from agent.engine import deadlines
from agent.errors import ModelInvalid
from agent.models.port import ChatMessage, Deadline, Model, Request
from agent.models.recording import schema_digest
from agent.policy import MAX_TOTAL, MIN_TOTAL, Policy
from agent.schema import (
    Answer,
    Assessment,
    CallRecord,
    CustomerMessage,
    Drafts,
    DraftSource,
    Noun,
    Reading,
    Route,
    Situation,
)
from evals.against import form
from evals.against.markdown import Page, parse
from evals.contender import answered
from evals.items import Item
from evals.results import CaseResult
from evals.suites.chat import SLIP

NAME = "chat"

MAX_TOKENS = 2500
_TEMPLATE = Path(__file__).with_name("chat.md")
_MOST_SUBJECT, _MOST_BODY, _MOST_SITUATION = 120, 1800, 500  # characters, the schema's limits


class Reply(Noun):
    """What the chat answers."""

    markdown: str = Field(description="the whole answer, in the form that was asked for")


@dataclass(frozen=True)
class Chat:
    """Answers items as a chat assistant would. `model_for` gives the model, or its recordings, for an item."""

    model_for: Callable[[Item], Model]
    policy: Policy
    deadline_seconds: float | None = None

    def answer(self, item: Item) -> CaseResult:
        """One item, from its text to an assessment or to the way it failed; what cannot be read is invalid."""
        return answered(item, self._assess)

    def _assess(self, item: Item) -> Assessment:
        situation, model = item.situation, self.model_for(item)
        request = build_request(situation, self.policy, item.case.now)
        completion = model.complete(request, Reply, Deadline(self.deadline_seconds))
        try:
            page = parse(completion.output.markdown, self.policy)
        except ModelInvalid as error:  # it was answered and paid for all the same
            error.call = completion.call.model_copy(update={"error": str(error)})
            raise
        return assess(situation, page, self.policy, now=item.case.now, model=model, call=completion.call)


def build_request(situation: Situation, policy: Policy, now: datetime) -> Request:
    """The framework and the text in one message, as it would be pasted; recorded under a digest of its own."""
    framework, text = render(policy, now), situation.text
    digest = hashlib.sha256(_TEMPLATE.read_bytes() + schema_digest(Reply).encode()).hexdigest()
    return Request(
        purpose="extract",
        prompt=f"{NAME}@1#{digest[:12]}",
        policy=policy.reference,
        input_digest=hashlib.sha256(f"{NAME}\0{intake.digest(situation)}".encode()).hexdigest(),
        messages=(ChatMessage(role="user", content=f"{framework}\n{text}"),),
        max_tokens=MAX_TOKENS,
    )


def render(policy: Policy, now: datetime) -> str:
    """The framework, bands and routes included, from the policy."""
    dimensions = [
        f"{rule.label}: " + " ".join(f"{level} = {words}" for level, words in rule.levels.items())
        for rule in policy.dimensions.values()
    ]
    bands = [f"- {rule.from_} to {rule.to}: {rule.label}. {rule.meaning}" for rule in policy.bands.values()]
    routes = [f"- {rule.label}: {rule.route}, when {rule.condition}" for rule in policy.issue_types.values()]
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        dimensions="\n".join(f"- {line}" for line in dimensions),
        lowest=MIN_TOTAL,
        highest=MAX_TOTAL,
        bands="\n".join(bands),
        routes="\n".join(routes),
        now=f"{now:%A, %d %B %Y, %H:%M %z}",
        rows="\n".join(f"| {rule.label} | n | why |" for rule in policy.dimensions.values()),
        labels=" / ".join(rule.label for rule in policy.bands.values()),
        types=" / ".join(rule.label for rule in policy.issue_types.values()),
    )


def assess(  # noqa: PLR0913 - what was written, and what the assessment says about itself
    situation: Situation, page: Page, policy: Policy, *, now: datetime, model: Model, call: CallRecord
) -> Assessment:
    """The page as an assessment; what the engine would have decided from the same scores is thrown away."""
    noted = situation.model_copy(update={"notes": (*situation.notes, *(f"{SLIP}{slip}" for slip in page.slips))})
    read = form.extraction(
        page.levels,
        page.issue_type,
        reasons=page.reasons,
        account=page.account,
        situation=page.situation[:_MOST_SITUATION],
    )
    reading = Reading(extraction=read, calls=(call,))
    grounded = evidence.ground(reading, noted)
    decision = engine.decide(grounded, policy, now).model_copy(
        update={
            "total": page.total,
            "band": page.band,
            "label": policy.bands[page.band].label,
            "route": _route(page, policy),
            "deadlines": deadlines.set_for(grounded.scores, policy, band=page.band, now=now),
        }
    )
    case = triage.Case(noted, reading, grounded, decision, policy, now)
    drafts = _drafts(page, situation, escalates=page.band.escalates)
    wording = triage.Wording(drafts, missing_because=None if drafts else "the chat wrote no customer message")
    return triage.assemble(case, wording, model=f"{NAME}: {model.reference}", remote=model.remote, seconds=call.seconds)


def _route(page: Page, policy: Policy) -> Route:
    """The owner that the page names, beside nobody: one owner is what was asked for."""
    return Route(
        owner_team=page.owner_team,
        owner=policy.teams[page.owner_team].name if page.owner_team in policy.teams else page.route_to or "nobody",
        condition=policy.issue_types[page.issue_type].condition,
        condition_met=Answer.NOT_KNOWN,
    )


def _drafts(page: Page, situation: Situation, *, escalates: bool) -> Drafts | None:
    if not page.message:
        return None
    code = language.detect(page.message) or situation.language or "en"
    ask = f"{page.route_to or 'nobody'}: {page.ask or ''} Answer by: {page.by_when or 'not said'}."
    return Drafts(
        ask=ask if escalates else None,
        next_step=None if escalates else page.ask or page.communication,
        customer_message=CustomerMessage(
            language=code, subject=page.subject[:_MOST_SUBJECT], body=page.message[:_MOST_BODY]
        ),
        source=DraftSource.MODEL,
    )
