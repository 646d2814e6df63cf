"""What the keyword index says of a term: arrays, kept while the passages stay the same."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Select, func, select

from index import fulltext, passages, schema
from index.fulltext import Numbers
from index.kept import FILTERS, kept
from index.layout import order
from pipeline.query.model import Term
from pipeline.query.words import fold, key, tokens

Scores = NDArray[np.float32]
Rows = NDArray[np.int32]

# What one occurrence counts in each field, and how soon more of them, or a longer text, weigh less
# (Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009, 3.6).
WEIGHTS = {"names": 4.0, "title": 2.0, "section": 1.0, "headnote": 2.0, "body": 1.0, "keys": 1.0}
SATURATION, LENGTH = 1.2, 0.75

TERMS = 200  # of more the weightiest: nobody's question has as many
ROOM = 16_000_000  # rows of all postings that are kept: 128 MB
READ = 500  # passages whose texts are read at a time
SHORT = 2  # letters: of less, "A-B-", neighbours say nothing

_WEIGHT = np.zeros(128, np.float32)
for _field, _counts in WEIGHTS.items():
    _WEIGHT[ord(_field[0])] = _counts


@dataclass(frozen=True)
class Posting:
    """The passages that a term stands in, as rows of the layout in order, and what it adds to the
    score of each."""

    rows: Rows
    scores: Scores


@dataclass(frozen=True)
class Layout:
    """Which passages there are: ids in order, with their documents and lengths in words; and the
    rows of each source."""

    ids: Numbers
    documents: Numbers
    sizes: Numbers
    sources: Mapping[str, Rows]

    @cached_property
    def damping(self) -> Scores:
        """What a passage's length sets against how often a term stands in it."""
        mean = max(1.0, float(self.sizes.mean())) if len(self.sizes) else 1.0
        return (SATURATION * (1 - LENGTH + LENGTH * self.sizes / mean)).astype(np.float32)

    def rows(self, ids: Numbers) -> Rows:
        """The row of each of these passages, -1 where it has none."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int32)
        at = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, -1).astype(np.int32)


class Postings:
    """The postings of one state of the passages, each read when it is first asked for."""

    def __init__(self, connection: Connection) -> None:
        self.layout = _layout(connection)
        self._kept: OrderedDict[tuple[str, bool], Posting] = OrderedDict()
        self._size = 0
        self._lock = Lock()
        self._last: tuple[Sequence[Term], Scores] = (), _unwritable(np.zeros(len(self), np.float32))

    def __len__(self) -> int:
        return len(self.layout.ids)

    def scored(self, connection: Connection, terms: Sequence[Term]) -> Scores:
        """What each passage scores, row by row: the sum over terms of what each tells by its
        weight, nothing where a passage's document lacks what is demanded. A question asks for the
        same more than once: the last is kept."""
        last, every = self._last
        if last != tuple(terms):
            every = _unwritable(self._scored(connection, terms))
            self._last = tuple(terms), every
        return every

    def _scored(self, connection: Connection, terms: Sequence[Term]) -> Scores:
        documents = self.layout.documents
        every = np.zeros(len(self), np.float32)
        lacking = np.zeros(len(self), bool)
        said = [term for term in terms if any(tokens(term.words))]
        for term in sorted(said, key=lambda term: (not term.demanded, -term.weight))[:TERMS]:
            posting = self.posting(connection, term.words, exactly=term.demanded)
            every[posting.rows] += posting.scores * np.float32(term.weight)
            if term.demanded:
                lacking |= ~np.isin(documents, documents[posting.rows])
        every[lacking] = 0
        return every

    def posting(self, connection: Connection, words: str, *, exactly: bool = False) -> Posting:
        """Where a word stands, or words next to each other, or what is left whole; `exactly`: as
        they are spelled, which what is left whole always is."""
        with self._lock:
            if found := self._kept.get((words, exactly)):
                self._kept.move_to_end((words, exactly))
                return found
        found = (self._as_spelled if exactly else self._read)(connection, words)
        if not len(found.rows):  # it would keep what was typed, and is soon read again
            return found
        with self._lock:
            if (words, exactly) not in self._kept:  # two may have read it at once
                self._size += len(found.rows)
            self._kept[words, exactly] = found
            while self._size > ROOM and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest.rows)
        return found

    def _read(self, connection: Connection, words: str) -> Posting:
        parts = [token.word for token in tokens(words)]
        whole = key(words)
        if not whole:
            return self._weighed(*_stands(connection, parts))
        found = self._weighed(*fulltext.occurrences(connection, whole))
        if not _is_compound(parts):
            return found
        return _either(found, self._weighed(*_stands(connection, parts)), len(self))

    def _weighed(self, ids: Numbers, fields: Numbers) -> Posting:
        """BM25 over weighted fields: how telling a term is, and how often it stands in a text."""
        ids, at = np.unique(ids, return_inverse=True)
        often = np.bincount(at, _WEIGHT[fields], len(ids)).astype(np.float32)
        rows = self.layout.rows(ids)
        rows, often = rows[rows >= 0], often[rows >= 0]
        scores = often * (SATURATION + 1) / (often + self.layout.damping[rows])
        return Posting(rows, scores * _telling(len(rows), len(self)))

    def _as_spelled(self, connection: Connection, words: str) -> Posting:
        found = self.posting(connection, words)
        parts = [token.word for token in tokens(words)]
        if key(words) and not _is_compound(parts):
            return found
        spelled = self.layout.rows(fulltext.exactly(connection, parts))
        kept = np.isin(found.rows, spelled, assume_unique=True)
        if len(parts) > 1:
            kept[kept] = self._beside(connection, found.rows[kept], parts)
        return Posting(found.rows[kept], found.scores[kept])

    def _beside(self, connection: Connection, rows: Rows, parts: list[str]) -> NDArray[np.bool_]:
        """Which of these passages have the words next to each other, by their texts."""
        said = r"[\W_]+".join(map(re.escape, parts))
        phrase = re.compile(rf"(?<![^\W_]){said}(?![^\W_])")
        table, held = schema.passage, set[int]()
        ids = self.layout.ids[rows]
        for at in range(0, len(ids), READ):
            some = table.c.id.in_(ids[at : at + READ].tolist())
            query = select(table.c.id, table.c.header, table.c.text).where(some)
            for row in connection.execute(query):
                if phrase.search(fold(f"{row.header}\n{row.text}")):
                    held.add(row.id)
        return np.isin(ids, np.fromiter(held, np.int64, len(held)), assume_unique=True)


_held: WeakKeyDictionary[Engine, tuple[int, Postings]] = WeakKeyDictionary()


def postings(connection: Connection) -> Postings:
    """The postings of the passages as a connection sees them, shared by all who read the same."""
    if connection.get_execution_options().get("lexwatch_write", False):
        return Postings(connection)  # what is not committed may never be
    generation = passages.generation(connection)
    held = _held.get(connection.engine)
    if held is None or held[0] != generation:
        held = _held[connection.engine] = (generation, Postings(connection))
    return held[1]


def chosen(connection: Connection, documents: Select[Any]) -> Numbers:
    """The ids that a query of documents selects: what asks with one query again reads no more."""
    held: dict[Select[Any], Numbers] = kept(connection, "chosen")
    if documents not in held:
        (column,) = documents.subquery().c
        listed = connection.execute(select(func.group_concat(column))).scalar()
        found = np.fromstring(listed, np.int64, sep=",") if listed else fulltext.NONE
        if len(held) >= FILTERS:
            held.pop(next(iter(held)), None)
        held[documents] = found
        return found
    return held[documents]


def _layout(connection: Connection) -> Layout:
    known, document = order(connection), schema.document
    ids = np.flatnonzero(known.owners)
    documents = known.owners[ids]
    sizes = np.zeros(len(known.owners), np.int64)
    sizes[known.numbers] = known.sizes
    # In few rows of long lists: as many rows as there are documents take ten times as long.
    grouped = select(document.c.source, func.group_concat(document.c.id))
    sources = {}
    for name, listed in connection.execute(grouped.group_by(document.c.source)):
        own = known.mask(np.fromstring(listed, np.int64, sep=","))
        if own.any():
            sources[name] = np.flatnonzero(own[documents]).astype(np.int32)
    return Layout(ids, documents, sizes[ids], sources)


def _unwritable(scores: Scores) -> Scores:
    scores.flags.writeable = False
    return scores


def _is_compound(parts: list[str]) -> bool:
    """Whether what is left whole is also words next to each other: "stop-time", and no "I-130"."""
    return len(parts) > 1 and all(part.isalpha() and len(part) >= SHORT for part in parts)


def _stands(connection: Connection, parts: list[str]) -> tuple[Numbers, Numbers]:
    if len(parts) == 1:
        return fulltext.occurrences(connection, parts[0])
    return fulltext.beside(connection, parts)


def _telling(held: int, of: int) -> np.float32:
    """How much a term tells that so many passages hold: more than nothing, also where most do."""
    return np.float32(np.log1p((of - held + 0.5) / (held + 0.5)))


def _either(one: Posting, other: Posting, of: int) -> Posting:
    """Where either stands: two spellings of one term, which tells as much as both are rare."""
    rows = np.union1d(one.rows, other.rows)
    scores = np.zeros(len(rows), np.float32)
    for each in (one, other):
        at = np.searchsorted(rows, each.rows)
        share = _telling(len(rows), of) / _telling(len(each.rows), of)
        scores[at] = np.maximum(scores[at], each.scores * share)
    return Posting(rows, scores)
