"""The schedule's ledger, what ails, the chain of captures, tombstones and legal holds."""

import sqlalchemy as sa
from alembic import op

from index import custody
from index.columns import Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Empty tables, but for the chain: the pages that are held are chained now."""
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("job", sa.String(64), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("started_at", Moment()),
        sa.Column("ended_at", Moment()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("exit_code", sa.Integer()),
        sa.Column("said", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_job_run_job_due_at"), "job_run", ["job", "due_at"])
    op.create_table(
        "trouble",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", Moment()),
        sa.Column("solved_at", Moment()),
        sa.Column("solved_told_at", Moment()),
    )
    op.create_index(op.f("ix_trouble_subject_kind"), "trouble", ["subject", "kind"])
    op.create_table(
        "capture",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("page_id", sa.Integer(), sa.ForeignKey("page.id"), nullable=False, unique=True),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_table(
        "time_stamp",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("stamped_at", Moment(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "tombstone",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("purged_at", Moment(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", Moment(), nullable=False),
        sa.Column("released_at", Moment()),
    )
    op.create_index(op.f("ix_version_page_id"), "version", ["page_id"])
    custody.chain_held(op.get_bind())
