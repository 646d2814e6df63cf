"""Gather the documents that may answer a question, with the evidence for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from index import citing, keyword, schema
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


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A document that may answer. `words`, `meaning` and `law` are its passages' scores by id: of
    the words asked for, of the question's row, and of that with the words of the law."""

    document: int
    source: str
    kind: str
    title: str
    published: date | None
    passages: int
    words: Scores
    meaning: Scores
    law: Scores

    def best(self) -> tuple[int, ...]:
        """Its passages, the best first, by the sum of their shares in each sort of evidence."""
        total: dict[int, float] = defaultdict(float)
        for scores in (self.words, self.meaning, self.law):
            top = max(scores.values(), default=0.0) or 1.0
            for passage, score in scores.items():
                total[passage] += score / top
        return tuple(sorted(total, key=lambda passage: (-total[passage], passage)))


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
    lists: list[Mapping[str, Sequence[tuple[int, float]]]] = [
        keyword.find(connection, wanted, PASSAGES, documents)
    ]
    among = None
    if understood.rows and meaning:
        if documents is not None:
            among = connection.execute(documents).scalars().all()
        lists += [meaning.nearest(row, PASSAGES, among) for row in understood.rows]
    owners = _owners(connection, {number for found in lists for number in _numbers(found)})
    if any(term.demanded for term in asked.terms):  # meaning knows nothing of what was quoted
        held = {owners[number] for number in _numbers(lists[0]) if number in owners}
        owners = {number: owner for number, owner in owners.items() if owner in held}
    chosen = {document for found in lists for document in _first(found, owners)}
    passages = {number: owner for number, owner in owners.items() if owner in chosen}
    openings = citing.openings(connection, [each for each in also if each not in chosen])
    passages |= {row.id: number for number, rows in openings.items() for row in rows}
    scored: list[Scores] = [keyword.scores(connection, wanted, passages)]
    if meaning:
        scored += [meaning.similar(row, passages) for row in understood.rows or ()]
    return tuple(_candidates(connection, passages, [*scored, {}, {}][:3]))


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


def _numbers(found: Mapping[str, Sequence[tuple[int, float]]]) -> Iterable[int]:
    return (number for near in found.values() for number, _ in near)


def _first(
    found: Mapping[str, Sequence[tuple[int, float]]], owners: Mapping[int, int]
) -> Iterable[int]:
    """The first documents of each source."""
    for near in found.values():
        every = dict.fromkeys(owners[number] for number, _ in near if number in owners)
        yield from list(every)[:DOCUMENTS]


def _owners(connection: Connection, passages: Collection[int]) -> dict[int, int]:
    table = schema.passage
    query = select(table.c.id, table.c.document_id).where(table.c.id.in_(passages))
    return {row.id: row.document_id for row in connection.execute(query)}


def _candidates(
    connection: Connection, passages: Mapping[int, int], scored: Sequence[Scores]
) -> Iterable[Candidate]:
    held: dict[int, list[int]] = defaultdict(list)
    for number, owner in passages.items():
        held[owner].append(number)
    document, version, passage = schema.document, schema.version, schema.passage
    sizes = (
        select(passage.c.document_id, func.count().label("passages"))
        .where(passage.c.document_id.in_(held))
        .group_by(passage.c.document_id)
        .subquery()
    )
    query = (
        select(document, version.c.title, version.c.published_on, sizes.c.passages)
        .join(version, version.c.id == document.c.current)
        .join(sizes, sizes.c.document_id == document.c.id)
    )
    for row in connection.execute(query):
        words, meaning, law = (
            {each: scores[each] for each in held[row.id] if each in scores} for scores in scored
        )
        yield Candidate(
            document=row.id,
            source=row.source,
            kind=row.kind,
            title=row.title,
            published=row.published_on,
            passages=row.passages,
            words=words,
            meaning=meaning,
            law=law,
        )
