"""Search: one function behind the command line, the web pages and the alerts."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from index import citing, keyword, schema, store
from index.database import Database
from index.search.counts import counts
from index.search.filter import allowed as left
from index.search.filter import notes as told
from index.search.model import Answer, Filters, Results
from index.search.results import SHOWN, hits
from pipeline import cite
from pipeline.legible import legible
from pipeline.query.model import Asked, Shape

CANDIDATES = 200  # passages taken from each side before they are fused
RANK = 60  # reciprocal rank fusion's constant (Cormack, Clarke and Büttcher, SIGIR 2009)
TITLE = 1_000  # characters of a title that the database compares

# "Matter of" and "In re" name the same case; so does the name alone.
_MATTER = re.compile(r"^(?:(?:in the )?matter of|in re:?)\s", re.IGNORECASE)


class Nearest(Protocol):
    """`Vectors.nearest`: passage digests with their similarity, of all passages or of `among`."""

    def __call__(
        self, query: str, limit: int, among: Collection[str] | None, /
    ) -> list[tuple[str, float]]: ...


def search(
    database: Database,
    nearest: Nearest | None,
    query: str,
    *,
    filters: Filters = Filters(),  # noqa: B008 - it is frozen
    limit: int = 10,
    today: date | None = None,
) -> Results:
    """Find authority.

    A query that is itself a citation or an identifier is looked up: the document of that name
    first, then those that cite it, the most often first. Anything else is ranked by words and by
    meaning, after the documents that bear it as their title: `nearest` is asked only then, None
    ranks by words alone. `today` is when a rule's state is asked for; None: on the last day on
    which anything was seen.
    """
    named = cite.lookup(query)
    asked = Asked(text=query, shape=Shape.CITATION if named else Shape.QUESTION)
    if not re.search(r"\w", query):
        return Results(hits=(), shape=asked.shape)
    note: tuple[str, ...] = ()
    with database.read() as connection:
        allowed = left(connection, filters, today)
        if named:
            looked_up, note = _look_up(connection, named.canonical, allowed, limit)
            if looked_up:
                return _results(connection, looked_up, asked, filters, today, note)
        titled = _titled(connection, query, allowed, limit)
        words = keyword.ranked(connection, keyword.typed(query), CANDIDATES, allowed)
        among = _among(connection, query, words, allowed) if nearest is not None else set()
    meaning = [] if nearest is None or among == set() else nearest(query, CANDIDATES, among)
    with database.read() as connection:
        known = {answer.document for answer in titled}
        ranked = _fuse(connection, words, meaning, allowed)
        rest = [answer for answer in ranked if answer.document not in known]
        first = [*titled, *rest][:limit]
        return _results(connection, first, asked, filters, today, note)


def _results(  # noqa: PLR0917 - what is known of one search
    connection: Connection,
    answers: Sequence[Answer],
    asked: Asked,
    filters: Filters,
    today: date | None,
    note: tuple[str, ...],
) -> Results:
    return Results(
        hits=hits(connection, answers, asked, filters, today),
        shape=asked.shape,
        notes=(*note, *told(filters)),
        counts=counts(connection, [answer.document for answer in answers], filters, today),
        documents=len(answers),
    )


def _look_up(
    connection: Connection, canonical: str, allowed: Select[Any] | None, limit: int
) -> tuple[list[Answer], tuple[str, ...]]:
    """The document of that name and those that cite it; and what to say where it is not shown."""
    held = [number for number, _ in store.find_documents(connection, canonical)]
    table, citation = schema.document, schema.citation
    documents = _current(allowed)
    named = set(connection.execute(documents.where(table.c.id.in_(held))).scalars())
    # Who cites it most has most to say of it; among equals the newest comes first.
    others = (
        documents.join(citation, citation.c.version_id == table.c.current)
        .where(citing.named(connection, (canonical,)), table.c.id.not_in(held))
        .group_by(table.c.id)
        .order_by(None)
        .order_by(func.count().desc(), *_newest())
        .limit(limit)
    )
    note: tuple[str, ...] = ()
    if not named:
        left_out = "is held, but outside what was asked for" if held else "is not held"
        note = (f"{canonical} itself {left_out}",)
    reasons: dict[int, tuple[str, ...]] = {
        number: (f"is {canonical}",) for number in held if number in named
    }
    reasons |= dict.fromkeys(connection.execute(others).scalars(), (f"cites {canonical}",))
    wanted = list(reasons)[:limit]
    passages = citing.openings(connection, wanted)
    passages |= citing.passages(connection, wanted, canonical, SHOWN)
    answers = [_known(number, passages[number], reasons[number]) for number in wanted]
    return answers, note


def _current(allowed: Select[Any] | None) -> Select[Any]:
    """Numbers of documents, the newest first; what states no date is last."""
    document, version = schema.document, schema.version
    query = (
        select(document.c.id).join(version, version.c.id == document.c.current).order_by(*_newest())
    )
    return query if allowed is None else query.where(document.c.id.in_(allowed))


def _newest() -> tuple[ColumnElement[Any], ...]:
    version = schema.version
    return version.c.published_on.desc().nulls_last(), version.c.id.desc()


def _titled(
    connection: Connection, query: str, allowed: Select[Any] | None, limit: int
) -> list[Answer]:
    """The documents whose title the query is, whatever its case and punctuation."""
    asked = _name(query)
    if not asked:
        return []
    title = schema.version.c.title
    # The database narrows, we compare: SQLite knows no case but ASCII's, and no pattern of 50 kB.
    pattern = re.sub(r"[^ -~]", "_", ("%" + "%".join(asked))[:TITLE]) + "%"
    rows = connection.execute(_current(allowed).add_columns(title).where(title.ilike(pattern)))
    numbers = [row.id for row in rows if _name(row.title) == asked]
    why = ("has this title",)
    if len(numbers) > 1:
        why = (f"has this title, as {len(numbers)} documents do; the newest first",)
    openings = citing.openings(connection, numbers[:limit])
    return [_known(number, openings[number], why) for number in numbers[:limit]]


def _known(document: int, rows: Sequence[Row[Any]], why: tuple[str, ...]) -> Answer:
    """What was asked for by name, or cites that: these stand in an order of their own."""
    passages = tuple(row.id for row in rows)
    return Answer(document=document, passages=passages, score=1.0, why=why)


def _name(title: str) -> tuple[str, ...]:
    plain = _MATTER.sub("", legible(title).text.strip(), count=1)
    return tuple(re.findall(r"[^\W_]+", plain.lower()))


def _among(
    connection: Connection,
    query: str,
    words: Sequence[tuple[int, float]],
    allowed: Select[Any] | None,
) -> set[str] | None:
    """The digests that meaning may rank, None for all: what is quoted is demanded of these too."""
    passage = schema.passage
    digests = select(passage.c.digest)
    if any(term.demanded for term in keyword.typed(query)):
        digests = digests.where(passage.c.id.in_([number for number, _ in words]))
    elif allowed is not None:
        digests = digests.where(passage.c.document_id.in_(allowed))
    else:
        return None
    return set(connection.execute(digests).scalars())


def _fuse(
    connection: Connection,
    words: Sequence[tuple[int, float]],
    meaning: Sequence[tuple[str, float]],
    allowed: Select[Any] | None,
) -> list[Answer]:
    """Reciprocal rank fusion of passages; a document stands where its best passage does."""
    numbers, digests = [number for number, _ in words], [digest for digest, _ in meaning]
    rows = _rows(connection, numbers, digests, allowed)
    alike: dict[str, list[int]] = {}
    for row in rows.values():
        alike.setdefault(row.digest, []).append(row.id)
    scores: dict[int, float] = {}
    ways: dict[int, dict[str, None]] = {}
    sides = {
        "words": [number for number in numbers if number in rows],
        "meaning": [number for digest in digests for number in alike.get(digest, [])],
    }
    for way, ranked in sides.items():
        for rank, number in enumerate(ranked, 1):
            scores[number] = scores.get(number, 0.0) + 1.0 / (RANK + rank)
            ways.setdefault(rows[number].document_id, {})[f"matched by {way}"] = None
    best: dict[int, list[int]] = {}
    for number in sorted(scores, key=lambda number: (-scores[number], number)):
        best.setdefault(rows[number].document_id, []).append(number)
    return [
        Answer(
            document=document,
            passages=tuple(numbers[:SHOWN]),
            score=scores[numbers[0]],
            why=tuple(ways[document]),
        )
        for document, numbers in best.items()
    ]


def _rows(
    connection: Connection,
    numbers: Sequence[int],
    digests: Sequence[str],
    allowed: Select[Any] | None,
) -> dict[int, Row[Any]]:
    table = schema.passage
    query: Select[Any] = select(table).where(table.c.id.in_(numbers) | table.c.digest.in_(digests))
    if allowed is not None:
        query = query.where(table.c.document_id.in_(allowed))
    return {row.id: row for row in connection.execute(query)}
