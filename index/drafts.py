"""Look up everything that a draft cites, at once, and write nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from index import citator, relating, schema, store
from index.called import candidates
from index.citator import Resolved
from index.database import Database
from pipeline.calendar import eastern
from pipeline.citator.draft import Citations
from pipeline.citator.held import Authority, Called, Moved, Namesake
from pipeline.citator.misnamed import is_near
from pipeline.citator.model import Coverage, Forum, Status, StatusKind
from pipeline.citator.samename import Agreement, party, same_name
from pipeline.effective import REGISTERED
from pipeline.identifiers import REPORTED, broader, is_shared
from pipeline.model import ChangeClass, ChangeKind, Citation
from pipeline.orders import KIND as ORDER

# Texts that say once what they say; what else is held is kept up to date by its publisher.
_ONCE = frozenset({*REPORTED, *REGISTERED, "public-inspection", ORDER})
_REPORTED = re.compile(r"(?P<volume>\d+) I&N Dec\. (?P<page>\d+)")
_SHORT = re.compile(r"(?P<volume>\d+) I&N Dec\. at (?P<page>\d+)")
_UNHARMED = (StatusKind.NONE_FOUND, StatusKind.ELSEWHERE)


@contextmanager
def read_only(database: Database) -> Iterator[Connection]:
    """A consistent view through which nothing can be written. What is asked for are canonical names
    of authorities: no word of a draft reaches the database."""
    with database.read() as connection:
        if connection.dialect.name != "sqlite":
            yield connection
            return
        connection.exec_driver_sql("PRAGMA query_only = ON")
        try:
            yield connection
        finally:
            connection.exec_driver_sql("PRAGMA query_only = OFF")


def authorities(
    connection: Connection, cited: Citations, forum: Forum | None, on: date
) -> tuple[dict[str, Authority], Coverage]:
    """What is held of every authority that is cited, by canonical name, and of the precedents; with
    its status for a forum on a day. A short form that takes up nothing has, under its own, the
    cases that it fits."""
    names = [*dict.fromkeys(citation.cited for _, citation in cited if citation.cited)]
    wholes = {name: broader(name) for name in names}
    known = citator.resolve_all(connection, [*names, *wholes.values()])
    shelf = _Shelf(connection, names, known, wholes)
    around = _Namesakes(connection, shelf, known).found(cited)
    beside = (each.canonical for alike in around.values() for each in alike)
    statuses = citator.statuses(connection, [*dict.fromkeys((*names, *beside))], forum, on)
    found = shelf.found(statuses)
    for name, alike in around.items():
        told = tuple(_told(each, statuses.get(each.canonical)) for each in alike)
        found[name] = replace(found.get(name, Authority(canonical=name)), namesakes=told)
    return found, citator.coverage(connection)


def _told(namesake: Namesake, status: Status | None) -> Namesake:
    is_harmed = status is not None and status.kind not in _UNHARMED
    return replace(namesake, line=status.line) if status and is_harmed else namesake


class _Shelf:
    """What is held of many authorities, each question asked once for all."""

    def __init__(
        self,
        connection: Connection,
        names: Sequence[str],
        known: Mapping[str, Resolved],
        wholes: Mapping[str, str],
    ) -> None:
        self._connection, self._names, self._known = connection, names, known
        self._wholes = wholes
        own = {name: known[name] if known[name].held else known[wholes[name]] for name in names}
        self._own = {name: () if is_shared(name) else each.held for name, each in own.items()}
        numbers = {each.document for held in self._own.values() for each in held}
        self._texts = store.versions_by_number(
            connection, {each.current for held in self._own.values() for each in held}
        )
        self._moved = _moved(connection, numbers)
        self._relations = relating.relations_of(connection, numbers)
        self._removed = _removed(connection, numbers)
        self.precedents = _Precedents(connection)

    def found(self, statuses: Mapping[str, Status]) -> dict[str, Authority]:
        return {name: self._authority(name, statuses.get(name)) for name in self._names}

    def _authority(self, name: str, status: Status | None) -> Authority:
        held_ = self._own[name]
        moved = [one for each in held_ for one in self._moved.get(each.document, ())]
        relations = [one for each in held_ for one in self._relations.get(each.document, ())]
        first = [eastern(each.versions[0].seen_at) for each in held_]
        removed = [self._removed[each.document] for each in held_ if each.document in self._removed]
        called = self._known[name].called
        return Authority(
            canonical=name,
            versions=tuple(self._texts[each.current] for each in held_),
            is_within=not self._known[name].held and self._wholes[name] != name,
            called=tuple(Called(name=c.name, court=c.court, times=c.times) for c in called),
            status=status,
            relations=tuple(dict.fromkeys(relations)),
            lives_on=any(each.version.document.kind not in _ONCE for each in held_),
            moved=tuple(sorted(moved, key=lambda each: each.on)),
            first_read=min(first, default=None),
            removed=max(removed, default=None),
            following=self.precedents.after(name),
        )

    def titles(self, name: str) -> tuple[str, ...]:
        """What is held under a name is called so."""
        return tuple(self._texts[each.current].title for each in self._own[name])


class _Namesakes:
    """The other cases that go by the names which a draft gives to its citations."""

    def __init__(
        self, connection: Connection, shelf: _Shelf, known: Mapping[str, Resolved]
    ) -> None:
        self._connection, self._shelf, self._known = connection, shelf, known

    def found(self, cited: Citations) -> dict[str, tuple[Namesake, ...]]:
        """By canonical name, that of a short form that takes up nothing its own."""
        found: dict[str, tuple[Namesake, ...]] = {}
        for citation in {(c.name, c.canonical): c for _, c in cited if c.name}.values():
            canonical = citation.cited or citation.canonical
            alike = self._alike(citation) if citation.cited else self._fitting(citation)
            every = {each.canonical: each for each in (*found.get(canonical, ()), *alike)}
            every.pop(canonical, None)
            found[canonical] = tuple(every.values())
        return {name: alike for name, alike in found.items() if alike}

    def _alike(self, citation: Citation) -> tuple[Namesake, ...]:
        """Of what is called so at its place, those held tell what we have of that name; for what
        is not, also those that are cited, since one of these may be meant."""
        titles = self._shelf.titles(citation.cited)
        called = [each.name for each in self._known[citation.cited].called if each.name]
        if any(_is_one(each, citation.name) for each in titles or called):
            return () if titles else self._shelf.precedents.called(citation.name)
        return tuple(
            each for each in self._bearing(citation.name) if is_near(citation.cited, each.canonical)
        )

    def _fitting(self, citation: Citation) -> Iterator[Namesake]:
        """Those of the name in which the page lies that a short form cites."""
        short = _SHORT.match(citation.canonical)
        for each in self._bearing(citation.name) if short else ():
            at = _REPORTED.fullmatch(each.canonical)
            if short and at and at["volume"] == short["volume"]:
                end = self._shelf.precedents.after(each.canonical)
                page = int(short["page"])
                if int(at["page"]) <= page and (not end or page < end):
                    yield each

    def _bearing(self, name: str) -> tuple[Namesake, ...]:
        held = {each.canonical: each for each in self._shelf.precedents.called(name)}
        cited = (
            Namesake(name=each.name, canonical=each.canonical, court=each.court)
            for each in candidates(self._connection, name)
            if each.canonical not in held and _is_one(each.name, name)
        )
        return (*held.values(), *cited)


def _is_one(name: str, other: str) -> bool:
    return same_name(name, other) is Agreement.MATCH


def _moved(connection: Connection, documents: Collection[int]) -> dict[int, list[Moved]]:
    """The changes in substance of texts, by document."""
    table = schema.change
    query = select(table.c.document_id, table.c.seen_at, table.c.difference).where(
        table.c.document_id.in_(documents),
        table.c.kind == ChangeKind.TEXT,
        table.c.change_class == ChangeClass.SUBSTANTIVE,
    )
    found: dict[int, list[Moved]] = {}
    for row in connection.execute(query.order_by(table.c.seen_at)):
        moved = Moved(on=eastern(row.seen_at), summary=row.difference.summary)
        found.setdefault(row.document_id, []).append(moved)
    return found


def _removed(connection: Connection, documents: Collection[int]) -> dict[int, date]:
    table = schema.document
    query = select(table.c.id, table.c.removed_at).where(
        table.c.id.in_(documents), table.c.removed_at.is_not(None)
    )
    return {row.id: eastern(row.removed_at) for row in connection.execute(query)}


class _Precedents:
    """The precedents held, by the first party's name and by their place in the reporter."""

    def __init__(self, connection: Connection) -> None:
        document, version = schema.document, schema.version
        query = (
            select(version.c.title, version.c.citation)
            .join(document, document.c.current == version.c.id)
            .where(document.c.kind.in_(REPORTED))
        )
        self._named: dict[str, list[Namesake]] = {}
        self._pages: dict[str, list[int]] = {}
        for row in connection.execute(query):
            if at := _REPORTED.match(row.citation):
                court = row.citation[at.end() :].strip(" ()")
                held = Namesake(name=row.title, canonical=at[0], court=court, is_held=True)
                self._named.setdefault(party(row.title), []).append(held)
                self._pages.setdefault(at["volume"], []).append(int(at["page"]))
        for pages in self._pages.values():
            pages.sort()

    def called(self, name: str) -> tuple[Namesake, ...]:
        """Those that go by a name."""
        alike = self._named.get(party(name), ()) if name else ()
        return tuple(each for each in alike if _is_one(each.name, name))

    def after(self, name: str) -> int:
        """The first page of the next decision in the same volume; 0 where none is held."""
        at = _REPORTED.fullmatch(name)
        pages = self._pages.get(at["volume"], []) if at else []
        place = bisect_right(pages, int(at["page"])) if at else 0
        return pages[place] if place < len(pages) else 0
