"""`triage assess`: its flags. What it does stands in `judging`, whose rooms are imported while the model loads."""

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from agent.cli import early, options


@dataclass(frozen=True, kw_only=True)
class Flags:
    """What `triage assess` was asked, one field per flag."""

    files: options.Input = None
    clipboard: options.Clipboard = False
    account: options.Account = None
    arr: options.Arr = None
    renewal: options.Renewal = None
    strategic: options.Strategic = False
    overrules: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="DIMENSION=LEVEL", help="Overrule a score: customer_impact=4; repeatable."),
    ] = None
    output: options.Output = None
    draft: Annotated[bool, typer.Option("--draft/--no-draft", help="Word the ask and the customer message.")] = True
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="Ask about doubtful scores at a terminal.")] = True
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the customer message; default: the customer's own.")
    ] = None
    model: options.Model = None
    base_url: options.BaseUrl = None
    second_opinion: options.SecondOpinion = None
    second_url: options.SecondUrl = None
    policy_file: options.PolicyFile = None
    redact: options.Redact = None
    now: options.Now = None
    deadline: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0.1, help="Give up when the whole run takes longer.")
    ] = None
    record: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep every model call as a file.")] = None
    replay: Annotated[Path | None, typer.Option(metavar="DIR", help="Answer from recorded calls, without a model.")] = (
        None
    )
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 if a human must look.")] = False
    save: Annotated[bool, typer.Option("--save/--no-save", help="Keep it in the record; see `triage log`.")] = True
    follows: Annotated[
        str | None, typer.Option(metavar="ID", help="The kept triage that this thread goes on from; auto finds it.")
    ] = None
    precedents: options.Precedents = None


def assess(**given: Any) -> None:  # noqa: ANN401 - typer fills in what `Flags` declares
    """Judge a situation; word the ask and the reply.

    Reads files, a pipe, the clipboard, or what you paste.

    \b
    Examples:
      triage assess thread.eml
      triage assess ticket.json call.vtt my-notes.txt
      pbpaste | triage assess --arr "EUR 48k"
      triage assess thread.txt --set time_sensitivity=5 --format json
    """
    flags = Flags(**given)
    begun = None if flags.replay else early.loading(flags.model, flags.base_url)
    from agent.cli import judging  # noqa: PLC0415 - half a second, in which the model loads

    judging.run(flags, begun)


assess.__signature__ = inspect.signature(Flags)  # type: ignore[attr-defined] # what typer reads the flags from
