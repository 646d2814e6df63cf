"""How the database's full-text search is asked; `index/indexed.py` makes what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from pipeline.query.words import stem, tokens

Numbers = NDArray[np.int64]

_TEXT = "{headnote body}"
_SAID = "{names title section headnote body}"  # keys are no words that stand beside others
BATCH = 200  # alternatives in one query
NONE: Numbers = np.empty(0, np.int64)


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
        _numbers(connection, " OR ".join(wanted[at : at + BATCH]))
        for at in range(0, len(wanted), BATCH)
    ]
    return np.unique(np.concatenate(found)) if found else NONE


def together(connection: Connection, sides: Sequence[Sequence[Sequence[str]]]) -> Numbers:
    """The ids of the passages whose text holds something of each side. In order."""
    if not sides or not all(any(side) for side in sides):
        return NONE
    if any(len(side) > BATCH for side in sides):
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


def _numbers(connection: Connection, match: str) -> Numbers:
    return _listed(connection, "SELECT rowid FROM passage_words WHERE passage_words MATCH ?", match)


def _listed(connection: Connection, query: str, asked: str) -> Numbers:
    counted = query.replace(" FROM", " AS number FROM", 1)
    grouped = f"SELECT group_concat(number) FROM ({counted})"  # noqa: S608 - a query of our own
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
