"""A decision model that answers from what a test says, and counts how often it was asked."""

import threading

from agent.errors import TriageError
from agent.models.port import Deadline, DecisionRequest, QuestionKind, TypedAnswer, TypedAnswers
from agent.schema import CallRecord


class ScriptedDecisions:
    """Certain levels for the dimensions that are named; a share per question where a test gives one."""

    reference, remote, context_characters = "decisions/scripted", True, 100_000

    def __init__(self, shares=None, *, silent=(), error: TriageError | None = None, waits_for=None):
        self._shares, self._silent, self._error = shares or {}, set(silent), error
        self._waits_for: threading.Event | None = waits_for
        self.requests: list[DecisionRequest] = []

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        self.requests.append(request)
        if self._waits_for is not None:
            self._waits_for.wait()
        if self._error is not None:
            raise self._error
        answers = tuple(self._answer(question) for question in request.questions)
        call = CallRecord(purpose=request.purpose, model=self.reference, prompt=request.prompt, input_tokens=900)
        return TypedAnswers(answers=answers, call=call)

    def _answer(self, question):
        if question.name in self._silent:
            return TypedAnswer(name=question.name, unanswered="declined")
        if question.name in self._shares:
            return TypedAnswer(name=question.name, probabilities=self._shares[question.name])
        if question.kind is QuestionKind.PREDICATE:
            return TypedAnswer(name=question.name, probabilities=(0.2, 0.8))
        middle = len(question.options) // 2
        certain = tuple(float(at == middle) for at in range(len(question.options)))
        return TypedAnswer(name=question.name, probabilities=certain)
