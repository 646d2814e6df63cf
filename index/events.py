"""The events that changes are part of, gathered from what documents name and do to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, select

from index import relating, schema, store
from index.edited import announced, near
from pipeline.announced import ENTRIES
from pipeline.calendar import eastern
from pipeline.event import ACTING, Naming, Piece, assemble, node, weight
from pipeline.line import does
from pipeline.model import Change, DateKind, Document, Event, RelationKind
from pipeline.orders import COURTS
from pipeline.state import UNITING
from pipeline.telling import LIVING

# An extension is an act of its own, and ends dates of what it extends.
_DOWN = ACTING | UNITING | {RelationKind.EXTENDS}


def events_of(
    connection: Connection, changes: Sequence[Change], before: datetime | None = None
) -> dict[int, tuple[Event, ...]]:
    """The events of two artefacts and more that each change is part of, by its number, as far as
    they were known `before` a moment. The first is the one it is told under: the weightiest act's,
    then that of the nearest in time."""
    found: defaultdict[tuple[Document, int], list[Event]] = defaultdict(list)
    for event in _gathered(connection, changes, before):
        for each in event.artefacts:
            found[node(each.document, each.change)].append(event)
    return {
        change.id: tuple(sorted(found[own], key=lambda event: _rank(event, change)))
        for change in changes
        if (own := node(change.document, change.id)) in found
    }


def _rank(event: Event, change: Change) -> tuple[int, int, str]:
    acts = (each for each in event.artefacts if each.document == event.act)
    days = (each.on or eastern(each.seen_at) for each in acts)
    apart = (abs((on - eastern(change.seen_at)).days) for on in days)
    return weight(event.act), min(apart, default=0), event.act.name


def _gathered(
    connection: Connection, changes: Sequence[Change], before: datetime | None
) -> tuple[Event, ...]:
    if not changes:
        return ()
    found = _Gathering(connection=connection, before=before)
    found.begin(changes)
    found.spread(found.documents, found.acts_of)
    found.spread(found.documents, found.leading_to)
    found.documents |= found.acted_on()
    ordered = tuple(found.ordered())
    pieces = tuple(found.pieces())
    known = relating.relations(connection, found.documents)
    return assemble(pieces, known, (*found.namings(), *ordered))


@dataclass(kw_only=True)
class _Gathering:
    """What is gathered so far: documents by number, and edits of texts that live on by the number
    of their change. What was not written down `before` the moment is left out at the end."""

    connection: Connection
    before: datetime | None
    documents: set[int] = field(default_factory=set)
    edits: set[int] = field(default_factory=set)
    judged: dict[int, Change] = field(default_factory=dict)

    def begin(self, changes: Sequence[Change]) -> None:
        """Take the changes that are asked about, with what edits name and what announces them."""
        table, part = schema.change, schema.part
        numbers = [change.id for change in changes]
        query = select(table.c.id, table.c.document_id).where(table.c.id.in_(numbers))
        owner = {row.id: row.document_id for row in self.connection.execute(query)}
        for change in changes:
            said = change.announcement
            if change.document.kind not in LIVING:
                self.documents.add(owner[change.id])
                continue
            self.edits.add(change.id)
            self.judged[change.id] = change
            if said and said.entry and (entry := store.known(self.connection, said.entry)):
                self.documents.add(entry)
        named = select(part.c.document_id).where(part.c.change_id.in_(self.edits))
        relation, edited = schema.relation, {owner[each] for each in self.edits}
        ordered = select(relation.c.later_id).where(
            relation.c.earlier_id.in_(edited), relation.c.kind.in_(COURTS)
        )
        for query in (named, ordered):
            self.documents.update(self.connection.execute(query).scalars())

    def spread(self, start: Iterable[int], step: Callable[[Collection[int]], set[int]]) -> None:
        """Take in what a step leads to, and what it leads to from there."""
        frontier = set(start)
        while frontier:
            frontier = step(frontier) - self.documents
            self.documents |= frontier

    def acts_of(self, documents: Collection[int]) -> set[int]:
        """What documents name and act on, and what is one act with them."""
        relation, part, change = schema.relation, schema.part, schema.change
        acted_on = select(relation.c.earlier_id).where(
            relation.c.later_id.in_(documents), relation.c.kind.in_(ACTING)
        )
        named = (
            select(part.c.document_id)
            .select_from(part)
            .join(change, change.c.id == part.c.change_id)
            .where(change.c.document_id.in_(documents))
        )
        found = (self.connection.execute(query).scalars() for query in (acted_on, named))
        return self._united(documents).union(*found)

    def leading_to(self, documents: Collection[int]) -> set[int]:
        """What names documents or acts on them, and what is one act with them."""
        relation, part = schema.relation, schema.part
        acting = select(relation.c.later_id).where(
            relation.c.earlier_id.in_(documents), relation.c.kind.in_(_DOWN)
        )
        found = self._united(documents).union(self.connection.execute(acting).scalars())
        change, own = schema.change, schema.document
        query = (
            select(change.c.id, change.c.document_id, own.c.kind)
            .select_from(part)
            .join(change, change.c.id == part.c.change_id)
            .join(own, own.c.id == change.c.document_id)
            .where(part.c.document_id.in_(documents))
        )
        for row in self.connection.execute(query):
            if row.kind in LIVING:
                self.edits.add(row.id)
            else:
                found.add(row.document_id)
        self._edited(documents)
        return found

    def acted_on(self) -> set[int]:
        """What the documents act on besides: it tells which of them are acts of their own, whoever
        asks."""
        table = schema.relation
        query = select(table.c.earlier_id).where(
            table.c.later_id.in_(self.documents), table.c.kind.in_(ACTING)
        )
        return {*self.connection.execute(query).scalars()}

    def ordered(self) -> Iterator[Naming]:
        """What the orders among the documents act on in texts that live on: the newest change that
        we had seen when each was decided, or else the first."""
        relation, earlier = schema.relation, schema.document
        query = (
            select(relation)
            .join(earlier, earlier.c.id == relation.c.earlier_id)
            .where(
                relation.c.later_id.in_(self.documents),
                relation.c.kind.in_(COURTS),
                earlier.c.kind.in_(LIVING),
            )
        )
        rows = self.connection.execute(query).all()
        orders = store.without_text(self.connection, {row.later_id for row in rows})
        for row in rows:
            order = orders[row.later_id]
            edit = self._standing(row.earlier_id, order.date(DateKind.DECIDED))
            if edit is None:
                continue
            self.edits.add(edit.id)
            (text,) = store.versions_without_text(self.connection, [edit.new_version_id]).values()
            yield Naming(
                document=order.document,
                change=0,
                act=text.document,
                act_change=edit.id,
                evidence=(does(RelationKind(row.kind), text), *row.evidence),
            )

    def _standing(self, document: int, on: date | None) -> Row[Any] | None:
        """The change that a text stood at on a day."""
        table = schema.change
        query = select(table).where(table.c.document_id == document, *self._in_time())
        rows = self.connection.execute(query.order_by(table.c.seen_at, table.c.id)).all()
        seen = [row for row in rows if on is not None and eastern(row.seen_at) <= on]
        return next(iter((*seen[-1:], *rows)), None)

    def namings(self) -> Iterator[Naming]:
        """What the changes so far name, as far as they were written down by then."""
        part, change = schema.part, schema.change
        own, act = schema.document.alias(), schema.document.alias()
        columns = (
            part.c.change_id,
            part.c.evidence,
            *_columns(own, "own_"),
            *_columns(act, "act_"),
        )
        query = (
            select(*columns)
            .select_from(part)
            .join(change, change.c.id == part.c.change_id)
            .join(own, own.c.id == change.c.document_id)
            .join(act, act.c.id == part.c.document_id)
            .where(part.c.document_id.in_(self.documents), self._is_known(), *self._in_time())
            .order_by(part.c.change_id, part.c.document_id)
        )
        for row in self.connection.execute(query):
            yield Naming(
                document=Document(source=row.own_source, key=row.own_key, kind=row.own_kind),
                change=row.change_id,
                act=Document(source=row.act_source, key=row.act_key, kind=row.act_kind),
                evidence=tuple(row.evidence),
            )
        for each in self.judged.values():
            if (said := each.announcement) and said.entry:
                words, document = (said.words,), each.document
                yield Naming(document=document, change=each.id, act=said.entry, evidence=words)

    def pieces(self) -> Iterator[Piece]:
        """The documents, each by its appearance and as it was known then; and the edits."""
        change = schema.change
        columns = (change.c.id, change.c.document_id, change.c.new_version_id, change.c.seen_at)
        query: Select[Any] = select(*columns)
        of_document = query.where(change.c.document_id.in_(self.documents), *self._in_time())
        of_edit = query.where(change.c.id.in_(self.edits), *self._in_time())
        rows: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in self.connection.execute(of_document.order_by(change.c.id)):
            rows[row.document_id].append(row)
        edits = self.connection.execute(of_edit.order_by(change.c.id)).all()
        numbers = [row.new_version_id for each in (*rows.values(), edits) for row in each]
        versions = store.versions_without_text(self.connection, numbers)
        for held in rows.values():
            shown = [row.new_version_id for row in held if versions[row.new_version_id].parser]
            newest = max(shown, key=lambda each: (versions[each].seen_at, each), default=None)
            if newest is not None and versions[newest].document.kind not in LIVING:
                yield Piece(version=versions[newest], change=held[0].id, seen_at=held[0].seen_at)
        for row in edits:
            version = versions[row.new_version_id]
            yield Piece(version=version, change=row.id, seen_at=row.seen_at)

    def _united(self, documents: Collection[int]) -> set[int]:
        table = schema.relation
        query = select(table.c.earlier_id, table.c.later_id).where(
            table.c.earlier_id.in_(documents) | table.c.later_id.in_(documents),
            table.c.kind.in_(UNITING),
        )
        return {each for row in self.connection.execute(query) for each in row}

    def _edited(self, documents: Collection[int]) -> None:
        """Take the edits that the updates among documents announce."""
        table = schema.document
        query = select(table.c.id).where(table.c.id.in_(documents), table.c.kind.in_(ENTRIES))
        entries = self.connection.execute(query).scalars().all()
        near_to: dict[Document, list[int]] = {}
        for entry in store.without_text(self.connection, entries).values():
            near_to[entry.document] = near(self.connection, entry, self.before)
        unjudged = {each for found in near_to.values() for each in found} - self.judged.keys()
        for change in announced(self.connection, unjudged, self.before):
            self.judged[change.id] = change
        for announced_by, found in near_to.items():
            for number in found:
                if (said := self.judged[number].announcement) and said.entry == announced_by:
                    self.edits.add(number)

    def _is_known(self) -> ColumnElement[bool]:
        """The condition that a change was known then to be part of an act."""
        part = schema.part
        if self.before is None:
            return part.c.ended_at.is_(None)
        is_open = part.c.ended_at.is_(None) | (part.c.ended_at >= self.before)
        return (part.c.known_at < self.before) & is_open

    def _in_time(self) -> list[ColumnElement[bool]]:
        return [] if self.before is None else [schema.change.c.recorded_at < self.before]


def _columns(table: FromClause, prefix: str) -> list[ColumnElement[Any]]:
    return [table.c[name].label(f"{prefix}{name}") for name in ("source", "key", "kind")]
