"""A second opinion, asked while the scorer reads. Nobody waits for it longer, and its failure costs nothing."""

import time
from concurrent.futures import Future
from dataclasses import dataclass

from agent.errors import ModelRejected, ModelUnavailable, ModelUnusable, ReplayError
from agent.extraction import decisions
from agent.models import background
from agent.models.port import Deadline, DecisionModel, DecisionRequest
from agent.policy import Policy
from agent.schema import CallRecord, SecondOpinion, Situation

LEAST_SECONDS = 2.0  # it may always take so long: a scorer that answers at once, as recordings do, is no measure


@dataclass(frozen=True)
class Asked:
    """A second opinion under way."""

    model: DecisionModel
    request: DecisionRequest
    outcome: Future[SecondOpinion]
    begun: float

    def collect(self, least_seconds: float = LEAST_SECONDS) -> SecondOpinion:
        """The opinion, or the note that it is not there now that the scorer is done."""
        taken = time.monotonic() - self.begun
        try:
            return self.outcome.result(timeout=max(0.0, least_seconds - taken))
        except TimeoutError:
            note = f"no answer within {max(taken, least_seconds):.1f} s, when the scores were there; gone on without it"
        return _without(self.model, self.request, note, None)


def begin(model: DecisionModel, situation: Situation, policy: Policy, deadline: Deadline) -> Asked:
    """Ask in a thread of its own; a run that ends does not wait for it."""
    request = decisions.fresh_request(situation, policy, second=True)
    outcome = background.begin(lambda: _ask(model, request, deadline))
    return Asked(model, request, outcome, begun=time.monotonic())


def _ask(model: DecisionModel, request: DecisionRequest, deadline: Deadline) -> SecondOpinion:
    try:
        weighed = decisions.ask(model, request, deadline)
    except (ModelRejected, ModelUnavailable, ModelUnusable, ReplayError) as error:
        return _without(model, request, str(error), error.call)
    return SecondOpinion(
        model=weighed.call.model,
        remote=model.remote,
        probabilities=weighed.probabilities,
        surprised=weighed.surprised,
        unanswered=weighed.unanswered,
        call=weighed.call,
    )


def _without(model: DecisionModel, request: DecisionRequest, note: str, call: CallRecord | None) -> SecondOpinion:
    made = call or CallRecord(purpose=request.purpose, model=model.reference, prompt=request.prompt, error=note)
    return SecondOpinion(model=made.model, remote=model.remote, note=note, call=made)
