"""The one module that knows which database's full-text search is used, and how it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from pipeline.errors import StoreError
from pipeline.query.words import stem, tokens

Numbers = NDArray[np.int64]

# A passage's fields, told apart by their first letters: the names that its document goes by, its
# title, the headings it stands under, its words (of a headnote, or other), and the keys of what it
# cites.
FIELDS = ("names", "title", "section", "headnote", "body", "keys")
_TEXT = "{headnote body}"
_SAID = "{names title section headnote body}"  # keys are no words that stand beside others

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
AT_ONCE = 200  # alternatives in one query
NONE: Numbers = np.empty(0, np.int64)


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


def holding(
    connection: Connection, phrases: Iterable[Sequence[str]], *, headers: bool = True
) -> Numbers:
    """The ids of all passages that hold any of these words, or of words that stand next to each
    other, stemmed; `headers` false: in the text itself. A word alone is also looked for among the
    keys: "nonimmigrant" is "non-immigrant", there also of headings. In order."""
    fields = _SAID if headers else _TEXT
    wanted = [
        f"{fields[:-1]} keys}}: {_quoted(each[0])}"
        if len(each) == 1
        else f"{fields}: {_quoted(' '.join(each))}"
        for each in phrases
        if each
    ]
    found = [
        _numbers(connection, " OR ".join(wanted[at : at + AT_ONCE]))
        for at in range(0, len(wanted), AT_ONCE)
    ]
    return np.unique(np.concatenate(found)) if found else NONE


def together(connection: Connection, sides: Sequence[Sequence[Sequence[str]]]) -> Numbers:
    """The ids of the passages whose text holds something of each side. In order."""
    if not sides or not all(any(side) for side in sides):
        return NONE
    if any(len(side) > AT_ONCE for side in sides):
        found = [holding(connection, side, headers=False) for side in sides]
        return _common(found)
    wanted = " AND ".join(f"({_any(side)})" for side in sides)
    return _numbers(connection, f"{_TEXT}: ({wanted})")


def exactly(connection: Connection, words: Iterable[str]) -> Numbers:
    """The ids of the passages that hold each of these words as it is spelled, in header or text,
    wherever; folded words, as `pipeline.query.words` has them."""
    wanted = " AND ".join(f'"{token.word}"' for word in words for token in tokens(word))
    if not wanted:
        return NONE
    return _listed(
        connection, "SELECT rowid FROM passage_spelled WHERE passage_spelled MATCH ?", wanted
    )


def spelled(connection: Connection, start: str, limit: int) -> tuple[str, ...]:
    """The words of the vocabulary, as they are spelled, that begin with `start` (a folded word), in
    alphabetical order."""
    query = "SELECT term FROM passage_spelling WHERE term >= ? AND term < ? ORDER BY term LIMIT ?"
    asked = (start, f"{start}\U0010ffff", limit)
    return tuple(term for (term,) in connection.exec_driver_sql(query, asked))


def occurrences(connection: Connection, word: str) -> tuple[Numbers, Numbers]:
    """Where a word stands, stemmed: for each time the passage's id, and the first letter of the
    field as a number."""
    # One text of numbers is read twenty times as fast as that many rows.
    query = "SELECT doc * 128 + unicode(col) FROM passage_stem WHERE term = ?"
    found = _listed(connection, query, stem(word))
    return found >> 7, found & 127


def beside(connection: Connection, words: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Where words stand next to each other, stemmed: each passage once, with the first letter of
    the weightiest field that has them."""
    phrase = _quoted(" ".join(words))
    every = _numbers(connection, f"{_SAID}: {phrase}")
    fields = np.full(len(every), ord("b"), np.int64)
    if len(every):
        for group in ("section headnote", "names title"):
            above = _numbers(connection, f"{{{group}}}: {phrase}")
            fields[np.isin(every, above, assume_unique=True)] = ord(group[0])
    return every, fields


def _fill(connection: Connection) -> None:
    connection.exec_driver_sql(
        f"INSERT INTO passage_words({_COLUMNS}) SELECT {_VALUES.format(row='passage')} FROM passage"
    )
    connection.exec_driver_sql(
        "INSERT INTO passage_spelled(rowid, said)"
        f" SELECT {_SPELLED.format(row='passage')} FROM passage"
    )


def _numbers(connection: Connection, match: str) -> Numbers:
    return _listed(connection, "SELECT rowid FROM passage_words WHERE passage_words MATCH ?", match)


def _listed(connection: Connection, query: str, asked: str) -> Numbers:
    grouped = f"SELECT group_concat(number) FROM ({query.replace(' FROM', ' AS number FROM', 1)})"
    listed = connection.exec_driver_sql(grouped, (asked,)).scalar()
    return np.fromstring(listed, dtype=np.int64, sep=",") if listed else NONE


def _common(found: Sequence[Numbers]) -> Numbers:
    common, *others = sorted(found, key=len)
    for other in others:
        common = np.intersect1d(common, other, assume_unique=True)
    return common


def _any(phrases: Iterable[Sequence[str]]) -> str:
    return " OR ".join(_quoted(" ".join(phrase)) for phrase in phrases if phrase)


def _quoted(words: str) -> str:
    """Words in the index's own syntax, of which nothing that was typed can become part."""
    return f'"{" ".join(token.word for token in tokens(words))}"'
