"""The keyword index's tables in the database's full-text search: made, kept in step, filled."""

from __future__ import annotations

from sqlalchemy import Connection, text

from pipeline.errors import StoreError

# A passage's fields, told apart by their first letters: the names that its document goes by, its
# title, the headings it stands under, its words (of a headnote, or other), and the keys of what it
# cites.
FIELDS = ("names", "title", "section", "headnote", "body", "keys")

# The title is what stands first in a header; a document without blocks has nothing else.
_VALUES = """
{row}.id, {row}.names,
substr({row}.header, 1, instr({row}.header || ' | ', ' | ') - 1),
(SELECT group_concat(value, char(10)) FROM json_each({row}.trail)),
CASE WHEN {row}.is_headnote THEN {row}.text ELSE '' END,
CASE WHEN {row}.is_headnote THEN '' ELSE {row}.text END,
{row}.keys
"""
_SPELLED = "{row}.id, {row}.header || char(10) || {row}.text"
_COLUMNS = f"rowid, {', '.join(FIELDS)}"
# Neither index keeps the texts: `passage` has them. Words that are looked for as printed need no
# places in the text, which halves what they take.
_TABLES = (
    f"CREATE VIRTUAL TABLE passage_words USING fts5({', '.join(FIELDS)}, content='',"
    ' tokenize="porter unicode61 remove_diacritics 2")',
    "CREATE VIRTUAL TABLE passage_spelled USING fts5(said, content='', detail='none',"
    ' columnsize=0, tokenize="unicode61 remove_diacritics 2")',
    "CREATE VIRTUAL TABLE passage_stem USING fts5vocab('passage_words', 'instance')",
    "CREATE VIRTUAL TABLE passage_spelling USING fts5vocab('passage_spelled', 'row')",
)
# ruff: noqa: S608 - what is put together here are names of our own; what was typed is a parameter
_ADD = (
    f"INSERT INTO passage_words({_COLUMNS}) VALUES ({_VALUES.format(row='new')});"
    f"INSERT INTO passage_spelled(rowid, said) VALUES ({_SPELLED.format(row='new')});"
)
_DROP = (
    f"INSERT INTO passage_words(passage_words, {_COLUMNS})"
    f" VALUES ('delete', {_VALUES.format(row='old')});"
    "INSERT INTO passage_spelled(passage_spelled, rowid, said)"
    f" VALUES ('delete', {_SPELLED.format(row='old')});"
)
# Triggers keep the index in the same transaction as the passages, whoever writes them.
_TRIGGERS = (
    f"CREATE TRIGGER passage_added AFTER INSERT ON passage BEGIN {_ADD} END",
    f"CREATE TRIGGER passage_gone AFTER DELETE ON passage BEGIN {_DROP} END",
    "CREATE TRIGGER passage_reworded AFTER UPDATE OF"
    " header, text, trail, names, keys, is_headnote ON passage"
    f" BEGIN {_DROP} {_ADD} END",
)


def is_ready(connection: Connection) -> bool:
    """Whether the index is there."""
    if connection.dialect.name != "sqlite":
        raise StoreError(
            f"keyword search is written for SQLite; {connection.dialect.name} is not supported yet:"
            " leave index.database_url empty"
        )
    held = connection.execute(
        text("SELECT count(*) FROM sqlite_master WHERE name = 'passage_spelling'")
    ).scalar_one()
    return bool(held)


def prepare(connection: Connection) -> None:
    """Create the index where it is absent; a database without one is filled from its passages."""
    if not is_ready(connection):
        for statement in (*_TABLES, *_TRIGGERS):
            connection.exec_driver_sql(statement)
        _fill(connection)


def rebuild(connection: Connection) -> None:
    """Derive the index again from the passages."""
    for table in ("passage_words", "passage_spelled"):
        connection.exec_driver_sql(f"INSERT INTO {table}({table}) VALUES ('delete-all')")
    _fill(connection)


def _fill(connection: Connection) -> None:
    connection.exec_driver_sql(
        f"INSERT INTO passage_words({_COLUMNS}) SELECT {_VALUES.format(row='passage')} FROM passage"
    )
    connection.exec_driver_sql(
        "INSERT INTO passage_spelled(rowid, said)"
        f" SELECT {_SPELLED.format(row='passage')} FROM passage"
    )
