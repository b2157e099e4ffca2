"""Whole texts that merely talk about prompts, instructions and AI, each beside a twin that says something else there.

The two differ in those words alone, so that a changed total or a warning comes from them. `{said|neutral}` in the text
of `datasets/benign.yaml` holds both.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError, field_validator

from agent import strict_yaml
from agent.errors import ConfigurationError
from agent.schema import Dimension, Noun
from evals.cases import Case, Labels, Split
from evals.items import Item

BENIGN = Path(__file__).parents[1] / "datasets" / "benign.yaml"
SAID, NEUTRAL = "benign.said", "benign.neutral"  # the variants of the two
_CHOICE = re.compile(r"\{(?P<said>[^|{}]*)\|(?P<neutral>[^|{}]*)\}")


class Twins(Noun):
    """One text in its two forms, labelled by one rater."""

    id: str = Field(pattern=r"^benign-[a-z0-9-]+$")
    language: str = Field(pattern=r"^[a-z]{2}$")
    now: datetime
    expected: Labels
    why: str = Field(min_length=10)
    text: str

    @field_validator("text")
    @classmethod
    def _in_two_forms(cls, text: str) -> str:
        if not _CHOICE.search(text) or set("{}") & set(_CHOICE.sub("", text)):
            raise ValueError("needs its two forms as {said|neutral}, and no other braces")
        return text

    def case(self, variant: str) -> Case:
        """The form of that variant as a case."""
        form = "said" if variant == SAID else "neutral"
        return Case(
            id=self.id,
            split=Split.TEST,
            title=self.id.removeprefix("benign-").replace("-", " "),
            tags=("benign",),
            account=None,
            now=self.now,
            text=_CHOICE.sub(lambda choice: choice[form], self.text),
            expected=self.expected,
            rated_range={d: (self.expected.level(d), self.expected.level(d)) for d in Dimension},
            customer_language=self.language,
            why=self.why,
        )


def load(path: Path = BENIGN) -> tuple[Twins, ...]:
    """All twins. Raises ConfigurationError with the path of the fault inside the file."""
    try:
        document = strict_yaml.load(path.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[Twins, ...]).validate_python(document)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ConfigurationError(f"{path}: {where}: {fault['msg'].removeprefix('Value error, ')}") from error


def items(twins: Iterable[Twins]) -> tuple[Item, ...]:
    """Both forms of every text."""
    return tuple(Item(pair.case(variant), variant=variant) for pair in twins for variant in (SAID, NEUTRAL))
