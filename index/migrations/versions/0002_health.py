"""What a run's verdict and a removal rest on, and what joins two documents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns. What `sighting` held a page is asked again when a run finds it; only when
    the site last spoke of a document could not be told again."""
    op.add_column("run", sa.Column("gone", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("run", sa.Column("question", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "run", sa.Column("is_whole", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("page", sa.Column("tally", sa.LargeBinary(), nullable=True))
    op.add_column("document", sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("document", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "relation",
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("later_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["document.id"], name=op.f("fk_relation_earlier_id")
        ),
        sa.ForeignKeyConstraint(["later_id"], ["document.id"], name=op.f("fk_relation_later_id")),
        sa.PrimaryKeyConstraint("earlier_id", "later_id", "kind", name=op.f("pk_relation")),
    )
    op.create_index(op.f("ix_relation_later_id"), "relation", ["later_id"])
    op.execute(
        "UPDATE document SET listed_at = (SELECT max(run.started_at) FROM sighting"
        " JOIN seen ON seen.page_id = sighting.page_id JOIN run ON run.id = seen.run_id"
        " WHERE sighting.document_id = document.id)"
    )
    op.drop_table("sighting")
