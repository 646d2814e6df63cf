"""The states of many rules at once: what the documents held say of each on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, func, select

from index import schema, store
from index.search.kept import kept, these
from pipeline.calendar import eastern
from pipeline.model import Document, Relation, RelationKind, State

# Of these a state is said: a notice is no rule, and guidance holds until it changes.
STATED = ("rule", "proposed-rule", "public-inspection")
# Of these no chain is made: `index.relating.UNCHAINED`.
_UNCHAINED = (RelationKind.SAME_SERIES, RelationKind.REPORTS)
_STEPS = 12  # from one document to the next; the longest rulemakings have a dozen documents


def states(connection: Connection, documents: Collection[int], day: date) -> Mapping[int, State]:
    """The state at the end of a day of the rulemaking that each of the documents is part of, as the
    documents held say; none of a document that is no rule, or of which nothing is said by then."""
    held: dict[int, State | None] = kept(connection, f"states on {day}")
    if lacking := [number for number in documents if number not in held]:
        held.update(dict.fromkeys(lacking) | _told(connection, lacking, day))
    return {number: state for number in documents if (state := held[number])}


def last_seen(connection: Connection) -> date:
    """The last day on which a new text was seen: what is known is known up to then."""
    moment = connection.execute(select(func.max(schema.version.c.seen_at))).scalar()
    return eastern(moment) if moment else date.min


def _told(connection: Connection, documents: Collection[int], day: date) -> dict[int, State | None]:
    asked = _rules(connection, documents)
    if not asked:
        return {}
    from index.relating import relations  # noqa: PLC0415 - most questions find no rule
    from pipeline.state import rulemaking, state_on  # noqa: PLC0415 - as above
    from pipeline.state import states as told  # noqa: PLC0415 - as above

    versions = store.without_text(connection, _joined(connection, asked))
    by_document = {each.document: each for each in versions.values()}
    near = _near(relations(connection, list(versions)))
    found: dict[int, State | None] = {}
    for number in asked & versions.keys():
        known = near.get(versions[number].document, ())
        matter = rulemaking(versions[number].document, known)
        held = [by_document[each] for each in matter if each in by_document]
        if state := state_on(day, told(held, known)):
            found[number] = state
    return found


def _rules(connection: Connection, documents: Collection[int]) -> set[int]:
    table = schema.document
    query = select(table.c.id).where(table.c.id.in_(these(documents)), table.c.kind.in_(STATED))
    return {*connection.execute(query).scalars()}


def _joined(connection: Connection, documents: Collection[int]) -> set[int]:
    """The documents with all that are joined with them, by whatever steps."""
    table = schema.relation
    found, waiting = {*documents}, {*documents}
    for _ in range(_STEPS):
        pairs = select(table.c.earlier_id, table.c.later_id).where(
            table.c.earlier_id.in_(waiting) | table.c.later_id.in_(waiting),
            table.c.kind.not_in(_UNCHAINED),
        )
        near = {number for pair in connection.execute(pairs) for number in pair}
        waiting = near - found
        if not waiting:
            break
        found |= waiting
    return found


def _near(known: Collection[Relation]) -> Mapping[Document, tuple[Relation, ...]]:
    """By document, the relations of all documents that are joined with it."""
    root: dict[Document, Document] = {}

    def top(document: Document) -> Document:
        while root.setdefault(document, document) != document:
            root[document] = root[root[document]]
            document = root[document]
        return document

    kept = [each for each in known if each.kind not in _UNCHAINED]
    for each in kept:
        root[top(each.earlier)] = top(each.later)
    groups: dict[Document, list[Relation]] = {}
    for each in kept:
        groups.setdefault(top(each.earlier), []).append(each)
    return {document: tuple(groups[top(document)]) for document in list(root)}
