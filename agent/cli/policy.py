"""`triage policy`: show the rubric, start a company's own copy, prove it."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.markup import escape
from rich.table import Table

from agent import policy as policies
from agent.cli import options, streams, wiring
from agent.cli import settings as user_settings
from agent.engine.deadlines import public_holidays
from agent.errors import ConfigurationError, PolicyError
from agent.policy import Policy
from agent.report.plain import inline, line
from agent.schema import Band

app = typer.Typer(
    add_completion=False, help="The rubric: show, copy, prove.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def show(policy_file: options.PolicyFile = None) -> None:
    """Print dimensions, bands and routes as tables."""
    policy = wiring.policy(policy_file, user_settings.load())
    at_terminal = sys.stdout.isatty()
    console = streams.console()
    for sheet in (_dimensions(policy), _bands(policy), _routes(policy)):
        if at_terminal:
            console.print(_table(sheet))
        else:
            typer.echo(_markdown(sheet))
    typer.echo(line(f"{policy.reference}, from {policy.source}"))


@app.command()
def init(file: Annotated[Path, typer.Argument(help="Where to write your copy; never overwrites.")]) -> None:
    """Write your company's own copy to edit: teams, channels, thresholds, deadlines, rates, calendar."""
    try:
        with file.open("x", encoding="utf-8") as copy:
            copy.write(policies.default_text())
    except FileExistsError as error:
        raise ConfigurationError(f"{file}: exists already; choose another name") from error
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be written ({error.strerror})") from error
    typer.echo(f"{file} written. Edit it, prove it with `triage policy check {file}`, use it with --policy {file}.")


@app.command()
def check(file: Annotated[Path, typer.Argument(help="The policy to prove.")]) -> None:
    """Prove a policy; a fault is named by its path in the file."""
    policy = policies.load(file)
    if policy.calendar.country:
        try:
            public_holidays(policy.calendar.country)
        except ConfigurationError as error:
            raise PolicyError(f"{file}: {error}") from error
    typer.echo(f"{file}: proven, {policy.reference}")


class _Sheet(NamedTuple):
    """A table of the policy. At a terminal, columns `told_once` stay blank where they say the same as above."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told_once: tuple[int, ...] = ()


def _dimensions(policy: Policy) -> _Sheet:
    rows = tuple((rule.label, *rule.levels.values()) for rule in policy.dimensions.values())
    return _Sheet("Dimensions", ("Dimension", *map(str, policies.LEVELS)), rows)


def _bands(policy: Policy) -> _Sheet:
    rules = [policy.bands[band] for band in Band]
    rows = tuple((f"{rule.from_}-{rule.to}", rule.label, rule.meaning) for rule in rules)
    return _Sheet("Bands", ("Total", "Decision", "Meaning"), rows)


def _routes(policy: Policy) -> _Sheet:
    def names(teams: Iterable[str]) -> str:
        return ", ".join(policy.teams[team].name for team in teams)

    rows = tuple(
        (rule.label, policy.bands[band].label, names([row.owner]), names(row.together_with), names(row.inform),
         rule.condition)
        for rule in policy.issue_types.values()
        for band, row in ((band, rule.routes[band]) for band in Band)
    )  # fmt: skip
    columns = ("Issue type", "Band", "Owner", "Together with", "Informed later", "Condition")
    return _Sheet("Routes", columns, rows, told_once=(0, len(columns) - 1))


def _table(sheet: _Sheet) -> Table:
    table = Table(*sheet.columns, title=sheet.title)
    above: tuple[str, ...] = ("",) * len(sheet.columns)
    for row in sheet.rows:
        if row[0] != above[0]:
            table.add_section()
        shown = ["" if n in sheet.told_once and words == above[n] else escape(words) for n, words in enumerate(row)]
        table.add_row(*shown)
        above = row
    return table


def _markdown(sheet: _Sheet) -> str:
    """A line per row, whole in itself: what a pipe searches and counts."""
    lines = [sheet.columns, ("---",) * len(sheet.columns), *(map(inline, row) for row in sheet.rows)]
    return f"## {sheet.title}\n\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
