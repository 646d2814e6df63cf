"""The states of many rules at once: what the documents held say of each on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from index import schema, store
from index.kept import kept, these
from pipeline.calendar import eastern
from pipeline.model import Document, Relation, RelationKind, State, Version

# Of these a state is said: a notice is no rule, and guidance holds until it changes.
STATED = ("rule", "proposed-rule", "public-inspection")
# Of these no chain is made: `index.relating.UNCHAINED`.
_UNCHAINED = (RelationKind.SAME_SERIES, RelationKind.REPORTS)
_STEPS = 12  # from one document to the next; the longest rulemakings have a dozen documents


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What is said of a document: its state, or what made a proposal final."""

    state: State | None = None
    final: str = ""


def states(connection: Connection, documents: Collection[int], day: date) -> Mapping[int, State]:
    """The state at the end of a day of the rulemaking that each of the documents is part of, as the
    documents held say; none of a document that is no rule, or of which nothing is said by then.

    Nor of a proposal that was made final by then: what is in effect since is the final rule.
    """
    said = _known(connection, documents, day)
    return {number: each.state for number, each in said.items() if each.state}


def made_final(connection: Connection, documents: Collection[int], day: date) -> Mapping[int, str]:
    """Of the proposals that were made final by the end of a day, by what: its citation or title."""
    said = _known(connection, documents, day)
    return {number: each.final for number, each in said.items() if each.final}


def last_seen(connection: Connection) -> date:
    """The last day on which a new text was seen: what is known is known up to then."""
    moment = connection.execute(select(func.max(schema.version.c.seen_at))).scalar()
    return eastern(moment) if moment else date.min


def _known(connection: Connection, documents: Collection[int], day: date) -> Mapping[int, _Told]:
    held: dict[int, _Told] = kept(connection, f"states on {day}")
    if lacking := [number for number in documents if number not in held]:
        held.update(dict.fromkeys(lacking, _Told()) | _told(connection, lacking, day))
    return {number: held[number] for number in documents}


def _told(connection: Connection, documents: Collection[int], day: date) -> dict[int, _Told]:
    asked = _rules(connection, documents)
    if not asked:
        return {}
    from index.relating import relations  # noqa: PLC0415 - most questions find no rule
    from pipeline.state import rulemaking, state_on  # noqa: PLC0415 - as above
    from pipeline.state import states as told  # noqa: PLC0415 - as above

    versions = store.without_text(connection, _joined(connection, asked))
    by_document = {each.document: each for each in versions.values()}
    near = _near(relations(connection, list(versions)))
    found: dict[int, _Told] = {}
    for number in asked & versions.keys():
        known = near.get(versions[number].document, ())
        matter = rulemaking(versions[number].document, known)
        held = [by_document[each] for each in matter if each in by_document]
        if by := _final(versions[number], held, known, day):
            found[number] = _Told(final=by)
        elif state := state_on(day, told(held, known)):
            found[number] = _Told(state=state)
    return found


def _final(
    version: Version, matter: Collection[Version], known: Collection[Relation], day: date
) -> str:
    """What made a proposal final by the end of a day, the first that did; "" of what is none, or
    is still proposed."""
    from pipeline.papers import readable  # noqa: PLC0415 - most questions find no rule

    if not _is_proposal(version):
        return ""
    held, own = {each.document: each for each in matter}, version.document
    found = [
        (each.earlier != own, readable(held[each.later]), held[each.later])
        for each in known
        if each.kind is RelationKind.FINALISES
        and each.later in held
        and each.later.kind == "rule"
        and _is_proposal(held.get(each.earlier, version))
    ]
    done = [each for each in found if readable(version) <= each[1] <= day]
    if not done:
        return ""
    by = min(done, key=lambda each: each[:2])[2]
    return by.citation or by.title


def _is_proposal(version: Version) -> bool:
    """Whether it is a proposed rule, or the filing of one."""
    to_be = str(version.metadata.get("type", "")).casefold()
    kind = version.document.kind
    return kind == "proposed-rule" or (kind == "public-inspection" and to_be == "proposed rule")


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
