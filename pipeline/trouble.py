"""What ails an installation, and when its operator is to be told: decided here, done elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

SLACK = timedelta(hours=1)  # a job that looks once a day never does so at the very second


class TroubleKind(StrEnum):
    """What is wrong. FAILING: a source so often in a row; CHANGED: pages that can't be read as
    before, or say far from what is normal; SILENT: nothing new for longer than is normal; LATE: not
    visited when that was due; GIVEN_UP: letters that nobody will receive; RECORD: the chain of
    captures does not hold; DAMAGE: the database's file is damaged."""

    FAILING = "failing"
    BLOCKED = "blocked"
    CHANGED = "changed"
    SILENT = "silent"
    LATE = "late"
    JOB = "job"
    MISSED = "missed"
    DISK = "disk"
    BACKUP = "backup"
    MAIL = "mail"
    GIVEN_UP = "given up"
    STORE = "store"
    RECORD = "record"
    DAMAGE = "damage"


# What is told for some days and then no more: it has not been put right, so nobody is told so.
UNMENDED = frozenset({TroubleKind.GIVEN_UP})


@dataclass(frozen=True, kw_only=True)
class Ailment:
    """Something wrong as it is now: `subject` is what it is about ("source uscis_forms", "disk"),
    `said` what was seen, in a sentence without its full stop."""

    subject: str
    kind: TroubleKind
    said: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An ailment as the ledger has it; `id` 0 is one that is not in it yet. `told` counts the
    mails, the last of them at `told_at`; `solved_told_at` is when its end was told."""

    id: int
    subject: str
    kind: TroubleKind
    said: str
    since: datetime
    told: int = 0
    told_at: datetime | None = None
    solved_at: datetime | None = None
    solved_told_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.solved_at is None

    @property
    def owes_its_end(self) -> bool:
        """Whether the last that was told of it is that it ails, and it no longer does."""
        if self.is_open or self.told_at is None:
            return False
        return self.solved_told_at is None or self.solved_told_at < self.told_at

    def is_due(self, now: datetime, repeat: timedelta) -> bool:
        """Whether it is to be told: never was, or so long ago. Of one that comes and goes the end
        counts, too, so that it makes no more mails than one that stays."""
        told = [each for each in (self.told_at, self.solved_told_at) if each is not None]
        # A moment that lies ahead was told by a clock that was wrong: rather one mail too many.
        return self.is_open and not (told and timedelta() <= now - max(told) < repeat - SLACK)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to write down now, and what to tell then: `due` is what makes a mail of itself, `open`
    everything that ails, `ended` what no longer does."""

    open: tuple[Trouble, ...]
    due: tuple[Trouble, ...]
    ended: tuple[Trouble, ...]
    altered: tuple[Trouble, ...]

    @property
    def is_news(self) -> bool:
        return bool(self.due or self.ended)


def plan(
    held: Iterable[Trouble], found: Sequence[Ailment], now: datetime, repeat: timedelta
) -> Plan:
    """Compare what ails now with what is `held`: the newest of each subject and kind.

    What is back within `repeat` of its end is the same trouble. Where something else ails a subject
    in its place (a source that failed now blocks us) it ends without a word: only a subject that is
    well is told as solved. So does what is `UNMENDED`.
    """
    known = {_name(each): each for each in held}
    ailing = {each.subject for each in found}
    now_open = tuple(_opened(known, each, now, repeat) for each in found)
    named = {_name(each) for each in found}
    ended = tuple(
        replace(
            each,
            solved_at=now,
            solved_told_at=now if _is_untold(each, ailing) else each.solved_told_at,
        )
        for name, each in known.items()
        if name not in named and each.is_open
    )
    late = tuple(each for name, each in known.items() if name not in named and each.owes_its_end)
    return Plan(
        open=now_open,
        due=tuple(each for each in now_open if each.is_due(now, repeat)),
        ended=tuple(each for each in (*ended, *late) if each.owes_its_end),
        altered=(*(each for each in now_open if known.get(_name(each)) != each), *ended),
    )


def _is_untold(trouble: Trouble, ailing: Collection[str]) -> bool:
    return trouble.subject in ailing or trouble.kind in UNMENDED


def _opened(
    known: Mapping[tuple[str, TroubleKind], Trouble],
    found: Ailment,
    now: datetime,
    repeat: timedelta,
) -> Trouble:
    before = known.get(_name(found))
    is_back = before is not None and (before.solved_at is None or now - before.solved_at < repeat)
    if before is None or not is_back:
        return Trouble(
            id=0, subject=found.subject, kind=found.kind, said=found.said, since=found.since
        )
    return replace(before, said=found.said, solved_at=None)


def _name(trouble: Trouble | Ailment) -> tuple[str, TroubleKind]:
    return trouble.subject, trouble.kind
