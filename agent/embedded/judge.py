"""From fact readings and words to levels: a fixed linear reading whose weights ship with the digests they belong to.

Three readers look at the same text: the model's closed answers, the lexicon, and for time the count of time words. Each
is standardised on the training texts, they are averaged by fixed shares, and the mean is spread over the five levels as
the training labels are.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from agent import strict_yaml
from agent.embedded import timing
from agent.embedded.lexicon import Lexicon
from agent.errors import ConfigurationError
from agent.models.port import ClosedQuestion
from agent.schema import Dimension, IssueType, Level

READ_DIMENSIONS = (Dimension.CUSTOMER_IMPACT, Dimension.TIME_SENSITIVITY, Dimension.CSM_CAPABILITY)
_CLIP = 8.0  # a logit beyond this is certainty either way


@dataclass(frozen=True)
class Fact:
    """One closed question and what its answer means."""

    name: str
    ask: str
    yes: str
    no: str
    about: tuple[str, ...]

    @property
    def question(self) -> ClosedQuestion:
        return ClosedQuestion(name=self.name, text=self.ask)


@cache
def facts() -> tuple[Fact, ...]:
    """The closed questions, in the order in which they are asked."""
    document = strict_yaml.load(
        resources.files("agent.embedded").joinpath("questions.yaml").read_text(encoding="utf-8")
    )
    return tuple(
        Fact(
            name=name,
            ask=entry["ask"],
            yes=entry["yes"],
            no=entry["no"],
            about=tuple(entry["about"]),
        )
        for name, entry in document.items()
    )


def questions_digest() -> str:
    """What the weights are bound to: the questions as they are asked, word for word and in their order."""
    asked = [fact.question.model_dump(mode="json") for fact in facts()]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def signal(probabilities: tuple[float, ...]) -> float:
    """The log-odds of yes."""
    yes, no = (max(share, 1e-9) for share in probabilities)
    return max(-_CLIP, min(_CLIP, math.log(yes / no)))


@dataclass(frozen=True)
class LinearReader:
    """A linear reading of named signals, standardised, for the targets it knows."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    coefficients: Mapping[str, tuple[float, ...]]

    def speaks_for(self, name: str, signal: float, target: str, *, high: bool) -> bool:
        """True if the answer as worded, yes or no, is a reason for a high (or low) reading of the target."""
        weight = self.coefficients[target][self.names.index(name)]
        return ((signal > 0) == (weight > 0)) == high

    def pulls(self, signals: Mapping[str, float], target: str) -> dict[str, float]:
        """How far each fact moves the reading of a target."""
        return {
            name: weight * (signals[name] - mean) / deviation
            for name, mean, deviation, weight in zip(
                self.names, self.means, self.deviations, self.coefficients[target], strict=True
            )
        }


@dataclass(frozen=True)
class Spread:
    """How one target's two readings become one number: each standardised, weighed, and spread over the levels."""

    lexicon_mean: float
    lexicon_deviation: float
    facts_deviation: float
    cues_deviation: float
    lexicon_share: float
    facts_share: float
    cues_share: float
    centre: float
    stretch: float

    def combine(self, lexicon: float, facts: float, cues: float) -> float:
        by_words = self.lexicon_share * (lexicon - self.lexicon_mean) / self.lexicon_deviation
        by_facts = self.facts_share * facts / self.facts_deviation
        by_cues = self.cues_share * cues / self.cues_deviation
        return self.centre + self.stretch * (by_words + by_facts + by_cues)


@dataclass(frozen=True)
class Judge:
    """The fitted weights, bound to the questions they were fitted for."""

    lexicon: Lexicon
    facts: LinearReader
    cues: LinearReader
    spreads: Mapping[str, Spread]
    reference: str

    def read(self, text: str, signals: Mapping[str, float]) -> dict[str, float]:
        """A number per target: dimensions on the scale of the levels, issue types on a common scale."""
        by_words, counted = self.lexicon.read(text), timing.counts(text)
        return {
            target: spread.combine(
                by_words[target],
                sum(self.facts.pulls(signals, target).values()),
                sum(self.cues.pulls(counted, target).values()),
            )
            for target, spread in self.spreads.items()
        }


def level(reading: float) -> Level:
    """The nearest level from 1 to 5."""
    return max(1, min(5, round(reading)))


def ranked_types(readings: Mapping[str, float]) -> tuple[tuple[IssueType, float], ...]:
    """Issue types, the likeliest first."""
    return tuple(sorted(((kind, readings[kind]) for kind in IssueType), key=lambda pair: -pair[1]))


def _linear(document: dict[str, Any]) -> LinearReader:
    return LinearReader(
        names=tuple(document["names"]),
        means=tuple(document["means"]),
        deviations=tuple(document["deviations"]),
        coefficients={target: tuple(row) for target, row in document["coefficients"].items()},
    )


@cache
def load() -> Judge:
    """The weights that ship. Raises ConfigurationError if they were fitted for other questions."""
    document: dict[str, Any] = json.loads(
        resources.files("agent.embedded").joinpath("weights.json").read_text(encoding="utf-8")
    )
    if document["questions"] != questions_digest():
        raise ConfigurationError(
            "agent/embedded/weights.json: fitted for other questions; run `python -m evals.fit_embedded`"
        )
    terms = document["lexicon"]["terms"]
    return Judge(
        lexicon=Lexicon(
            targets=tuple(document["lexicon"]["targets"]),
            intercepts=document["lexicon"]["intercepts"],
            rarity={term: numbers[0] for term, numbers in terms.items()},
            weights={term: tuple(numbers[1:]) for term, numbers in terms.items()},
        ),
        facts=_linear(document["facts"]),
        cues=_linear(document["cues"]),
        spreads={target: Spread(**spread) for target, spread in document["spreads"].items()},
        reference=f"embedded-judge@{document['version']}#{document['training'][:12]}",
    )
