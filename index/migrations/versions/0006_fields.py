"""What of a passage is weighed apart, and where in its block it begins."""

import json
import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from pipeline.query.words import keys

revision = "0006"
down_revision = "0005"

# Names that only our own look-ups spell: "paper: …", "day named: …".
_INNER = "%: %"
_TABLE = sa.table(
    "passage",
    *(sa.column(name) for name in ("id", "document_id", "text", "trail")),
)


def upgrade() -> None:
    """Add the columns and fill them from what is held. Where a passage begins in its block, and
    which sum their document up, `lexwatch rebuild` derives from the texts; until it has run, a
    fact says that it has not."""
    for name in ("names", "keys"):
        op.add_column("passage", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("size", "start"):
        op.add_column("passage", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "passage",
        sa.Column("is_headnote", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    # The index of before, which knows none of them; it is made anew when the store is opened.
    for trigger in ("added", "gone", "reworded"):
        op.execute(f"DROP TRIGGER IF EXISTS passage_{trigger}")
    op.execute("DROP TABLE IF EXISTS passage_words")
    _fill()
    op.execute(
        "INSERT INTO fact (name, value)"
        " SELECT 'passages', 'unplaced' WHERE EXISTS (SELECT 1 FROM passage)"
    )
    columns = ["document_id", "size", "ordinal", "start"]
    op.create_index(op.f(f"ix_passage_{'_'.join(columns)}"), "passage", columns)


def _fill() -> None:
    connection = op.get_bind()
    names = _names(connection)
    rows = connection.execute(sa.select(_TABLE)).all()
    filled = [
        {
            "number": row.id,
            "names": names.get(row.document_id, ""),
            "keys": " ".join(keys("\n".join((*json.loads(row.trail), row.text)))),
            "size": len(re.findall(r"[^\W_]+", row.text)),
        }
        for row in rows
    ]
    if filled:
        connection.execute(
            sa.text(
                "UPDATE passage SET names = :names, keys = :keys, size = :size WHERE id = :number"
            ),
            filled,
        )


def _names(connection: sa.Connection) -> dict[int, str]:
    """What each document goes by, with the keys of that."""
    held = connection.execute(
        sa.text(
            "SELECT document.id, version.title, version.citation FROM document"
            " JOIN version ON version.id = document.current"
        )
    )
    said = {row.id: [row.title, row.citation] for row in held}
    query = sa.text("SELECT document_id, canonical FROM identifier WHERE canonical NOT LIKE :inner")
    for row in connection.execute(query, {"inner": _INNER}):
        said.setdefault(row.document_id, ["", ""]).append(row.canonical)
    return {number: _joined(each) for number, each in said.items()}


def _joined(said: Sequence[str]) -> str:
    return " ".join(dict.fromkeys((*filter(None, said[1:]), *keys("\n".join(said)))))
