"""Answer a query that names something: a citation, a number, a case, a title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select

from index import citing
from index.search import names
from index.search.channel import Brought
from index.search.lookup import citers, holders
from index.search.model import Answer
from index.search.names import Named
from index.search.results import SHOWN
from pipeline.model import Citation
from pipeline.query.model import Asked, Shape

MOST = 500  # documents that are counted


def cited(
    connection: Connection, citation: Citation, documents: Select[Any] | None, limit: int
) -> Brought:
    """The document of that name, then those that cite it; what must be said where it isn't shown.
    No document where nothing is held of it."""
    canonical = citation.canonical
    held = holders(connection, [canonical], None)
    left = holders(connection, [canonical], documents)
    others = citers(connection, [canonical], documents, MOST)
    why = {number: (f"is {canonical}",) for number in left}
    why |= {number: (f"cites {canonical}",) for number in others if number not in held}
    note: tuple[str, ...] = ()
    if not left:
        is_held = "is held, but outside what was asked for" if held else "is not held"
        note = (f"{canonical} itself {is_held}",)
    shown = list(why)[:limit]
    passages = _passages(connection, shown, [canonical])
    answers = [_answer(number, passages[number], why[number]) for number in shown]
    return Brought(answers=answers, documents=tuple(why), notes=note)


def named(
    connection: Connection, asked: Asked, documents: Select[Any] | None, limit: int
) -> Brought:
    """What bears the name that is asked for, then those that cite it; no document where nothing
    does."""
    found = names.titled(connection, asked.text, documents)
    if not found and asked.shape is not Shape.QUESTION:
        found = names.cases(connection, asked.text, documents)
    if not found:
        return Brought(answers=(), documents=())
    numbers = [each.document for each in found]
    canonicals = citing.canonicals(connection, numbers)
    others = citers(connection, canonicals, documents, MOST)
    why = {each.document: (_why(each, found),) for each in found}
    why |= {number: ("cites what bears this name",) for number in others if number not in why}
    shown = list(why)[:limit]
    passages = _passages(connection, shown, canonicals)
    answers = [_answer(number, passages[number], why[number]) for number in shown]
    note = ("nothing held is named just so: these are named nearly so",) if found[0].is_near else ()
    return Brought(answers=answers, documents=tuple(why), notes=note)


def _why(each: Named, found: Sequence[Named]) -> str:
    if each.is_near:
        return "is named nearly so"
    if len(found) > 1:
        return f"has this name, as {len(found)} documents do; the newest first"
    return "has this name"


def _passages(
    connection: Connection, documents: Sequence[int], canonicals: Sequence[str]
) -> Mapping[int, tuple[int, ...]]:
    """Where each cites one of the names; the opening of one that doesn't."""
    rows = citing.openings(connection, documents)
    for canonical in canonicals:
        rows |= citing.passages(connection, documents, canonical, SHOWN)
    return {number: tuple(row.id for row in held) for number, held in rows.items()}


def _answer(document: int, passages: tuple[int, ...], why: tuple[str, ...]) -> Answer:
    return Answer(document=document, passages=passages, score=1.0, why=why)
