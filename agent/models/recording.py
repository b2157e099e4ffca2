"""Calls kept as files, and answered from files.

One call is one JSON file, whose name means nothing:

    {
      "format": 1,
      "source": "live",                      "authored" if a person wrote the answer
      "purpose": "extract",                  "extract", "draft", "probes", "decide" or "second_opinion"
      "input_digest": "9f2c...",             what the call was about; `triage preview` prints it
      "sequence": 1,                         the n-th call of this purpose about this input in one run
      "model": "openai/gpt-5.4-mini",
      "prompt": "extract@1#...",             name@version#digest
      "schema": "51ab...",                   sha256 of the response's JSON schema
      "policy": "...@1.0.0#...",
      "request": {"messages": [...], ...},   what was sent; never a key
      "response": {...},                     the answer, in the response's schema
      "weights": null,                       shares of other scores, where the provider tells them
      "error": null,                         why there is no response, where the call failed
      "usage": {"attempts": 1, "seconds": 2.1, "input_tokens": 900, ...}
    }

A file written by hand needs `format`, `source`, `purpose`, `input_digest` and `response`. A call is answered by the
file with its input digest, purpose and sequence. Where prompt, schema or policy have changed since, the answer is
marked stale. The response of the built-in model is what its probes read, passage by passage; by hand one is enough:
{"passages": [{"passage": 0, "tokens": 1, "values": {"customer_impact": 4.2, ...}}]}. That of a decision model is
{"answers": [{"name": "customer_impact", "probabilities": [0.1, ...]}]}; a question it did not answer carries
"unanswered": "declined" instead.
"""

import hashlib
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from agent.errors import ConfigurationError, ModelInvalid, ReplayError, TriageError
from agent.models import probing
from agent.models.port import (
    Completion,
    Deadline,
    DecisionModel,
    DecisionRequest,
    Model,
    PassageReading,
    Probe,
    ProbeModel,
    ProbeReadings,
    Request,
    TypedAnswer,
    TypedAnswers,
)
from agent.schema import AnswerSource, CallRecord, Noun

T = TypeVar("T", bound=BaseModel)
_NO_LIMIT = 10_000_000  # characters: a recording was made within its own model's limit


class Usage(Noun):
    """What the recorded call took."""

    attempts: int = 1
    seconds: float = 0.0
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None


class Recording(Noun):
    """One call as a file."""

    format: Literal[1]
    source: Literal["live", "authored"]
    purpose: Literal["extract", "draft", "probes", "decide", "second_opinion"]
    input_digest: str
    sequence: int = Field(default=1, ge=1)
    model: str | None = None
    prompt: str | None = None
    schema_: str | None = Field(default=None, alias="schema")
    policy: str | None = None
    request: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    weights: dict[str, dict[str, float]] | None = None
    error: str | None = Field(default=None, description="why there is no response")
    usage: Usage = Usage()

    @model_validator(mode="after")
    def _answered_or_failed(self) -> Self:
        if (self.response is None) == (self.error is None):
            raise ValueError("needs a response, or the error that stood in its place")
        return self

    @property
    def key(self) -> tuple[str, str, int]:
        return self.input_digest, self.purpose, self.sequence

    def differs(self, **now: str) -> bool:
        """True if a reference that was recorded is not the one in use now."""
        return any(getattr(self, name) not in (None, value) for name, value in now.items())

    def call(self, purpose: str, *, prompt: str, stale: bool, seconds: float) -> CallRecord:
        """The record of a call from here, answered or failed: the recorded tokens and cost, the time of the replay."""
        return CallRecord(
            purpose=purpose,
            model=self.model or "replay",
            source=AnswerSource.AUTHORED if self.source == "authored" else AnswerSource.REPLAYED,
            prompt=self.prompt or prompt,
            stale=stale,
            error=self.error,
            **self.usage.model_dump(exclude={"seconds"}),
            seconds=seconds,
        )


def schema_digest(response_type: type[BaseModel]) -> str:
    """sha256 of a response's JSON schema. The order of fields counts: it is the order of reasoning."""
    return hashlib.sha256(json.dumps(response_type.model_json_schema()).encode()).hexdigest()


class _Tape:
    """Where recordings are written, and how often each call has been made in this run."""

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"{directory}: recordings cannot be kept there ({error.strerror})") from error
        self._directory = directory
        self._calls: Counter[tuple[str, str]] = Counter()

    def failed(self, request: Request, model: Model, error: TriageError, schema: str) -> None:
        """Keep a call that came to nothing: what was sent, what it took, and why there is no answer."""
        call = error.call or CallRecord(purpose=request.purpose, model=model.reference, prompt=request.prompt)
        self.write(call, **_about(request, schema), error=str(error))

    def write(self, call: CallRecord, **recording: Any) -> None:  # noqa: ANN401 - checked by Recording
        about = recording["input_digest"], recording["purpose"]
        self._calls[about] += 1
        usage = {name: getattr(call, name) for name in Usage.model_fields}
        kept = Recording(
            format=1, source="live", sequence=self._calls[about], model=call.model, prompt=call.prompt,
            usage=Usage(**usage), **recording,
        )  # fmt: skip
        name = f"{about[0][:12]}-{about[1]}-{kept.sequence}.json"
        text = json.dumps(kept.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2)
        try:
            _write(self._directory / name, text + "\n")
        except OSError as error:
            raise ConfigurationError(f"{self._directory / name}: cannot be written ({error.strerror})") from error


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and for the owner's eyes only: a recording holds the customer's words."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _about(request: Request, schema: str) -> dict[str, Any]:
    """What a recording says of a call, whatever became of it."""
    return {
        "purpose": request.purpose,
        "input_digest": request.input_digest,
        "policy": request.policy,
        "schema": schema,
        "request": request.model_dump(mode="json", include={"messages", "temperature", "max_tokens"}),
    }


class Recorder:
    """A model whose every call is kept, the failed ones with their error."""

    def __init__(self, model: Model, directory: Path) -> None:
        self._model, self._tape = model, _Tape(directory)
        self.reference, self.remote = model.reference, model.remote
        self.context_characters = model.context_characters

    def complete(self, request: Request, response_type: type[T], deadline: Deadline) -> Completion[T]:
        schema = schema_digest(response_type)
        try:
            completion = self._model.complete(request, response_type, deadline)
        except TriageError as error:
            self._tape.failed(request, self._model, error, schema)
            raise
        response = completion.output.model_dump(mode="json")
        weights = completion.weights or None
        self._tape.write(completion.call, **_about(request, schema), response=response, weights=weights)
        return completion


class ProbeRecorder:
    """A model whose states are read; every answered call is kept, as readings and never as states."""

    def __init__(self, model: ProbeModel, directory: Path) -> None:
        self._model, self._tape = model, _Tape(directory)
        self.reference, self.context_characters = model.reference, model.context_characters

    def probe(
        self, passages: Sequence[str], probes: Sequence[Probe], *, input_digest: str, deadline: Deadline
    ) -> ProbeReadings:
        read = self._model.probe(passages, probes, input_digest=input_digest, deadline=deadline)
        self._tape.write(
            read.call,
            purpose="probes",
            input_digest=input_digest,
            request={"passages": list(passages)},
            response=read.model_dump(mode="json", include={"passages"}),
        )
        return read


class DecisionRecorder:
    """A decision model whose every call is kept, the failed ones with their error."""

    def __init__(self, model: DecisionModel, directory: Path) -> None:
        self._model, self._tape = model, _Tape(directory)
        self.reference, self.remote = model.reference, model.remote
        self.context_characters = model.context_characters

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        about: dict[str, Any] = {
            "purpose": request.purpose,
            "input_digest": request.input_digest,
            "policy": request.policy,
            "request": request.model_dump(mode="json", include={"text", "questions"}),
        }
        try:
            answers = self._model.decide(request, deadline)
        except TriageError as error:
            call = CallRecord(purpose=request.purpose, model=self.reference, prompt=request.prompt)
            self._tape.write(error.call or call, **about, error=str(error))
            raise
        response = {"answers": [answer.model_dump(mode="json") for answer in answers.answers]}
        self._tape.write(answers.call, **about, response=response)
        return answers


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
            recording = _read(path)
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
        output = _fitted(path, recording, response_type)
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
        read = _fitted(path, recording, _Readings).passages
        for reading in read:
            if missing := [probe.name for probe in probes if probe.name not in reading.values]:
                raise ModelInvalid(f"{path}: gives no reading of '{missing[0]}' for passage {reading.passage}")
        stale = recording.differs(prompt=prompt)
        if recording.request:
            then = recording.request["passages"]
            stale = stale or "".join(then) != "".join(passages)
            read = tuple(r.model_copy(update={"passage": _place(then[r.passage], passages)}) for r in read)
        call = recording.call("read", prompt=prompt, stale=stale, seconds=time.monotonic() - started)
        return ProbeReadings(passages=read, call=call)

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        """The recorded probabilities of a decision model, in the order of the questions."""
        deadline.remaining()
        started = time.monotonic()
        path, recording = self._next(request.input_digest, request.purpose, prompt=request.prompt)
        answers = {answer.name: answer for answer in _fitted(path, recording, _Typed).answers}
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


def _place(words: str, passages: Sequence[str]) -> int:
    """Where a passage stands by now; beyond the end where the text is cut otherwise: it still counts in the whole."""
    return passages.index(words) if words in passages else len(passages)


class _Readings(Noun):
    passages: tuple[PassageReading, ...] = Field(min_length=1)


class _Typed(Noun):
    answers: tuple[TypedAnswer, ...]


def _read(path: Path) -> Recording:
    try:
        return Recording.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ReplayError(f"{path}: cannot be read ({error})") from error
    except ValidationError as error:
        raise ReplayError(f"{path}: is not a recording: {_fault(error)}") from error


def _fitted(path: Path, recording: Recording, response_type: type[T]) -> T:
    try:
        return response_type.model_validate_json(json.dumps(recording.response))
    except ValidationError as error:
        raise ModelInvalid(f"{path}: the response does not fit the schema: {_fault(error)}") from error


def _fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    return ": ".join(filter(None, (".".join(str(part) for part in fault["loc"]), fault["msg"])))
