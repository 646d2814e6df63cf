"""Subscriptions that are muted for some time; letters found by the address they went to."""

import sqlalchemy as sa
from alembic import op

from index.columns import Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing was muted before."""
    op.create_table(
        "mute",
        sa.Column(
            "subscription_id", sa.Integer(), sa.ForeignKey("subscription.id"), primary_key=True
        ),
        sa.Column("until", Moment(), nullable=False),
    )
    op.create_index(op.f("ix_delivery_address"), "delivery", ["address"])
