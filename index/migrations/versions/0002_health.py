"""What a run's verdict and a removal rest on, and what joins two documents."""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; the keys of `sighting` move into the pages' own tallies."""
    op.add_column("run", sa.Column("gone", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("run", sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
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
    _tally()
    op.drop_table("sighting")


def _tally() -> None:
    connection = op.get_bind()
    named: dict[int, list[str]] = {}
    for page, key in connection.execute(
        sa.text("SELECT s.page_id, d.key FROM sighting s JOIN document d ON d.id = s.document_id")
    ):
        named.setdefault(page, []).append(key)
    page = sa.table("page", sa.column("id", sa.Integer), sa.column("tally", sa.LargeBinary))
    for number, keys in named.items():
        said = {"keys": keys, "versions": 0, "fields": {}}
        packed = zlib.compress(json.dumps(said).encode())
        connection.execute(sa.update(page).where(page.c.id == number).values(tally=packed))
