"""From three readings of a text to a probability per level, by weights that ship with the digests they belong to.

The heads read the built-in model's inner states, the lexicon reads words, and time words are counted. Each reading is
linear and standardised; their mean by fixed shares becomes a probability per level on an ordinal logistic scale, fitted
on readings of texts that the weights had never seen. Heads of their own read whether a text is silent on a dimension.
"""

import base64
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from agent.embedded import timing
from agent.embedded.lexicon import Lexicon
from agent.errors import ConfigurationError
from agent.models import probing, weights
from agent.models.port import Probe
from agent.policy import LEVELS
from agent.schema import Dimension, IssueType, IssueTypeProbabilities, Level, LevelProbabilities, ProbabilitySource

READ_DIMENSIONS = (Dimension.CUSTOMER_IMPACT, Dimension.TIME_SENSITIVITY, Dimension.CSM_CAPABILITY)
TARGETS: tuple[str, ...] = (*READ_DIMENSIONS, *IssueType)
SILENCE = {dimension: f"{dimension}_unstated" for dimension in READ_DIMENSIONS}
HEADS: tuple[str, ...] = (*TARGETS, *SILENCE.values())
# Dates stand in headers as well; everything else is read in the sentences alone.
OF_THE_WHOLE = frozenset({Dimension.TIME_SENSITIVITY.value})
# A worse state that is over, a better one that is gone: what is older than the customer's newest message counts half.
OF_TODAY, PAST_SHARE = frozenset({Dimension.CUSTOMER_IMPACT.value}), 0.5
# Beyond the half: a level too low costs more than one too high. Of 0.45 to 0.65 the one that erred as often to either
# side on the training texts, out of fold.
LEANING = 0.55


@dataclass(frozen=True)
class Part:
    """One reader's share in the mean, and how its readings are put on the common scale."""

    centre: float
    deviation: float
    share: float

    def weigh(self, reading: float) -> float:
        return self.share * (reading - self.centre) / self.deviation


@dataclass(frozen=True)
class OrdinalScale:
    """The chance that the level is at most k: the logistic function of `slope` times (cut k minus the reading)."""

    slope: float
    cuts: tuple[float, ...]

    def shares(self, reading: float) -> tuple[float, ...]:
        """One share per level, lowest first, summing to one."""
        at_most = [1 / (1 + math.exp(self.slope * (reading - cut))) for cut in self.cuts]
        return tuple(upper - lower for lower, upper in zip([0.0, *at_most], [*at_most, 1.0], strict=True))


@dataclass(frozen=True)
class Judge:
    """The fitted weights, bound to the model and the opening for which they were fitted."""

    probes: tuple[Probe, ...]
    lexicon: Lexicon
    time_words: Mapping[str, Mapping[str, float]]
    parts: Mapping[str, tuple[Part, Part, Part]]
    scales: Mapping[Dimension, OrdinalScale]
    sharpness: float
    silence: Mapping[Dimension, float]
    reference: str

    def read(self, said: str, heads: Mapping[str, float]) -> dict[str, float]:
        """One number per target on a common scale; `heads` are what the model's states read."""
        words, counted = self.lexicon.read(said), timing.counts(said)
        return {
            target: sum(
                part.weigh(reading)
                for part, reading in zip(
                    self.parts[target],
                    (
                        heads[target],
                        words[target],
                        sum(weight * counted[kind] for kind, weight in self.time_words[target].items()),
                    ),
                    strict=True,
                )
            )
            for target in TARGETS
        }

    def levels(self, readings: Mapping[str, float], dimension: Dimension) -> LevelProbabilities:
        """How likely each level is."""
        values = self.scales[dimension].shares(readings[dimension])
        assert len(values) == len(LEVELS)
        return LevelProbabilities(values=values, source=ProbabilitySource.HEADS, calibration=self.reference)

    def unstated(self, heads: Mapping[str, float]) -> frozenset[Dimension]:
        """The dimensions of which the text says nothing, as far as the heads can tell."""
        return frozenset(d for d, threshold in self.silence.items() if heads[SILENCE[d]] > threshold)

    def issue_types(self, readings: Mapping[str, float]) -> IssueTypeProbabilities:
        """How likely each issue type is."""
        weighed = {kind: math.exp(self.sharpness * readings[kind]) for kind in IssueType}
        total = sum(weighed.values())
        return IssueTypeProbabilities(
            values={kind: weight / total for kind, weight in weighed.items()},
            source=ProbabilitySource.HEADS,
            calibration=self.reference,
        )


def level(probabilities: LevelProbabilities) -> Level:
    """The level below which, it included, a little more than half of the probability lies."""
    below = 0.0
    for candidate in LEVELS:
        below += probabilities.of(candidate)
        if below >= LEANING:
            return candidate
    return max(LEVELS)


def packed(numbers: Sequence[float]) -> str:
    """Numbers as half-precision floats in base64, three digits each."""
    return base64.b64encode(struct.pack(f"<{len(numbers)}e", *numbers)).decode()


def unpacked(text: str) -> tuple[float, ...]:
    raw = base64.b64decode(text)
    return struct.unpack(f"<{len(raw) // 2}e", raw)


@cache
def load() -> Judge:
    """The weights that ship. Raises ConfigurationError if they were fitted for another model or another opening."""
    document: dict[str, Any] = json.loads(
        resources.files("agent.embedded").joinpath("weights.json").read_text(encoding="utf-8")
    )
    if (document["model"], document["opening"]) != (weights.PIN.reference, probing.opening_digest()):
        raise ConfigurationError(
            "agent/embedded/weights.json: fitted for another model or opening; run `python -m evals distil --read`"
        )
    words = document["lexicon"]
    return Judge(
        probes=tuple(
            Probe(name=name, direction=unpacked(head["direction"]), bias=head["bias"])
            for name, head in document["heads"].items()
        ),
        lexicon=Lexicon(
            targets=TARGETS,
            intercepts=words["intercepts"],
            rarity={term: numbers[0] for term, numbers in words["terms"].items()},
            weights={term: tuple(numbers[1:]) for term, numbers in words["terms"].items()},
        ),
        time_words=document["time_words"],
        parts={
            target: (Part(**parts["heads"]), Part(**parts["words"]), Part(**parts["time_words"]))
            for target, parts in document["parts"].items()
        },
        scales={
            Dimension(name): OrdinalScale(scale["slope"], tuple(scale["cuts"]))
            for name, scale in document["scales"].items()
        },
        sharpness=document["sharpness"],
        silence={Dimension(name): threshold for name, threshold in document["silence"].items()},
        reference=f"embedded-judge@{document['version']}#{document['training'][:12]}",
    )
