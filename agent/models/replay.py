"""Every kind of model, answered from the files of `recording`."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from agent.errors import ConfigurationError, ModelInvalid, ReplayError
from agent.models import probing
from agent.models.port import (
    Completion,
    Deadline,
    DecisionRequest,
    PassageReading,
    Probe,
    ProbeReadings,
    Request,
    TypedAnswer,
    TypedAnswers,
)
from agent.models.recording import Recording, fault, load, schema_digest
from agent.schema import Noun

T = TypeVar("T", bound=BaseModel)
_NO_LIMIT = 10_000_000  # characters: a recording was made within its own model's limit


class Replay:
    """Every kind of model, answered from a directory. Raises ReplayError where no recording answers a call."""

    remote = False
    context_characters = _NO_LIMIT

    def __init__(self, directory: Path) -> None:
        if not directory.is_dir():
            raise ConfigurationError(f"{directory}: is not a directory of recordings")
        self._directory = directory
        self._recordings: dict[tuple[str, str, int], tuple[Path, Recording]] = {}
        for path in sorted(directory.glob("*.json")):
            recording = load(path)
            if (other := self._recordings.get(recording.key)) is not None:
                raise ReplayError(f"{path}: answers the same call as {other[0].name}; give one another 'sequence'")
            self._recordings[recording.key] = path, recording
        self._calls: Counter[tuple[str, str]] = Counter()
        self.reference = next((r.model for _, r in self._recordings.values() if r.model), "replay")

    def complete(self, request: Request, response_type: type[T], deadline: Deadline) -> Completion[T]:
        """The recorded answer, in the schema of today. `deadline` counts as for any model."""
        deadline.remaining()
        started = time.monotonic()
        path, recording = self._next(request.input_digest, request.purpose, prompt=request.prompt)
        stale = recording.differs(prompt=request.prompt, policy=request.policy, schema_=schema_digest(response_type))
        output = _fitted(path, recording.response, response_type)
        seconds = time.monotonic() - started
        call = recording.call(request.purpose, prompt=request.prompt, stale=stale, seconds=seconds)
        return Completion(output=output, call=call, weights=recording.weights or {})

    def probe(
        self, passages: Sequence[str], probes: Sequence[Probe], *, input_digest: str, deadline: Deadline
    ) -> ProbeReadings:
        """The recorded readings, each placed where its passage stands in today's cut of the text."""
        deadline.remaining()
        started = time.monotonic()
        prompt = probing.reference(probes)
        path, recording = self._next(input_digest, "probes", prompt=prompt)
        read = _fitted(path, recording.response, _Readings).passages
        for reading in read:
            if missing := [probe.name for probe in probes if probe.name not in reading.values]:
                raise ModelInvalid(f"{path}: gives no reading of '{missing[0]}' for passage {reading.passage}")
        stale = recording.differs(prompt=prompt)
        if recording.request:
            then = _fitted(path, recording.request, _Asked, what="request").passages
            stale = stale or "".join(then) != "".join(passages)
            read = tuple(r.model_copy(update={"passage": _place(r.passage, then, passages)}) for r in read)
        call = recording.call("read", prompt=prompt, stale=stale, seconds=time.monotonic() - started)
        return ProbeReadings(passages=read, call=call)

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        """The recorded probabilities of a decision model, in the order of the questions."""
        deadline.remaining()
        started = time.monotonic()
        path, recording = self._next(request.input_digest, request.purpose, prompt=request.prompt)
        answers = {answer.name: answer for answer in _fitted(path, recording.response, _Typed).answers}
        for question in request.questions:
            answer = answers.get(question.name)
            if answer is None or not (answer.unanswered or len(answer.probabilities) == question.outcomes):
                raise ModelInvalid(f"{path}: gives no probability per option for the question '{question.name}'")
        stale, seconds = recording.differs(prompt=request.prompt, policy=request.policy), time.monotonic() - started
        call = recording.call(request.purpose, prompt=request.prompt, stale=stale, seconds=seconds)
        return TypedAnswers(answers=tuple(answers[q.name] for q in request.questions), call=call)

    def holds(self, input_digest: str, purpose: str) -> bool:
        """True if a call of this purpose about this input was recorded."""
        return (input_digest, purpose, 1) in self._recordings

    def _next(self, input_digest: str, purpose: str, *, prompt: str) -> tuple[Path, Recording]:
        self._calls[input_digest, purpose] += 1
        sequence = self._calls[input_digest, purpose]
        found = self._recordings.get((input_digest, purpose, sequence))
        if found is None:
            raise ReplayError(
                f"{self._directory}: no recording answers '{purpose}' number {sequence} "
                f"for the input digest {input_digest} (--account, --arr, --renewal and --strategic belong to it)"
            )
        if found[1].error is not None:
            failure = ReplayError(f"{found[0]}: that call failed when it was recorded: {found[1].error}")
            failure.call = found[1].call(purpose, prompt=prompt, stale=found[1].differs(prompt=prompt), seconds=0.0)
            raise failure
        return found


def _place(at: int, then: Sequence[str], passages: Sequence[str]) -> int:
    """Where a passage stands by now; beyond the end where the text is cut otherwise: it still counts in the whole."""
    return passages.index(then[at]) if at < len(then) and then[at] in passages else len(passages)


class _Asked(Noun):
    passages: tuple[str, ...]


class _Readings(Noun):
    passages: tuple[PassageReading, ...] = Field(min_length=1)


class _Typed(Noun):
    answers: tuple[TypedAnswer, ...]


def _fitted(path: Path, document: object, kind: type[T], *, what: str = "response") -> T:
    try:
        return kind.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise ModelInvalid(f"{path}: the {what} does not fit the schema: {fault(error)}") from error
