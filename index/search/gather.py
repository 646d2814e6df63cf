"""Gather the documents that may answer a question, with the evidence for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from index import citing, keyword, schema
from index.search.kept import kept
from index.search.model import Meaning
from index.search.order import Numbers, order
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
    owners = order(connection).owners
    found = [_by_document(each, owners) for each in lists]
    if any(term.demanded for term in asked.terms):  # meaning knows nothing of what was quoted
        said = set(chain.from_iterable(found[0].values()))
        found = [{name: [n for n in near if n in said] for name, near in f.items()} for f in found]
    chosen = {document for each in found for near in each.values() for document in near[:DOCUMENTS]}
    passages = {
        number: owner
        for each in lists
        for near in each.values()
        for number, _ in near
        if (owner := _owner(owners, number)) in chosen
    }
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


def _by_document(
    found: Mapping[str, Sequence[tuple[int, float]]], owners: Numbers
) -> dict[str, list[int]]:
    """The documents of each source, in the order of their best passages."""
    return {
        name: list(dict.fromkeys(filter(None, (_owner(owners, number) for number, _ in near))))
        for name, near in found.items()
    }


def _owner(owners: Numbers, number: int) -> int:
    """The document of a passage; 0 of one that came while it was asked."""
    return int(owners[number]) if number < len(owners) else 0


def _candidates(
    connection: Connection, passages: Mapping[int, int], scored: Sequence[Scores]
) -> Iterable[Candidate]:
    held: dict[int, list[int]] = defaultdict(list)
    for number, owner in passages.items():
        held[owner].append(number)
    lengths = order(connection).lengths
    facts = _facts(connection, held)
    for number in held.keys() & facts.keys():
        words, meaning, law = (
            {each: scores[each] for each in held[number] if each in scores} for scores in scored
        )
        row = facts[number]
        yield Candidate(
            document=number,
            source=row.source,
            kind=row.kind,
            title=row.title,
            published=row.published_on,
            passages=max(1, int(lengths[number])),
            words=words,
            meaning=meaning,
            law=law,
        )


def _facts(connection: Connection, documents: Collection[int]) -> Mapping[int, Row[Any]]:
    known = kept(connection, "candidates")
    if lacking := [number for number in documents if number not in known]:
        document, version = schema.document, schema.version
        query = (
            select(document, version.c.title, version.c.published_on)
            .join(version, version.c.id == document.c.current)
            .where(document.c.id.in_(lacking))
        )
        known.update((row.id, row) for row in connection.execute(query))
    return known
