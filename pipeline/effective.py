"""From which days the documents of a rulemaking have effect, and what puts these days off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.live import INSPECTED, standing
from pipeline.model import DateKind, Document, Relation, RelationKind, StatedDate, Version
from pipeline.papers import readable

REGISTERED = frozenset({"rule", "proposed-rule", "notice", "presidential-document", INSPECTED})
_DELAYS = (RelationKind.DELAYS,)
_MOVES = (RelationKind.DELAYS, RelationKind.CORRECTS)

Day = tuple[date, Version, str]  # from which something has effect, who says so, in what words


@dataclass(frozen=True, kw_only=True)
class Rulemaking:
    """The documents of one rulemaking that are held, what those in print do to each other, and the
    stated dates that `live` calls dead; `extended` are those that documents not held extend."""

    versions: Mapping[Document, Version]
    relations: tuple[Relation, ...]
    dead: frozenset[tuple[Document, StatedDate]]
    extended: frozenset[Document]
    # A withdrawal may be withdrawn in its turn: what was reckoned once is not reckoned again.
    reckoned: dict[Document, tuple[Day, ...]] = field(default_factory=dict, repr=False)

    def acts_on(self, document: Document, kinds: Iterable[RelationKind]) -> Iterator[Version]:
        """The documents that do one of these to one of them."""
        for relation in self.relations:
            if relation.earlier == document and relation.kind in kinds:
                yield self.versions[relation.later]


def gathered(versions: Iterable[Version], relations: Iterable[Relation]) -> Rulemaking:
    """The Federal Register's documents among `versions`, one version of each."""
    mine = {each.document: each for each in versions if each.document.kind in REGISTERED}
    known = tuple(relations)
    judged = standing(mine.values(), known)
    return Rulemaking(
        versions=mine,
        relations=tuple(each for each in known if _is_in_print(each, mine)),
        dead=frozenset((each.document, each.stated) for each in judged if not each.live),
        extended=frozenset(
            each.earlier
            for each in known
            if each.kind is RelationKind.EXTENDS and each.later not in mine
        ),
    )


def days(version: Version, held: Rulemaking) -> tuple[Day, ...]:
    """The days from which a document has effect, who says so, and in what words: its own, and those
    that delays and corrections put in their place, as far as nothing had ended them by then."""
    known = held.reckoned.get(version.document)
    if known is None:
        known = held.reckoned[version.document] = tuple(_reckoned(version, held))
    return known


def _reckoned(version: Version, held: Rulemaking) -> Iterator[Day]:
    own = {each.on for each in effective(version)}
    over = [ended(by, held) for by in held.acts_on(version.document, (RelationKind.WITHDRAWS,))]
    sayings = (version, *_moving(version, held))
    for place, said in enumerate(sayings):
        given = effective(said)
        for each in given if said is version else _new(said, own):
            moved = (by for by in sayings[place + 1 :] if readable(by) <= each.on)
            is_dead = (said.document, each) in held.dead
            is_moved = any(is_dead or not effective(by) for by in moved)
            if not (is_moved or any(each.on >= end for end in over)):
                yield each.on, said, words(given)


def _new(said: Version, own: Collection[date]) -> list[StatedDate]:
    """The dates that a delay or correction gives in place of a document's own. The date from which
    it has effect itself, and the one that it moves, stand in it beside the new one: what is no
    later than the first that it may move is none, and of several for one the last counts."""
    floor = max((readable(said), *([min(own)] if own else ())))
    given = [each for each in effective(said) if each.on > floor and each.on not in own]
    if len(own) > 1 or not given:
        return given
    last = max(each.on for each in given)
    return [each for each in given if each.on == last]


def ended(withdrawal: Version, held: Rulemaking) -> date:
    """From when what it withdraws is over, as `live` has it: after every day that may be meant."""
    return max((on for on, _, _ in days(withdrawal, held)), default=readable(withdrawal))


def effective(version: Version) -> list[StatedDate]:
    """The effective dates that it states."""
    return [each for each in version.dates if each.kind is DateKind.EFFECTIVE]


def words(stated: Iterable[StatedDate]) -> str:
    """The words of dates in order of time, with the place of each where it is not one."""
    each_on = {each.on: each for each in reversed(tuple(stated))}
    said = [each_on[on] for on in sorted(each_on)]
    places = {each.read_from for each in said}
    parts = (f"{e.words} ({e.read_from})" if len(places) > 1 else e.words for e in said)
    return "; ".join(dict.fromkeys(parts))


def _is_in_print(relation: Relation, versions: Mapping[Document, Version]) -> bool:
    """Whether both are held and the later is printed: what is on file changes nothing yet. Two of
    one day that act on each other are a misreading, and never go round in a circle."""
    earlier, later = versions.get(relation.earlier), versions.get(relation.later)
    if earlier is None or later is None or later.document.kind == INSPECTED:
        return False
    return _in_time(earlier) < _in_time(later)


def _in_time(version: Version) -> tuple[date, str]:
    return readable(version), version.document.key


def _moving(version: Version, held: Rulemaking) -> list[Version]:
    """What moves the effective date of a document, by a delay of a delay too, in order of time; a
    correction only where it ends one of the dates. What was withdrawn moves nothing."""
    is_ended = any((version.document, each) in held.dead for each in effective(version))
    waiting = list(held.acts_on(version.document, _MOVES if is_ended else _DELAYS))
    found: dict[Document, Version] = {}
    while waiting:
        later = waiting.pop()
        if later.document not in found:
            found[later.document] = later
            waiting += held.acts_on(later.document, _DELAYS)
    return sorted((each for each in found.values() if _moves(each, held)), key=_in_time)


def _moves(later: Version, held: Rulemaking) -> bool:
    is_withdrawn = any(held.acts_on(later.document, (RelationKind.WITHDRAWS,)))
    is_delay = any(e.later == later.document and e.kind in _DELAYS for e in held.relations)
    return not is_withdrawn and (is_delay or bool(effective(later)))
