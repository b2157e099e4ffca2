"""`triage show`: a kept triage again, and what was said about it since."""

import typer

from agent.cli import options, record, streams
from agent.cli import settings as user_settings
from agent.report.plain import line
from agent.schema.record import Entry, EntryKind


def show(case: record.Id, output: options.Output = None) -> None:
    """Print a kept triage again, and what was said about it since."""
    from agent import verdicts  # noqa: PLC0415 - SQLAlchemy

    settings = user_settings.load()
    with record.open_store(settings) as store:
        run = store.get(case)
        policy = verdicts.policy_of_record(store, run)
        history = store.history(run.summary.id)
        if not run.summary.forgotten:
            store.record_access(run.summary.id, by=record.who(settings), how="show")
    style = streams.style(output)
    streams.show(run.assessment, policy, style)
    said = [words for entry in history if (words := about(entry))]
    if style is options.Format.JSON:
        return
    if said:
        typer.echo("\n### Since then" if style is options.Format.MARKDOWN else "\nSince then")
    for words in said:
        typer.echo(f"- {words}")


def about(entry: Entry) -> str | None:
    """An entry of a case's history in one harmless line; None for the triage itself and for who read it."""
    words = _said(entry)
    return words and line(words)


def _said(entry: Entry) -> str | None:
    when = f"{entry.at.astimezone():%Y-%m-%d %H:%M}, {entry.by}: "
    taken_back = " (taken back)" if entry.undone else ""
    if entry.verdict and entry.rescored:
        moved = ", ".join(f"{dimension} = {level}" for dimension, level in entry.verdict.scores.items())
        by_hand = f"decision {entry.verdict.decision}" if entry.verdict.decision else ""
        changed = "; ".join(filter(None, (moved, by_hand)))
        what = f"{changed} -> {entry.rescored.decision} ({entry.rescored.total})" if changed else "agrees"
        return f"{when}{what}{': ' + entry.verdict.reason if entry.verdict.reason else ''}{taken_back}"
    if entry.outcome:
        note = f": {entry.outcome.note}" if entry.outcome.note else ""
        return f"{when}{entry.outcome.outcome.value.replace('_', ' ')}{note}{taken_back}"
    return f"{when}text and names forgotten" if entry.kind is EntryKind.FORGET else None
