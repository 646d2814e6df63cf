"""Whether USCIS announced a change to its Policy Manual, and when one may say that it did not."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.calendar import eastern, spelled
from pipeline.model import (
    Announcement,
    AnnouncementState,
    DateKind,
    Document,
    StatedDate,
    Version,
)

SOURCE = "uscis_policy_manual"
UPDATES = "https://www.uscis.gov/policy-manual/updates"
LAG = timedelta(days=7)  # from a new text to its entry: sooner nothing is called unannounced
MARGIN = timedelta(days=7)  # an entry may be dated that long before we last saw the old text
FORESEEN = timedelta(days=365)  # from an entry to the day on which its guidance takes effect
TECHNICAL = "technical-update"
POSSIBLE = "Not known whether announced"
ENTRIES = ("policy-alert", TECHNICAL)
APPENDIX = "policy-manual-appendix"
GUIDANCE = ("policy-manual-chapter", APPENDIX)
CITED = re.compile(r"(\d+) USCIS-PM(?: ([A-Z]+)(?:\.(\d+))?)?")
KEYED = re.compile(r"volume-(\d+)(?:-part-([a-z]+)(?:-chapter-(\d+))?)?(?:/.*)?")

Place = tuple[str, ...]  # volume, part, chapter: ("12", "d", "3"); ("12",) is the whole volume


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A change as it was seen: the old text last at `old`, the new one first at `new`. `appeared`
    is when the old text was first seen, None where there was none; `citation` is what readers call
    the text."""

    document: Document
    citation: str
    appeared: datetime | None
    old: datetime
    new: datetime

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of which an entry may be that announces the change."""
        return eastern(self.old) - MARGIN, eastern(self.new) + LAG

    def is_spent(self, day: date) -> bool:
        """Whether the old text appeared on or after an entry's day: the entry announced that."""
        return self.appeared is not None and day <= eastern(self.appeared)

    def is_doubtful(self, day: date) -> bool:
        """Whether an entry may as well announce the old text, which it followed by days."""
        is_late = self.appeared is not None and day <= eastern(self.appeared) + LAG
        return is_late and day < eastern(self.old)


@dataclass(frozen=True, kw_only=True)
class _Naming:
    """An entry that names the changed text, by one of its sections, on a day of its own. `doubt`
    says why it may announce something else instead, "" where nothing speaks for that."""

    entry: Version
    section: str
    day: date
    kind: DateKind
    doubt: str


def judge(sight: Sight, entries: Collection[Version], read_at: datetime | None) -> Announcement:
    """Say whether one of the updates announces a change. `read_at` is when the updates page was
    last read in good health; without a reading after the lag nothing is called unannounced."""
    found = [naming for entry in entries for naming in _naming(entry, sight)]
    if certain := [naming for naming in found if not naming.doubt]:
        return _announced(sight, certain)
    if found:
        return _possible(sight, found)
    earlier = _earlier(sight, entries)
    if read_at is None or read_at < sight.new + LAG:
        return _open(sight, read_at, earlier)
    first, last = sight.days
    no_entry = "no other entry" if earlier else "no entry"
    words = (
        f"Unannounced: {no_entry} of the updates page of {spelled(first)} to {spelled(last)} names "
        f"{_called(sight)}. {earlier}The page was read on {spelled(eastern(read_at))}, more than "
        f"{LAG.days} days after we first saw the new text on {spelled(eastern(sight.new))}."
    )
    return Announcement(state=AnnouncementState.UNANNOUNCED, entry=None, words=words)


def is_news(before: Announcement | None, after: Announcement | None) -> bool:
    """Whether something else is said now than before, and not only a later reading named."""
    if before is None or after is None:
        return False
    was, now = (
        (each.state, each.entry, each.words.startswith(POSSIBLE)) for each in (before, after)
    )
    return before.state is AnnouncementState.NOT_YET_SEEN and was != now


def place(named: str) -> Place:
    """The place of the manual that a citation or a key names; () for anything else."""
    match = CITED.match(named) or KEYED.fullmatch(named)
    return tuple(part.lower() for part in match.groups() if part) if match else ()


def cited(named: Place) -> str:
    """Cite a place as USCIS does: "12 USCIS-PM D.3"."""
    volume, *inner = named
    return f"{volume} USCIS-PM {'.'.join(inner).upper()}".rstrip()


def _naming(entry: Version, sight: Sight) -> list[_Naming]:
    """How an entry names the text, as closely and on as telling a day as it does."""
    days = [stated for stated in _days(entry, sight) if not sight.is_spent(stated.on)]
    if not days:
        return []
    stated = min(days, key=lambda each: sight.is_doubtful(each.on))
    if not (sections := _naming_sections(entry, sight)):
        return _unplaced(entry, stated)
    section = max(sections, key=lambda each: _closeness(each, sight))
    doubt = ""
    if sight.is_doubtful(stated.on):
        doubt = f"but may announce the text that we first saw on {spelled(_appeared(sight))}"
    elif not _holds(place(section), sight.document):
        doubt = "but of the appendix we know the volume alone, and not the chapter"
    return [_Naming(entry=entry, section=section, day=stated.on, kind=stated.kind, doubt=doubt)]


def _unplaced(entry: Version, stated: StatedDate) -> list[_Naming]:
    """An entry of which a section, or every one, has no place that we could compare."""
    unknown = next((each for each in _sections(entry) if not place(each)), None)
    if unknown is None and _sections(entry):
        return []
    section = "no section" if unknown is None else f"“{unknown}”"
    doubt = "and we cannot tell which text that is"
    return [_Naming(entry=entry, section=section, day=stated.on, kind=stated.kind, doubt=doubt)]


def _days(entry: Version, sight: Sight) -> list[StatedDate]:
    """The entry's own days in the time in which one may announce the change."""
    first, last = sight.days
    told = (DateKind.ANNOUNCED, DateKind.EFFECTIVE)
    return [each for each in entry.dates if each.kind in told and first <= each.on <= last]


def _sections(entry: Version) -> list[str]:
    return [str(each) for each in entry.metadata.get("affected_sections", ())]


def _naming_sections(entry: Version, sight: Sight) -> list[str]:
    return [each for each in _sections(entry) if _names(place(each), sight.document)]


def _names(section: Place, document: Document) -> bool:
    """Whether a section is the document, or holds it, or may: of an appendix only the volume is
    known."""
    is_appendix = document.kind == APPENDIX
    return _holds(section[:1] if is_appendix else section, document)


def _holds(section: Place, document: Document) -> bool:
    return section != () and place(document.key)[: len(section)] == section


def _closeness(section: str, sight: Sight) -> tuple[bool, int]:
    named = place(section)
    return _holds(named, sight.document), len(named)


def _appeared(sight: Sight) -> date:
    return eastern(sight.appeared or sight.old)


def _announced(sight: Sight, found: list[_Naming]) -> Announcement:
    """By the entry that names the text most closely, and of these by the nearest in time."""
    seen = eastern(sight.new)
    naming = min(found, key=lambda each: (-len(place(each.section)), abs(each.day - seen)))
    entry = naming.entry
    words = [
        f"Announced: {_entry(entry)} names {_section(naming.section, sight)}.",
        *_effective(naming.entry),
        f"We last saw the old text on {spelled(eastern(sight.old))} and first saw the new one on "
        f"{spelled(seen)}.",
    ]
    if more := len(found) - 1:
        words.append(f"{more} more {'entry' if more == 1 else 'entries'} of that time may, too.")
    if entry.document.kind == TECHNICAL:
        words.append("The label is USCIS's; the change is weighed here by the two texts alone.")
    return Announcement(
        state=AnnouncementState.ANNOUNCED, entry=entry.document, words=" ".join(words)
    )


def _possible(sight: Sight, found: list[_Naming]) -> Announcement:
    """What may announce the change, and as well something else: neither may then be said."""
    naming = min(
        found, key=lambda each: (not place(each.section), abs(each.day - eastern(sight.new)))
    )
    words = [
        f"{POSSIBLE}: it may be announced by {_entry(naming.entry)}, which names "
        f"{naming.section}, {naming.doubt}.",
        f"We last saw the old text on {spelled(eastern(sight.old))} and first saw the new one on "
        f"{spelled(eastern(sight.new))}.",
    ]
    if more := len(found) - 1:
        words.append(f"{more} more {'entry' if more == 1 else 'entries'} of that time may, too.")
    return Announcement(state=AnnouncementState.NOT_YET_SEEN, entry=None, words=" ".join(words))


def _earlier(sight: Sight, entries: Collection[Version]) -> str:
    """Name the last entry that names the text and announced what stood before; "" for none."""
    spent = [each for each in entries if _days(each, sight) and _naming_sections(each, sight)]
    if not spent:
        return ""
    last = max(spent, key=lambda each: (_announced_on(each), each.document.key))
    return (
        f"An earlier one, {_entry(last)}, names it, but the text that now changed appeared on "
        f"{spelled(_appeared(sight))}, on its day or after it. "
    )


def _entry(entry: Version) -> str:
    called = "technical update" if entry.document.kind == TECHNICAL else "policy alert"
    return f"the {called} of {spelled(_announced_on(entry))}, “{entry.title}”"


def _announced_on(entry: Version) -> date:
    return next(each.on for each in entry.dates if each.kind is DateKind.ANNOUNCED)


def _effective(entry: Version) -> list[str]:
    """Since the text itself seldom says from when it holds."""
    days = dict.fromkeys(each.on for each in entry.dates if each.kind is DateKind.EFFECTIVE)
    return [f"It says that its guidance takes effect on {spelled(on)}." for on in days]


def _section(named: str, sight: Sight) -> str:
    own = place(sight.document.key)
    if sight.document.kind == APPENDIX:
        return f"{named}, in the volume of this appendix"
    return named if place(named) == own else f"{named}, to which {sight.citation} belongs"


def _open(sight: Sight, read_at: datetime | None, earlier: str) -> Announcement:
    if read_at is None:
        looked = "The updates page was not read so far."
    else:
        looked = f"The updates page was last read on {spelled(eastern(read_at))}."
    words = (
        f"Announcement not yet seen: we know of no {'later ' if earlier else ''}entry that names "
        f"{_called(sight)}. {earlier}{looked} An entry may follow its text by days: whether there "
        f"is none can be said after a reading later than {spelled(eastern(sight.new + LAG))}."
    )
    return Announcement(state=AnnouncementState.NOT_YET_SEEN, entry=None, words=words)


def _called(sight: Sight) -> str:
    return sight.citation or "a section of its volume"
