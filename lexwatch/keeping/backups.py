"""The backups of a folder: their names, which is the newest, which stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lexwatch.keeping.bundle import PLAIN, SEALED
from pipeline.errors import StoreError

USUAL = "lexwatch"
BEFORE = "before-"  # and the schema's step that was to come
PARTIAL = ".partial"  # of one that is being written
EARLIER = 3  # backups before a change of the schema that stay
_TIME = "%Y-%m-%dT%H-%M-%SZ"  # no colon: Windows knows none in a name
_NAME = re.compile(
    rf"(?P<what>{USUAL}|{BEFORE}\d{{4}})-(?P<at>\d{{4}}-\d\d-\d\dT\d\d-\d\d-\d\dZ){re.escape(PLAIN)}(?P<age>\.age)?"
)


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A backup that lies in a folder; `reason` is "" for a usual one, `size` in bytes."""

    path: Path
    made_at: datetime
    reason: str
    is_encrypted: bool
    size: int


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Of how many days, weeks and months, counted back from the newest, the last backup stays."""

    daily: int
    weekly: int
    monthly: int


def name(at: datetime, reason: str, *, is_encrypted: bool) -> str:
    """What a backup made at a moment is called."""
    ending = SEALED if is_encrypted else PLAIN
    return f"{reason or USUAL}-{at.astimezone(UTC):{_TIME}}{ending}"


def held(folder: Path) -> tuple[Backup, ...]:
    """The backups of a folder, the newest first; one that is being written is none yet."""
    try:
        found = [(path, _NAME.fullmatch(path.name)) for path in folder.iterdir()]
        backups = [_backup(path, match) for path, match in found if match]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError(f"the backups in {folder} can't be read: {error.strerror}") from error
    return tuple(sorted(backups, key=lambda each: (each.made_at, each.path.name), reverse=True))


def unfinished(folder: Path) -> tuple[Path, ...]:
    """What lies in a folder of backups that are being written, or never were whole."""
    named = (path for path in folder.iterdir() if path.name.endswith(PARTIAL))
    return tuple(path for path in named if _NAME.fullmatch(path.name.removesuffix(PARTIAL)))


def are_on_one_disk(one: Path, other: Path) -> bool:
    """Whether what takes the disk of one takes the other too; not where either can't be asked."""
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def newest(folder: Path) -> Backup | None:
    """The newest backup of a folder, of whichever reason."""
    return next(iter(held(folder)), None)


def outdated(backups: Collection[Backup], rule: Rule) -> tuple[Backup, ...]:
    """Those that need not stay: days, weeks and months are UTC's; the newest of each stays, of as
    many as the rule says. Those made before a change of the schema are counted apart."""
    usual = sorted((each for each in backups if not each.reason), key=_moment, reverse=True)
    periods: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
        (rule.daily, datetime.date),
        (rule.weekly, lambda at: at.isocalendar()[:2]),
        (rule.monthly, lambda at: (at.year, at.month)),
    )
    stay = {id(each) for count, period in periods for each in _last(usual, count, period)}
    before = sorted((each for each in backups if each.reason), key=_moment, reverse=True)
    gone = [each for each in usual if id(each) not in stay]
    return (*gone, *before[EARLIER:])


def _last(
    usual: Collection[Backup], count: int, period: Callable[[datetime], Hashable]
) -> list[Backup]:
    """The newest backup of each of the newest `count` periods that have any."""
    newest: dict[Hashable, Backup] = {}
    for each in usual:
        newest.setdefault(period(each.made_at), each)
    return list(newest.values())[:count]


def _moment(backup: Backup) -> datetime:
    return backup.made_at


def _backup(path: Path, match: re.Match[str]) -> Backup:
    return Backup(
        path=path,
        made_at=datetime.strptime(match["at"], _TIME).replace(tzinfo=UTC),
        reason="" if match["what"] == USUAL else match["what"],
        is_encrypted=bool(match["age"]),
        size=path.stat().st_size,
    )
