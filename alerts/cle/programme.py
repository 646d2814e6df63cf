"""What is asked of a packet, what there is to make it from, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from alerts import wording
from alerts.cle.development import Shelf
from alerts.cle.jurisdictions import Profile
from pipeline.errors import LexwatchError
from pipeline.model import Change, SourceReport


@dataclass(frozen=True, kw_only=True)
class Programme:
    """What is asked for: the changes of [since, until) on `topics` (none means all) in so many
    minutes. `titles` holds what readers call topics, by id; `level` and `title` may be left to the
    rules. `at` is when it is printed, in the office's zone. `every` tells every development in
    full, whatever the minutes hold."""

    since: datetime
    until: datetime
    at: datetime
    minutes: int
    titles: Mapping[str, str]
    topics: tuple[str, ...] = ()
    title: str = ""
    level: str = ""
    jurisdiction: str = ""
    profile: Profile | None = None
    every: bool = False


@dataclass(frozen=True, kw_only=True)
class Material:
    """What there is to teach: the changes, what is held besides, and what was read. `missed` are
    the days of the period on which no reading of a source was complete; `near` the days nearest to
    the period on which something changed."""

    changes: Iterable[Change]
    shelf: Shelf
    coverage: Sequence[SourceReport] = ()
    missed: Mapping[str, Sequence[date]] = field(default_factory=dict)
    near: tuple[date | None, date | None] = (None, None)


def check(asked: Programme) -> None:
    """Raise `LexwatchError` for a topic that there is not, and a period that lies ahead."""
    for name in asked.topics:
        if name not in asked.titles:
            raise LexwatchError(
                f"there is no topic {name!r}; the topics are {', '.join(sorted(asked.titles))}"
            )
    if asked.since > asked.at:
        raise LexwatchError(
            f"the period begins on {wording.calendar(asked.since.date())}, and today is "
            f"{wording.calendar(asked.at.date())}: what will change then is unknown; begin it "
            f"with --from {asked.at:%Y-%m-%d} or earlier"
        )


def named(asked: Programme) -> tuple[str, ...]:
    """What readers call the topics asked for."""
    return tuple(asked.titles[name] for name in asked.topics)


def period(asked: Programme) -> str:
    """As in "April 1, 2026 to September 30, 2026"."""
    last = (asked.until - timedelta(microseconds=1)).date()
    return f"{wording.calendar(asked.since.date())} to {wording.calendar(last)}"


def nothing(asked: Programme, material: Material) -> str:
    """That no change was seen, what was not read, and the nearest days on which one was."""
    topics = ", ".join(named(asked)) or "any topic"
    before, after = material.near
    gaps = [each for each in material.coverage if each.source in _unread(asked, material)]
    unread = (
        f"{len(gaps)} of {wording.counted(len(material.coverage), 'source')} were not read "
        "completely on every day of it; "
        if gaps
        else ""
    )
    days = [
        f"the last change before it came on {wording.calendar(before)}" if before else "",
        f"the first after it on {wording.calendar(after)}" if after else "",
    ]
    told = " and ".join(filter(None, days)) or "no change on it is held at all"
    return (
        f"no change on {topics} was seen from {period(asked)}: there is nothing to teach; {unread}"
        f"{told}; widen the period or the topics"
    )


def _unread(asked: Programme, material: Material) -> frozenset[str]:
    """The sources of which something in the period was not read."""
    return frozenset(
        each.source
        for each in material.coverage
        if material.missed.get(each.source)
        or each.first_complete is None
        or each.first_complete > asked.since
    )
