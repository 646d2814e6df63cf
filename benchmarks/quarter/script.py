"""The script: what five publishers do on which day, drawn from a seed. All of it is invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from pipeline.series import MONTHS

FIRST = date(2026, 10, 5)  # a Monday; what is there then is no news
QUIET = 5  # every so many weeks nothing happens
BEGUN = 7  # days after which the first thing happens
HELD = 6  # decisions that are there from the beginning
MANUAL, DECISIONS, REGISTER = "uscis_policy_manual", "bia_decisions", "federal_register"
BULLETIN, FORMS = "visa_bulletin", "uscis_forms"
SOURCES = (DECISIONS, REGISTER, FORMS, MANUAL, BULLETIN)
SUBJECTS = (
    *("Filing Deadlines for Asylum", "Photographs", "Interviews in Asylum Cases", "Translations"),
    *("Evidence in Asylum Cases", "Address Changes", "Asylum Referrals", "Lockbox Receipts"),
)
FORM_NAMES = {
    "i-9901": "Sample Petition",
    "i-9902": "Sample Request",
    "n-9903": "Sample Application",
}
WORD = "zibeline"  # said nowhere but where a reader who seeks it is to be told
AUTHORITY = "Matter of SAMPLE-AA-, 98 I&N Dec. 101"
DAY = timedelta(days=1)
OLD = FIRST - 20 * DAY  # of what is there from the beginning


class Deed(StrEnum):
    """What an act does to its document."""

    NEW = "new"
    AMENDED = "amended"
    REMOVED = "removed"
    BACK = "back"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that a publisher does. `mark` stands in its text and nowhere else; `number` counts
    the acts."""

    on: date
    source: str
    deed: Deed
    key: str
    title: str
    is_asylum: bool = False
    has_word: bool = False
    cites: bool = False
    number: int = 0

    @property
    def mark(self) -> str:
        return f"Mark{self.number:04}"

    @property
    def said(self) -> str:
        """The sentence that it adds to the world."""
        about = "an applicant for asylum" if self.is_asylum else "a customer"
        words = [f"Under item {self.mark} {about} must bring a stamped sample to the counter"]
        words += [f"and a {WORD} envelope"] if self.has_word else []
        words += [f"as {AUTHORITY} (BIA 2026), requires"] if self.cites else []
        return " ".join(words) + "."


@dataclass(frozen=True, kw_only=True)
class Script:
    """So many days from `FIRST` on, and the acts in order."""

    days: int
    acts: tuple[Act, ...]

    @property
    def last(self) -> date:
        return FIRST + (self.days - 1) * DAY

    def done(self, day: date, source: str, *deeds: Deed) -> list[Act]:
        """What a publisher did by a day, the oldest first."""
        every = deeds or tuple(Deed)
        by = (act for act in self.acts if act.on <= day)
        return [act for act in by if act.source == source and act.deed in every]


def written(days: int, seed: int) -> Script:
    """Draw the acts of so many days."""
    pen = _Pen(days, random.Random(seed))  # noqa: S311 - a script, no secret
    acts = sorted((act for act in pen.acts() if act.on <= pen.last), key=lambda act: act.on)
    numbered = (replace(act, number=number) for number, act in enumerate(acts, 1))
    return Script(days=days, acts=tuple(numbered))


def posted(place: int) -> date:
    """When the bulletin of the so-manieth month from October 2026 on is posted: on a tenth or so of
    the month before; the first two are there from the beginning."""
    year, month = divmod(FIRST.month - 2 + place, 12)
    return date(FIRST.year + year, month + 1, 9 + place % 3) if place > 1 else OLD


def month(place: int) -> tuple[int, str]:
    """The year and the name of the month of a bulletin."""
    year, number = divmod(FIRST.month - 1 + place, 12)
    return FIRST.year + year, MONTHS[number]


class _Pen:
    """Draws acts, one kind after the other; none has its number yet."""

    def __init__(self, days: int, chance: random.Random) -> None:
        self.last = FIRST + (days - 1) * DAY
        self._chance = chance
        self._weeks = range(BEGUN // 7, days // 7 + 1)
        self._papers, self._edits = count(1), count()

    def acts(self) -> Iterator[Act]:
        yield from (self._decision(OLD, place) for place in range(HELD))
        yield from (self._paper(OLD + place * DAY, is_held=True) for place in range(5))
        yield from map(_bulletin, range(self.last.month + 12 * (self.last.year - FIRST.year)))
        yield from self._gone(MANUAL, "volume-95-part-a-chapter-8", _chapter(8))
        yield from self._gone(DECISIONS, "9902", "Matter of SAMPLE-CC-", is_asylum=True)
        for week in self._weeks:
            if week % QUIET:
                yield from self._week(FIRST + 7 * week * DAY, week)

    def _week(self, monday: date, week: int) -> Iterator[Act]:
        for _ in range(self._chance.randint(1, 3)):
            yield self._paper(monday + self._chance.randrange(5) * DAY)
        if self._chance.random() < 0.5:
            yield self._decision(monday + self._chance.randrange(5) * DAY, HELD + week)
        yield from self._edit(monday + self._chance.randrange(5) * DAY)
        if self._chance.random() < 0.4:
            yield self._edition(monday + self._chance.randrange(5) * DAY)

    def _paper(self, on: date, *, is_held: bool = False) -> Act:
        number, is_asylum = next(self._papers), self._chance.random() < 0.5
        about = "Asylum Applicants" if is_asylum else "Customers"
        return Act(
            on=on,
            source=REGISTER,
            deed=Deed.NEW,
            key=f"2026-98{number:03}",
            title=f"Counter Service for {about}, Part {number} (Sample)",
            is_asylum=is_asylum,
            has_word=not is_held and self._chance.random() < 0.3,
            cites=not is_held and self._chance.random() < 0.3,
        )

    def _decision(self, on: date, place: int) -> Act:
        letters = chr(ord("A") + place % 26) * (2 + place // 26)
        return Act(
            on=on,
            source=DECISIONS,
            deed=Deed.NEW,
            key=str(9900 + place),
            title=f"Matter of SAMPLE-{letters}-",
            is_asylum=place % 2 == 0,
            has_word=place >= HELD and self._chance.random() < 0.3,
            cites=place >= HELD and self._chance.random() < 0.5,
        )

    def _edit(self, on: date) -> Iterator[Act]:
        """A chapter is amended; two times in three the update history says so within days."""
        number = next(self._edits) % (len(SUBJECTS) - 1) + 1  # the last one is removed in between
        said = on + self._chance.randrange(3) * DAY if self._chance.random() < 0.66 else None
        key, is_asylum = f"volume-95-part-a-chapter-{number}", number % 2 == 1
        word = self._chance.random() < 0.3
        amended = Act(
            on=on,
            source=MANUAL,
            deed=Deed.AMENDED,
            key=key,
            title=_chapter(number),
            is_asylum=is_asylum,
            has_word=word,
        )
        yield amended
        if said is not None:
            title = f"Conforming {SUBJECTS[number - 1]}, {said:%B} {said.day} (Sample)"
            yield replace(amended, on=said, deed=Deed.NEW, key=f"update of {key}", title=title)

    def _edition(self, on: date) -> Act:
        key = self._chance.choice([*FORM_NAMES])
        title = f"{key.upper()}, {FORM_NAMES[key]}"
        return Act(on=on, source=FORMS, deed=Deed.AMENDED, key=key, title=title)

    def _gone(self, source: str, key: str, title: str, *, is_asylum: bool = False) -> Iterator[Act]:
        """Three times a year a document is removed for weeks, and later for a single day."""
        for start in range(21, (self.last - FIRST).days, 120):
            first = FIRST + (start + self._chance.randrange(7)) * DAY
            days = (first, first + 24 * DAY, first + 50 * DAY, first + 51 * DAY)
            for on, deed in zip(days, (Deed.REMOVED, Deed.BACK) * 2, strict=True):
                yield Act(
                    on=on, source=source, deed=deed, key=key, title=title, is_asylum=is_asylum
                )


def _chapter(number: int) -> str:
    return f"Chapter {number} - {SUBJECTS[number - 1]} (Sample)"


def _bulletin(place: int) -> Act:
    year, name = month(place)
    title = f"Visa Bulletin For {name} {year} (Sample)"
    return Act(on=posted(place), source=BULLETIN, deed=Deed.NEW, key=str(place), title=title)
