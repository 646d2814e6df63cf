"""Decide which deeds bear in a forum on a day, and which of them still hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import compress
from operator import not_

from pipeline.citator.deed import Deed, is_after
from pipeline.citator.forum import Binding, binds
from pipeline.citator.model import Bearing, Forum, StatusKind, TreatmentKind
from pipeline.citator.voice import Rank, may_undo, target

_GRAVITY = [*StatusKind]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What was done by the end of a day, in the order of time: `here` what bears in the forum,
    `away` what is not stated to; `of_doers` what bears of that which was done to the doers."""

    on: date
    forum: Forum | None
    here: tuple[Deed, ...]
    away: tuple[Deed, ...]
    of_doers: tuple[Deed, ...] = ()

    @cached_property
    def against(self) -> tuple[Deed, ...]:
        """What bears, and is negative about the authority itself."""
        return tuple(filter(is_against, self.here))

    @cached_property
    def back(self) -> tuple[Deed, ...]:
        """What bears, and states that the authority holds again."""
        return tuple(deed for deed in self.here if deed.gives_back)

    @cached_property
    def lifting(self) -> tuple[Deed, ...]:
        """What surely was done by the day and may give something back: a decision whose own force
        was taken since gives nothing back any more."""
        able = (deed for deed in self.here if deed.gives_back or deed.ends_stay)
        return tuple(deed for deed in able if deed.last <= self.on and not _fell(deed, self))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A negative deed, and how grave it still is after what came later; `lifted` by what, None
    where by nothing."""

    deed: Deed
    kind: StatusKind
    lifted: Deed | None = None


def place(found: Sequence[Deed], of_doers: Sequence[Deed], on: date, forum: Forum | None) -> Placed:
    """Sort deeds by whether they bear. One of a year whose day is not stated may have been done."""
    done = [deed for deed in found if deed.first <= on]
    borne = [bears(deed, forum) for deed in done]
    return Placed(
        on=on,
        forum=forum,
        here=tuple(compress(done, borne)),
        away=tuple(compress(done, map(not_, borne))),
        of_doers=tuple(deed for deed in of_doers if deed.first <= on and bears(deed, forum)),
    )


def bears(deed: Deed, forum: Forum | None) -> bool:
    """Whether a deed counts in a forum. One of which nobody says who did it does: that it binds is
    not stated, but neither is that it does not."""
    binding = binds(deed.lead, forum)
    if binding is Binding.NOT_STATED:
        return deed.voice.rank is Rank.UNSTATED
    return binding is not Binding.NO


def is_against(deed: Deed) -> bool:
    """Whether a deed is negative about the authority itself."""
    return deed.bearing is Bearing.NEGATIVE and deed.is_of_decision


def outcomes(placed: Placed) -> tuple[Outcome, ...]:
    """The negative deeds that bear, the gravest first."""
    found = (_outcome(deed, placed) for deed in placed.against)
    return tuple(sorted(found, key=lambda each: _GRAVITY.index(each.kind)))


def lifts(later: Deed, earlier: Deed, forum: Forum | None) -> bool:
    """Whether a later deed states that what an earlier one took away holds again, wherever the
    earlier one bears in the forum, and whoever says so has the power to."""
    is_stay = earlier.lead.treatment.kind is TreatmentKind.STAYED
    if not (later.gives_back or (is_stay and later.ends_stay)) or not is_after(later, earlier):
        return False
    stated = set(later.lead.treatment.circuits)
    touched = set(earlier.voice.circuits) | set(earlier.lead.treatment.circuits)
    if stated and not (touched <= stated if touched else forum and forum.circuit in stated):
        return False
    if not may_undo(later.voice, target(later.lead.treatment)):
        return False
    # An agency can't undo a court's word; where it names the court's circuit it tells of that
    # circuit's law, and both are quoted.
    tells = earlier.voice.rank is Rank.COURT_OF_APPEALS and bool(stated)
    return tells or may_undo(later.voice, earlier.voice)


def undone(deed: Deed, placed: Placed) -> Deed | None:
    """What took its force from the decision that did something, the whole of it first; None where
    nothing did, or where that was itself given back since."""
    of_it = [each for each in placed.of_doers if deed.by == each.lead.treatment.target != ""]
    against = [
        each
        for each in of_it
        if is_against(each)
        and is_after(each, deed) is not False
        and not any(lifts(later, each, placed.forum) for later in of_it)
    ]
    return max(against, key=lambda each: each.is_whole, default=None)


def _outcome(deed: Deed, placed: Placed) -> Outcome:
    forum = placed.forum
    lifting = [each for each in placed.lifting if lifts(each, deed, forum)]
    whole = [each for each in lifting if not each.lead.treatment.in_part]
    if whole:
        return Outcome(deed=deed, kind=StatusKind.CONTESTED, lifted=whole[-1])
    is_whole = deed.is_whole and binds(deed.lead, forum) is not Binding.IN_PART
    if lifting or not is_whole:
        by = lifting[-1] if lifting else None
        return Outcome(deed=deed, kind=StatusKind.NEGATIVE_IN_PART, lifted=by)
    return Outcome(deed=deed, kind=StatusKind.NEGATIVE)


def _fell(deed: Deed, placed: Placed) -> bool:
    """Whether what gave back has itself lost its force as a whole, and gives back no more."""
    later = undone(deed, placed)
    return later is not None and later.is_whole
