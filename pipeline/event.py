"""Put the artefacts of one act together: whatever names it, is done to it, or was made final by it.

Naming has a direction. A document that names two acts is part of both and makes them no one act;
what it is named by itself is part of them, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from pipeline.acts import WITHDRAWING
from pipeline.calendar import eastern
from pipeline.line import does, line
from pipeline.live import FACTS, INSPECTED, standing
from pipeline.model import (
    Artefact,
    DateKind,
    Document,
    Event,
    Relation,
    RelationKind,
    Standing,
    Version,
)
from pipeline.orders import COURTS
from pipeline.state import UNITING, court_actions, states
from pipeline.telling import LIVING, born

# What makes a document part of another's act, and not one act with it. A designation extended is an
# act of its own, and so is this year's notice of a series.
ACTING = COURTS | {
    *(RelationKind.CORRECTS, RelationKind.DELAYS, RelationKind.REPORTS),
    *WITHDRAWING,
    *(RelationKind.EXTENDS_COMMENTS, RelationKind.REOPENS_COMMENTS),
}
# The kind that an act is told under, the weightiest first.
_WEIGHT = ("rule", "presidential-document", "proposed-rule", "notice", INSPECTED)

_K = TypeVar("_K")
_V = TypeVar("_V")
Node = tuple[Document, int]  # a document; of a text that lives on, with the change that brought it


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A document as an event may hold it: `change` is its appearance, or what happened to a text
    that lives on; the version needs no text."""

    version: Version
    change: int
    seen_at: datetime

    @property
    def node(self) -> Node:
        return node(self.version.document, self.change)

    @property
    def on(self) -> date:
        stated = None if self.version.document.kind in LIVING else born(self.version)
        return stated.on if stated else eastern(self.seen_at)


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What a change of a document names, on evidence; or what an order acts on in a text that lives
    on: that text as a change (`act_change`) had left it."""

    document: Document
    change: int
    act: Document
    evidence: tuple[str, ...]
    act_change: int = 0


def node(document: Document, change: int) -> Node:
    """What a change is of in an event: its document, or of a text that lives on itself alone."""
    return document, change if document.kind in LIVING else 0


def assemble(
    pieces: Iterable[Piece], relations: Iterable[Relation], namings: Iterable[Naming]
) -> tuple[Event, ...]:
    """The events of two artefacts and more among these, one for each act."""
    web = _joined({piece.node: piece for piece in pieces}, relations, namings)
    found = ((unit, web.gathered(unit)) for unit in web.acts())
    return tuple(_event(unit, nodes, web) for unit, nodes in found if len(nodes) > 1)


def weight(document: Document) -> int:
    """By how much an act is told under before others: 0 is the weightiest."""
    return _WEIGHT.index(document.kind) if document.kind in _WEIGHT else len(_WEIGHT)


@dataclass(frozen=True, kw_only=True)
class _Lead:
    """The later document names the earlier one, or acts on it. `is_own`: in such a way that it is
    an act of its own besides."""

    later: Node
    earlier: Node
    evidence: tuple[str, ...]
    is_own: bool = False


@dataclass(frozen=True, kw_only=True)
class _Web:
    """The pieces among each other. A unit goes by its last step, and `members` gives what is one
    act with that; `units` gives of each node the units that it is of: a proposal made final in
    parts is of several. `followers` are the units that lead to one; `own` those that are an act
    whatever they lead to. `done` and `joins` give by the later one what it does, and why."""

    pieces: Mapping[Node, Piece]
    done: Mapping[Document, Sequence[Relation]]
    joins: Mapping[Node, Sequence[_Lead]]
    units: Mapping[Node, Sequence[Node]]
    members: Mapping[Node, Sequence[Node]]
    followers: Mapping[Node, Sequence[Node]]
    own: frozenset[Node]

    def acts(self) -> list[Node]:
        """The units that lead to no other or are acts all the same; and where documents name each
        other in a circle, the weightiest and oldest of them."""
        leading = {each for found in self.followers.values() for each in found}
        found = [unit for unit in self.members if unit in self.own or unit not in leading]
        reached = {each for unit in found for each in self.gathered(unit)}
        for unit in sorted(self.members, key=self._rank):
            if unit not in reached:
                found.append(unit)
                reached.update(self.gathered(unit))
        return found

    def gathered(self, unit: Node) -> list[Node]:
        """The act with all that leads to it; of another act among that, only its own documents."""
        found, waiting = {unit: None}, [unit]
        while waiting:
            for other in self.followers.get(waiting.pop(), ()):
                if other not in found:
                    found[other] = None
                    if other not in self.own:
                        waiting.append(other)
        return list(dict.fromkeys(each for one in found for each in self.members[one]))

    def _rank(self, unit: Node) -> tuple[int, date, str]:
        piece = self.pieces[unit]
        return weight(unit[0]), piece.on, unit[0].name


def _joined(
    pieces: Mapping[Node, Piece], relations: Iterable[Relation], namings: Iterable[Naming]
) -> _Web:
    held = {document for document, _ in pieces}
    among = [each for each in relations if each.earlier in held and each.later in held]
    known = [e for e in among if _node(e.earlier) in pieces and _node(e.later) in pieces]
    uniting = [_acting(each, pieces) for each in known if each.kind in UNITING]
    leads = [_acting(each, pieces) for each in known if each.kind in ACTING]
    leads += [
        lead
        for each in namings
        if (lead := _naming(each)).later in pieces and lead.earlier in pieces
    ]
    units = _units(pieces, uniting)
    return _Web(
        pieces=pieces,
        done=_grouped((each.later, each) for each in among),
        joins=_grouped((each.later, each) for each in (*uniting, *leads)),
        units=units,
        members=_grouped((unit, each) for each, found in units.items() for unit in found),
        followers=_grouped(
            (unit, other)
            for lead in leads
            if not {*units[lead.earlier]} & {*units[lead.later]}
            for unit in units[lead.earlier]
            for other in units[lead.later]
        ),
        own=frozenset(unit for lead in leads if lead.is_own for unit in units[lead.later]),
    )


def _grouped(pairs: Iterable[tuple[_K, _V]]) -> dict[_K, list[_V]]:
    found: dict[_K, list[_V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _units(pieces: Iterable[Node], uniting: Iterable[_Lead]) -> dict[Node, list[Node]]:
    """The units of each node: the last steps that it led up to, in print or made final. Where steps
    go in a circle, all of them are one."""
    further = _grouped((lead.earlier, lead.later) for lead in uniting)
    units: dict[Node, list[Node]] = {}
    for each in pieces:
        found, waiting = {each: None}, [each]
        while waiting:
            for later in further.get(waiting.pop(), ()):
                if later not in found:
                    found[later] = None
                    waiting.append(later)
        last = [step for step in found if step not in further]
        units[each] = last or [min(found, key=lambda step: (step[0].name, step[1]))]
    return units


def _node(document: Document) -> Node:
    return document, 0


def _acting(relation: Relation, pieces: Mapping[Node, Piece]) -> _Lead:
    """What ends something in force is made as that was (5 U.S.C. 551(5)); a rule that tells what a
    court did to an earlier one is no mere part of it."""
    is_proposal = relation.earlier.kind in ("proposed-rule", INSPECTED)
    ends = relation.kind in WITHDRAWING and not is_proposal
    tells = relation.kind is RelationKind.REPORTS and relation.later.kind in _WEIGHT
    earlier = pieces[_node(relation.earlier)].version
    return _Lead(
        later=_node(relation.later),
        earlier=_node(relation.earlier),
        evidence=(does(relation.kind, earlier), *relation.evidence),
        is_own=ends or tells,
    )


def _naming(naming: Naming) -> _Lead:
    later = node(naming.document, naming.change)
    earlier = node(naming.act, naming.act_change)
    return _Lead(later=later, earlier=earlier, evidence=naming.evidence)


def _event(unit: Node, nodes: Sequence[Node], web: _Web) -> Event:
    pieces = [web.pieces[each] for each in nodes]
    own = set(web.members[unit])
    act = _act([web.pieces[each] for each in web.members[unit]])
    within, documents = set(nodes), {each[0] for each in nodes}
    done = (relation for each in documents for relation in web.done.get(each, ()))
    relations = sorted((r for r in done if r.earlier in documents), key=_in_order)
    versions = [piece.version for piece in pieces if piece.version.document.kind not in LIVING]
    standings = _standings(versions, relations)
    stated = states(versions, relations)
    before = [web.pieces[each].version for each in web.members[unit] if each != act.node]
    others = [each.version for each in pieces if each.node not in own]
    actions = court_actions(documents, relations, versions)
    artefacts = tuple(_artefact(each, within, web) for each in sorted(pieces, key=_in_time))
    return Event(
        act=act.version.document,
        line=line([act.version, *before], others, relations, standings, stated),
        artefacts=artefacts,
        standings=standings,
        states=stated,
        court_actions=actions,
    )


def _act(pieces: Sequence[Piece]) -> Piece:
    """The document that an act goes by: of the weightiest kind, the latest; a final rule, and not
    the interim one or the proposal before it."""
    latest = sorted(pieces, key=lambda each: (each.on, each.version.document.name), reverse=True)
    return min(latest, key=lambda each: weight(each.version.document))


def _in_time(piece: Piece) -> tuple[date, datetime, str]:
    return piece.on, piece.seen_at, piece.version.document.name


def _in_order(relation: Relation) -> tuple[str, str, str]:
    return relation.earlier.name, relation.later.name, relation.kind


def _artefact(piece: Piece, within: set[Node], web: _Web) -> Artefact:
    version = piece.version
    stated = None if version.document.kind in LIVING else born(version)
    joins = (lead.evidence for lead in web.joins.get(piece.node, ()) if lead.earlier in within)
    return Artefact(
        document=version.document,
        title=version.title,
        citation=version.citation,
        url=version.url,
        on=stated.on if stated else None,
        dated=stated.kind if stated else None,
        seen_at=piece.seen_at,
        change=piece.change,
        evidence=tuple(dict.fromkeys(words for each in joins for words in each)),
    )


def _standings(versions: Sequence[Version], relations: Sequence[Relation]) -> tuple[Standing, ...]:
    """One set of dates. Of a day that several documents state for one purpose, those judge whether
    it holds that acts can end; an announcement repeats what they state. Among these one that holds
    goes before one that does not: a live date called dead is missed."""
    papers = {each.document for each in versions if each.document.kind in _WEIGHT}
    judged = [each for each in standing(versions, relations) if each.stated.kind not in FACTS]
    judged.sort(key=lambda each: (each.document not in papers, not each.live))
    found: dict[tuple[DateKind, date], Standing] = {}
    for each in judged:
        found.setdefault((each.stated.kind, each.stated.on), each)
    return tuple(sorted(found.values(), key=lambda each: (not each.live, each.stated.on)))
