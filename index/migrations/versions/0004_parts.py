"""What a text links to, and which changes are part of which acts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add both. Of texts read before, `lexwatch rebuild` finds them in the archived pages."""
    op.add_column("version", sa.Column("linked", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "part",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_part_change_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_part_document_id")),
        sa.PrimaryKeyConstraint("change_id", "document_id", "known_at", name=op.f("pk_part")),
    )
    op.create_index(op.f("ix_part_document_id"), "part", ["document_id"])
