"""What readers may ask for and how often; letters kept whole; suppressed addresses; deadlines."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from index.columns import Moment, Packed
from pipeline.subscription import Schedule

revision = "0007"
down_revision = "0006"

_EMPTY = sa.text("'[]'")


def upgrade() -> None:
    """Subscriptions of before are weekly, by mail, and kept in the settings file."""
    _subscriptions()
    _deliveries()
    _records()
    op.create_table(
        "suppression",
        sa.Column("address", sa.String(255), primary_key=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "deadline",
        sa.Column("uid", sa.String(255), primary_key=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("was", sa.Date()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("read_from", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("known_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("version.id"), nullable=False),
        sa.Column("act_id", sa.Integer(), sa.ForeignKey("document.id")),
    )
    op.create_index(op.f("ix_deadline_document_id"), "deadline", ["document_id"])
    op.create_index(op.f("ix_deadline_on"), "deadline", ["on"])


def _subscriptions() -> None:
    for name in ("words", "meaning", "matter", "note"):
        op.add_column("subscription", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("authorities", "shown_on"):
        listed = sa.Column(name, sa.JSON(), nullable=False, server_default=_EMPTY)
        op.add_column("subscription", listed)
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("name", sa.String(255), nullable=False, server_default=""),
        sa.Column("channels", sa.JSON(), nullable=False, server_default=sa.text("'[\"mail\"]'")),
        sa.Column("threshold", sa.Float(), nullable=False, server_default="0.5"),
        sa.Column("urgent_at_once", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("plain_text", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("origin", sa.String(32), nullable=False, server_default="settings"),
        sa.Column("begun_at", Moment()),
        sa.Column("schedule", Packed(Schedule)),
    )
    for column in columns:
        op.add_column("subscription", column)
    table = sa.table("subscription", sa.column("schedule", Packed(Schedule)))
    op.execute(table.update().values(schedule=Schedule()))
    with op.batch_alter_table("subscription") as batch:
        batch.alter_column("schedule", existing_type=Packed(Schedule), nullable=False)


def _deliveries() -> None:
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="digest"))
        batch.add_column(sa.Column("channel", sa.String(64), nullable=False, server_default="mail"))
        batch.add_column(sa.Column("subject", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("error", sa.Text(), nullable=False, server_default=""))
        for name, empty in (("changes", _EMPTY), ("dates", _EMPTY), ("starts", sa.text("'{}'"))):
            batch.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default=empty))
        batch.add_column(sa.Column("body", sa.LargeBinary()))
        batch.add_column(sa.Column("record", sa.LargeBinary()))
        batch.add_column(sa.Column("composed_at", Moment()))
        batch.add_column(sa.Column("next_at", Moment()))
        batch.alter_column("begun_at", existing_type=Moment(), nullable=True)
    op.create_index(op.f("ix_delivery_reader_address"), "delivery", ["reader", "address"])
    op.create_index(op.f("ix_delivery_outcome"), "delivery", ["outcome"])


def _records() -> None:
    """What every running subscription was told up to is where the last digest ended that its reader
    received; where none arrived, it is where the first that did not began."""
    op.create_table(
        "told",
        sa.Column(
            "subscription_id", sa.Integer(), sa.ForeignKey("subscription.id"), primary_key=True
        ),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("until", Moment(), nullable=False),
    )
    op.execute(
        "INSERT INTO told (subscription_id, kind, channel, until) "
        "SELECT s.id, 'digest', 'mail', coalesce("
        "max(CASE WHEN d.outcome IN ('sent', 'uncertain') THEN d.until END), min(d.since)) "
        "FROM subscription s JOIN delivery d ON d.reader = s.reader AND d.address = s.address "
        "WHERE s.ended_at IS NULL GROUP BY s.id"
    )
    op.create_table(
        "exhibit",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
