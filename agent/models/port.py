"""What the house asks of a model.

`Model` writes: a request and a response type go in, a validated value and a record of the call come out.
`QuestionModel` does not write: a text and closed questions go in, a probability per option comes out.
Adapters raise `agent.errors` and nothing else; a failed call is never turned into a default answer.
"""

import time
from collections.abc import Sequence
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, Field

from agent.errors import DeadlineExceeded
from agent.schema import CallRecord, Noun

T = TypeVar("T", bound=BaseModel)


class Deadline:
    """The end of the whole run, shared by every call in it. `seconds` None means there is none."""

    def __init__(self, seconds: float | None = None) -> None:
        self._at = None if seconds is None else time.monotonic() + seconds

    def postponed(self, seconds: float) -> "Deadline":
        """The same end, later by the time in which the run waited for a person."""
        later = Deadline()
        later._at = None if self._at is None else self._at + seconds
        return later

    def remaining(self) -> float | None:
        """Seconds left, None if there is no end. Raises DeadlineExceeded once it has passed."""
        if self._at is None:
            return None
        left = self._at - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded("the run's --deadline passed; allow more seconds or use a faster model")
        return left


class ChatMessage(Noun):
    """One message to a chat model. Customer text stands in user messages only."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Noun):
    """One call: what is sent, and the references under which it is recorded and found again."""

    purpose: Literal["extract", "draft"]
    prompt: str = Field(description="name@version#digest of the prompt")
    policy: str = Field(description="name@version#digest of the policy")
    input_digest: str = Field(description="sha256 of the input text and the CSM's context")
    messages: tuple[ChatMessage, ...]
    temperature: float = 0.0
    max_tokens: int = 2000


class Completion(BaseModel, Generic[T]):
    """A validated answer and what happened during the call."""

    output: T
    call: CallRecord


class Model(Protocol):
    """A model that answers in a given schema."""

    @property
    def reference(self) -> str:
        """The model's name as reports show it, such as 'openai/gpt-5-mini'."""

    @property
    def remote(self) -> bool:
        """True if the text leaves this machine."""

    @property
    def context_characters(self) -> int:
        """How much thread text fits into one call, in characters."""

    def complete(self, request: Request, response_type: type[T], deadline: Deadline) -> Completion[T]:
        """Answer in `response_type`. Raises the ModelRejected, ModelUnusable and ModelUnavailable families."""


class ClosedQuestion(Noun):
    """A question with its options; each option is the exact word that answers it, such as ('Yes', 'No')."""

    name: str
    text: str
    options: tuple[str, ...] = ("Yes", "No")


class ClosedAnswer(Noun):
    """A probability per option, in the question's order, summing to one."""

    name: str
    probabilities: tuple[float, ...]


class ClosedAnswers(Noun):
    """All answers about one text, and what happened during the call."""

    answers: tuple[ClosedAnswer, ...]
    call: CallRecord


class QuestionModel(Protocol):
    """A model that reads and does not write."""

    @property
    def reference(self) -> str:
        """The model's name as reports show it."""

    @property
    def context_characters(self) -> int:
        """How much thread text fits into one call, in characters."""

    def ask(
        self, text: str, questions: Sequence[ClosedQuestion], *, input_digest: str, deadline: Deadline
    ) -> ClosedAnswers:
        """Answer every question about the text. Raises the ModelUnusable and ModelUnavailable families."""
