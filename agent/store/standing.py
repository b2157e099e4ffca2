"""What stands of a case now: whether it is open, what is due first, and the newest verdict beside the model's scores.

It follows from the entries alone and is kept in columns, so that lists sort and count without reading them.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from agent.schema import Deadlines, Dimension
from agent.schema.record import Entry, EntryKind, Rescored
from agent.store import queries
from agent.store.tables import entries, judged, runs


class Standing(NamedTuple):
    """The columns of `runs` that change, and the row of `judged`; None where no verdict stands."""

    run: dict[str, Any]
    judged: dict[str, Any] | None


def fresh(deadlines: Deadlines) -> dict[str, Any]:
    """The columns of a triage about which nothing was said yet."""
    return {"is_open": True, "due_at": _first(deadlines), "verdict_id": None}


def of(key: str, figures: Mapping[str, Any], said: Iterable[Entry], *, followed: bool) -> Standing:
    """What stands of the run with those sealed figures, after everything that was said about it."""
    stands = [entry for entry in said if not entry.undone]
    verdict = next((e for e in reversed(stands) if e.kind is EntryKind.VERDICT), None)
    closed = followed or any(e.kind is EntryKind.OUTCOME for e in stands)
    rescored = verdict.rescored if verdict else None
    deadlines = rescored or Deadlines.model_validate(figures["assessment"]["deadlines"])
    columns = {"is_open": not closed, "due_at": _first(deadlines), "verdict_id": verdict.id if verdict else None}
    return Standing(columns, _judged(key, figures, rescored) if rescored else None)


def refresh(connection: sa.Connection, run_id: str) -> None:
    """Bring the columns to what the entries say, in the transaction that wrote one."""
    figures = connection.execute(sa.select(entries.c.figures).where(entries.c.id == run_id)).scalar_one()
    said = queries.history(connection, [run_id], kinds=queries.OPINIONS)
    followed = connection.execute(sa.select(runs.c.id).where(runs.c.follows == run_id)).first() is not None
    now = of(run_id, json.loads(figures), said, followed=followed)
    connection.execute(runs.update().where(runs.c.id == run_id).values(now.run))
    connection.execute(judged.delete().where(judged.c.run_id == run_id))
    if now.judged:
        connection.execute(judged.insert().values(now.judged))


def _first(deadlines: Deadlines | Rescored) -> datetime:
    """The standing rule's day ends with the customer's update, so it is in here too."""
    given = (deadlines.customer_word, deadlines.owner_answer, deadlines.customer_update)
    return min(moment for moment in given if moment is not None)


def _judged(key: str, figures: Mapping[str, Any], rescored: Rescored) -> dict[str, Any]:
    made, model = figures["assessment"]["provenance"], figures["model"]
    return {
        "run_id": key,
        "model": made["model"] or "none",
        "prompts": ", ".join(made["prompts"]) or "none",
        "month": made["made_at"][: len("2026-11")],  # where it was made: with the user's own offset
        "made_at": datetime.fromisoformat(made["made_at"]),
        "model_band": model["band"],
        "manager_band": rescored.band.value,
        **{f"model_{d}": model["scores"][d] for d in Dimension},
        **{f"manager_{d}": rescored.scores[d] for d in Dimension},
    }
