"""What stands of the documents that may answer, and what binds where the reader stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from index import schema, treatments
from index.kept import kept, these, whole
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
Act = tuple[str, date | None]  # what a document does to an earlier one, and when it was published
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
    """What stands of these documents. Few of all that are held were ever acted on: which, is read
    whole and kept."""
    acted_on = _acted_on(connection)
    acts = {number: _done(acted_on[number], here.day) for number in acted_on.keys() & documents}
    withdrawn = {number for number, kinds in acts.items() if RelationKind.WITHDRAWS in kinds}
    finalised = {number for number, kinds in acts.items() if RelationKind.FINALISES in kinds}
    stamped = _stamped(connection).intersection(documents)
    undone = _undone(connection, documents, here)
    counted = undone if here.forum else ()
    return Standing(
        ended=_ended(connection, documents, withdrawn, here.day) | stamped,
        undone=undone,
        finalised=finalised,
        binding=_binding(connection, documents, here) | dict.fromkeys(counted, RANKS[Binding.NO]),
    )


def treated(
    connection: Connection, documents: Collection[int]
) -> Mapping[int, tuple[Finding, ...]]:
    """As `index.treatments.treated`, kept."""
    known: dict[int, tuple[Finding, ...]] = kept(connection, "treated")
    touched = _touched(connection).intersection(documents)
    if lacking := touched - known.keys():
        found = treatments.treated(connection, lacking)
        known.update((number, found.get(number, ())) for number in lacking)
    return {number: known[number] for number in touched if known[number]}


def _binding(
    connection: Connection, documents: Collection[int], here: Viewpoint
) -> dict[int, float]:
    """How much each document counts in a forum, from 0 to 1; nothing where none is named."""
    if here.forum is None:
        return {}
    known: dict[int, float] = kept(connection, f"binding in {here.forum} on {here.day}")
    if lacking := [number for number in documents if number not in known]:
        known.update(_ranks(connection, lacking, here.forum, here.day))
    return {number: known[number] for number in documents if number in known}


def _ranks(
    connection: Connection, documents: Collection[int], forum: Forum, day: date
) -> Iterator[tuple[int, float]]:
    document, version = schema.document, schema.version
    said = version.c["issuer", "citation", "title"]
    query = (
        select(document.c.id, document.c.kind, *said)
        .join(version, version.c.id == document.c.current)
        .where(document.c.id.in_(these(documents)))
    )
    of = metadata(connection, document.c.id.in_(these(documents)), SAID_THERE)
    in_state = states(connection, documents, day)
    for row in connection.execute(query):
        binds = whom_of(
            row.kind,
            issuer=row.issuer,
            citation=row.citation,
            title=row.title,
            metadata=of.get(row.id),
            forum=forum,
            state=in_state.get(row.id),
        )
        yield row.id, rank(binds)


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


def metadata(
    connection: Connection, chosen: ColumnElement[bool], kinds: Collection[str]
) -> Mapping[int, Mapping[str, Any]]:
    """What the documents of these kinds that a condition leaves state beside their texts."""
    document, version = schema.document, schema.version
    query = (
        select(document.c.id, version.c.metadata)
        .join(version, version.c.id == document.c.current)
        .where(chosen, document.c.kind.in_(kinds))
    )
    return {row.id: row._mapping["metadata"] for row in connection.execute(query)}


def _acted_on(connection: Connection) -> Mapping[int, Sequence[Act]]:
    """By document, what others do to it that ends it or takes its place, and from when."""
    table, document, version = schema.relation, schema.document, schema.version
    query = (
        select(table.c.earlier_id, table.c.kind, version.c.published_on)
        .join(document, document.c.id == table.c.later_id)
        .join(version, version.c.id == document.c.current)
        .where(table.c.kind.in_((RelationKind.WITHDRAWS, RelationKind.FINALISES)))
    )

    def read() -> Mapping[int, Sequence[Act]]:
        found: dict[int, list[Act]] = {}
        for number, kind, on in connection.execute(query):
            found.setdefault(number, []).append((kind, on))
        return found

    return whole(connection, "acted on", read)


def _done(acts: Sequence[Act], day: date) -> set[str]:
    """What was published by a day of that."""
    return {kind for kind, on in acts if on and on <= day}


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


def _stamped(connection: Connection) -> frozenset[int]:
    """The memoranda that say of themselves that they hold no longer."""

    def read() -> frozenset[int]:
        of = metadata(connection, true(), (STAMPED,))
        return frozenset(number for number, said in of.items() if said.get("status"))

    return whole(connection, "stamped", read)


def _touched(connection: Connection) -> frozenset[int]:
    """The documents against which another that is held says anything."""
    name, table, version = schema.identifier, schema.treatment, schema.version
    query = (
        select(name.c.document_id)
        .join(table, table.c.target == name.c.canonical)
        .join(version, version.c.id == table.c.version_id)
        .where(
            version.c.document_id != name.c.document_id,
            table.c.kind.in_(treatments.NEGATIVE),
        )
    )
    return whole(connection, "touched", lambda: frozenset(connection.execute(query).scalars()))


def _undone(connection: Connection, documents: Collection[int], here: Viewpoint) -> set[int]:
    """Those of which the whole is overruled, vacated or the like, with effect in the forum, and of
    which nobody says since that it holds again."""
    known: dict[int, bool] = kept(connection, f"undone in {here.forum} on {here.day}")
    found = treated(connection, documents)
    for number in found.keys() - known.keys():
        known[number] = undoing(found[number], here) is not None
    return {number for number in found if known[number]}


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
