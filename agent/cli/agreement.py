"""`triage agreement`: how far managers agree with the tool, and where not."""

import sys
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent import report
from agent.agreement import Agreement, Drift, Group, Levels, Share, measure
from agent.cli import record, streams
from agent.cli import settings as user_settings
from agent.policy import load_default
from agent.report.plain import line
from agent.schema import Band, Dimension
from agent.schema.record import Filters

_RANDOM = "These are the triages that somebody looked at, not a random sample of all."


def agreement(
    *,
    since: record.Since = None,
    until: record.Until = None,
    model: Annotated[str | None, typer.Option(help="Only that model's triages.")] = None,
    last: Annotated[int, typer.Option(min=1, help="Verdicts held against the earlier ones.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON.")] = False,
) -> None:
    """Show how far managers agree with the tool.

    Their standing verdicts beside the model's own scores: exact, within one level, kappa, decisions; by model,
    prompt and month.
    """
    settings = user_settings.load()
    filters = Filters(
        since=record.day(since, "--since", settings),
        until=record.day(until, "--until", settings, end=True),
        model=model,
        verified=True,
    )
    with record.open_store(settings) as store:
        figures = measure(store.list(filters), last=last)
    if as_json:
        typer.echo(report.inert(figures.model_dump_json(indent=2)))
    elif not figures.verdicts:
        typer.echo("no verdict yet; `triage verdict ID --agree` gives one")
    else:
        _print(figures, last)


def _print(figures: Agreement, last: int) -> None:
    policy = load_default()
    labels = {dimension: rule.label for dimension, rule in policy.dimensions.items()}
    bands = {band: rule.label for band, rule in policy.bands.items()}
    console = streams.console(width=None if sys.stdout.isatty() else 140)
    console.print(f"{figures.verdicts} triages with a verdict. {_RANDOM}\n")
    rows = [(labels[dimension], levels) for dimension, levels in figures.dimensions.items()]
    console.print(_levels([*rows, ("All four", figures.levels)]))
    console.print(_confusion(figures, bands))
    console.print(f"Under-escalated {_share(figures.bands.under)}, over-escalated {_share(figures.bands.over)}\n")
    if figures.most_moved:
        console.print(f"Managers move {escape(labels[figures.most_moved])} most.\n")
    for title, groups in (("Model", figures.models), ("Prompt", figures.prompts), ("Month", figures.months)):
        console.print(_groups(title, groups))
    console.print(_drift(figures.drift, labels, last))


def _levels(rows: Iterable[tuple[str, Levels]]) -> Table:
    table = Table("Dimension", "Exact", "Within one", "Kappa", "Moved up", "Moved down", "Mean move")
    for name, levels in rows:
        kappa = "–" if levels.kappa is None else f"{levels.kappa:.2f}"
        if levels.kappa_low is not None:
            kappa += f" ({levels.kappa_low:.2f} to {levels.kappa_high:.2f})"
        moves = (str(levels.moved_up), str(levels.moved_down), f"{levels.mean_move:+.2f}")
        table.add_row(escape(name), _share(levels.exact), _share(levels.within_one), kappa, *moves)
    return table


def _confusion(figures: Agreement, labels: dict[Band, str]) -> Table:
    table = Table("Tool said", *(escape(labels[band]) for band in Band), title="Decision, by the manager")
    for band, row in figures.bands.confusion.items():
        table.add_row(escape(labels[band]), *(str(row[other]) for other in Band))
    return table


def _groups(title: str, groups: Iterable[Group]) -> Table:
    table = Table(title, "Triages", "Scores exact", "Decision exact", "Under", "Over", "Mean move")
    for group in groups:
        bands = (_share(group.bands.exact), str(group.bands.under.hits), str(group.bands.over.hits))
        move = f"{group.levels.mean_move:+.2f}"
        table.add_row(escape(line(group.name)), str(group.bands.exact.n), _share(group.levels.exact), *bands, move)
    return table


def _drift(drift: Drift | None, labels: dict[Dimension, str], last: int) -> str:
    if drift is None:
        return f"Drift: told from {2 * last} verdicts on."
    moves = ", ".join(
        f"{escape(labels[d])} {drift.mean_move_before[d]:+.2f} -> {drift.mean_move_last[d]:+.2f}" for d in Dimension
    )
    verdict = "the model drifts from the managers" if drift.drifts else "no drift beyond chance"
    shares = f"last {last} {_share(drift.last)}, before {_share(drift.before)}"
    return f"Left untouched: {shares}; {verdict}. Mean move: {moves}."


def _share(share: Share) -> str:
    if share.share is None or share.low is None or share.high is None:
        return "–"
    return f"{share.share:.0%} ({share.low:.0%} to {share.high:.0%})"
