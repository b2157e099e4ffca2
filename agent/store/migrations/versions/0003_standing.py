"""What stands of each case, and what is searched, in columns of their own, filled from what is kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
_DIMENSIONS = ("customer_impact", "account_value", "time_sensitivity", "csm_capability")
_DEADLINES = ("customer_word", "owner_answer", "customer_update")
_INSTANT = sa.DateTime(timezone=True)
_AT_ONCE = 500  # rows of words


def upgrade() -> None:
    """Add the columns and the table, fill them, and sort the queue by them."""
    # No column that must hold something is added without a default; every row is filled below.
    op.add_column("runs", sa.Column("is_open", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column(
        "runs", sa.Column("due_at", _INSTANT, nullable=False, server_default=sa.text("'1970-01-01 00:00:00'"))
    )
    op.add_column("runs", sa.Column("verdict_id", sa.String(32)))
    _fill(_judged())
    _fill_search()
    op.drop_index("runs_by_attention", "runs")
    order = ("is_open", sa.text("attention DESC"), "due_at", sa.text("made_at DESC"), sa.text("id DESC"), "verdict_id")
    op.create_index("runs_by_attention", "runs", list(order))


def _judged() -> sa.Table:
    levels = (f"{who}_{dimension}" for who in ("model", "manager") for dimension in _DIMENSIONS)
    table = op.create_table(
        "judged",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompts", sa.Text, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("model_band", sa.String(32), nullable=False),
        sa.Column("manager_band", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in levels),
    )
    op.create_index("judged_by_time", "judged", ["made_at", "run_id"])
    return table


def _fill(judged: sa.Table) -> None:
    connection = op.get_bind()
    runs = sa.table("runs", *map(sa.column, ("id", "is_open", "verdict_id")), sa.column("due_at", _INSTANT))
    followed = set(connection.execute(sa.text("SELECT follows FROM runs WHERE follows IS NOT NULL")).scalars())
    found = list(_standing(connection, followed))
    if found:
        change = sa.update(runs).where(runs.c.id == sa.bindparam("key"))
        connection.execute(change, [columns for columns, _ in found])
    if verdicts := [row for _, row in found if row]:
        connection.execute(sa.insert(judged), verdicts)


def _fill_search() -> None:
    """Account and thread of each kept triage, as `agent.store.search` wrote them when this was made."""
    table = op.create_table(
        "searched",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT run_id, account, body FROM contents WHERE entry_id = run_id"))
    while part := kept.fetchmany(_AT_ONCE):
        rows = []
        for run_id, account, body in part:
            thread = (json.loads(body).get("situation") or {}).get("text", "")
            rows.append({"run_id": run_id, "text": " ".join(f"{account or ''} {thread}".split()).casefold()})
        connection.execute(sa.insert(table), rows)


def _standing(connection: sa.Connection, followed: set[str]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Per run its new columns and its row of `judged`, as `agent.store.standing` wrote them when this was made."""
    kept = connection.execute(
        sa.text(
            "SELECT run_id, id, kind, of_id, figures FROM entries "
            "WHERE kind IN ('run', 'verdict', 'outcome', 'undo') ORDER BY run_id, sequence"
        )
    )
    for key, group in groupby(kept, key=lambda row: row.run_id):
        entries = list(group)
        undone = {row.of_id for row in entries if row.kind == "undo"}
        stands = [row for row in entries if row.id not in undone]
        figures = json.loads(next(row.figures for row in entries if row.kind == "run"))
        verdict = next((row for row in reversed(stands) if row.kind == "verdict"), None)
        rescored = json.loads(verdict.figures)["rescored"] if verdict else None
        closed = key in followed or any(row.kind == "outcome" for row in stands)
        due_at = _first(rescored or figures["assessment"]["deadlines"])
        columns = {"key": key, "is_open": not closed, "due_at": due_at, "verdict_id": verdict.id if verdict else None}
        yield columns, _verdict(key, figures, rescored) if rescored else None


def _first(deadlines: dict[str, str | None]) -> datetime:
    return min(_utc(moment) for name in _DEADLINES if (moment := deadlines[name]))


def _verdict(key: str, figures: dict[str, Any], rescored: dict[str, Any]) -> dict[str, Any]:
    made, model = figures["assessment"]["provenance"], figures["model"]
    return {
        "run_id": key,
        "model": made["model"] or "none",
        "prompts": ", ".join(made["prompts"]) or "none",
        "month": made["made_at"][:7],
        "made_at": _utc(made["made_at"]),
        "model_band": model["band"],
        "manager_band": rescored["band"],
        **{f"model_{d}": model["scores"][d] for d in _DIMENSIONS},
        **{f"manager_{d}": rescored["scores"][d] for d in _DIMENSIONS},
    }


def _utc(moment: str) -> datetime:
    """SQLite forgets the zone, so that all are kept in one."""
    there = datetime.fromisoformat(moment).astimezone(UTC)
    return there.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else there
