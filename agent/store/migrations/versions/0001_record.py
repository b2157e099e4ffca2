"""The record: policies, sealed entries, their words, and what lists ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
_INSTANT, _KEY = sa.DateTime(timezone=True), sa.String(32)


def upgrade() -> None:
    """Make the first tables."""
    _policies()
    _entries()
    _contents()
    _runs()


def _policies() -> None:
    op.create_table(
        "policies",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", _KEY, nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("run_id", _KEY, nullable=False),
        sa.Column("of_id", _KEY),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("content_digest", sa.String(64)),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("entries_of_run", "entries", ["run_id", "kind"])


def _contents() -> None:
    op.create_table(
        "contents",
        sa.Column("entry_id", _KEY, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("run_id", _KEY, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("account", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("ix_contents_run_id", "contents", ["run_id"])
    op.create_index("ix_contents_account", "contents", ["account"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", _KEY, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("policy_digest", sa.String(64), sa.ForeignKey("policies.digest"), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("input_digest", sa.String(64), nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("embedded", sa.Boolean, nullable=False),
        sa.Column("issue_type", sa.String(32), nullable=False),
        sa.Column("customer_impact", sa.Integer, nullable=False),
        sa.Column("account_value", sa.Integer, nullable=False),
        sa.Column("time_sensitivity", sa.Integer, nullable=False),
        sa.Column("csm_capability", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("band", sa.String(32), nullable=False),
        sa.Column("owner_answer", _INSTANT),
        sa.Column("customer_word", _INSTANT, nullable=False),
        sa.Column("customer_update", _INSTANT, nullable=False),
        sa.Column("escalate_if_unresolved", sa.Date),
        sa.Column("looks", sa.Text, nullable=False),
        sa.Column("attention", sa.Integer, nullable=False),
        sa.Column("follows", _KEY),
    )
    op.create_index("runs_by_time", "runs", ["made_at", "id"])
    op.create_index("runs_by_attention", "runs", ["attention", "made_at", "id"])
    for column in ("input_digest", "issue_type", "follows"):
        op.create_index(f"ix_runs_{column}", "runs", [column])
