"""A second opinion, asked while the scorer reads. It never keeps the scorer waiting, and its failure costs nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from agent.errors import ModelRejected, ModelUnavailable, ModelUnusable, ReplayError
from agent.extraction import decisions
from agent.models.port import Deadline, DecisionModel, DecisionRequest
from agent.policy import Policy
from agent.schema import CallRecord, SecondOpinion, Situation

GRACE_SECONDS = 2.0  # after the scorer is done; a decision model takes one pass, so it is late only if it hangs


@dataclass(frozen=True)
class Asked:
    """A second opinion under way."""

    model: DecisionModel
    request: DecisionRequest
    outcome: Future[SecondOpinion]

    def collect(self, grace_seconds: float = GRACE_SECONDS) -> SecondOpinion:
        """The opinion, or the note that it did not come in time."""
        try:
            return self.outcome.result(timeout=grace_seconds)
        except TimeoutError:
            note = f"no answer within {grace_seconds:g} s after the scores were there; gone on without it"
        return _without(self.model, self.request, note, None)


def begin(model: DecisionModel, situation: Situation, policy: Policy, deadline: Deadline) -> Asked:
    """Ask in a thread of its own; a run that ends does not wait for it."""
    request = decisions.fresh_request(situation, policy, second=True)
    asked = Asked(model, request, Future())
    _in_background(lambda: _ask(model, request, deadline), asked.outcome)
    return asked


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


def _in_background(work: Callable[[], SecondOpinion], outcome: Future[SecondOpinion]) -> None:
    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed to the one who collects
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
