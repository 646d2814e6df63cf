"""What is watched, as the pages and the API show it: health, counts against normal, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from alerts.wording import counted, moment, span
from index import runs
from index.nearest import missed
from index.runs import Run, RunState
from lexwatch.mistakes import near
from lexwatch.operating.watching import overdue, watching
from pipeline.errors import NotHeld
from pipeline.health import Normal
from pipeline.model import SourceReport

if TYPE_CHECKING:
    from crawlers.source import Facts
    from lexwatch.web.frame import Frame

LOOKED = 90  # days gone by of which the gaps are told
Gap = tuple[date, date]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A source: what is held of it, how its last run went, why it is `off` ("": it is on), what is
    normal, the `gaps` of the last days: days in a row on which no reading was complete, and how
    `late` the next visit is ("": it is not)."""

    facts: Facts
    report: SourceReport
    latest: Run | None
    off: str
    normal: Normal
    gaps: tuple[Gap, ...]
    late: str

    @property
    def is_well(self) -> bool:
        """Whether silence about it means anything: it is on, was visited when that was due, and its
        last run was complete."""
        state = self.latest.state if self.latest else None
        heeded = self.off or self.late or self.report.quiet
        return not heeded and state is RunState.COMPLETE

    @property
    def state(self) -> str:
        """How its last run went, in a word or two."""
        if self.latest is None:
            return "off" if self.off else "not visited yet"
        return state(self.latest)


def watched(frame: Frame) -> tuple[Watched, ...]:
    """Every source: those first of which something is to be heeded, then those not visited yet."""
    every = [*_watched(frame, frame.coverage(*_lately(frame), every=True))]
    return tuple(
        sorted(every, key=lambda each: (bool(each.off), each.is_well, each.latest is None))
    )


def one(frame: Frame, name: str) -> Watched:
    """One source. Raises `NotHeld` where there is none of the name."""
    named(frame, name)
    reports = frame.coverage(*_lately(frame), every=True)
    (found,) = _watched(frame, [each for each in reports if each.source == name])
    return found


def named(frame: Frame, name: str) -> None:
    """Raise `NotHeld` where there is no source of the name."""
    if name not in frame.app.sources:
        raise NotHeld(f"no source {name!r}{near(name, frame.app.sources)}")


def state(run: Run) -> str:
    """How a run went, in a word or two."""
    said = "blocked by the publisher" if run.blocked else str(run.state)
    return said if run.is_whole else f"{said} (in part)"


def amount(run: Run, normal: Normal) -> str:
    """How many documents a run read, against what is normal of a whole one."""
    said = counted(run.documents, "document")
    if not run.is_whole:
        return f"{said}; of a visit in part no number is expected"
    usual = f"{normal.floor:,} to {normal.ceiling:,}"
    if run.documents > normal.ceiling or run.documents < normal.floor:
        return f"{said}, where {usual} are normal"
    return f"{said}; {usual} are normal"


def last_read(report: SourceReport, zone: object) -> str:
    """When it was last read completely."""
    last = report.last_complete
    return moment(last, zone) if last else "never"  # type: ignore[arg-type]  # a tzinfo


def _watched(frame: Frame, reports: Sequence[SourceReport]) -> Iterator[Watched]:
    app = frame.app
    gaps, late = _gaps(frame, [each.source for each in reports]), _late(frame, reports)
    for each in reports:
        latest = runs.runs(app.database, each.source, 1)
        yield Watched(
            facts=app.sources[each.source].facts,
            report=each,
            latest=next(iter(latest), None),
            off=app.off(each.source),
            normal=app.normal(each.source),
            gaps=gaps.get(each.source, ()),
            late=late.get(each.source, ""),
        )


def _late(frame: Frame, reports: Sequence[SourceReport]) -> dict[str, str]:
    """By source, that it was not read when that was due, as the operator is told it."""
    known, looked = watching(frame.app), {each.source: each.last_look for each in reports}
    visits = {each.name: each for each in known.jobs}
    late = {
        each.name: overdue(
            each, visits.get(f"crawl {each.name}"), looked.get(each.name), frame.app.clock()
        )
        for each in known.sources
    }
    return {
        name: f"Not read completely for {span(long)}, though that was due: what was published "
        "since is not known here"
        for name, long in late.items()
        if long
    }


def _lately(frame: Frame) -> tuple[datetime, datetime]:
    """What was held longest ago is told whatever the period; what was left out is not shown."""
    return frame.app.clock() - timedelta(days=LOOKED), datetime.max.replace(tzinfo=UTC)


def _gaps(frame: Frame, sources: Sequence[str]) -> dict[str, tuple[Gap, ...]]:
    """Of the last days before today, which is not over."""
    today = datetime.combine(frame.app.clock().astimezone(frame.zone).date(), time(), frame.zone)
    since = today - timedelta(days=LOOKED)
    found = missed(frame.app.database, sources, since, today)
    return {source: tuple(_together(days)) for source, days in found.items()}


def _together(days: Sequence[date]) -> Iterator[Gap]:
    """Days in a row as one."""
    first = last = None
    for day in days:
        if first and last and day - last == timedelta(days=1):
            last = day
            continue
        if first and last:
            yield first, last
        first = last = day
    if first and last:
        yield first, last
