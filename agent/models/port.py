"""What the house asks of a model.

`Model` writes: a request and a response type go in, a validated value and a record of the call come out.
`ProbeModel` does not write: a text and probes go in, what each probe reads in its states comes out.
`DecisionModel` does not write either: it is asked typed questions whose options carry their definitions.
Adapters raise `agent.errors` and nothing else; a failed call is never turned into a default answer.
"""

import math
import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Generic, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, Field, model_validator

from agent.errors import DeadlineExceeded
from agent.schema import CallRecord, Noun

T = TypeVar("T", bound=BaseModel)

_TOLERANCE = 1e-6


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
    weighed: str | None = Field(default=None, description="a key of one-digit answers whose alternatives are wanted")


class Completion(BaseModel, Generic[T]):
    """A validated answer and what happened during the call.

    `weights` holds what else the model might have said for the request's `weighed` key: by the name of the object that
    carries the key, the share of each digit. It is empty where the provider does not tell.
    """

    output: T
    call: CallRecord
    weights: dict[str, dict[str, float]] = {}


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


class Probe(Noun):
    """A direction among a model's inner states: how far a state points there, plus `bias`, is what the probe reads."""

    name: str
    direction: tuple[float, ...]
    bias: float


class PassageReading(Noun):
    """What every probe read in one passage, by name: the mean over the passage's tokens."""

    passage: int = Field(ge=0, description="its place among the passages")
    tokens: int = Field(ge=1)
    values: dict[str, float]


class ProbeReadings(Noun):
    """The readings of a text, passage by passage, and what happened during the call."""

    passages: tuple[PassageReading, ...] = Field(min_length=1)
    call: CallRecord

    def whole(self) -> dict[str, float]:
        """What every probe reads in the whole text: the mean over all its tokens."""
        return _mean([(reading, 1.0) for reading in self.passages])

    def among(self, weights: Mapping[int, float]) -> dict[str, float]:
        """What every probe reads in these passages together, each counting so much; in the whole if none was read."""
        weighed = [(r, weight) for r in self.passages if (weight := weights.get(r.passage, 0.0))]
        return _mean(weighed) if weighed else self.whole()


def _mean(weighed: Sequence[tuple[PassageReading, float]]) -> dict[str, float]:
    """The mean over all tokens, those of a passage counting its weight."""
    total = sum(reading.tokens * weight for reading, weight in weighed)
    return {
        name: sum(reading.values[name] * reading.tokens * weight for reading, weight in weighed) / total
        for name in weighed[0][0].values
    }


class ProbeModel(Protocol):
    """A model that reads and does not write."""

    @property
    def reference(self) -> str:
        """The model's name as reports show it."""

    @property
    def context_characters(self) -> int:
        """How much text is read in one call, in characters."""

    def probe(
        self, passages: Sequence[str], probes: Sequence[Probe], *, input_digest: str, deadline: Deadline
    ) -> ProbeReadings:
        """Read the joined passages once. Raises the ModelUnusable and ModelUnavailable families."""


class QuestionKind(StrEnum):
    """How a decision model is asked: an ordered scale, one of several, or whether a statement is true."""

    SCORE = "score"
    CHOICE = "choice"
    PREDICATE = "predicate"


class Option(Noun):
    """One thing a decision model may answer, and what it means."""

    value: str
    meaning: str


class TypedQuestion(Noun):
    """A question with its options, lowest first on a scale. A predicate has none: it is answered (true, false)."""

    kind: QuestionKind
    name: str
    instructions: str
    options: tuple[Option, ...] = ()

    @property
    def outcomes(self) -> int:
        """How many probabilities answer it."""
        return len(self.options) or 2


class DecisionRequest(Noun):
    """One call to a decision model: all questions about one text, and the references under which it is recorded."""

    purpose: Literal["decide", "second_opinion"]
    prompt: str = Field(description="name@version#digest of the questions")
    policy: str = Field(description="name@version#digest of the policy")
    input_digest: str = Field(description="sha256 of the input text and the CSM's context")
    text: str = Field(description="everything of the customer's that is sent")
    questions: tuple[TypedQuestion, ...]


class TypedAnswer(Noun):
    """A probability per option, in the question's order, summing to one; none where the question was not answered."""

    name: str
    probabilities: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()
    unanswered: str | None = Field(default=None, description="why: 'declined' or 'left out'")

    @model_validator(mode="after")
    def _answered_or_not(self) -> Self:
        if self.unanswered is None and abs(math.fsum(self.probabilities) - 1) > _TOLERANCE:
            raise ValueError(f"the probabilities for '{self.name}' do not sum to 1")
        return self


class TypedAnswers(Noun):
    """All answers about one text, in the order of the questions, and what happened during the call."""

    answers: tuple[TypedAnswer, ...]
    call: CallRecord


class DecisionModel(Protocol):
    """A model that answers typed questions with probabilities."""

    @property
    def reference(self) -> str:
        """The model's name as reports show it, such as 'decisions/openai/gpt-6-luna'."""

    @property
    def remote(self) -> bool:
        """True if the text leaves this machine."""

    @property
    def context_characters(self) -> int:
        """How much thread text fits into one call, in characters."""

    def decide(self, request: DecisionRequest, deadline: Deadline) -> TypedAnswers:
        """Answer every question, or say which were not. Raises the families of model errors."""
