"""How many of the documents that answer each value of a filter would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from index import schema
from index.kept import kept, these
from index.search.filter import Days, days
from index.search.model import Count, Filters
from index.search.standing import SAID_THERE, metadata
from index.search.states import last_seen, states
from pipeline.binding import whom_of
from pipeline.citator.forum import Binding
from pipeline.citator.model import Body, Forum
from pipeline.model import State

COUNTED = 500  # documents of which a search counts the values
FACETS = ("source", "kind", "forum", "topic", "year", "state")
_BINDS = (Binding.YES, Binding.IN_PART)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the filters ask of a document."""

    source: str
    kind: str
    topics: frozenset[str]
    days: Days | None
    state: State | None
    bodies: tuple[str, ...]


def counts(
    connection: Connection, documents: Collection[int], filters: Filters, today: date | None = None
) -> Mapping[str, tuple[Count, ...]]:
    """By facet, its values with how many of the documents have each, the most first; years the
    newest first.

    Of documents that the filters leave already, what one more choice would leave of them: what the
    filters left out is counted nowhere. `forum` counts whom a document binds, and is no filter.
    Titles are the values: what readers call a source or a topic is known to the caller.
    """
    known = facts(connection, documents, filters.as_of or today or last_seen(connection))
    return {facet: _told(facet, known) for facet in FACETS}


def _told(facet: str, known: Sequence[Facts]) -> tuple[Count, ...]:
    times = Counter(chain.from_iterable(map(_VALUES[facet], known)))
    if facet == "year":
        ranked = sorted(times.items(), reverse=True)
    else:
        ranked = sorted(times.items(), key=lambda found: (-found[1], found[0]))
    return tuple(Count(value=value, title=value, documents=n) for value, n in ranked)


def _years(each: Facts) -> Sequence[str]:
    return [f"{each.days[0]:%Y}"] if each.days else []


# Of each document every value once.
_VALUES: Mapping[str, Callable[[Facts], Collection[str]]] = {
    "source": lambda each: [each.source],
    "kind": lambda each: [each.kind],
    "forum": lambda each: each.bodies,
    "topic": lambda each: each.topics,
    "year": _years,
    "state": lambda each: [str(each.state.kind)] if each.state else [],
}


def facts(connection: Connection, documents: Collection[int], day: date) -> list[Facts]:
    """What the filters ask of these documents on a day, read once for each and kept."""
    held = kept(connection, f"facts of {day}")
    if lacking := [number for number in documents if number not in held]:
        held.update(_read(connection, lacking, day))
    return [held[number] for number in documents if number in held]


def _read(
    connection: Connection, documents: Collection[int], day: date
) -> Iterator[tuple[int, Facts]]:
    document, version = schema.document, schema.version
    wanted = select(document.c.id).where(document.c.id.in_(these(documents)))
    of, on = states(connection, documents, day), days(connection, wanted)
    topics = _topics(connection, documents)
    stated = metadata(connection, document.c.id.in_(these(documents)), SAID_THERE)
    said = version.c["issuer", "citation", "title"]
    query = (
        select(*document.c["id", "source", "kind"], *said)
        .join(version, version.c.id == document.c.current)
        .where(document.c.id.in_(these(documents)))
    )
    for row in connection.execute(query):
        yield (
            row.id,
            Facts(
                source=row.source,
                kind=row.kind,
                topics=frozenset(topics.get(row.id, ())),
                days=on.get(row.id),
                state=of.get(row.id),
                bodies=_bodies(row, stated.get(row.id), of.get(row.id)),
            ),
        )


def _topics(connection: Connection, documents: Collection[int]) -> Mapping[int, set[str]]:
    table, found = schema.document_topic, dict[int, set[str]]()
    query = select(table.c.document_id, table.c.topic)
    for number, topic in connection.execute(query.where(table.c.document_id.in_(these(documents)))):
        found.setdefault(number, set()).add(topic)
    return found


def _bodies(row: Any, stated: Mapping[str, Any] | None, state: State | None) -> tuple[str, ...]:
    """The bodies that a document binds, everywhere or in some circuits."""
    return tuple(
        str(body)
        for body in Body
        if whom_of(
            row.kind,
            issuer=row.issuer,
            citation=row.citation,
            title=row.title,
            metadata=stated,
            forum=Forum(body=body),
            state=state,
        ).binding
        in _BINDS
    )
