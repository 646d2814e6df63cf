"""The keyword index: the one module that knows which database's full-text search is used."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from pipeline.errors import StoreError

# The header holds title, citation and headings: a word there says what the passage is about.
HEADER_WEIGHT, TEXT_WEIGHT = 2.0, 1.0

# Words that stand in most questions and say nothing of their subject.
_STOP = """
a about after an and any are as at be been before but by can did do does for from had has have he
her his how i if in into is it its may me my of on or our she so than that the their them then there
they this to under was we were what when where which who whom why will with would you your
"""
STOP = frozenset(_STOP.split())

_TABLE = """
CREATE VIRTUAL TABLE IF NOT EXISTS passage_words USING fts5(
    header, text, content='passage', content_rowid='id',
    tokenize="porter unicode61 remove_diacritics 2")
"""
# Triggers keep the index in the same transaction as the passages, whoever writes them.
_ADD = "INSERT INTO passage_words(rowid, header, text) VALUES (new.id, new.header, new.text);"
_DROP = (
    "INSERT INTO passage_words(passage_words, rowid, header, text) "
    "VALUES ('delete', old.id, old.header, old.text);"
)
_TRIGGERS = (
    f"CREATE TRIGGER IF NOT EXISTS passage_added AFTER INSERT ON passage BEGIN {_ADD} END",
    f"CREATE TRIGGER IF NOT EXISTS passage_gone AFTER DELETE ON passage BEGIN {_DROP} END",
    "CREATE TRIGGER IF NOT EXISTS passage_reworded AFTER UPDATE OF header, text ON passage "
    f"BEGIN {_DROP} {_ADD} END",
)


def prepare(connection: Connection) -> None:
    """Create the index where it is absent; a database without one is filled from its passages."""
    if connection.dialect.name != "sqlite":
        raise StoreError(
            f"keyword search is written for SQLite; {connection.dialect.name} is not supported yet:"
            " leave index.database_url empty"
        )
    held = connection.execute(
        text("SELECT count(*) FROM sqlite_master WHERE name = 'passage_words'")
    ).scalar_one()
    if not held:
        connection.execute(text(_TABLE))
        for trigger in _TRIGGERS:
            connection.execute(text(trigger))
        rebuild(connection)


def rebuild(connection: Connection) -> None:
    """Derive the index again from the passages."""
    connection.execute(text("INSERT INTO passage_words(passage_words) VALUES ('rebuild')"))


def find(connection: Connection, query: str, limit: int) -> list[tuple[int, float]]:
    """Passage ids with their BM25 score (larger is better), the best first.

    Quoted phrases must occur; of the other words any may, and rare ones weigh more.
    """
    match = _match(query)
    if not match:
        return []
    rows = connection.execute(
        text(
            "SELECT rowid, bm25(passage_words, :header, :text) AS score FROM passage_words "
            "WHERE passage_words MATCH :match ORDER BY score, rowid LIMIT :limit"
        ),
        {"match": match, "limit": limit, "header": HEADER_WEIGHT, "text": TEXT_WEIGHT},
    )
    return [(row.rowid, -row.score) for row in rows]


def words(query: str) -> tuple[str, ...]:
    """The words of a query that say something of its subject, as typed."""
    found = re.findall(r"[^\W_]+", query)
    return tuple(word for word in found if word.lower() not in STOP)


def _match(query: str) -> str:
    phrases = [_quote(found) for found in re.findall(r'"([^"]*\w[^"]*)"', query)]
    loose = [_quote(word) for word in words(re.sub(r'"[^"]*"', " ", query))]
    if not phrases:
        return " OR ".join(loose)
    required = " AND ".join(phrases)
    # The phrases stand among the alternatives too: loose words then rank, and exclude nothing.
    return f"{required} AND ({' OR '.join([*phrases, *loose])})"


def _quote(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'
