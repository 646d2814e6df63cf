"""A rule's state over time, by the documents held: what courts did to it stands apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from pipeline.acts import Stage, stage
from pipeline.effective import Rulemaking, days, effective, ended, gathered, words
from pipeline.live import INSPECTED
from pipeline.model import (
    CourtAction,
    DateKind,
    Document,
    Relation,
    RelationKind,
    State,
    StateKind,
    Version,
)
from pipeline.orders import COURTS
from pipeline.orders import KIND as ORDER
from pipeline.papers import readable
from pipeline.reported import told

_FILED = frozenset({"rule", "proposed rule"})  # what a filing for public inspection will be
# What makes two documents one act.
UNITING = frozenset({RelationKind.FINALISES, RelationKind.PUBLISHES})
# What acts on a rule is no step of its own: a correction's date is not the rule's.
_ACTS = frozenset(
    {
        RelationKind.CORRECTS,
        RelationKind.DELAYS,
        RelationKind.EXTENDS,
        RelationKind.EXTENDS_COMMENTS,
        RelationKind.REOPENS_COMMENTS,
        RelationKind.WITHDRAWS,
        RelationKind.WITHDRAWS_IN_PART,
    }
)
# A step toward effect takes the place of none further on: while a final rule is still to take
# effect, the interim rule before it governs. The rest are no steps, and take effect at once.
_STEPS = {
    StateKind.ON_FILE: 0,
    StateKind.PROPOSED: 0,
    StateKind.NOT_STATED: 1,
    StateKind.FINAL: 1,
}
_IN_TURN = (
    *(StateKind.ON_FILE, StateKind.PROPOSED, StateKind.FINAL, StateKind.NOT_STATED),
    *(StateKind.WITHDRAWN, StateKind.RESCINDED, StateKind.EXPIRED),
    *(StateKind.DELAYED, StateKind.IN_EFFECT),
)  # on one day
_AHEAD = frozenset({StateKind.DELAYED, StateKind.IN_EFFECT})


def states(versions: Iterable[Version], relations: Iterable[Relation]) -> tuple[State, ...]:
    """What the Federal Register's documents of one rulemaking say of it, in order of time.

    One version per document; texts may be empty. What is only on file for publication changes
    nothing before it is printed, and what courts did is left aside: see `court_actions`. Where a
    document has effect from several days, or from one by its text and from another by the
    register's data, each is a state, and the words of all of them stand with each.
    """
    known = tuple(relations)
    held = gathered(versions, known)
    acting = _acting(held, known)
    found = [
        state
        for each in held.versions.values()
        if each.document not in acting
        for state in _own(each, held)
    ]
    found += _done(held, acting)
    return tuple(sorted(dict.fromkeys(found), key=lambda state: _in_time(state, held)))


def state_on(day: date, known: Iterable[State]) -> State | None:
    """The state at the end of a day, of states in order of time; None where none is said of it."""
    every = tuple(known)
    now = _on(day, every)
    ahead = (each.since for each in every if each.kind is StateKind.IN_EFFECT and each.since)
    effective = min((since for since in ahead if since > day), default=None)
    is_ahead = now is not None and now.kind in (StateKind.FINAL, StateKind.DELAYED)
    return replace(now, effective=effective) if now and is_ahead else now


def _on(day: date, known: Iterable[State]) -> State | None:
    now: State | None = None
    is_next_waiting = False
    for state in known:
        if state.since is None or state.since > day:
            continue
        if now is None or not _is_behind(state, now, is_next_waiting=is_next_waiting):
            now, is_next_waiting = state, False
        elif state.kind in _STEPS:
            is_next_waiting = is_next_waiting or _STEPS[state.kind] > 0
        elif state.kind is StateKind.WITHDRAWN:
            is_next_waiting = False
    return now


def _is_behind(state: State, now: State, *, is_next_waiting: bool) -> bool:
    """Whether a state leaves in force what is: a step toward effect, the withdrawal of what never
    had effect, and the delay of a rule that waits to take the place of the one in effect."""
    if state.kind in _STEPS:
        return now.kind in _AHEAD or _STEPS.get(now.kind, 0) > _STEPS[state.kind]
    if now.kind is not StateKind.IN_EFFECT:
        return False
    is_delayed = state.kind is StateKind.DELAYED and is_next_waiting
    return is_delayed or state.kind is StateKind.WITHDRAWN


def rulemaking(document: Document, relations: Iterable[Relation]) -> tuple[Document, ...]:
    """The documents of the rulemaking that a document is part of, itself first: what was printed or
    made final with it, and what acts on any of these. What it only acts on itself is another act's,
    and so is what that act's other documents are."""
    known = [each for each in relations if each.kind in _ACTS | UNITING]
    found, waiting = {document: None}, [document]
    while waiting:
        this = waiting.pop()
        later = (each.later for each in known if each.earlier == this)
        earlier = (e.earlier for e in known if e.later == this and e.kind in UNITING)
        for other in (*earlier, *later):
            if other not in found:
                found[other] = None
                waiting.append(other)
    return tuple(found)


def court_actions(
    documents: Collection[Document], relations: Iterable[Relation], held: Iterable[Version]
) -> tuple[CourtAction, ...]:
    """What courts did to these documents, and to the orders that did it: as orders entered by hand
    say, and as documents held report. In order of their days; one without a day stands first."""
    known, by_document = tuple(relations), {each.document: each for each in held}
    on = {*documents}
    on |= {each.later for each in known if each.kind in COURTS and each.earlier in on}
    mine = [each for each in known if each.earlier in on]
    by_hand = (_ordered(each, by_document.get(each.later)) for each in mine if each.kind in COURTS)
    reported = (
        action for each in mine if each.kind is RelationKind.REPORTS for action in told(each)
    )
    found = dict.fromkeys((*by_hand, *reported))
    return tuple(sorted(found, key=lambda each: (each.on or date.min, each.document.name)))


def _ordered(relation: Relation, order: Version | None) -> CourtAction:
    return CourtAction(
        kind=relation.kind,
        on=order.date(DateKind.DECIDED) if order else None,
        document=relation.later,
        words="; ".join(relation.evidence),
        is_by_hand=relation.later.kind == ORDER,
    )


def _acting(held: Rulemaking, relations: Iterable[Relation]) -> frozenset[Document]:
    """The documents that only act on others here, or will once printed: what makes a proposal final
    is a step itself."""
    among = [each for each in relations if each.earlier in held.versions]
    final = {each.later for each in among if each.kind is RelationKind.FINALISES}
    return frozenset({each.later for each in among if each.kind in _ACTS} - final)


def _in_time(state: State, held: Rulemaking) -> tuple[date, int, str, str]:
    since = state.since or readable(held.versions[state.document])
    return since, _IN_TURN.index(state.kind), state.document.name, state.words


def _own(version: Version, held: Rulemaking) -> Iterator[State]:
    """What a document says of itself."""
    step = _step(version)
    if step is not None:
        yield step
    if version.document.kind == INSPECTED:
        return  # it has no effect before it is printed
    if step is None or step.kind is StateKind.FINAL:
        for on, said, quoted in days(version, held):
            yield _state(StateKind.IN_EFFECT, on, said, quoted)
        yield from _expiry(version, held)


def _step(version: Version) -> State | None:
    """On file, proposed, or final and not in effect yet, from the day from which it could be read;
    None where a rule took effect as it was printed, and for a notice, which is no rule."""
    kind, on = version.document.kind, readable(version)
    if kind == INSPECTED:
        to_be = str(version.metadata.get("type", "")).casefold()
        return _state(StateKind.ON_FILE, on, version, _says(version)) if to_be in _FILED else None
    if _is_proposal(version):
        return _state(StateKind.PROPOSED, on, version, _says(version))
    if kind != "rule":
        return None
    if not (given := effective(version)):
        return _state(StateKind.NOT_STATED, on, version, _says(version))
    is_ahead = min(each.on for each in given) > on
    return _state(StateKind.FINAL, on, version, _says(version)) if is_ahead else None


def _done(held: Rulemaking, acting: Collection[Document]) -> Iterator[State]:
    """What later documents do to the state of earlier ones; to end a delay ends no rule."""
    for relation in held.relations:
        earlier, later = held.versions[relation.earlier], held.versions[relation.later]
        on, kind = readable(later), relation.kind
        if kind is RelationKind.DELAYS:
            yield _state(StateKind.DELAYED, on, later, words(effective(later)) or _says(later))
        elif earlier.document in acting:
            continue
        elif kind in (RelationKind.EXTENDS_COMMENTS, RelationKind.REOPENS_COMMENTS):
            closing = [e for e in later.dates if e.kind is DateKind.COMMENTS_CLOSE]
            yield _state(StateKind.PROPOSED, on, later, words(closing) or _says(later))
        elif kind is RelationKind.WITHDRAWS_IN_PART:
            yield _state(_so_far(earlier, on, held), on, later, _says(later))
        elif kind is RelationKind.WITHDRAWS:
            yield _ended(earlier, later, held)


def _ended(earlier: Version, by: Version, held: Rulemaking) -> State:
    """A proposal is withdrawn as that is printed; a rule, from when the later one has effect: it is
    rescinded if it had taken effect itself by then."""
    on = readable(by) if _is_proposal(earlier) else ended(by, held)
    has_begun = any(day < on for day, _, _ in days(earlier, held))
    kind = StateKind.RESCINDED if has_begun else StateKind.WITHDRAWN
    return _state(kind, on, by, words(effective(by)) or _says(by))


def _so_far(version: Version, on: date, held: Rulemaking) -> StateKind:
    if any(day <= on for day, _, _ in days(version, held)):
        return StateKind.IN_EFFECT
    step = _step(version)
    return step.kind if step else StateKind.NOT_STATED


def _expiry(version: Version, held: Rulemaking) -> Iterator[State]:
    """When it ends by its own words, or as extended: the day after one "through" which it runs. A
    rule made final by then has no end any more."""
    if version.document in held.extended:
        return
    final = held.acts_on(version.document, (RelationKind.FINALISES,))
    since = min((on for each in final for on, _, _ in days(each, held)), default=date.max)
    for said in (version, *held.acts_on(version.document, (RelationKind.EXTENDS,))):
        for each in said.dates:
            if each.kind is DateKind.EXPIRES and (said.document, each) not in held.dead:
                is_last = "through" in each.words.casefold()
                on = each.on + timedelta(days=1) if is_last else each.on
                if on < since:
                    yield _state(StateKind.EXPIRED, on, said, each.words)


def _is_proposal(version: Version) -> bool:
    stated = version.metadata
    said = (version.title, str(stated.get("action", "")), str(stated.get("abstract", "")))
    return stage(version.document.kind, *said) is Stage.PROPOSAL


def _says(version: Version) -> str:
    """Its ACTION line, which says what it is; else its title."""
    return str(version.metadata.get("action", "")) or version.title


def _state(kind: StateKind, since: date, said: Version, quoted: str) -> State:
    return State(kind=kind, since=since, document=said.document, words=quoted)
