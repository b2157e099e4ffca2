"""`triage agreement`: how far managers agree with the tool, and where not."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent import calibration, report
from agent.agreement import Agreement, Drift, Group, Levels, Share, measure
from agent.cli import record, streams
from agent.cli import settings as user_settings
from agent.errors import ConfigurationError
from agent.policy import load_default
from agent.report.plain import line
from agent.schema import Band, Dimension
from agent.schema.record import Filters

if TYPE_CHECKING:  # SQLAlchemy
    from agent.store import Store

_PIPE_COLUMNS = 160
_RANDOM = "These are the triages that somebody looked at, not a random sample of all."


def agreement(  # noqa: PLR0913 - one parameter per flag
    *,
    since: record.Since = None,
    until: record.Until = None,
    model: Annotated[str | None, typer.Option(help="Only that model's triages.")] = None,
    last: Annotated[int, typer.Option(min=1, help="Verdicts held against the earlier ones.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON.")] = False,
    calibrate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Fit a calibration map of the model on these verdicts, and write it there."),
    ] = None,
) -> None:
    """Show how far managers agree with the tool.

    Their standing verdicts beside the model's own scores: exact, within one level, kappa, decisions; by model,
    prompt and month. With --calibrate, what a model weighs becomes probabilities that come true as often as they say.

    \b
    Examples:
      triage agreement --since 90d
      triage agreement --model openai/gpt-5-mini --calibrate map.json
    """
    if calibrate and as_json:
        raise ConfigurationError("--calibrate and --json exclude each other: the map is JSON itself")
    if calibrate and calibrate.exists():
        raise ConfigurationError(f"--calibrate {calibrate}: exists already; choose another name")
    settings = user_settings.load()
    since_day, until_day = record.day(since, "--since", settings), record.day(until, "--until", settings, end=True)
    with record.open_store(settings) as store:
        if calibrate:
            _calibrate(store, Filters(since=since_day, until=until_day, model=model), calibrate)
            return
        figures = measure(store.tally(since=since_day, until=until_day, model=model, last=last))
    if as_json:
        typer.echo(report.inert(figures.model_dump_json(indent=2)))
    elif not figures.verdicts:
        typer.echo("no verdict yet; `triage verdict ID --agree` gives one")
    else:
        _print(figures, last)


def _calibrate(store: "Store", filters: Filters, file: Path) -> None:
    """Write the map, and say what it changes on the verdicts it was fitted on, which flatters it."""
    from agent import own_calibration  # noqa: PLC0415 - SQLAlchemy

    fitted, pairs = own_calibration.fit(store, filters)
    try:
        with file.open("x", encoding="utf-8") as written:
            written.write(fitted.model_dump_json(indent=2) + "\n")
    except OSError as error:
        raise ConfigurationError(f"--calibrate {file}: cannot be written ({error.strerror})") from error
    labels = {dimension: rule.label for dimension, rule in load_default().dimensions.items()}
    typer.echo(f"{file}: {fitted.reference} of {line(fitted.model)}, on {fitted.fitted_on}")
    for dimension, seen in pairs.items():
        if temperature := fitted.temperatures.get(dimension):
            before, after = calibration.log_loss(seen), calibration.log_loss(seen, temperature)
            told = f"temperature {temperature:g}, log loss {before:.3f} -> {after:.3f}, n = {len(seen)}"
        else:
            told = f"stays as it is: {len(seen)} of the {calibration.LEAST_PAIRS} verdicts that it takes"
        typer.echo(f"  {labels[dimension]}: {told}")
    typer.echo("Managers saw the tool's score before they judged, so the map leans towards it.")
    typer.echo(f'Set calibration = "{file.resolve()}" in the settings to use it.')


def _print(figures: Agreement, last: int) -> None:
    policy = load_default()
    labels = {dimension: rule.label for dimension, rule in policy.dimensions.items()}
    bands = {band: rule.label for band, rule in policy.bands.items()}
    console = streams.console(width=None if sys.stdout.isatty() else _PIPE_COLUMNS)
    console.print(f"{figures.verdicts} triages with a verdict. {_RANDOM}\n")
    rows = [(labels[dimension], levels) for dimension, levels in figures.dimensions.items()]
    console.print(_levels([*rows, ("All four", figures.levels)]), "")
    console.print(_confusion(figures, bands), "")
    console.print(f"Under-escalated {_share(figures.bands.under)}, over-escalated {_share(figures.bands.over)}\n")
    if figures.most_moved:
        console.print(f"Managers move {escape(labels[figures.most_moved])} most.\n")
    for title, groups in (("Model", figures.models), ("Prompt", figures.prompts), ("Month", figures.months)):
        console.print(_groups(title, groups), "")
    console.print(_drift(figures.drift, labels, last))


def _plain(*columns: str) -> Table:
    """Columns without lines around them, as `triage log` has them."""
    return Table(*columns, box=None, pad_edge=False)


def _levels(rows: Iterable[tuple[str, Levels]]) -> Table:
    table = _plain("Dimension", "Exact", "Within one", "Kappa", "Moved up", "Moved down", "Mean move")
    for name, levels in rows:
        kappa = "–" if levels.kappa is None else f"{levels.kappa:.2f}"
        if levels.kappa_low is not None:
            kappa += f" ({levels.kappa_low:.2f} to {levels.kappa_high:.2f})"
        moves = (str(levels.moved_up), str(levels.moved_down), f"{levels.mean_move:+.2f}")
        table.add_row(escape(name), _share(levels.exact), _share(levels.within_one), kappa, *moves)
    return table


def _confusion(figures: Agreement, labels: dict[Band, str]) -> Table:
    table = _plain("Tool said, manager:", *(escape(labels[band]) for band in Band))
    for band, row in figures.bands.confusion.items():
        table.add_row(escape(labels[band]), *(str(row[other]) for other in Band))
    return table


def _groups(title: str, groups: Iterable[Group]) -> Table:
    table = _plain(title, "Triages", "Scores exact", "Decision exact", "Under", "Over", "Mean move")
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
