"""Models whose answers are known, recorded and replayed."""

import json
from collections import deque
from pathlib import Path
from typing import Any

from agent.errors import ModelRefused
from agent.models.port import (
    ChatMessage,
    Completion,
    Deadline,
    DecisionRequest,
    PassageReading,
    Probe,
    ProbeReadings,
    QuestionKind,
    Request,
    TypedAnswer,
    TypedAnswers,
    TypedQuestion,
)
from agent.models.probing import reference
from agent.models.recorders import Recorder
from agent.schema import CallRecord, Noun

NO_END = Deadline(None)


class Verdict(Noun):
    """A small answer."""

    words: tuple[str, ...]
    score: int


def request(**changes: Any) -> Request:
    told = (ChatMessage(role="user", content="It is down."),)
    fields = {"purpose": "extract", "prompt": "e@1#a", "policy": "p@1#b", "input_digest": "d" * 64, "messages": told}
    return Request(**{**fields, **changes})


class Scripted:
    """Both kinds of model, from a queue that fails when it runs dry."""

    reference, remote, context_characters = "scripted", True, 1000

    def __init__(self, *outputs: Any) -> None:
        self.outputs = deque(outputs)

    def complete(self, asked: Request, response_type: type[Any], deadline: Deadline) -> Completion[Any]:
        call = CallRecord(purpose=asked.purpose, model="scripted", prompt=asked.prompt, attempts=2, input_tokens=9)
        return Completion[response_type](output=self.outputs.popleft(), call=call)

    def probe(self, passages: Any, probes: Any, *, input_digest: str, deadline: Deadline) -> ProbeReadings:
        call = CallRecord(purpose="read", model="scripted", prompt=reference(probes))
        read = PassageReading(passage=0, tokens=1, values=self.outputs.popleft())
        return ProbeReadings(passages=(read,), call=call)


FIRST, SECOND = Verdict(words=("it is", "down"), score=4), Verdict(words=(), score=2)


def recorded(directory: Path, *outputs: Verdict) -> None:
    recorder = Recorder(Scripted(*outputs), directory)
    for _ in outputs:
        recorder.complete(request(), Verdict, NO_END)


def authored(directory: Path, response: dict[str, Any], **changes: Any) -> Path:
    kept = {"format": 1, "source": "authored", "purpose": "extract", "input_digest": "d" * 64, "response": response}
    path = directory / f"{len(list(directory.iterdir()))}.json"
    path.write_text(json.dumps({**kept, **changes}))
    return path


PROBES = (Probe(name="impact", direction=(1.0,), bias=0.0), Probe(name="time", direction=(2.0,), bias=0.0))

DECISIONS = DecisionRequest(
    purpose="decide",
    prompt="rubric@1#a",
    policy="p@1#b",
    input_digest="d" * 64,
    text="It is down.",
    questions=(
        TypedQuestion(kind=QuestionKind.PREDICATE, name="blocked", instructions="They are blocked."),
        TypedQuestion(kind=QuestionKind.PREDICATE, name="minor", instructions="It is minor."),
    ),
)


class Deciding:
    """A decision model that answers one question and declines the other, or fails."""

    reference, remote, context_characters = "decisions/scripted", True, 1000

    def __init__(self, error: ModelRefused | None = None) -> None:
        self._error = error

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        if self._error:
            raise self._error
        answers = (
            TypedAnswer(name="blocked", probabilities=(0.9, 0.1)),
            TypedAnswer(name="minor", unanswered="declined"),
        )
        call = CallRecord(purpose=request.purpose, model=self.reference, prompt=request.prompt, input_tokens=7)
        return TypedAnswers(answers=answers, call=call)
