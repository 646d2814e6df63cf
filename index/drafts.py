"""Look up everything that a draft cites, at once, and write nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection, select

from index import citator, relating, schema, store
from index.citator import Resolved
from index.database import Database
from pipeline.calendar import eastern
from pipeline.citator.draft import Citations
from pipeline.citator.held import Authority, Called, Moved
from pipeline.citator.model import Coverage, Forum, Status
from pipeline.citator.samename import Agreement, party, same_name
from pipeline.effective import REGISTERED
from pipeline.identifiers import REPORTED, broader, is_shared
from pipeline.model import ChangeClass, ChangeKind
from pipeline.orders import KIND as ORDER

# Texts that say once what they say; what else is held is kept up to date by its publisher.
_ONCE = frozenset({*REPORTED, *REGISTERED, "public-inspection", ORDER})
_REPORTED = re.compile(r"(?P<volume>\d+) I&N Dec\. (?P<page>\d+)")


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
    its status for a forum on a day."""
    names = [*dict.fromkeys(citation.cited for _, citation in cited if citation.cited)]
    wholes = {name: broader(name) for name in names}
    known = citator.resolve_all(connection, [*names, *wholes.values()])
    statuses = citator.statuses(connection, names, forum, on)
    return _Shelf(connection, names, known, wholes, cited).found(statuses), citator.coverage(
        connection
    )


class _Shelf:
    """What is held of many authorities, each question asked once for all."""

    def __init__(
        self,
        connection: Connection,
        names: Sequence[str],
        known: Mapping[str, Resolved],
        wholes: Mapping[str, str],
        cited: Citations,
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
        self._precedents = _Precedents(connection)
        self._called = {c.cited: c.name for _, c in reversed(cited) if c.name and c.cited}

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
            namesakes=() if held_ else self._precedents.called(self._called.get(name, "")),
            status=status,
            relations=tuple(dict.fromkeys(relations)),
            lives_on=any(each.version.document.kind not in _ONCE for each in held_),
            moved=tuple(sorted(moved, key=lambda each: each.on)),
            first_read=min(first, default=None),
            removed=max(removed, default=None),
            following=self._precedents.after(name),
        )


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
        self._named: dict[str, list[tuple[str, str]]] = {}
        self._pages: dict[str, list[int]] = {}
        for row in connection.execute(query):
            self._named.setdefault(party(row.title), []).append((row.title, row.citation))
            if at := _REPORTED.match(row.citation):
                self._pages.setdefault(at["volume"], []).append(int(at["page"]))
        for pages in self._pages.values():
            pages.sort()

    def called(self, name: str) -> tuple[tuple[str, str], ...]:
        """The titles and citations of those that go by a name."""
        alike = self._named.get(party(name), ()) if name else ()
        return tuple(each for each in alike if same_name(each[0], name) is Agreement.MATCH)

    def after(self, name: str) -> int:
        """The first page of the next decision in the same volume; 0 where none is held."""
        at = _REPORTED.fullmatch(name)
        pages = self._pages.get(at["volume"], []) if at else []
        place = bisect_right(pages, int(at["page"])) if at else 0
        return pages[place] if place < len(pages) else 0
