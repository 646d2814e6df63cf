"""What readers must be told: from the script and the publishers' own record of what they served.

Nothing here looks at what lexwatch kept, compared or matched. An act is news from the first visit
that was shown it whole; a removal from the second complete reading, a day apart, without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from benchmarks.quarter import sites
from benchmarks.quarter.faulty import Asked, Fault
from benchmarks.quarter.script import (
    BULLETIN,
    DAY,
    DECISIONS,
    FIRST,
    FORMS,
    MANUAL,
    REGISTER,
    Act,
    Deed,
    Script,
)

TITLES = {
    BULLETIN: "Visa Bulletin",
    DECISIONS: "EOIR precedent decisions",
    FORMS: "USCIS forms",
    MANUAL: "USCIS Policy Manual",
    REGISTER: "Federal Register",
}
ROBOTS = "/robots.txt"
READERS = ("Ana", "Bob", "Cleo", "Dee")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One visit to a source, as its publisher saw it. `is_complete`: everything that was asked for
    was served in the end; `is_whole`: so was everything there is."""

    source: str
    day: date
    is_complete: bool
    is_whole: bool


def due(script: Script, asked: Iterable[Asked], last: date) -> dict[tuple[str, date], set[int]]:
    """By reader and the Monday that ends the week: the acts to be told, up to the Monday `last`."""
    record = tuple(asked)
    days = _first_shown(script, record) | dict(_gone(script, visits(record)))
    found: dict[tuple[str, date], set[int]] = defaultdict(set)
    for act in script.acts:
        day = days.get(act.number)
        if act.on >= FIRST and day is not None and monday(day) <= last:
            for reader in READERS:
                if _wants(reader, act):
                    found[reader, monday(day)].add(act.number)
    return dict(found)


def failed(asked: Iterable[Asked]) -> dict[date, set[tuple[str, date]]]:
    """By the Monday that ends the week: the visits that came to no good end, as title and day."""
    found: dict[date, set[tuple[str, date]]] = defaultdict(set)
    for visit in visits(tuple(asked)):
        if not visit.is_complete:
            found[monday(visit.day)].add((TITLES[visit.source], visit.day))
    return dict(found)


def monday(day: date) -> date:
    """The Monday that ends the week of a day: a Monday begins its own."""
    return day + (7 - day.weekday()) * DAY


def visits(record: Iterable[Asked]) -> list[Visit]:
    """The visits, in the order of their days: one a day to each source. Where its robots.txt could
    not be read no page was asked for, and nothing was complete."""
    ends: dict[date, dict[str, dict[tuple[str, str], Fault]]] = {}
    for one in record:
        day = ends.setdefault(one.day, {source: {} for source in TITLES})
        if one.path != ROBOTS:
            day[source_of(one)][one.address] = one.fault
    return [
        Visit(
            source=source,
            day=day,
            is_complete=bool(met) and all(_is_served(source, fault) for fault in met.values()),
            is_whole=source != MANUAL or (sites.USCIS, sites.BOOK) in met,
        )
        for day, by_source in sorted(ends.items())
        for source, met in by_source.items()
    ]


def source_of(one: Asked) -> str:
    """Whose page an address is."""
    if one.host == sites.USCIS:
        return MANUAL if one.path.startswith(sites.BOOK) else FORMS
    return {sites.JUSTICE: DECISIONS, sites.STATE: BULLETIN}.get(one.host, REGISTER)


def _is_served(source: str, fault: Fault) -> bool:
    """A list of the Federal Register that is empty can't be told from a quiet day: it is asked
    again for a week."""
    return fault.is_harmless or (source == REGISTER and fault is Fault.EMPTY)


def _first_shown(script: Script, record: Iterable[Asked]) -> dict[int, date]:
    """On which day each act was first served whole. What came back is news by another rule."""
    found: dict[int, date] = {}
    for one in record:
        for number in one.acts:
            found.setdefault(number, one.day)
    told = {act.number for act in script.acts if act.deed in (Deed.NEW, Deed.AMENDED)}
    return {number: day for number, day in found.items() if number in told}


def _gone(script: Script, every: Iterable[Visit]) -> Iterator[tuple[int, date]]:
    """On which day a removal is told, and that a document is back: never, where nobody saw it."""
    whole: Mapping[str, list[date]] = defaultdict(list)
    for visit in every:
        if visit.is_complete and visit.is_whole:
            whole[visit.source].append(visit.day)
    acts = [act for act in script.acts if act.deed in (Deed.REMOVED, Deed.BACK)]
    for act in acts:
        if act.deed is Deed.REMOVED:
            back = next((a for a in acts if a.key == act.key and a.on > act.on), None)
            readings = [day for day in whole[act.source] if day >= act.on]
            missed = [day for day in readings if back is None or day < back.on]
            if len(missed) > 1:
                yield act.number, missed[1]
                if back is not None and len(readings) > len(missed):
                    yield back.number, readings[len(missed)]


def _wants(reader: str, act: Act) -> bool:
    is_said = act.deed in (Deed.NEW, Deed.AMENDED)
    return {
        "Ana": act.is_asylum,
        "Bob": act.source in (MANUAL, BULLETIN, FORMS),
        "Cleo": act.has_word and is_said,
        "Dee": act.cites and is_said,
    }[reader]
