"""What a change may not make worse: the file of thresholds, per suite and model class, each with its reason."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from agent import strict_yaml
from agent.errors import ConfigurationError
from agent.schema import Noun
from evals.results import ModelClass

PATH = Path(__file__).with_name("thresholds.yaml")


class Threshold(Noun):
    """The least or the most that one metric may be, and why that number."""

    metric: str
    minimum: float | None = None
    maximum: float | None = None
    why: str = Field(min_length=10)

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.minimum is None) == (self.maximum is None):
            raise ValueError("give exactly one of minimum and maximum")
        return self

    def holds(self, value: float) -> bool:
        return value >= self.minimum if self.minimum is not None else value <= (self.maximum or 0)

    @property
    def bound(self) -> str:
        return f"at least {self.minimum:g}" if self.minimum is not None else f"at most {self.maximum:g}"


Thresholds = Mapping[str, Mapping[ModelClass, tuple[Threshold, ...]]]


def load(path: Path = PATH) -> Thresholds:
    """Thresholds from YAML. Raises ConfigurationError with the path of the fault inside the file."""
    try:
        document = strict_yaml.load(path.read_text(encoding="utf-8"))
        thresholds = TypeAdapter(dict[str, dict[ModelClass, tuple[Threshold, ...]]]).validate_python(document)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ConfigurationError(f"{path}: {where}: {fault['msg'].removeprefix('Value error, ')}") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, ConfigurationError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    for suite, classes in thresholds.items():
        if ModelClass.BASELINE in classes:
            raise ConfigurationError(f"{path}: {suite}.baseline: a baseline in the same run is never gated")
        for model_class, rules in classes.items():
            if len({rule.metric for rule in rules}) < len(rules):
                raise ConfigurationError(f"{path}: {suite}.{model_class}: a metric is given twice")
    return thresholds


def chosen(path: Path | None, *, golden: bool) -> Thresholds:
    """Those of the file, if one is named; else the shipped ones.

    What a model reaches was measured on the golden cases, so others are held only to what needs no model.
    """
    if path or golden:
        return load(path or PATH)
    return {
        suite: {kind: rules for kind, rules in classes.items() if kind is ModelClass.NONE}
        for suite, classes in load().items()
    }
