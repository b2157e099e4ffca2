"""`triage config`: where the settings are, and what they come to."""

import re

import typer

from agent.cli import settings as user_settings
from agent.cli import sources

_PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@\s]*@")

app = typer.Typer(
    add_completion=False, help="The settings file and what is in force.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def path() -> None:
    """Print the path of the settings file (it need not exist)."""
    typer.echo(sources.path())


@app.command()
def show() -> None:
    """Print every setting in force, from the file and the environment."""
    settings = user_settings.load()
    width = max(map(len, user_settings.Settings.model_fields))
    for key, field in user_settings.Settings.model_fields.items():
        value = getattr(settings, key)
        words = ", ".join(value) if isinstance(value, tuple) else str(value)
        shown = "(not set)" if value is None else _PASSWORD.sub(r"\1***@", words)
        typer.echo(f"{key:<{width}} {shown}  # {field.description} [env: {sources.ENVIRONMENT[key]}]")
