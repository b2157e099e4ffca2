"""`triage policy`: show the rubric, start a company's own copy, prove it."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent import policy as policies
from agent.cli import options, streams, wiring
from agent.cli import settings as user_settings
from agent.engine.deadlines import public_holidays
from agent.errors import ConfigurationError
from agent.policy import Policy
from agent.schema import Band

app = typer.Typer(
    add_completion=False, help="The rubric: show, copy, prove.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def show(policy_file: options.PolicyFile = None) -> None:
    """Print dimensions, bands and routes as tables."""
    policy = wiring.policy(policy_file, user_settings.load())
    console = streams.console(width=None if sys.stdout.isatty() else 140)
    for table in (_dimensions(policy), _bands(policy), _routes(policy)):
        console.print(table)
    console.print(f"{escape(policy.reference)}, from {escape(policy.source)}")


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
        public_holidays(policy.calendar.country)
    typer.echo(f"{file}: proven, {policy.reference}")


def _dimensions(policy: Policy) -> Table:
    table = Table("Dimension", *(str(level) for level in policies.LEVELS), title="Dimensions", show_lines=True)
    for rule in policy.dimensions.values():
        table.add_row(escape(rule.label), *(escape(words) for words in rule.levels.values()))
    return table


def _bands(policy: Policy) -> Table:
    table = Table("Total", "Decision", "Meaning", title="Bands")
    for band in Band:
        rule = policy.bands[band]
        table.add_row(f"{rule.from_}-{rule.to}", escape(rule.label), escape(rule.meaning))
    return table


def _routes(policy: Policy) -> Table:
    table = Table("Issue type", "Band", "Owner", "Together with", "Informed later", "Condition", title="Routes")
    for rule in policy.issue_types.values():
        for band in Band:
            row = rule.routes[band]
            names = [", ".join(policy.teams[team].name for team in teams) for teams in (row.together_with, row.inform)]
            first = band is Band.HANDLE_YOURSELF
            table.add_row(
                escape(rule.label) if first else "",
                escape(policy.bands[band].label),
                escape(policy.teams[row.owner].name),
                *map(escape, names),
                escape(rule.condition) if first else "",
                end_section=band is Band.ESCALATE_IMMEDIATELY,
            )
    return table
