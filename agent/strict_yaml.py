"""YAML as people expect it: a repeated key is a fault, and 'no', '10:30' or '2026-01-01' stay the words they are.

PyYAML's default reads `no` as False, `10:30` as 630 and keeps the last of two equal keys without a word.
"""

import re
from typing import Any

import yaml

from agent.errors import ConfigurationError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Base):  # type: ignore[misc]  # the C loader where libyaml is there, else the same in Python
    """YAML 1.2's core schema: only true, false, null and decimal numbers are anything but text."""


_StrictLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
    ("null", r"^(~|null|)$", ["~", "n", ""]),
    ("merge", r"^<<$", "<"),
):
    _StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _unique_mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            line = key_node.start_mark.line + 1
            raise ConfigurationError(f"line {line}: '{key}' is given twice")
        seen.add(key)
    mapping: dict[Any, Any] = yaml.SafeLoader.construct_mapping(loader, node, deep)
    return mapping


_StrictLoader.add_constructor("tag:yaml.org,2002:map", lambda loader, node: _unique_mapping(loader, node, deep=True))


def load(text: str) -> Any:
    """Read one YAML document. Raises ConfigurationError with the line of the fault."""
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ConfigurationError(f"line {line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"not YAML: {str(error).splitlines()[0]}") from error
