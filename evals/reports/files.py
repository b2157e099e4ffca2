"""The files of a report: the same figures for a machine, CI, a pull request and a reader."""

import os
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from agent.errors import ConfigurationError
from agent.policy import Policy
from evals.cases import Case
from evals.gates import Checked
from evals.reports import html, json_form, junit, markdown
from evals.results import Report


@dataclass(frozen=True)
class Files:
    """Where a report is written besides the terminal; None where it is not wanted in that form."""

    json: Path | None
    junit: Path | None
    markdown: Path | None
    html: Path | None

    def check(self) -> None:
        """Raise ConfigurationError for a place where nothing can be written: better now than after an hour."""
        for path in astuple(self):
            if path:
                check(path)

    def write(self, report: Report, cases: Mapping[str, Case], *, policy: Policy, checked: Checked | None) -> None:
        """Every form that is wanted."""
        if self.json:
            write(self.json, json_form.render(report))
        if self.junit:
            write(self.junit, junit.render(report, cases, checked=checked))
        if self.markdown:
            write(self.markdown, markdown.render(report, cases, checked=checked))
        if self.html:
            write(self.html, html.render(report, cases, policy=policy, checked=checked))


def write(path: Path, text: str) -> None:
    """The text as a file, its folders made where they are missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror})") from error


def check(path: Path) -> None:
    """Make the folders of a file to be written; raise ConfigurationError where it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror})") from error
    if path.is_dir():
        raise ConfigurationError(f"{path}: cannot be written (Is a directory)")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ConfigurationError(f"{path}: cannot be written (Permission denied)")
