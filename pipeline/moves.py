"""Decide which of the dates that calendars hold stay, move, end and come back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A date of one kind that a document had, as calendars hold it."""

    uid: str
    on: date
    is_cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Moves:
    """What becomes of the dates kept, by UID, and which days are `new`."""

    stays: Mapping[str, date]
    moved: Mapping[str, date]
    ended: frozenset[str]
    back: Mapping[str, date]
    new: tuple[date, ...]


def moves(
    kept: Iterable[Kept], own: Collection[date], instead: Collection[date], today: date
) -> Moves:
    """Bring what is kept of one document and one sort of date in line with the days that hold.

    `own` are the days its text states, `instead` those that later documents gave it: they move a
    date and begin none, having one of their own. A date whose day holds stays. One whose day holds
    no more moves to a day that none has, the soonest first, or ends. What has passed stays as it
    was told: it happened, and a day stated later is another date.
    """
    held = sorted(kept, key=lambda each: (each.on, each.uid))
    live = [each for each in held if not each.is_cancelled]
    given = {*own, *instead}
    free = sorted(given - {each.on for each in live})
    loose = [each for each in live if each.on not in given and each.on >= today]
    moved = {each.uid: on for each, on in zip(loose, free, strict=False)}
    coming = [on for on in free[len(moved) :] if on in own and on >= today]
    dead = {each.on: each.uid for each in held if each.is_cancelled}
    return Moves(
        stays={each.uid: each.on for each in live if each.on in given},
        moved=moved,
        ended=frozenset(each.uid for each in loose[len(moved) :]),
        back={dead[on]: on for on in coming if on in dead},
        new=tuple(on for on in coming if on not in dead),
    )
