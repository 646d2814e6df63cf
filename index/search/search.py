"""Search: one function behind the command line, the web pages and the alerts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from index import citing, keyword, relating, schema, store, treatments
from index.database import Database
from index.search.model import Found, Hit
from pipeline import cite
from pipeline.citator.model import Finding
from pipeline.legible import legible
from pipeline.model import DateKind, Document, Relation, StatedDate

CANDIDATES = 200  # passages taken from each side before they are fused
RANK = 60  # reciprocal rank fusion's constant (Cormack, Clarke and Büttcher, SIGIR 2009)
SHOWN = 3  # passages shown of one document
TITLE = 1_000  # characters of a title that the database compares

# What a document is dated by, as its kind has it.
DATED = (DateKind.PUBLISHED, DateKind.DECIDED, DateKind.SIGNED, DateKind.ANNOUNCED)

# "Matter of" and "In re" name the same case; so does the name alone.
_MATTER = re.compile(r"^(?:(?:in the )?matter of|in re:?)\s", re.IGNORECASE)


class Nearest(Protocol):
    """`Vectors.nearest`: passage digests with their similarity, of all passages or of `among`."""

    def __call__(
        self, query: str, limit: int, among: Collection[str] | None, /
    ) -> list[tuple[str, float]]: ...


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """A document by its number, before its title and the rest are read."""

    document: int
    passages: tuple[Found, ...]
    score: float
    why: tuple[str, ...]


def search(
    database: Database,
    nearest: Nearest | None,
    query: str,
    *,
    sources: Sequence[str] = (),
    topics: Sequence[str] = (),
    limit: int = 10,
) -> tuple[Hit, ...]:
    """Find authority.

    A query that is itself a citation or an identifier is looked up: the document of that name
    first, then those that cite it, the most often first. Anything else is ranked by words and by
    meaning, after the documents that bear it as their title: `nearest` is asked only then, None
    ranks by words alone. Where a citation is looked up in vain, every hit's `why` says so.
    """
    if not re.search(r"\w", query):
        return ()
    named = cite.lookup(query)
    allowed = _allowed(sources, topics)
    with database.read() as connection:
        note: tuple[str, ...] = ()
        if named:
            looked_up, note = _look_up(connection, named.canonical, allowed, limit)
            if looked_up:
                return _hits(connection, looked_up)
        titled = _titled(connection, query, allowed, limit)
        words = keyword.find(connection, query, CANDIDATES, allowed)
        among = _among(connection, query, words, allowed) if nearest is not None else set()
    meaning = [] if nearest is None or among == set() else nearest(query, CANDIDATES, among)
    with database.read() as connection:
        known = {answer.document for answer in titled}
        ranked = _fuse(connection, words, meaning, allowed, note)
        rest = [answer for answer in ranked if answer.document not in known]
        return _hits(connection, [*titled, *rest][:limit])


def _allowed(sources: Sequence[str], topics: Sequence[str]) -> Select[Any] | None:
    """The documents a filter leaves; None where there is no filter."""
    if not sources and not topics:
        return None
    document, topic = schema.document, schema.document_topic
    query = select(document.c.id)
    if sources:
        query = query.where(document.c.source.in_(sources))
    if topics:
        about = select(topic.c.document_id).where(topic.c.topic.in_(topics))
        query = query.where(document.c.id.in_(about))
    return query


def _look_up(
    connection: Connection, canonical: str, allowed: Select[Any] | None, limit: int
) -> tuple[list[_Answer], tuple[str, ...]]:
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
    reasons |= dict.fromkeys(connection.execute(others).scalars(), (f"cites {canonical}", *note))
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
) -> list[_Answer]:
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


def _known(document: int, rows: Sequence[Row[Any]], why: tuple[str, ...]) -> _Answer:
    """What was asked for by name, or cites that: these stand in an order of their own."""
    passages = tuple(_found(row) for row in rows)
    return _Answer(document=document, passages=passages, score=1.0, why=why)


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
    if keyword.phrases(query):
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
    note: tuple[str, ...],
) -> list[_Answer]:
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
        _Answer(
            document=document,
            passages=tuple(_found(rows[number]) for number in numbers[:SHOWN]),
            score=scores[numbers[0]],
            why=(*ways[document], *note),
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


def _found(row: Row[Any]) -> Found:
    return Found(text=row.text, trail=tuple(row.trail), anchor=row.anchor, page=row.page)


def _hits(connection: Connection, answers: Iterable[_Answer]) -> tuple[Hit, ...]:
    """Answers with what their documents say of themselves, and what others do to them, in a query
    each."""
    wanted = {answer.document: answer for answer in answers}
    document, version = schema.document, schema.version
    said = version.c["title", "citation", "issuer", "url", "dates", "metadata"]
    query: Select[Any] = (
        select(document, *said)
        .join(version, version.c.id == document.c.current)
        .where(document.c.id.in_(list(wanted)))
    )
    rows = {row.id: row for row in connection.execute(query)}
    joined = relating.relations_of(connection, wanted)
    against = treatments.treated(connection, list(wanted))
    return tuple(
        _hit(answer, rows[number], joined.get(number, ()), against.get(number, ()))
        for number, answer in wanted.items()
    )


def _dated(stated: Sequence[StatedDate]) -> StatedDate | None:
    every = (each for kind in DATED for each in stated if each.kind is kind)
    return next(every, None)


def _hit(
    answer: _Answer,
    row: Row[Any],
    relations: tuple[Relation, ...],
    treated: tuple[Finding, ...],
) -> Hit:
    return Hit(
        document=Document(source=row.source, key=row.key, kind=row.kind),
        title=row.title,
        citation=row.citation,
        issuer=row.issuer,
        url=row.url,
        dated=_dated(row.dates),
        passages=answer.passages,
        score=answer.score,
        why=answer.why,
        # By key: a row has an attribute of that name.
        form=str(row._mapping["metadata"].get("text", "")),
        relations=relations,
        treated=treated,
    )
