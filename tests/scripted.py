"""A model that answers from a list, and fails a test in which it is asked more or less often than the list is long."""

from typing import TypeVar

from pydantic import BaseModel

from agent.errors import TriageError
from agent.models.port import Completion, Deadline, Request
from agent.schema import CallRecord

T = TypeVar("T", bound=BaseModel)


class ScriptedModel:
    """Gives its answers in order, raises those that are errors, and keeps the requests. Use it as a context."""

    reference, remote, context_characters = "scripted", False, 100_000

    def __init__(self, *answers: BaseModel | TriageError) -> None:
        self._answers = list(answers)
        self.requests: list[Request] = []

    def complete(self, request: Request, response_type: type[T], deadline: Deadline) -> Completion[T]:
        self.requests.append(request)
        assert self._answers, f"asked once more than scripted: {request.messages[-1].content[:200]}"
        answer = self._answers.pop(0)
        if isinstance(answer, TriageError):
            raise answer
        assert isinstance(answer, response_type)
        call = CallRecord(purpose=request.purpose, model=self.reference, prompt=request.prompt)
        return Completion(output=answer, call=call)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert kind or not self._answers, f"{len(self._answers)} scripted answers were never asked for"
