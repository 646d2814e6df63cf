"""Since when the pages were asked for that a run found: one may go on with a run cut off."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column. Every run before asked for all of its pages itself."""
    op.add_column("run", sa.Column("asked_since", sa.DateTime(timezone=True), nullable=True))
