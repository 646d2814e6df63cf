"""What the documents of one rulemaking say governed on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from pipeline.calendar import spelled
from pipeline.effective import days, gathered
from pipeline.governing import Governing, called
from pipeline.model import Document, Relation, RelationKind, State, StateKind, Version
from pipeline.papers import readable
from pipeline.state import state_on, states


def governing(
    day: date, asked: Version, versions: Collection[Version], relations: Iterable[Relation]
) -> Governing:
    """What governed of a rulemaking, given its documents: the rule in effect by its states, never a
    proposal. Litigation alters none of this."""
    known = tuple(relations)
    told = states(versions, known)
    state = state_on(day, told)
    if state is None:
        line = f"No document held says what governed on {spelled(day)}."
        return Governing(day=day, line=line, notes=tuple(_ahead(day, told, versions)))
    text = _in_force(day, versions, known) if state.kind is StateKind.IN_EFFECT else None
    said = {each.document: each for each in versions}
    is_proposal = asked.document.kind == "proposed-rule"
    line = f"On {spelled(day)}: {_since(state, told, said, known)}."
    if is_proposal:
        line += " The proposal itself did not govern."
    elif text is None:
        line += " Its text did not govern on that day."
    return Governing(
        day=day,
        line=line,
        text=text,
        basis=(
            f"“{state.words}” ({called(said[state.document])})",
            *_corrected(day, text, said, known),
        ),
        notes=tuple(_ahead(day, told, versions)),
    )


def _since(
    state: State,
    told: Iterable[State],
    said: Mapping[Document, Version],
    relations: Iterable[Relation],
) -> str:
    """A state, its day and its document. To withdraw a part begins no new state."""
    part = RelationKind.WITHDRAWS_IN_PART
    partial = {each.later for each in relations if each.kind is part}
    earlier = (
        each
        for each in told
        if each.kind is state.kind
        and each.document not in partial
        and (each.since or date.max) <= (state.since or date.min)
    )
    first = max(earlier, key=lambda each: each.since or date.min, default=state)
    first = first if state.document in partial else state
    line = str(first.kind) + (f" since {spelled(first.since)}" if first.since else "")
    line += f", by {called(said[first.document])}"
    if state is first or state.since is None:
        return line
    return (
        f"{line}; withdrawn in part since {spelled(state.since)}, by {called(said[state.document])}"
    )


def _in_force(
    day: date, versions: Iterable[Version], relations: Iterable[Relation]
) -> Version | None:
    """The document whose text took effect last by then; what only delays or corrects has none."""
    held = gathered(versions, relations)
    acting = {
        each.later
        for each in held.relations
        if each.kind in (RelationKind.DELAYS, RelationKind.CORRECTS)
    }
    begun = [
        (on, readable(each), each.document.key, each)
        for each in held.versions.values()
        if each.document not in acting and each.document.kind != "proposed-rule"
        for on, _, _ in days(each, held)
        if on <= day
    ]
    return max(begun, key=lambda found: found[:3])[3] if begun else None


def _corrected(
    day: date,
    text: Version | None,
    said: Mapping[Document, Version],
    relations: Iterable[Relation],
) -> Iterator[str]:
    for each in relations:
        correction = said.get(each.later)
        if text is None or each.earlier != text.document or correction is None:
            continue
        if each.kind is RelationKind.CORRECTS and readable(correction) <= day:
            words = next((e for e in each.evidence if e.startswith("“")), "")
            yield f"as corrected by {called(correction)}" + (f": {words}" if words else "")


def _ahead(day: date, told: Iterable[State], versions: Iterable[Version]) -> Iterator[str]:
    """What the documents held say of a later day: none of it governed yet."""
    said = {each.document: each for each in versions}
    for state in told:
        if state.since is None or state.since > day:
            since = spelled(state.since) if state.since else "a day not stated"
            yield f"later: {state.kind} from {since}, by {called(said[state.document])}"
