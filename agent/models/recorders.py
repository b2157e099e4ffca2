"""Models whose every call is kept as a file, in the format of `recording`."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from agent.errors import ConfigurationError, TriageError
from agent.models.port import (
    Completion,
    Deadline,
    DecisionModel,
    DecisionRequest,
    Model,
    Probe,
    ProbeModel,
    ProbeReadings,
    Request,
    TypedAnswers,
)
from agent.models.recording import Recording, Usage, schema_digest
from agent.schema import CallRecord

T = TypeVar("T", bound=BaseModel)
Json = dict[str, Any]


class Recorder:
    """A model whose every call is kept, the failed ones with their error."""

    def __init__(self, model: Model, directory: Path) -> None:
        self._model, self._tape = model, _Tape(directory)
        self.reference, self.remote = model.reference, model.remote
        self.context_characters = model.context_characters

    def complete(self, request: Request, response_type: type[T], deadline: Deadline) -> Completion[T]:
        about = _about(request, {"messages", "temperature", "max_tokens"}) | {"schema": schema_digest(response_type)}
        try:
            completion = self._model.complete(request, response_type, deadline)
        except TriageError as error:
            self._tape.failed(error, request, self.reference, about=about)
            raise
        response = completion.output.model_dump(mode="json")
        self._tape.write(completion.call, **about, response=response, weights=completion.weights or None)
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
        about = _about(request, {"text", "questions"})
        try:
            answers = self._model.decide(request, deadline)
        except TriageError as error:
            self._tape.failed(error, request, self.reference, about=about)
            raise
        response = {"answers": [answer.model_dump(mode="json") for answer in answers.answers]}
        self._tape.write(answers.call, **about, response=response)
        return answers


def _about(request: Request | DecisionRequest, sent: set[str]) -> Json:
    """What a recording says of a call, whatever became of it; of the request the fields that go to the model."""
    return {
        "purpose": request.purpose,
        "input_digest": request.input_digest,
        "policy": request.policy,
        "request": request.model_dump(mode="json", include=sent),
    }


class _Tape:
    """Where recordings are written, and how often each call has been made in this run."""

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"{directory}: recordings cannot be kept there ({error.strerror})") from error
        self._directory = directory
        self._calls: Counter[tuple[str, str]] = Counter()

    def failed(self, error: TriageError, asked: Request | DecisionRequest, model: str, *, about: Json) -> None:
        """Keep a call that came to nothing: what was sent, what it took, and why there is no answer."""
        call = error.call or CallRecord(purpose=asked.purpose, model=model, prompt=asked.prompt)
        self.write(call, **about, error=str(error))

    def write(self, call: CallRecord, **recording: Any) -> None:  # noqa: ANN401 - checked by Recording
        """Keep a call as the next of its purpose about its input."""
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
