"""Known items: the cases, and whatever else bears a title, that a query names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from index import schema
from pipeline.citator.samename import Agreement, party, same_name
from pipeline.identifiers import REPORTED
from pipeline.legible import legible

CASES = (*REPORTED, "court-opinion", "bia-unpublished")
WORDS = 12  # of a query, in which a case's name may stand
SHORTEST, NEAR = 5, 86  # letters of a name that may be misspelt; of 100: "Acebedo" is 96 "Acevedo"
TITLE = 1_000  # characters of a title that the database compares

# "Matter of" and "In re" name the same case; so does the name alone.
_MATTER = re.compile(r"^(?:(?:in the )?matter of|in re:?)\s", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Named:
    """A document that bears a name; `is_near`: it is spelled otherwise."""

    document: int
    title: str
    is_near: bool = False


def cases(connection: Connection, query: str, documents: Select[Any] | None) -> tuple[Named, ...]:
    """The cases that a query names with its first words, the newest first; where none is spelled
    so, those that nearly are. The same initials name many people: all of them are given."""
    rows = _titles(connection, documents)
    begun = list(accumulate(query.split()[:WORDS], "{} {}".format))
    asked = _words(query)
    shared = [row for row in rows if asked & _words(row.title)]
    for words in reversed(begun):
        same = [row for row in shared if same_name(row.title, words) is Agreement.MATCH]
        if same:
            return tuple(Named(document=row.id, title=row.title) for row in same)
    return _near(rows, begun)


def titled(connection: Connection, query: str, documents: Select[Any] | None) -> tuple[Named, ...]:
    """The documents whose title the query is, whatever its case and punctuation, newest first."""
    asked = _name(query)
    if not asked:
        return ()
    document, version = schema.document, schema.version
    # The database narrows, we compare: SQLite knows no case but ASCII's, and no pattern of 50 kB.
    pattern = re.sub(r"[^ -~]", "_", ("%" + "%".join(asked))[:TITLE]) + "%"
    query_ = _newest(select(document.c.id, version.c.title)).where(version.c.title.ilike(pattern))
    rows = connection.execute(_among(query_, documents))
    return tuple(
        Named(document=row.id, title=row.title) for row in rows if _name(row.title) == asked
    )


def _titles(connection: Connection, documents: Select[Any] | None) -> Sequence[Row[Any]]:
    document, version = schema.document, schema.version
    query = _newest(select(document.c.id, version.c.title)).where(document.c.kind.in_(CASES))
    return connection.execute(_among(query, documents)).all()


def _newest(query: Select[Any]) -> Select[Any]:
    document, version = schema.document, schema.version
    newest = (version.c.published_on.desc().nulls_last(), version.c.id.desc())
    return query.join(version, version.c.id == document.c.current).order_by(*newest)


def _among(query: Select[Any], documents: Select[Any] | None) -> Select[Any]:
    return query if documents is None else query.where(schema.document.c.id.in_(documents))


def _near(rows: Sequence[Row[Any]], begun: Sequence[str]) -> tuple[Named, ...]:
    from rapidfuzz import fuzz  # noqa: PLC0415 - asked only where nothing bears the name

    asked = {letters for words in begun if len(letters := _letters(words)) >= SHORTEST}
    return tuple(
        Named(document=row.id, title=row.title, is_near=True)
        for row in rows
        if len(letters := _letters(row.title)) >= SHORTEST
        and any(fuzz.ratio(letters, each, score_cutoff=NEAR) for each in asked)
    )


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", party(name).lower())


def _words(text: str) -> set[str]:
    """What may tell a name: its words, and each letter of initials."""
    return set(re.findall(r"[^\W_]+", text.casefold())) - {"v", "vs", "in", "re", "matter", "of"}


def _name(title: str) -> tuple[str, ...]:
    plain = _MATTER.sub("", legible(title).text.strip(), count=1)
    return tuple(re.findall(r"[^\W_]+", plain.lower()))
