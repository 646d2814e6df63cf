"""Gather the documents that may answer a question, with the evidence for each."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, select

from index import citing, keyword, schema
from index.kept import kept, these
from index.layout import Numbers, Order, order
from index.postings import chosen
from index.search.model import Meaning
from index.search.understanding import Understood
from pipeline.query.model import Asked, Term
from pipeline.query.words import terms as terms_of

# Of each source so many documents are looked at, by words and by meaning: a headnote of 65 words
# stands beside decisions, and not behind chapters that match in fifty places.
DOCUMENTS, PASSAGES = 20, 60
BEST = 3  # passages of a document that count
BESIDE = 0.5  # what a phrase of the thesaurus counts when its words stand apart, beside together

Scores = Mapping[int, float]  # by passage
Near = tuple[Numbers, Numbers]  # passages, the best first, and the document of each


@dataclass(frozen=True, kw_only=True)
class Best:
    """What a document's best passage scores, and its best three in the mean; of three that are not
    there each counts nothing."""

    first: float
    three: float


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A document that may answer, with its passages' scores: of the words asked for (`words`), of
    the question's row (`meaning`), and of that with the words of the law (`law`); None where it has
    none."""

    document: int
    source: str
    kind: str
    title: str
    published: date | None
    passages: int
    words: Best | None
    meaning: Best | None
    law: Best | None


def gather(
    connection: Connection,
    asked: Asked,
    understood: Understood,
    meaning: Meaning | None,
    *,
    documents: Select[Any] | None,
    also: Sequence[int] = (),
) -> tuple[Candidate, ...]:
    """The candidates of each source, of all documents or of those that `documents` selects; those
    in `also` are candidates whatever they say."""
    wanted = terms(asked, understood)
    near = None
    if understood.rows and meaning:
        among = None if documents is None else chosen(connection, documents)
        near = _beside().submit(meaning.nearest, np.stack(understood.rows), PASSAGES, among)
    lists: list[Mapping[str, Sequence[tuple[int, float]]]] = [
        keyword.find(connection, wanted, PASSAGES, documents),
        *(near.result() if near else ()),
    ]
    stands = order(connection)
    found = [[_owned(stands, near) for near in each.values()] for each in lists]
    if any(term.demanded for term in asked.terms):  # meaning knows nothing of what was quoted
        said = np.concatenate([stands.owners[:0], *(owners for _, owners in found[0])])
        found = [[_among(near, said) for near in each] for each in found]
    every = list(chain.from_iterable(found))
    picked = {number for _, owners in every for number in _firsts(owners)}
    passages = {
        number: owner
        for numbers, owners in every
        for number, owner in zip(numbers.tolist(), owners.tolist(), strict=True)
        if owner in picked
    }
    if others := [each for each in also if each not in picked]:
        openings = citing.openings(connection, others)
        passages |= {row.id: number for number, rows in openings.items() for row in rows}
    scored: list[Scores] = [keyword.scores(connection, wanted, passages)]
    if understood.rows and meaning:
        scored += meaning.similar(np.stack(understood.rows), passages)
    return tuple(_candidates(connection, stands, passages, [*scored, {}, {}][:3]))


@cache
def _beside() -> ThreadPoolExecutor:
    """Where meaning is asked while words are looked up: most of that is waiting for memory."""
    return ThreadPoolExecutor(thread_name_prefix="meaning")


if hasattr(os, "register_at_fork"):  # Windows copies no process
    os.register_at_fork(after_in_child=_beside.cache_clear)  # a copy has none of the threads


def terms(asked: Asked, understood: Understood) -> tuple[Term, ...]:
    """What is looked for by words: what was typed, and the words of the law beside it."""
    typed = {term.words.lower() for term in asked.terms}
    added: dict[str, float] = {}
    for expansion in understood.expansions:
        said = expansion.words
        added[said] = max(added.get(said, 0.0), expansion.weight)
        parts = [said[term.start : term.end] for term in terms_of(said)]
        for part in parts if len(parts) > 1 else ():
            added[part] = max(added.get(part, 0.0), BESIDE * expansion.weight)
    new = (Term(words=words, weight=weight) for words, weight in added.items())
    return (*asked.terms, *(term for term in new if term.words.lower() not in typed))


def _owned(stands: Order, near: Sequence[tuple[int, float]]) -> Near:
    """The passages with their documents, less those that came while it was asked."""
    numbers = np.fromiter((number for number, _ in near), np.int64, len(near))
    numbers = numbers[numbers < len(stands.owners)]
    return _among((numbers, stands.owners[numbers]))


def _among(near: Near, documents: Numbers | None = None) -> Near:
    """Those that stand in one of these documents; None: in any."""
    numbers, owners = near
    is_there = owners > 0 if documents is None else np.isin(owners, documents)
    return numbers[is_there], owners[is_there]


def _firsts(owners: Numbers) -> list[int]:
    """The documents of the best passages, as many as are looked at."""
    return list(dict.fromkeys(owners.tolist()))[:DOCUMENTS]


def _candidates(
    connection: Connection, stands: Order, passages: Mapping[int, int], scored: Sequence[Scores]
) -> Iterable[Candidate]:
    held: dict[int, list[int]] = defaultdict(list)
    for number, owner in passages.items():
        held[owner].append(number)
    known = facts(connection, held)
    for document in held.keys() & known.keys():
        words, meaning, law = (_best(held[document], scores) for scores in scored)
        row = known[document]
        yield Candidate(
            document=document,
            source=row.source,
            kind=row.kind,
            title=row.title,
            published=row.published_on,
            passages=max(1, int(stands.lengths[document])),
            words=words,
            meaning=meaning,
            law=law,
        )


def _best(passages: Iterable[int], scores: Scores) -> Best | None:
    top = sorted((scores[each] for each in passages if each in scores), reverse=True)[:BEST]
    return Best(first=top[0], three=sum(top) / BEST) if top else None


def facts(connection: Connection, documents: Collection[int]) -> Mapping[int, Row[Any]]:
    """What counts of these documents beside their words, read once for each and kept."""
    known = kept(connection, "candidates")
    if lacking := [number for number in documents if number not in known]:
        document, version = schema.document, schema.version
        query = (
            select(document, version.c.title, version.c.published_on)
            .join(version, version.c.id == document.c.current)
            .where(document.c.id.in_(these(lacking)))
        )
        known.update((row.id, row) for row in connection.execute(query))
    return known
