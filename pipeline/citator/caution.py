"""Say what must be read with a status: what revives nothing, what is unsure, what isn't held."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from pipeline.calendar import spelled
from pipeline.citator.bearing import Placed, is_against, undone
from pipeline.citator.deed import Deed, is_after, printed
from pipeline.citator.forum import condition, within
from pipeline.citator.model import Bearing, Coverage, TreatmentForm, TreatmentKind
from pipeline.citator.telling import clause, named, restored, source, taken
from pipeline.citator.twins import counterparts
from pipeline.citator.voice import Rank, may_undo, target

# These read as verbs of the one who did it.
_ACTIVE = frozenset(
    {
        TreatmentKind.OVERRULED,
        TreatmentKind.ABROGATED,
        TreatmentKind.DISAPPROVED,
        TreatmentKind.VACATED,
        TreatmentKind.REVERSED,
        TreatmentKind.SUPERSEDED,
        TreatmentKind.STAYED,
        TreatmentKind.MODIFIED,
        TreatmentKind.LIMITED,
    }
)


def cautions(placed: Placed, held: Collection[str]) -> tuple[str, ...]:
    """In the order in which a reader needs them; `held` as `status` has it."""
    found = (
        *_revived_by_nothing(placed),
        *_given_back_by_what_fell(placed),
        *_unsure(placed),
        *_without_power(placed),
        *_undone_by_whom(placed),
        *_conditions(placed),
        *_reported_alone(placed, held),
        *_on_review(placed),
        *_referred(placed.here),
    )
    return tuple(dict.fromkeys(found))


def of_case(orders: Sequence[Deed], authority: str, on: date) -> tuple[str, ...]:
    """What orders in a case of the same name did by a day, after the authority was decided, which
    do not say what they touch."""
    done = [deed for deed in orders if deed.first <= on and _is_later(deed, authority)]
    by_order = {deed.by: [each for each in done if each.by == deed.by] for deed in done}
    return tuple(
        f"an order in a case of this name, {source(told[0].lead)}, "
        f"{' and '.join(dict.fromkeys(map(taken, told)))}; whether that touches this decision is "
        "not stated in what we hold"
        for told in by_order.values()
    )


def lacking(authority: str, coverage: Coverage) -> str:
    """Of which volumes, from that of an authority on, no precedent is held: what these did to it
    cannot have been found; "" where there are none."""
    place, held = printed(authority), {volume for volume, *_ in coverage.volumes}
    if place is None or not held:
        return ""
    missing = [each for each in range(place[0], max(held) + 1) if each not in held]
    if len(missing) < 2:
        return f"we hold no precedents of volume {missing[0]}" if missing else ""
    *most, last = missing
    is_run = len(most) > 1 and last - most[0] == len(most)
    listed = f"{most[0]} to {last}" if is_run else f"{', '.join(map(str, most))} and {last}"
    return f"we hold no precedents of volumes {listed}"


def _is_later(order: Deed, authority: str) -> bool:
    places = printed(order.by), printed(authority)
    if None in places:
        return order.by != authority
    return bool(places[0] > places[1])  # type: ignore[operator]  # neither is None


def not_yet(first: date | None, on: date) -> tuple[str, ...]:
    """That an authority is later than the day asked about; `first` is when it may have been decided
    at the earliest."""
    if first is None or first <= on:
        return ()
    return (f"it was itself decided later than {spelled(on)}, the day asked about",)


def given_back_since(done: Sequence[Deed], on: date) -> Iterator[str]:
    """What was given back later than the day asked about, where nothing held says what had taken it
    away: it may have been gone by then."""
    against = [deed for deed in done if is_against(deed)]
    for deed in done:
        is_later = deed.first > on and deed.gives_back
        if is_later and all(
            is_after(deed, each) is False or deed.by == each.by for each in against
        ):
            is_stated = deed.lead.treatment.kind is TreatmentKind.REINSTATED
            before = "what" if is_stated else "whether something"
            yield (
                f"later than the day asked about, {restored(deed)}; {before} had undone it, and "
                "since when, is not in what we hold"
            )


def counterpart(authority: str) -> str:
    """That a regulation has one of the other agency beside it; "" where it has none."""
    return "; ".join(
        f"its counterpart, {other}, was one text with it until February 28, 2003; the two are "
        "amended apart since, and neither answers for the other"
        for other in counterparts(authority)
    )


def _revived_by_nothing(placed: Placed) -> Iterator[str]:
    for deed in placed.against:
        if later := undone(deed, placed):
            told = f"{_deciding(deed)} was itself {clause(later, placed.on)}"
            stated = any(is_after(each, deed) for each in placed.back)
            yield told if stated else f"{told}; nothing we hold reinstates it"


def _given_back_by_what_fell(placed: Placed) -> Iterator[str]:
    for deed in placed.back:
        if later := undone(deed, placed):
            is_stated = deed.lead.treatment.kind is TreatmentKind.REINSTATED
            did = "reinstated it" if is_stated else "told adjudicators to adhere to it"
            yield f"the decision that {did}, {named(deed)}, was itself {clause(later, placed.on)}"


def _deciding(deed: Deed) -> str:
    kind = deed.lead.treatment.kind
    did = f"{kind} it" if kind in _ACTIVE else "did so"
    return f"the decision that {did}, {named(deed)},"


def _unsure(placed: Placed) -> Iterator[str]:
    for deed in placed.against:
        for each in placed.back:
            if each.by != deed.by and is_after(each, deed) is None:
                yield (
                    f"which came first is not stated in what we hold: {named(deed) or 'the one'} "
                    f"or {named(each) or 'the other'}"
                )


def _without_power(placed: Placed) -> Iterator[str]:
    for deed in placed.against:
        for each in placed.back:
            can = may_undo(each.voice, deed.voice) and may_undo(
                each.voice, target(each.lead.treatment)
            )
            if is_after(each, deed) and not can and not each.lead.treatment.circuits:
                yield (
                    f"{restored(each)}, which cannot by itself undo what {named(deed)} did; "
                    "it may report that another did"
                )


def _undone_by_whom(placed: Placed) -> Iterator[str]:
    done = (*placed.here, *placed.away)
    # Where nothing else bears, the line itself says so of what does.
    for each in done if placed.against else placed.away:
        if each.lead.treatment.kind is not TreatmentKind.REINSTATED:
            continue
        before = [deed for deed in done if deed.bearing is Bearing.NEGATIVE]
        if all(is_after(each, deed) is False or deed.by == each.by for deed in before):
            yield f"{restored(each)}: what had undone it is not in what we hold"


def _conditions(placed: Placed) -> Iterator[str]:
    forum = placed.forum
    for deed in (*placed.here, *placed.away):
        words = condition(deed.lead.treatment.sentence)
        if not words:
            continue
        where = within((forum.circuit,)) if forum and forum.circuit else "in each circuit"
        yield (
            f"{source(deed.lead)} makes what it says depend on the law of the circuit (“{words}”); "
            f"what that law is {where} is not established by what we hold"
        )


def _reported_alone(placed: Placed, held: Collection[str]) -> Iterator[str]:
    for deed in placed.against:
        if not deed.is_own and deed.by in held:
            yield f"what we hold of {named(deed)} does not itself say so; check its text"
        elif deed.lead.treatment.form is TreatmentForm.DISCUSSION and not deed.is_own:
            yield f"read in running text: check the sentence in {source(deed.lead)}"


def _on_review(placed: Placed) -> Iterator[str]:
    direct = (TreatmentKind.VACATED, TreatmentKind.REVERSED)
    for deed in filter(is_against, (*placed.here, *placed.away)):
        kind = deed.lead.treatment.kind
        if deed.voice.rank is Rank.COURT_OF_APPEALS and kind in direct:
            yield (
                f"{named(deed)} {kind} the decision itself; whether it still serves as a precedent "
                "in other circuits is not stated in what we hold"
            )


def _referred(here: Sequence[Deed]) -> Iterator[str]:
    for deed in here:
        if deed.lead.treatment.kind is TreatmentKind.REFERRED:
            later = [each for each in here if each is not deed and is_after(each, deed)]
            if not any(each.voice.rank is Rank.ATTORNEY_GENERAL for each in later):
                yield (
                    f"referred to the Attorney General for review ({source(deed.lead)}); what "
                    "became of the review is not in what we hold"
                )
