"""Answer a query that names something: a citation, a number, a case, a title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select

from index import citing
from index.called import Called
from index.search import apart, names
from index.search.channel import Brought
from index.search.lookup import among, citers, holders
from index.search.model import Answer
from index.search.names import Cases, Named
from index.search.results import SHOWN
from index.search.standing import Viewpoint, binding_first
from pipeline.model import Citation
from pipeline.query.model import Asked, Shape

MOST = 500  # documents that are counted
SHORT, NARROW = 4, 80  # words and characters of a query that may be a party's name alone
TOLD = 3  # cases of one name that are not held, and are told of


def cited(
    connection: Connection,
    citation: Citation,
    documents: Select[Any] | None,
    limit: int,
    here: Viewpoint | None = None,
) -> Brought:
    """The document of that name, then those that cite it, what binds in the forum first; what must
    be said where it isn't shown. No document where nothing is held of it."""
    canonical = citation.canonical
    held = holders(connection, [canonical], None)
    left = among(connection, held, documents)
    others = binding_first(connection, citers(connection, [canonical], documents, MOST), here)
    why = dict.fromkeys(left, (f"is {canonical}",))
    why |= {number: (f"cites {canonical}",) for number in others if number not in held}
    note: tuple[str, ...] = ()
    if not left:
        is_held = "is held, but outside what was asked for" if held else "is not held"
        note = (f"{canonical} itself {is_held}",)
    return _brought(connection, why, [canonical], note, limit)


def named(
    connection: Connection,
    asked: Asked,
    documents: Select[Any] | None,
    limit: int,
    here: Viewpoint | None = None,
) -> Brought:
    """What bears the name that is asked for, what the query means by it first, then those that cite
    it; no document where nothing does."""
    query, court = apart.parted(asked.text)
    found = _found(connection, asked, query)
    if not found:
        is_name = asked.shape is Shape.NAME
        notes = (f"nothing held bears the name {query.strip()}, or cites it",) if is_name else ()
        return Brought(answers=(), documents=(), notes=notes)
    meant = apart.meant(connection, found, court)
    left = names.among(connection, found, documents)
    first = {each.document for each in meant.held}
    held = sorted(left.held, key=lambda each: each.document not in first)
    canonicals = _canonicals(connection, meant or found)
    others = binding_first(connection, citers(connection, canonicals, documents, MOST), here)
    why = {each.document: (_why(each, found, meant, court),) for each in held}
    own = {each.document for each in found.held}
    cites = "cites what is named nearly so" if found.is_near else "cites what bears this name"
    why |= {number: (cites,) for number in others if number not in own}
    told = tuple(_notes(found, meant, left, court))
    return _brought(connection, why, canonicals, told, limit)


def _found(connection: Connection, asked: Asked, query: str) -> Cases:
    """The cases named; else whatever else has that title; else what is named nearly so."""
    if asked.shape is Shape.NAME:
        found = names.cases(connection, query)
        if found and found.words.split() == query.split():
            return found
        # What is left may be of the name, misspelt, and not what is asked of the case.
        closer = names.titled(connection, query) or names.near(connection, query, whole=True)
        return closer or found or names.near(connection, query)
    found = names.titled(connection, query)
    if found or not 1 <= len(query.split()) <= SHORT or len(query) > NARROW:
        return found
    found = names.alone(connection, query)
    is_one = len(query.split()) == 1  # which is a word of a name less often than a word
    return found if found or is_one else names.near(connection, query, whole=True)


def _canonicals(connection: Connection, found: Cases) -> tuple[str, ...]:
    """What the cases are cited by."""
    own = citing.canonicals(connection, [each.document for each in found.held])
    return (*own, *(each.canonical for each in found.cited))


def _why(each: Named, found: Cases, meant: Cases, court: str) -> str:
    if found.is_near:
        return "is named nearly so"
    if each in meant.held:
        return "has this name and court" if court else "is called so in texts that are held"
    if meant:
        return "has this name, and is another decision"
    if len(found.held) > 1:
        return f"has this name, as {len(found.held)} documents do; the newest first"
    return "has this name"


def _notes(found: Cases, meant: Cases, left: Cases, court: str) -> Iterator[str]:
    if found.is_near:
        yield "nothing held is named just so: these are named nearly so"
    if len(left.held) < len(found.held):
        yield f"{found.words} itself is held, but outside what was asked for"
    if not meant and (apart.numeral(found.words) or court):
        yield f"which of this name is {court or found.words} is not stated in what is held"
    is_told = all(each.canonical for each in found.held)  # else it may be the one that is held
    for each in (meant.cited or (() if meant else found.cited))[: TOLD if is_told else 0]:
        yield f"{_spelled(each)} itself is not held"


def _spelled(case: Called) -> str:
    court = f" ({case.court})" if case.court else ""
    return f"{case.name}, {case.canonical}{court}"


def _brought(
    connection: Connection,
    why: Mapping[int, tuple[str, ...]],
    canonicals: Sequence[str],
    notes: tuple[str, ...],
    limit: int,
) -> Brought:
    shown = list(why)[:limit]
    passages = _passages(connection, shown, canonicals)
    answers = [
        Answer(document=number, passages=passages.get(number, ()), score=1.0, why=why[number])
        for number in shown
    ]
    return Brought(answers=answers, documents=tuple(why), notes=notes)


def _passages(
    connection: Connection, documents: Sequence[int], canonicals: Sequence[str]
) -> Mapping[int, tuple[int, ...]]:
    """Where each cites one of the names; the opening of one that doesn't."""
    rows = citing.openings(connection, documents)
    for canonical in canonicals:
        rows |= citing.passages(connection, documents, canonical, SHOWN)
    return {number: tuple(row.id for row in held) for number, held in rows.items()}
