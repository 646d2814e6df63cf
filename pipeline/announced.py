"""Whether USCIS announced a change to its Policy Manual, and when one may say that it did not."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.calendar import eastern
from pipeline.model import Announcement, AnnouncementState, DateKind, Document, Version

SOURCE = "uscis_policy_manual"
UPDATES = "https://www.uscis.gov/policy-manual/updates"
LAG = timedelta(days=7)  # from a new text to its entry: sooner nothing is called unannounced
MARGIN = timedelta(days=7)  # an entry may be dated that long before we last saw the old text
FORESEEN = timedelta(days=365)  # from an entry to the day on which its guidance takes effect
TECHNICAL = "technical-update"
ENTRIES = ("policy-alert", TECHNICAL)
APPENDIX = "policy-manual-appendix"
GUIDANCE = ("policy-manual-chapter", APPENDIX)
CITED = re.compile(r"(\d+) USCIS-PM(?: ([A-Z]+)(?:\.(\d+))?)?")
KEYED = re.compile(r"volume-(\d+)(?:-part-([a-z]+)(?:-chapter-(\d+))?)?(?:/.*)?")

Place = tuple[str, ...]  # volume, part, chapter: ("12", "d", "3"); ("12",) is the whole volume


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A change as it was seen: the old text last at `old`, the new one first at `new`. `citation`
    is what readers call the text."""

    document: Document
    citation: str
    old: datetime
    new: datetime

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of which an entry may be that announces the change."""
        return eastern(self.old) - MARGIN, eastern(self.new) + LAG


@dataclass(frozen=True, kw_only=True)
class _Naming:
    """An entry that names the changed text, by one of its sections, on a day of its own."""

    entry: Version
    section: str
    day: date
    kind: DateKind


def judge(sight: Sight, entries: Collection[Version], read_at: datetime | None) -> Announcement:
    """Say whether one of the updates announces a change. `read_at` is when the updates page was
    last read in good health; without a reading after the lag nothing is called unannounced."""
    found = [naming for entry in entries for naming in _naming(entry, sight)]
    if found:
        return _announced(sight, found)
    if read_at is None or read_at < sight.new + LAG:
        return _open(sight, read_at)
    first, last = sight.days
    words = (
        f"Unannounced: no entry of the updates page of {_day(first)} to {_day(last)} names "
        f"{_called(sight)}. The page was read on {_day(eastern(read_at))}, more than "
        f"{LAG.days} days after we first saw the new text on {_day(eastern(sight.new))}."
    )
    return Announcement(state=AnnouncementState.UNANNOUNCED, entry=None, words=words)


def place(named: str) -> Place:
    """The place of the manual that a citation or a key names; () for anything else."""
    match = CITED.match(named) or KEYED.fullmatch(named)
    return tuple(part.lower() for part in match.groups() if part) if match else ()


def _naming(entry: Version, sight: Sight) -> list[_Naming]:
    first, last = sight.days
    days = [
        (stated.on, stated.kind)
        for stated in entry.dates
        if stated.kind in (DateKind.ANNOUNCED, DateKind.EFFECTIVE) and first <= stated.on <= last
    ]
    named = [each for each in _sections(entry) if _names(place(each), sight.document)]
    if not (days and named):
        return []
    day, kind = days[0]
    section = max(named, key=lambda each: len(place(each)))
    return [_Naming(entry=entry, section=section, day=day, kind=kind)]


def _sections(entry: Version) -> list[str]:
    return [str(each) for each in entry.metadata.get("affected_sections", ())]


def _names(section: Place, document: Document) -> bool:
    """Whether a section is the document, or holds it. Of an appendix only the volume is known."""
    own = place(document.key)
    if document.kind == APPENDIX:
        return section[:1] == own[:1] != ()
    return section != () and own[: len(section)] == section


def _announced(sight: Sight, found: list[_Naming]) -> Announcement:
    """By the entry that names the text most closely, and of these by the nearest in time."""
    seen = eastern(sight.new)
    naming = min(found, key=lambda each: (-len(place(each.section)), abs(each.day - seen)))
    entry = naming.entry
    is_technical = entry.document.kind == TECHNICAL
    called = "technical update" if is_technical else "policy alert"
    words = [
        f"Announced: the {called} of {_day(_announced_on(entry))}, “{entry.title}”, names "
        f"{_section(naming.section, sight)}.",
        *_effective(naming),
        f"We last saw the old text on {_day(eastern(sight.old))} and first saw the new one on "
        f"{_day(seen)}.",
    ]
    if more := len(found) - 1:
        words.append(f"{more} more {'entry' if more == 1 else 'entries'} of that time may, too.")
    if is_technical:
        words.append("The label is USCIS's; the change is weighed here by the two texts alone.")
    return Announcement(
        state=AnnouncementState.ANNOUNCED, entry=entry.document, words=" ".join(words)
    )


def _announced_on(entry: Version) -> date:
    return next(each.on for each in entry.dates if each.kind is DateKind.ANNOUNCED)


def _effective(naming: _Naming) -> list[str]:
    if naming.kind is not DateKind.EFFECTIVE:
        return []
    return [f"It says that its guidance takes effect on {_day(naming.day)}."]


def _section(named: str, sight: Sight) -> str:
    own = place(sight.document.key)
    if sight.document.kind == APPENDIX:
        return f"{named}, in the volume of this appendix"
    return named if place(named) == own else f"{named}, to which {sight.citation} belongs"


def _open(sight: Sight, read_at: datetime | None) -> Announcement:
    if read_at is None:
        looked = "The updates page was not read so far."
    else:
        looked = f"The updates page was last read on {_day(eastern(read_at))}."
    words = (
        f"Announcement not yet seen: we know of no entry that names {_called(sight)}. {looked} "
        f"An entry may follow its text by days: whether there is none can be said after a "
        f"reading later than {_day(eastern(sight.new + LAG))}."
    )
    return Announcement(state=AnnouncementState.NOT_YET_SEEN, entry=None, words=words)


def _called(sight: Sight) -> str:
    return sight.citation or "a section of its volume"


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
