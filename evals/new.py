"""`python -m evals new`: a pasted thread becomes a labelled case, one question at a time."""

import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from rich.markup import escape
from rich.prompt import Confirm, Prompt

from agent.cli import streams, terminal
from agent.errors import ConfigurationError, InputError
from agent.evidence import normalise
from agent.policy import Policy
from agent.schema import AccountContext, Dimension, IssueType, Situation
from evals import case_schema
from evals.cases import Case, Split, load
from evals.reports import files

_LEAST_REASON = 10  # characters; the field's own minimum
_SCHEMA_LINE = "# yaml-language-server: $schema={schema}\n"


def start(file: str | None, folder: Path, policy: Policy) -> Path:
    """Ask for the labels of a thread and write a case that loads. Raises InputError where nobody can be asked."""
    if not terminal.can_ask():
        raise InputError("`new` asks for the labels, so it needs a terminal; a file of cases can be written by hand")
    files.check(folder / "case.yaml")  # before a person has answered every question
    situation = streams.read([file] if file else None, AccountContext())
    terminal.errors.rule("the thread")
    terminal.errors.print(escape(situation.text))
    terminal.errors.rule()
    case = ask(situation, policy, taken=lambda case_id: _path(case_id, folder).exists())
    return write(case, folder)


def ask(situation: Situation, policy: Policy, *, taken: Callable[[str], bool]) -> Case:
    """Every field of a case; what must stand in the text is checked while there is time to correct it."""
    title, text = _words("Title, as a colleague would say it"), situation.text
    levels = {dimension.value: terminal.ask_level(policy, dimension, prefilled=None) for dimension in Dimension}
    fields: dict[str, Any] = {
        "expected": levels | {"issue_type": _issue_type(policy).value},
        "rated_range": {name: [level, level] for name, level in levels.items()},
        "unstated": [dimension.value for dimension in Dimension if _silent(policy, dimension)],
        "key_facts": _passages("Key fact, copied from the text", text),
        "must_not_reach_customer": _passages("Words the customer must never read, copied from the text", text),
        "why": _until(_is_reason, "Why these levels, in a sentence or two"),
        "customer_language": _until(_is_language, "Customer's language, two letters", situation.language or "en"),
        "now": _until(_is_moment, "Moment of the assessment", datetime.now().astimezone().isoformat("T", "minutes")),
        "account": Prompt.ask("Account, as the text names it; Enter if it names none", console=terminal.errors) or None,
        "split": Prompt.ask(
            "Split", console=terminal.errors, choices=[s.value for s in Split], default=Split.TEST.value
        ),
        "id": _until(
            lambda given: _is_id(given) and not taken(given),
            "Id, small letters, digits and dashes, not taken",
            _slug(title),
        ),
    }
    try:
        return Case.model_validate(fields | {"title": title, "text": text})
    except ValidationError as error:
        raise InputError(f"the case does not load: {error.errors()[0]['msg']}") from error


def write(case: Case, folder: Path) -> Path:
    """One case in a file of its own, which `--cases` takes. An existing file stays as it is."""
    path = _path(case.id, folder)
    schema = _beside(case_schema.PATH, folder)
    dumped = yaml.dump(
        [case.model_dump(mode="json", exclude_defaults=True)],
        Dumper=_Readable, allow_unicode=True, sort_keys=False, width=120,
    )  # fmt: skip
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_SCHEMA_LINE.format(schema=schema) + dumped)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror})") from error
    if load([path]) != (case,):
        raise ConfigurationError(f"{path}: does not read back as it was written; correct it by hand")
    return path


def _path(case_id: str, folder: Path) -> Path:
    return folder / f"{case_id}.yaml"


class _Readable(yaml.SafeDumper):
    """Threads as blocks of lines, as a person would write them."""


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Readable.add_representer(str, _string)


def _issue_type(policy: Policy) -> IssueType:
    terminal.errors.print("\n[bold]What kind of issue is it?[/bold]")
    for number, rule in enumerate(policy.issue_types.values(), 1):
        terminal.errors.print(f"   {number}  {escape(rule.label)}")
    return list(policy.issue_types)[terminal.ask_number("1-7", highest=len(policy.issue_types)) - 1]


def _silent(policy: Policy, dimension: Dimension) -> bool:
    label = policy.dimensions[dimension].label
    return Confirm.ask(f"Is the text silent on {escape(label)}?", console=terminal.errors, default=False)


def _passages(words: str, text: str) -> list[str]:
    """Lines until an empty one, each standing in the text."""
    found: list[str] = []
    normal = normalise(text)
    while passage := Prompt.ask(f"{words}; Enter ends", console=terminal.errors, default="", show_default=False):
        if normalise(passage) in normal:
            found.append(passage)
        else:
            terminal.errors.print("that does not stand in the text; copy it character for character")
    return found


def _until(good: Callable[[str], bool], words: str, default: str | None = None) -> str:
    """An answer that will do."""
    while True:
        given = _words(words, default)
        if good(given):
            return given
        terminal.errors.print("that will not do; try again")


def _words(words: str, default: str | None = None) -> str:
    while True:
        given = Prompt.ask(words, console=terminal.errors, default=default or "", show_default=default is not None)
        if given.strip():
            return given.strip()


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "case"


def _is_id(given: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]+", given) is not None


def _is_language(given: str) -> bool:
    return re.fullmatch(r"[a-z]{2}", given) is not None


def _is_reason(given: str) -> bool:
    return len(given) >= _LEAST_REASON


def _is_moment(given: str) -> bool:
    try:
        return datetime.fromisoformat(given).tzinfo is not None
    except ValueError:
        return False


def _beside(file: Path, folder: Path) -> str:
    """The way to a file from a folder: a team shares both, and not the machine."""
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # another drive
        return file.as_uri()
