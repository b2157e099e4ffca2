"""The keys by which a later mail finds the triage it goes on from, filled for what is kept already."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
_LEAST_BODY = 60  # characters; a shorter message is a greeting that many threads share


def upgrade() -> None:
    """Make the table and read the keys from the kept threads."""
    table = op.create_table(
        "threads",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
    )
    op.create_index("threads_by_key", "threads", ["key"])
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT c.run_id, c.body FROM contents c JOIN runs r ON r.id = c.entry_id"))
    keys = ((run_id, key) for run_id, body in kept for key in sorted(_keys(json.loads(body))))
    rows = [{"run_id": run_id, "key": key, "kind": "body"} for run_id, key in keys]
    if rows:
        connection.execute(sa.insert(table), rows)


def _keys(content: dict[str, dict[str, list[dict[str, str]]] | None]) -> set[str]:
    """The bodies of the messages, as `agent.store.thread_keys` wrote them when this migration was made."""
    messages = (content.get("situation") or {}).get("messages", [])
    bodies = (" ".join(message["body"].split()) for message in messages)
    written = (f"body\0{body}".encode("utf-8", "surrogatepass") for body in bodies if len(body) >= _LEAST_BODY)
    return {hashlib.sha256(each).hexdigest() for each in written}
