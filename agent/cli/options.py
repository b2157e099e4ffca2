"""The flags that several commands share, declared once."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import ConfigurationError

if TYPE_CHECKING:  # flags are read before anything heavy is imported
    from agent.schema import Dimension, Level


class Format(StrEnum):
    """How an assessment is printed."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    JSON = "json"


Input = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE",
        help="Text, .eml, .msg, .mbox, .html, a call (.vtt, .srt, .txt) or a .json export of Zendesk, Jira Service "
        "Management, Intercom, Salesforce, Slack or Teams. Several files are one situation. "
        "- or nothing reads standard input.",
        show_default=False,
    ),
]
Clipboard = Annotated[bool, typer.Option("--clipboard", help="Read what you copied.")]
Account = Annotated[str | None, typer.Option(help="The account's name, where the text lacks it.")]
Arr = Annotated[str | None, typer.Option(help="Recurring revenue, such as 'EUR 48k' or '4,100 USD per month'.")]
Renewal = Annotated[str | None, typer.Option(metavar="DATE", help="When the contract renews, such as 2026-12-31.")]
Strategic = Annotated[bool, typer.Option("--strategic", help="The account is strategically important.")]
Model = Annotated[
    str | None,
    typer.Option(help="openai/NAME, a name at --base-url, local, or local:/path/model.gguf. [env: TRIAGE_MODEL]"),
]
BaseUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="An OpenAI-compatible endpoint. [env: OPENAI_BASE_URL]")
]
SecondOpinion = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="Ask a decision model as well: decisions/openai/NAME, decisions/NAME or systemone/NAME. "
        "[env: TRIAGE_SECOND_OPINION]",
    ),
]
SecondUrl = Annotated[
    str | None,
    typer.Option(
        "--second-opinion-base-url", metavar="URL", help="Where it is asked. [env: TRIAGE_SECOND_OPINION_BASE_URL]"
    ),
]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="Your own policy. [env: TRIAGE_POLICY]")
]
Now = Annotated[
    str | None, typer.Option(metavar="TIME", help="Count deadlines from this time, such as 2026-03-12T09:30.")
]
Redact = Annotated[
    bool | None,
    typer.Option(
        "--redact/--no-redact",
        help="Send a server placeholders instead of names, addresses, numbers and keys. [env: TRIAGE_REDACT]",
        show_default=False,
    ),
]
Output = Annotated[
    Format | None,
    typer.Option("--format", help="Default: terminal on a terminal, markdown into a pipe.", show_default=False),
]
Precedents = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=0, max=10, help="Show the model N verdicts of managers; not for the embedded model.",
        show_default=False,
    ),
]  # fmt: skip


def levels(given: list[str]) -> "dict[Dimension, Level]":
    """What `--set DIMENSION=LEVEL` names. Raises ConfigurationError for another dimension or level."""
    from agent.policy import LEVELS  # noqa: PLC0415 - as above
    from agent.schema import Dimension  # noqa: PLC0415 - as above

    scores: dict[Dimension, Level] = {}
    for pair in given:
        name, _, level = pair.partition("=")
        if name not in list(Dimension):
            raise ConfigurationError(f"--set: '{name}' is not one of {', '.join(Dimension)}")
        if level not in map(str, LEVELS):
            raise ConfigurationError(f"--set: '{pair}' needs a level from 1 to 5, such as {name}=4")
        if Dimension(name) in scores:
            raise ConfigurationError(f"--set: {name} is given twice; give one level for it")
        scores[Dimension(name)] = int(level)
    return scores
