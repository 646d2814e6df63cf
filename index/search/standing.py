"""What stands of the documents that may answer, and what binds where the reader stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from index import schema, treatments
from index.search.states import STATED, last_seen, states
from pipeline.binding import RANKS, rank, whom_of
from pipeline.citator.forum import Binding
from pipeline.citator.model import Finding, Forum, StatusKind, TreatmentKind
from pipeline.model import RelationKind, StateKind

# What leaves nothing of a decision to be relied on; a court that does not follow one, or a decision
# that distinguishes it, leaves it standing.
UNDOING = (
    TreatmentKind.OVERRULED,
    TreatmentKind.ABROGATED,
    TreatmentKind.VACATED,
    TreatmentKind.REVERSED,
    TreatmentKind.SUPERSEDED,
)
ENDED = (StateKind.WITHDRAWN, StateKind.RESCINDED, StateKind.EXPIRED)
STAMPED = "uscis-memorandum"  # USCIS prints on one that it was superseded or rescinded
SAID_THERE = (STAMPED, "court-opinion")  # the kinds whose metadata say whom they bind


@dataclass(frozen=True, kw_only=True)
class Viewpoint:
    """From where it is asked: on a day, and in a forum (None: none was named)."""

    day: date
    forum: Forum | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Of documents, by number: those not in force, those of which a decision undid the whole, the
    proposals and interim rules that a final rule took the place of; and how much each counts in the
    forum, by `pipeline.binding.rank` (empty where none was named)."""

    ended: Collection[int] = frozenset()
    undone: Collection[int] = frozenset()
    finalised: Collection[int] = frozenset()
    binding: Mapping[int, float] = field(default_factory=dict)

    @property
    def gone(self) -> Collection[int]:
        """Those on which nobody can rely any more, whatever their rank was."""
        return {*self.ended, *self.undone}


def viewpoint(
    connection: Connection, day: date | None = None, forum: Forum | None = None
) -> Viewpoint:
    """On the day given, else on the last one on which anything was seen."""
    return Viewpoint(day=day or last_seen(connection), forum=forum)


def standing(connection: Connection, documents: Collection[int], here: Viewpoint) -> Standing:
    """What stands of these documents, in a query of a kind each."""
    acted_on = _acted_on(connection, documents, here.day)
    undone = _undone(connection, documents, here)
    counted = undone if here.forum else ()
    withdrawn = {number for number, kinds in acted_on.items() if RelationKind.WITHDRAWS in kinds}
    finalised = {number for number, kinds in acted_on.items() if RelationKind.FINALISES in kinds}
    return Standing(
        ended=_ended(connection, documents, withdrawn, here.day) | _stamped(connection, documents),
        undone=undone,
        finalised=finalised,
        binding=_binding(connection, documents, here) | dict.fromkeys(counted, RANKS[Binding.NO]),
    )


def _binding(
    connection: Connection, documents: Collection[int], here: Viewpoint
) -> dict[int, float]:
    """How much each document counts in a forum, from 0 to 1; nothing where none is named."""
    if here.forum is None:
        return {}
    document, version = schema.document, schema.version
    query = (
        select(document.c.id, document.c.kind, *version.c["issuer", "citation", "title"])
        .join(version, version.c.id == document.c.current)
        .where(document.c.id.in_(documents))
    )
    of = _metadata(connection, documents, SAID_THERE)
    in_state = states(connection, documents, here.day)
    return {
        row.id: rank(
            whom_of(
                row.kind,
                issuer=row.issuer,
                citation=row.citation,
                title=row.title,
                metadata=of.get(row.id),
                forum=here.forum,
                state=in_state.get(row.id),
            )
        )
        for row in connection.execute(query)
    }


def binding_first(
    connection: Connection, documents: Sequence[int], here: Viewpoint | None
) -> Sequence[int]:
    """The documents with those that bind in the forum before the others, each in its order, and
    behind them all what was undone or has ended; as they are where no forum was named."""
    if here is None or here.forum is None:
        return documents
    stands = standing(connection, documents, here)
    gone = stands.gone
    return sorted(documents, key=lambda each: (each in gone, -stands.binding.get(each, 0.0)))


def _acted_on(
    connection: Connection, documents: Collection[int], day: date
) -> Mapping[int, set[str]]:
    """What documents published by a day do to each of these: withdraw it, or make it final."""
    table, document, version = schema.relation, schema.document, schema.version
    query = (
        select(table.c.earlier_id, table.c.kind)
        .join(document, document.c.id == table.c.later_id)
        .join(version, version.c.id == document.c.current)
        .where(
            table.c.earlier_id.in_(documents),
            table.c.kind.in_((RelationKind.WITHDRAWS, RelationKind.FINALISES)),
            version.c.published_on <= day,
        )
    )
    found: dict[int, set[str]] = {}
    for earlier, kind in connection.execute(query):
        found.setdefault(earlier, set()).add(kind)
    return found


def _ended(
    connection: Connection, documents: Collection[int], withdrawn: Collection[int], day: date
) -> set[int]:
    """Those not in force any more on a day. A rule has ended as its state says, which may be by its
    own words; a notice, once it is withdrawn."""
    told = states(connection, documents, day)
    found = {number for number, state in told.items() if state.kind in ENDED}
    if not withdrawn:
        return found
    table = schema.document
    others = select(table.c.id).where(table.c.id.in_(withdrawn), table.c.kind.not_in(STATED))
    return found | {*connection.execute(others).scalars()}


def _stamped(connection: Connection, documents: Collection[int]) -> set[int]:
    """The memoranda that say of themselves that they hold no longer."""
    of = _metadata(connection, documents, (STAMPED,))
    return {number for number, said in of.items() if said.get("status")}


def _metadata(
    connection: Connection, documents: Collection[int], kinds: Collection[str]
) -> Mapping[int, Mapping[str, Any]]:
    document, version = schema.document, schema.version
    query = (
        select(document.c.id, version.c.metadata)
        .join(version, version.c.id == document.c.current)
        .where(document.c.id.in_(documents), document.c.kind.in_(kinds))
    )
    return {row.id: row._mapping["metadata"] for row in connection.execute(query)}


def _undone(connection: Connection, documents: Collection[int], here: Viewpoint) -> set[int]:
    """Those of which the whole is overruled, vacated or the like, with effect in the forum, and of
    which nobody says since that it holds again."""
    name, table, version = schema.identifier, schema.treatment, schema.version
    query = (
        select(name.c.document_id)
        .join(table, table.c.target == name.c.canonical)
        .join(version, version.c.id == table.c.version_id)
        .where(
            name.c.document_id.in_(documents),
            version.c.document_id != name.c.document_id,
            table.c.kind.in_(UNDOING),
        )
        .distinct()
    )
    touched = connection.execute(query).scalars().all()
    if not touched:
        return set()
    found = treatments.treated(connection, touched)
    return {number for number, each in found.items() if undoing(each, here)}


def undoing(found: Sequence[Finding], here: Viewpoint) -> Finding | None:
    """What undid the whole of an authority, with effect in the forum, and was not taken back since;
    None where nothing did."""
    if not any(each.treatment.kind in UNDOING for each in found):
        return None
    from pipeline.citator.bearing import outcomes, place  # noqa: PLC0415 - few questions meet one
    from pipeline.citator.deed import deeds  # noqa: PLC0415 - as above

    every = (
        each.deed.lead
        for each in outcomes(place(deeds(found), (), here.day, here.forum))
        if each.kind is StatusKind.NEGATIVE and each.deed.lead.treatment.kind in UNDOING
    )
    return next(every, None)
