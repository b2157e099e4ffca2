"""The two wire forms in which decision models are asked and answer. Pure: what goes out and what came back.

OpenAI Decisions: questions and answers are lists in one order. A question that the model declines is answered by a
refusal. System One: both are keyed by name; a question that the model could not answer is missing. Levels are counted
from 0 there.

Probabilities come rounded, so a sum that is one within the rounding is set right. Any other sum is no answer.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.errors import ModelInvalid
from agent.models.choose import is_openai
from agent.models.port import DecisionRequest, QuestionKind, TypedAnswer, TypedQuestion

_ROUNDING = 0.005  # of one probability, as servers print them
_OVER = 1e-6  # what floating point leaves of a certain answer beyond 0 and 1
_API_VERSION = "/v1"

Json = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """Where a form is posted, what is sent, and how the answers are read. `read` raises ModelInvalid."""

    path: Callable[[str], str]
    body: Callable[[str, DecisionRequest], Json]
    read: Callable[[Any, Sequence[TypedQuestion]], tuple[TypedAnswer, ...]]


def _decisions_path(base_url: str) -> str:
    return f"{base_url.rstrip('/')}/decisions"


def _decisions_body(model: str, request: DecisionRequest) -> Json:
    return {"model": model, "input": request.text, "questions": [_decisions_question(q) for q in request.questions]}


def _decisions_question(question: TypedQuestion) -> Json:
    asked: Json = {"type": question.kind.value, "name": question.name, "instructions": question.instructions}
    if question.kind is QuestionKind.SCORE:
        asked["levels"] = [{"label": option.value, "description": option.meaning} for option in question.options]
    elif question.kind is QuestionKind.CHOICE:
        asked["choices"] = [{"value": option.value, "description": option.meaning} for option in question.options]
    return asked


def _decisions_read(payload: Any, questions: Sequence[TypedQuestion]) -> tuple[TypedAnswer, ...]:  # noqa: ANN401 - JSON
    answers = payload.get("answers") if isinstance(payload, dict) else None
    if not isinstance(answers, list) or len(answers) > len(questions):
        raise ModelInvalid("the server gave no list of answers; does the base URL belong to a Decisions API?")
    read = [
        _left_out(question)
        if answer is None
        else _decisions_answer(question, answer if isinstance(answer, dict) else {})
        for question, answer in zip(questions, answers, strict=False)
    ]
    return (*read, *map(_left_out, questions[len(answers) :]))


def _left_out(question: TypedQuestion) -> TypedAnswer:
    return TypedAnswer(name=question.name, unanswered="left out")


def _decisions_answer(question: TypedQuestion, answer: Json) -> TypedAnswer:
    kind, name = answer.get("type"), answer.get("name")
    if name not in (None, question.name) or kind not in ("refusal", question.kind):
        raise ModelInvalid(f"the answer to '{question.name}' is another question's")
    if kind == "refusal":
        return TypedAnswer(name=question.name, unanswered="declined")
    if question.kind is QuestionKind.PREDICATE:
        return _predicate(question, answer.get("probability"))
    key = "label" if question.kind is QuestionKind.SCORE else "value"
    listed = answer.get("probabilities")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    return _answer(question, {str(row.get(key)).strip(): row.get("probability") for row in rows})


def _system_one_path(base_url: str) -> str:
    return f"{base_url.rstrip('/').removesuffix(_API_VERSION)}{_API_VERSION}/systemone"


def _system_one_body(model: str, request: DecisionRequest) -> Json:
    return {
        "model": model,
        "state": request.text,
        "questions": {question.name: _system_one_question(question) for question in request.questions},
    }


def _system_one_question(question: TypedQuestion) -> Json:
    if question.kind is QuestionKind.PREDICATE:
        return {"type": "noul", "instructions": question.instructions}
    criteria: list[str] | dict[str, str] = {option.value: option.meaning for option in question.options}
    if question.kind is QuestionKind.SCORE:
        criteria = [option.meaning for option in question.options]
    return {"type": question.kind.value, "instructions": question.instructions, "criteria": criteria}


def _system_one_read(payload: Any, questions: Sequence[TypedQuestion]) -> tuple[TypedAnswer, ...]:  # noqa: ANN401 - JSON
    answers = payload.get("answers") if isinstance(payload, dict) else None
    if not isinstance(answers, dict):
        raise ModelInvalid("the server gave no answers by name; does the base URL belong to a System One API?")
    return tuple(_system_one_answer(question, answers.get(question.name)) for question in questions)


def _system_one_answer(question: TypedQuestion, answer: Any) -> TypedAnswer:  # noqa: ANN401 - JSON
    if answer is None:
        return _left_out(question)
    if not isinstance(answer, dict):
        raise ModelInvalid(f"the answer to '{question.name}' cannot be read")
    if answer.get("type") == "refusal" or answer.get("refusal"):
        return TypedAnswer(name=question.name, unanswered="declined")
    if question.kind is QuestionKind.PREDICATE:
        return _predicate(question, answer.get("noul"))
    given = answer.get("probabilities")
    by_key = {key.strip(): value for key, value in given.items()} if isinstance(given, dict) else {}
    if question.kind is QuestionKind.SCORE:
        numbers = sorted((key for key in by_key if key.isdecimal()), key=int)
        by_key = {option.value: by_key[key] for option, key in zip(question.options, numbers, strict=False)}
    return _answer(question, by_key)


def _predicate(question: TypedQuestion, probability: object) -> TypedAnswer:
    true = _number(question, probability)
    return TypedAnswer(name=question.name, probabilities=(true, 1 - true))


def _answer(question: TypedQuestion, by_option: Mapping[Any, object]) -> TypedAnswer:
    given = [_number(question, by_option.get(option.value)) for option in question.options]
    total = math.fsum(given)
    if abs(total - 1) > _ROUNDING * len(given):
        raise ModelInvalid(f"the probabilities for '{question.name}' sum to {total:.3f}, not to 1")
    return TypedAnswer(name=question.name, probabilities=tuple(number / total for number in given))


def _number(question: TypedQuestion, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_OVER <= value <= 1 + _OVER:
        raise ModelInvalid(f"the answer to '{question.name}' has no probability from 0 to 1 for every option")
    return min(max(float(value), 0.0), 1.0)


FORMS = {
    "decisions": Form(_decisions_path, _decisions_body, _decisions_read),
    "systemone": Form(_system_one_path, _system_one_body, _system_one_read),
}


def resolve(reference: str, base_url: str) -> tuple[Form, str]:
    """The form that a reference names, and the model's name as that server knows it."""
    form, _, name = reference.partition("/")
    return FORMS[form], name.removeprefix("openai/") if is_openai(base_url) else name
