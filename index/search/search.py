"""Search: one function behind the command line, the web pages and the alerts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select

from index import passages
from index.database import Database
from index.search import items
from index.search.channel import Brought
from index.search.counts import COUNTED, counts
from index.search.filter import allowed, notes
from index.search.model import Filters, Results
from index.search.results import hits
from index.search.standing import Viewpoint, viewpoint
from pipeline.query.model import Asked, Shape
from pipeline.query.shape import read

if TYPE_CHECKING:
    from index.search.understanding import Understanding

UNPLACED = (
    "run `lexwatch rebuild` once: until then /p and /s may miss what an older lexwatch cut within "
    "a paragraph, and headnotes weigh no more than other text"
)
LONGEST = 20_000  # characters of a query that are read: some seven pages of a client's story


def search(
    database: Database,
    understanding: Understanding,
    query: str,
    *,
    filters: Filters = Filters(),  # noqa: B008 - it is frozen
    limit: int = 10,
    today: date | None = None,
    counted: bool = True,
) -> Results:
    """Find authority; the query's shape decides how.

    A citation or an identifier is looked up: the document of that name first, then those that cite
    it. The name of a case brings what bears it, then what cites that. Terms and connectors bring
    what meets them, then, said so, what nearly does. A question, a client's story and plain words
    are ranked by words and by meaning, with what the thesaurus says that they stand for; only these
    ask the model. A forum orders, and hides nothing. `today` is when a rule's state is asked for;
    None: the last day on which anything was seen. Of a query as long as a document the beginning is
    read, and that is said. The counts are made where they are `counted`. Raises `QueryError` where
    terms and connectors can't be understood.
    """
    if not re.search(r"\w", query):
        return Results(hits=(), shape=Shape.QUESTION)
    # Half of a surrogate pair is no letter, and nothing that keeps text takes it.
    asked = read(query[:LONGEST].encode(errors="replace").decode())
    with database.read() as connection:
        documents = allowed(connection, filters, today)
        here = viewpoint(connection, filters.as_of or today, filters.forum)
        found = _brought(connection, asked, understanding, documents, limit=limit, here=here)
        expansions = found.understood.expansions if found.understood else ()
        told = replace(asked, expansions=expansions)
        return Results(
            hits=hits(connection, found.answers, told, filters, today),
            shape=asked.shape,
            notes=(
                *_cut(query),
                *filter(None, (understanding.lack,)),
                *asked.notes,
                *found.notes,
                *notes(filters),
                *_unplaced(connection),
            ),
            expanded=told.expansions,
            counts=(
                counts(connection, found.documents[:COUNTED], filters, today) if counted else {}
            ),
            documents=len(found.documents),
        )


def _cut(query: str) -> tuple[str, ...]:
    if len(query) <= LONGEST:
        return ()
    return (f"only the first {LONGEST:,} characters of what you typed were read",)


def _unplaced(connection: Connection) -> tuple[str, ...]:
    return (UNPLACED,) if passages.are_unplaced(connection) else ()


def _brought(
    connection: Connection,
    asked: Asked,
    understanding: Understanding,
    documents: Select[Any] | None,
    *,
    limit: int,
    here: Viewpoint,
) -> Brought:
    if asked.node is not None:
        # These two take numpy and what ranks: a citation is looked up before they have loaded.
        from index.search import connecting  # noqa: PLC0415

        return connecting.answer(connection, asked.node, documents, limit, here)
    found = Brought(answers=(), documents=())
    if asked.shape is Shape.CITATION:
        found = items.cited(connection, asked.citations[0], documents, limit, here)
    if not found.documents:
        named = items.named(connection, asked, documents, limit, here)
        found = replace(named, notes=(*found.notes, *named.notes))
    # A citation that is neither held nor cited is not guessed at: words bring something else.
    if asked.shape is Shape.CITATION or len(found.answers) >= limit:
        return found
    asks = asked.shape is Shape.QUESTION and not found.documents
    from index.search import question  # noqa: PLC0415 - as above

    by = understanding if asks else understanding.of_words
    rest = question.answer(connection, asked, by, documents, limit=limit, here=here)
    return _after(found, rest, limit)


def _after(first: Brought, rest: Brought, limit: int) -> Brought:
    """What was named, then what else its words bring."""
    known = set(first.documents)
    more = [answer for answer in rest.answers if answer.document not in known]
    return Brought(
        answers=(*first.answers, *more)[:limit],
        documents=(*first.documents, *(n for n in rest.documents if n not in known)),
        notes=(*first.notes, *rest.notes),
        understood=rest.understood,
    )
