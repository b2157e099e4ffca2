"""The counts that agreement is measured on. The database counts, so that nobody loads a hundred thousand rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.schema import Band, Dimension
from agent.schema.tally import BandCount, Judged, LevelCount, Origin, Tally
from agent.store.tables import judged

Conditions = list[sa.ColumnElement[bool]]


def tally(
    connection: sa.Connection, *, since: datetime | None, until: datetime | None, model: str | None, last: int
) -> Tally:
    """Every standing verdict on a triage of that time and model, and the `last` newest of them one by one."""
    wanted: Conditions = []
    if since:
        wanted.append(judged.c.made_at >= since)
    if until:
        wanted.append(judged.c.made_at < until)
    if model:
        wanted.append(judged.c.model == model)
    same = sa.and_(*(_model(d) == _manager(d) for d in Dimension))
    whole = sa.select(sa.func.count(), sa.func.count(sa.case((same, 1)))).select_from(judged).where(*wanted)
    verdicts, untouched = connection.execute(whole).one()
    newest = sa.select(judged).where(*wanted).order_by(judged.c.made_at.desc(), judged.c.run_id.desc()).limit(last)
    return Tally(
        verdicts=verdicts,
        untouched=untouched,
        levels=tuple(_levels(connection, wanted)),
        bands=tuple(_bands(connection, wanted)),
        newest=tuple(_one(row) for row in connection.execute(newest)),
        last=last,
    )


def models(connection: sa.Connection) -> tuple[str, ...]:
    """The models of which some triage has a standing verdict."""
    return tuple(connection.execute(sa.select(judged.c.model).distinct().order_by(judged.c.model)).scalars())


def _levels(connection: sa.Connection, wanted: Conditions) -> Iterator[LevelCount]:
    for dimension in Dimension:
        for origin, model, manager, n in _counted(connection, wanted, _model(dimension), _manager(dimension)):
            yield LevelCount(origin, dimension, model, manager, n)


def _bands(connection: sa.Connection, wanted: Conditions) -> Iterator[BandCount]:
    for origin, model, manager, n in _counted(connection, wanted, judged.c.model_band, judged.c.manager_band):
        yield BandCount(origin, Band(model), Band(manager), n)


def _counted(
    connection: sa.Connection, wanted: Conditions, model: sa.ColumnElement[Any], manager: sa.ColumnElement[Any]
) -> Iterator[tuple[Origin, Any, Any, int]]:
    by = (judged.c.model, judged.c.prompts, judged.c.month, model, manager)
    for row in connection.execute(sa.select(*by, sa.func.count()).where(*wanted).group_by(*by).order_by(*by)):
        yield Origin(*row[:3]), row[3], row[4], row[5]


def _one(row: sa.Row[Any]) -> Judged:
    return Judged(
        by_model={d: getattr(row, f"model_{d}") for d in Dimension},
        by_manager={d: getattr(row, f"manager_{d}") for d in Dimension},
    )


def _model(dimension: Dimension) -> sa.ColumnElement[int]:
    return judged.c[f"model_{dimension}"]


def _manager(dimension: Dimension) -> sa.ColumnElement[int]:
    return judged.c[f"manager_{dimension}"]
