"""How a closed question is put to a chat model: the text first, so that every question shares it, the question last."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence

from agent.models.port import ClosedAnswer, ClosedQuestion

_SYSTEM = "You answer questions about a support thread."
_VERSION = 1
_FLOOR = -20.0  # the log-probability of an option outside the listed tokens

_DELIMITER = re.compile(r"<(?=/?thread\b)", re.IGNORECASE)


def without_control(text: str) -> str:
    """The text with control tokens such as <|im_end|> broken up by a space: llama.cpp would obey them anywhere."""
    return text.replace("<|", "< |")


def opening(text: str) -> str:
    """The prompt up to the question. The text can neither close its delimiter nor speak as another role."""
    # Nothing is quoted from what this model reads, so that a space does no harm.
    harmless = _DELIMITER.sub("< ", without_control(text))
    return f"<|im_start|>system\n{_SYSTEM}<|im_end|>\n<|im_start|>user\n<thread>\n{harmless}\n</thread>\n\n"


def closing(question: ClosedQuestion) -> str:
    """The question, how to answer it, and the turn of the model."""
    digits = all(option.isdigit() for option in question.options)
    how = "with one digit" if digits else " or ".join(question.options)
    return f"{question.text} Answer {how}.<|im_end|>\n<|im_start|>assistant\n"


def reference(questions: Sequence[ClosedQuestion]) -> str:
    """name@version#digest of a set of questions, as recordings and provenance carry it."""
    asked = opening("") + "".join(f"{q.name} {q.options} {closing(q)}" for q in questions)
    return f"questions@{_VERSION}#{hashlib.sha256(asked.encode()).hexdigest()[:12]}"


def read(question: ClosedQuestion, logprobs: Mapping[str, float]) -> ClosedAnswer | None:
    """The options' shares of the model's next token; None where it was about to say something else altogether."""
    best: dict[str, float] = {}
    for token, logprob in logprobs.items():
        word = token.strip().casefold()
        best[word] = max(logprob, best.get(word, logprob))
    if not any(option.casefold() in best for option in question.options):
        return None
    weights = [math.exp(best.get(option.casefold(), _FLOOR)) for option in question.options]
    total = sum(weights)
    return ClosedAnswer(name=question.name, probabilities=tuple(weight / total for weight in weights))
