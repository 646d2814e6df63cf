"""Put the artefacts of one act together: whatever names it, is done to it, or was made final by it.

Naming has a direction. A document that names two acts is part of both and makes them no one act;
what it is named by itself is part of them, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.calendar import eastern
from pipeline.gist import line, named
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
from pipeline.naming import LIVING, born
from pipeline.orders import COURTS
from pipeline.state import court_actions, states

# What makes two documents one act …
UNITING = frozenset({RelationKind.FINALISES, RelationKind.PUBLISHES})
# … and what makes one of them part of the other's. A designation extended is an act of its own, and
# so is this year's notice of a series.
ACTING = COURTS | {
    *(RelationKind.CORRECTS, RelationKind.DELAYS, RelationKind.REPORTS),
    *(RelationKind.WITHDRAWS, RelationKind.WITHDRAWS_IN_PART),
    *(RelationKind.EXTENDS_COMMENTS, RelationKind.REOPENS_COMMENTS),
}
_ENDING = frozenset({RelationKind.WITHDRAWS, RelationKind.WITHDRAWS_IN_PART})
# The kind that an act is told under, the weightiest first.
_WEIGHT = ("rule", "presidential-document", "proposed-rule", "notice", INSPECTED)

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
    """What a change of a document names, on evidence."""

    document: Document
    change: int
    act: Document
    evidence: tuple[str, ...]


def node(document: Document, change: int) -> Node:
    """What a change is of in an event: its document, or of a text that lives on itself alone."""
    return document, change if document.kind in LIVING else 0


def assemble(
    pieces: Iterable[Piece], relations: Iterable[Relation], namings: Iterable[Naming]
) -> tuple[Event, ...]:
    """The events of two artefacts and more among these, one for each act."""
    web = _web({piece.node: piece for piece in pieces}, relations, namings)
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
    """The pieces among each other. `units` gives of each node the first of those that are one act
    with it, `members` these; `followers` the units that lead to one; `own` those that are an act
    whatever they lead to."""

    pieces: Mapping[Node, Piece]
    relations: Sequence[Relation]
    united: Sequence[_Lead]
    leads: Sequence[_Lead]
    units: Mapping[Node, Node]
    members: Mapping[Node, Sequence[Node]]
    followers: Mapping[Node, Sequence[Node]]
    own: frozenset[Node]

    def acts(self) -> list[Node]:
        """The units that lead to no other or are acts all the same; and where documents name each
        other in a circle, the weightiest and oldest of them."""
        leading = {self.units[each.later] for each in self.leads if not self._is_within(each)}
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
        return [each for one in found for each in self.members[one]]

    def _is_within(self, lead: _Lead) -> bool:
        return self.units[lead.later] == self.units[lead.earlier]

    def _rank(self, unit: Node) -> tuple[int, date, str]:
        piece = self.pieces[unit]
        return weight(unit[0]), piece.on, unit[0].name


def _web(
    pieces: Mapping[Node, Piece], relations: Iterable[Relation], namings: Iterable[Naming]
) -> _Web:
    known = [
        each for each in relations if _node(each.earlier) in pieces and _node(each.later) in pieces
    ]
    united = [_acting(each, pieces) for each in known if each.kind in UNITING]
    leads = [_acting(each, pieces) for each in known if each.kind in ACTING]
    leads += [
        lead
        for each in namings
        if (lead := _naming(each)).later in pieces and lead.earlier in pieces
    ]
    units = _units(pieces, united)
    members: defaultdict[Node, list[Node]] = defaultdict(list)
    for each, unit in units.items():
        members[unit].append(each)
    followers: defaultdict[Node, list[Node]] = defaultdict(list)
    for lead in leads:
        followers[units[lead.earlier]].append(units[lead.later])
    return _Web(
        pieces=pieces,
        relations=known,
        united=united,
        leads=leads,
        units=units,
        members=members,
        followers=followers,
        own=frozenset(units[lead.later] for lead in leads if lead.is_own),
    )


def _units(pieces: Iterable[Node], united: Iterable[_Lead]) -> dict[Node, Node]:
    """The unit of each node, by the pairs that are one act."""
    above = {each: each for each in pieces}

    def top(each: Node) -> Node:
        while above[each] != each:
            each = above[each]
        return each

    for lead in united:
        above[top(lead.later)] = top(lead.earlier)
    return {each: top(each) for each in above}


def _node(document: Document) -> Node:
    return document, 0


def _acting(relation: Relation, pieces: Mapping[Node, Piece]) -> _Lead:
    """What ends something in force is made as that was (5 U.S.C. 551(5)); a rule that tells what a
    court did to an earlier one is no mere part of it."""
    is_proposal = relation.earlier.kind in ("proposed-rule", INSPECTED)
    ends = relation.kind in _ENDING and not is_proposal
    tells = relation.kind is RelationKind.REPORTS and relation.later.kind in _WEIGHT
    earlier = pieces[_node(relation.earlier)].version
    return _Lead(
        later=_node(relation.later),
        earlier=_node(relation.earlier),
        evidence=(f"{relation.kind} {named(earlier)}", *relation.evidence),
        is_own=ends or tells,
    )


def _naming(naming: Naming) -> _Lead:
    later = node(naming.document, naming.change)
    return _Lead(later=later, earlier=_node(naming.act), evidence=naming.evidence)


def _event(unit: Node, nodes: Sequence[Node], web: _Web) -> Event:
    pieces = [web.pieces[each] for each in nodes]
    act = _act([web.pieces[each] for each in web.members[unit]])
    within = set(nodes)
    relations = [r for r in web.relations if {_node(r.earlier), _node(r.later)} <= within]
    versions = [piece.version for piece in pieces if piece.version.document.kind not in LIVING]
    standings = _standings(versions, relations)
    stated = states(versions, relations)
    before = [web.pieces[each].version for each in web.members[unit] if each != act.node]
    others = [each.version for each in pieces if each.node not in web.members[unit]]
    actions = court_actions({each.document for each in versions}, relations, versions)
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


def _artefact(piece: Piece, within: set[Node], web: _Web) -> Artefact:
    version = piece.version
    stated = None if version.document.kind in LIVING else born(version)
    joins = (
        lead.evidence
        for lead in (*web.united, *web.leads)
        if lead.later == piece.node and lead.earlier in within
    )
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
