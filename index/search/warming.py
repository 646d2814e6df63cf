"""What a service does before it is asked: read what questions want to know of every document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from index import schema
from index.database import Database
from index.kept import counted
from index.postings import postings
from index.search import counts, gather
from index.search.search import search
from index.search.standing import standing, viewpoint
from index.search.understanding import Understanding
from pipeline.query.thesaurus import Thesaurus
from pipeline.query.words import terms

# One of each shape; whether anything answers does not matter.
SHAPES = (
    "8 CFR 208.13",
    "EO 13767",
    "27 I&N Dec. 316",
    "Matter of Doe",
    "asylum /p bar!",
    "asylum",
    "does 8 CFR 208.13 apply to withholding",
)


def warm(database: Database, understanding: Understanding, today: date | None = None) -> None:
    """Read the model, the thesaurus and the vectors, where the thesaurus's words stand, and of
    every document what is asked of those that may answer.

    It is kept until something is written: then it is worth doing again. `today` as in
    `index.search.search`.
    """
    with database.read() as connection:
        here = viewpoint(connection, today)
        every = connection.execute(select(schema.document.c.id)).scalars().all()
        standing(connection, every, here)
        counts.facts(connection, every, here.day)
        gather.facts(connection, every)
        held = postings(connection)
        for words in dict.fromkeys(_spoken(understanding.thesaurus)):
            held.posting(connection, words)
    for query in 2 * SHAPES:  # what is read whole is read when it is asked for again
        search(database, understanding, query, today=today)


def written(database: Database) -> int | None:
    """How often was written, by whomever of us: where it is the same, what was read is still good.
    None of a database that doesn't count."""
    with database.read() as connection:
        return counted(connection)


def _spoken(thesaurus: Thesaurus) -> Iterator[str]:
    """What questions are turned into, the thesaurus's terms; and of its lay phrases the words."""
    yield from thesaurus.said
    for phrase in (*thesaurus.said, *thesaurus.lay):
        yield from (phrase[term.start : term.end] for term in terms(phrase))
