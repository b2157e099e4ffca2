"""The flags that several commands share, declared once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How an assessment is printed."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    JSON = "json"


Input = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE", help="A .txt, .md or .eml file; - or nothing reads standard input.", show_default=False
    ),
]
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
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="Your own policy. [env: TRIAGE_POLICY]")
]
Now = Annotated[
    str | None, typer.Option(metavar="TIME", help="Count deadlines from this time, such as 2026-03-12T09:30.")
]
Output = Annotated[
    Format | None,
    typer.Option("--format", help="Default: terminal on a terminal, markdown into a pipe.", show_default=False),
]
