"""Answers of decision models as servers send them, in both wire forms."""

from typing import Any

from .endpoint import Reply

USAGE = {"input_tokens": 900, "output_tokens": 0}


def decisions(*answers: dict[str, Any], usage: dict[str, Any] | None = None) -> Reply:
    """OpenAI Decisions: a list of answers."""
    counted = {**USAGE, "input_tokens_details": {"cached_tokens": 300, "cache_write_tokens": 0}, "total_tokens": 900}
    return Reply(body={"model": "played", "answers": list(answers), "usage": usage or counted})


def score(name: str | None, *probabilities: float) -> dict[str, Any]:
    rows = [{"label": str(i + 1), "value": i, "probability": p} for i, p in enumerate(probabilities)]
    mean = sum(i * p for i, p in enumerate(probabilities))
    return {"type": "score", "name": name, "score": mean, "confidence": max(probabilities), "probabilities": rows}


def choice(name: str, probabilities: dict[str, float]) -> dict[str, Any]:
    rows = [{"value": value, "probability": p} for value, p in probabilities.items()]
    best = max(probabilities, key=lambda value: probabilities[value])
    return {"type": "choice", "name": name, "choice": best, "confidence": 0.5, "probabilities": rows}


def predicate(name: str, probability: float) -> dict[str, Any]:
    return {"type": "predicate", "name": name, "probability": probability}


def refusal(name: str | None) -> dict[str, Any]:
    return {"type": "refusal", "name": name}


def system_one(**answers: dict[str, Any]) -> Reply:
    """System One: answers by name."""
    return Reply(body={"model": "played-1.0", "answers": answers, "usage": USAGE})


def levels(*probabilities: float) -> dict[str, Any]:
    numbered = {str(i): p for i, p in enumerate(probabilities)}
    legend = dict.fromkeys(numbered, "what it means")
    return {"type": "score", "score": 1.0, "legend": legend, "confidence": 0.5, "probabilities": numbered}


def one_of(probabilities: dict[str, float]) -> dict[str, Any]:
    return {"type": "choice", "choice": "a", "confidence": 0.5, "probabilities": probabilities}


def noul(probability: float) -> dict[str, Any]:
    return {"type": "noul", "noul": probability}
