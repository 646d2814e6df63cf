"""A small index, filled by hand, and what is asked of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from builders import stated, tag, version
from fakes import HashingEncoder

from index import archive, derived, keyword, passages, runs, store
from index.database import Database
from index.search import Filters, Hit, Results, search
from index.search.model import Reranker
from index.search.understanding import Understanding
from index.vectors import Vectors
from pipeline import cite
from pipeline.identifiers import identifiers
from pipeline.model import Block, DateKind, Page, Version
from pipeline.query import thesaurus

THESAURUS = thesaurus.load()


class Library:
    """A small index, filled by hand."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'lexwatch.db'}")
        self.encoder = HashingEncoder()
        self.vectors = Vectors(self.database, self.encoder, folder / "chroma")
        with self.database.write() as connection:
            keyword.prepare(connection)

    def add(self, *held: Version, topic: str = "") -> None:
        page = _page(self.database, held[0])
        with self.database.write() as connection:
            for each in held:
                document = store.identify(connection, each.document)
                number = store.add_version(connection, document, page, each)
                derived.set_identifiers(connection, document, identifiers(each))
                found = (
                    (index, citation)
                    for index, block in enumerate(each.blocks)
                    for citation in cite.find(block.text)
                )
                derived.set_citations(connection, number, found)
                derived.set_topics(connection, document, [tag(topic)] if topic else [])
                passages.replace(connection, document, each, self.encoder.count)

    def find(
        self, query: str, *, meaning: bool = False, limit: int = 10, **wanted: Any
    ) -> tuple[Hit, ...]:
        return self.ask(query, meaning=meaning, limit=limit, **wanted).hits

    def ask(
        self,
        query: str,
        *,
        meaning: bool = False,
        limit: int = 10,
        reranker: Reranker | None = None,
        **wanted: Any,
    ) -> Results:
        if meaning:
            self.vectors.sync()
        understanding = Understanding(
            lambda: THESAURUS,
            (lambda: self.vectors) if meaning else None,
            reranker=(lambda: reranker) if reranker else None,
        )
        return search(self.database, understanding, query, filters=Filters(**wanted), limit=limit)


def _page(database: Database, each: Version) -> int:
    """The number of a page to have been read from."""
    run = runs.begin_run(database, each.document.source, each.seen_at)
    archive.Archive(database, run.id).keep(
        Page(
            source=each.document.source,
            url=each.url,
            final_url=each.url,
            asked=each.url,
            status=200,
            headers={},
            body=b"",
            fetched_at=each.seen_at,
        )
    )
    return archive.numbers(database)[-1]


def decision(
    key: str,
    name: str,
    *texts: str | Block,
    citation: str = "",
    on: date = date(2026, 1, 5),
    source: str = "bia_decisions",
) -> Version:
    return version(
        *texts,
        source=source,
        key=key,
        kind="bia-precedent",
        title=name,
        citation=citation,
        dates=(stated(DateKind.PUBLISHED, on),),
    )


def keys(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.document.key for hit in hits]


def ask(database: Database, query: str, limit: int = 10, **wanted: Any) -> Results:
    """What search finds by words alone in what was taken in as a crawl does."""
    understanding = Understanding(lambda: THESAURUS)
    return search(database, understanding, query, filters=Filters(**wanted), limit=limit)
