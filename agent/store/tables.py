"""The tables, in the shape of the newest migration. One schema for SQLite and PostgreSQL.

`entries` is the record: append-only, each row sealed with the hash of the one before it. It holds figures and digests,
never words of a text. `contents` holds the words and may lose rows by forgetting. `runs`, `threads` and `judged` repeat
what lists and counts ask for, so that none has to read JSON; what changes in them (`standing`) follows from entries.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from agent.schema import Dimension


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC: SQLite forgets zones, PostgreSQL does not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        there = value.astimezone(UTC)
        return there.replace(tzinfo=None) if dialect.name == "sqlite" else there

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - hook
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()
_ID = String(32)

policies = Table(
    "policies",
    metadata,
    Column("digest", String(64), primary_key=True),  # sha256 of the document
    Column("reference", Text, nullable=False),
    Column("document", Text, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("id", _ID, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("run_id", _ID, nullable=False),
    Column("of_id", _ID),
    Column("at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    Column("figures", Text, nullable=False),  # canonical JSON
    Column("content_digest", String(64)),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("entries_of_run", "run_id", "kind"),
)

contents = Table(
    "contents",
    metadata,
    Column("entry_id", _ID, ForeignKey("entries.id"), primary_key=True),
    Column("run_id", _ID, nullable=False, index=True),
    Column("salt", String(32), nullable=False),
    Column("account", Text, index=True),
    Column("body", Text, nullable=False),  # JSON
)

runs = Table(
    "runs",
    metadata,
    Column("id", _ID, ForeignKey("entries.id"), primary_key=True),
    Column("policy_digest", String(64), ForeignKey("policies.digest"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("input_digest", String(64), nullable=False, index=True),
    Column("model", Text),
    Column("embedded", Boolean, nullable=False),
    Column("issue_type", String(32), nullable=False, index=True),
    Column("customer_impact", Integer, nullable=False),
    Column("account_value", Integer, nullable=False),
    Column("time_sensitivity", Integer, nullable=False),
    Column("csm_capability", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("band", String(32), nullable=False),
    Column("owner_answer", Instant),
    Column("customer_word", Instant, nullable=False),
    Column("customer_update", Instant, nullable=False),
    Column("escalate_if_unresolved", Date),
    Column("looks", Text, nullable=False),  # names between spaces, such as " unstated near_border "
    Column("attention", Integer, nullable=False),
    Column("follows", _ID, index=True),
    # Since 0003: what stands now.
    Column("is_open", Boolean, nullable=False),  # without an outcome, and no newer triage goes on from it
    Column("due_at", Instant, nullable=False),  # the first deadline of the standing decision
    Column("verdict_id", _ID),  # the newest verdict that was not taken back
    # In the very order of the lists, so that a page is read and not sorted.
    Index("runs_by_time", "made_at", "id"),
)
Index(
    "runs_by_attention",
    runs.c.is_open, runs.c.attention.desc(), runs.c.due_at, runs.c.made_at.desc(), runs.c.id.desc(), runs.c.verdict_id,
)  # fmt: skip

# Since 0002: by which keys a later mail finds the triage it goes on from.
threads = Table(
    "threads",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.id"), primary_key=True),
    Column("key", String(64), primary_key=True),  # sha256: a key names nobody
    Column("kind", String(16), nullable=False),  # id, body or subject
    Index("threads_by_key", "key"),
)

# Since 0003: what a search looks through; it is forgotten with the words.
searched = Table(
    "searched",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.id"), primary_key=True),
    Column("text", Text, nullable=False),
)

# Since 0003: a triage with a standing verdict, the model's own scores beside the manager's.
judged = Table(
    "judged",
    metadata,
    Column("run_id", _ID, ForeignKey("runs.id"), primary_key=True),
    Column("model", Text, nullable=False),
    Column("prompts", Text, nullable=False),
    Column("month", String(7), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("model_band", String(32), nullable=False),
    Column("manager_band", String(32), nullable=False),
    *(Column(f"{who}_{d}", Integer, nullable=False) for who in ("model", "manager") for d in Dimension),
    Index("judged_by_time", "made_at", "run_id"),
)
