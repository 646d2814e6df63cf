"""The keyword index: the one module that knows which database's full-text search is used."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import Connection, Float, Integer, Select, column, select, text

from index import schema
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

TERMS = 100  # of a longer query the first: nobody's question has more, and FTS5 limits their depth
_QUOTED = re.compile(r'"([^"]*)"')

_FOUND = text(
    "SELECT rowid AS id, bm25(passage_words, :header, :text) AS score FROM passage_words "
    "WHERE passage_words MATCH :match"
).columns(column("id", Integer), column("score", Float))
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


def is_ready(connection: Connection) -> bool:
    """Whether the index is there."""
    if connection.dialect.name != "sqlite":
        raise StoreError(
            f"keyword search is written for SQLite; {connection.dialect.name} is not supported yet:"
            " leave index.database_url empty"
        )
    held = connection.execute(
        text("SELECT count(*) FROM sqlite_master WHERE name = 'passage_words'")
    ).scalar_one()
    return bool(held)


def prepare(connection: Connection) -> None:
    """Create the index where it is absent; a database without one is filled from its passages."""
    if not is_ready(connection):
        connection.execute(text(_TABLE))
        for trigger in _TRIGGERS:
            connection.execute(text(trigger))
        rebuild(connection)


def rebuild(connection: Connection) -> None:
    """Derive the index again from the passages."""
    connection.execute(text("INSERT INTO passage_words(passage_words) VALUES ('rebuild')"))


def find(
    connection: Connection, query: str, limit: int, among: Select[Any] | None = None
) -> list[tuple[int, float]]:
    """Passage ids with their BM25 score (larger is better), the best first.

    Quoted phrases must occur; of the other words any may, and rare ones weigh more. `among` selects
    the ids of the documents to look in; None: all.
    """
    match = _match(query)
    if not match:
        return []
    found = _FOUND.cte("found")
    best = select(found.c.id, found.c.score)
    if among is not None:
        # SQLite would else ask the index anew for each passage of a filtered document.
        found = found.prefix_with("MATERIALIZED")
        passage = schema.passage
        best = select(found.c.id, found.c.score).join(passage, passage.c.id == found.c.id)
        best = best.where(passage.c.document_id.in_(among))
    best = best.order_by(found.c.score, found.c.id).limit(limit)
    asked = {"match": match, "header": HEADER_WEIGHT, "text": TEXT_WEIGHT}
    return [(row.id, -row.score) for row in connection.execute(best, asked)]


def words(query: str) -> tuple[str, ...]:
    """The words of a query that say something of its subject, as typed."""
    found = re.findall(r"[^\W_]+", query)
    return tuple(word for word in found if word.lower() not in STOP)


def phrases(query: str) -> tuple[str, ...]:
    """The phrases of a query that stand in quotation marks, which a passage must hold."""
    quoted = (re.findall(r"[^\W_]+", phrase) for phrase in _QUOTED.findall(_plain(query)))
    return tuple(" ".join(phrase) for phrase in quoted if phrase)


def _match(query: str) -> str:
    """The query in the index's own syntax, of which nothing that was typed can become part."""
    demanded = [f'"{phrase}"' for phrase in phrases(query)]
    loose = [f'"{word}"' for word in words(_QUOTED.sub(" ", _plain(query)))]
    alternatives = list(dict.fromkeys([*demanded, *loose]))[:TERMS]
    # The phrases stand among the alternatives too: loose words then rank, and exclude nothing.
    if not alternatives:
        return ""
    return " AND ".join([*demanded[:TERMS], f"({' OR '.join(alternatives)})"])


def _plain(query: str) -> str:
    """Composed letters, as the index has them, and straight quotation marks."""
    return re.sub("[“”„]", '"', unicodedata.normalize("NFC", query))
