"""Patterns compiled at their first use: the days and months of fourteen languages take ten milliseconds each."""

import re
from functools import cached_property
from typing import Any, cast

import regex


class _Late:
    def __init__(self, engine: Any, pattern: str, flags: int) -> None:  # noqa: ANN401 - either of two modules
        self._source = engine, pattern, flags

    @cached_property
    def _compiled(self) -> Any:  # noqa: ANN401 - a pattern of either module
        engine, pattern, flags = self._source
        return engine.compile(pattern, flags)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        return getattr(self._compiled, name)


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern of `re`, compiled at its first use and never before."""
    return cast("re.Pattern[str]", _Late(re, pattern, flags))


def late_regex(pattern: str, flags: int = 0) -> "regex.Pattern[str]":
    """The same for `regex`, which knows scripts and properties of letters."""
    return cast("regex.Pattern[str]", _Late(regex, pattern, flags))
