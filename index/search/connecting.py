"""Answer terms and connectors: what meets them, then, said so, what nearly does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from index import keyword, schema
from index.search import connected
from index.search.channel import Brought
from index.search.model import Answer
from index.search.results import SHOWN
from index.search.standing import Viewpoint, standing
from pipeline.query.misses import lacks, loosened
from pipeline.query.model import Term
from pipeline.query.tree import Node

ORDERED = 50  # of what meets the tree, how many are ordered by whom they bind
LOOKED_AT = 60  # passages of each source among which what nearly meets the tree is looked for


def answer(
    connection: Connection,
    node: Node,
    documents: Select[Any] | None,
    limit: int,
    here: Viewpoint | None = None,
) -> Brought:
    """What meets a tree, the best first, what binds in the forum before what says as much; where
    that is less than `limit`, then what has most of its words, each with what it lacks. Only what
    meets it is counted."""
    met = connected.find(
        connection, node, max(limit, ORDERED) if here and here.forum else limit, documents
    )
    answers = _binding_first(connection, met.answers, here)[:limit]
    held = set(met.documents)
    missing = limit - len(answers)
    near: Sequence[Answer] = ()
    if missing > 0:
        terms = loosened(node, met.expanded)
        near = _near(connection, node, terms, documents, held)[:missing]
    told = [f"{word} stands for {', '.join(forms)}" for word, forms in met.expanded.items()]
    count = f"{len(held)} document{' meets' if len(held) == 1 else 's meet'} every term"
    below = "; what follows does not, and says what it lacks" if near else ""
    return Brought(
        answers=(*answers, *near),
        documents=met.documents,
        notes=(f"{count}{below}", *told, *met.notes),
    )


def _binding_first(
    connection: Connection, answers: Sequence[Answer], here: Viewpoint | None
) -> Sequence[Answer]:
    """By score, each counting as much as it binds; what was undone or has ended behind the rest."""
    if here is None or here.forum is None:
        return answers
    stands = standing(connection, [each.document for each in answers], here)
    gone, counted = stands.gone, stands.binding

    def place(each: Answer) -> tuple[bool, float]:
        return each.document in gone, -each.score * counted.get(each.document, 1.0)

    return sorted(answers, key=place)


def _near(
    connection: Connection,
    node: Node,
    terms: Sequence[Term],
    documents: Select[Any] | None,
    held: Collection[int],
) -> list[Answer]:
    """What has most of the words, the fewest lacks first."""
    found = keyword.find(connection, terms, LOOKED_AT, documents)
    scores = {number: score for near in found.values() for number, score in near}
    passages = _by_document(connection, scores)
    best = {
        document: max(scores[number] for number in numbers)
        for document, numbers in passages.items()
        if document not in held
    }
    chosen = sorted(best, key=lambda document: (-best[document], document))[:LOOKED_AT]
    lacking = {document: lacks(node, text) for document, text in _texts(connection, chosen).items()}
    chosen.sort(key=lambda document: len(lacking[document]))
    return [
        Answer(
            document=document,
            passages=tuple(sorted(passages[document], key=lambda each: -scores[each]))[:SHOWN],
            score=best[document],
            why=_why(lacking[document]),
        )
        for document in chosen
    ]


def _why(lacking: Sequence[str]) -> tuple[str, ...]:
    return (f"nearly meets it: lacks {'; '.join(lacking)}",) if lacking else ("nearly meets it",)


def _by_document(connection: Connection, passages: Iterable[int]) -> dict[int, list[int]]:
    table = schema.passage
    query = select(table.c.id, table.c.document_id).where(table.c.id.in_(list(passages)))
    found: dict[int, list[int]] = defaultdict(list)
    for number, document in connection.execute(query):
        found[document].append(number)
    return found


def _texts(connection: Connection, documents: Sequence[int]) -> dict[int, str]:
    """All that each document says, its header on a line of its own."""
    table = schema.passage
    query = select(table.c.document_id, table.c.header, table.c.text)
    lines: dict[int, list[str]] = {document: [] for document in documents}
    chosen = query.where(table.c.document_id.in_(documents)).order_by(table.c.ordinal)
    for document, header, text in connection.execute(chosen):
        lines[document] += [header, text]
    return {document: "\n".join(said) for document, said in lines.items()}
