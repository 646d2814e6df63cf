"""What a citation stands for, and what texts say that they do to earlier authorities."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add both. `lexwatch rebuild` derives from the texts held what short forms stand for and what
    is done to whom; until it has run, a fact says that it has not."""
    for name, length in (("name", 255), ("court", 64), ("cited", 255)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("citation", column)
    for name in ("cited", "name"):
        op.create_index(op.f(f"ix_citation_{name}"), "citation", [name])
    op.execute("UPDATE citation SET cited = canonical WHERE kind <> 'case_short'")
    op.execute(
        "INSERT INTO fact (name, value)"
        " SELECT 'treatments', 'unread' WHERE EXISTS (SELECT 1 FROM version)"
    )
    op.create_table(
        "treatment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(255), nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("page", sa.String(32), nullable=False, server_default=""),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_treatment_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment")),
    )
    for name in ("version_id", "target", "by"):
        op.create_index(op.f(f"ix_treatment_{name}"), "treatment", [name])
