"""Changes that could not be matched when a letter was composed, until one tells them."""

import sqlalchemy as sa
from alembic import op

from index.columns import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """An empty table: before this, what could not be matched was named and never matched again."""
    subscription, change = sa.ForeignKey("subscription.id"), sa.ForeignKey("change.id")
    op.create_table(
        "unmatched",
        sa.Column("subscription_id", sa.Integer(), subscription, primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("change_id", sa.Integer(), change, primary_key=True),
        sa.Column("until", Moment()),
    )
