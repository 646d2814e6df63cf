"""What a packet rests on: the sources, when they were read, and the days on which they were not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from alerts import wording
from alerts.packet.content import Cell, Style
from alerts.packet.draft import Draft, cell
from pipeline.model import SourceReport

RANGES = 6  # runs of days that are named of one source; how many more there are is said
FAILURES = 2  # failed runs that are quoted of one source


def tell(
    draft: Draft,
    reports: Sequence[SourceReport],
    missed: Mapping[str, Sequence[date]],
    *,
    since: datetime,
    until: datetime,
    on: date,
    record: int,
) -> None:
    """Write what was read, and what was not. `missed` are the days of the period, from a source's
    first complete reading on, on which no reading of it was complete; `record` is the number of our
    own record as a source."""
    draft.heading("What was watched, and what was not", 1, key="coverage")
    draft.paragraph(
        "A program put these materials together from what the sources below showed in the period. "
        "They do not claim to be complete. Words in quotation marks are the sources’ own; "
        "sentences without them describe what was found, and are to be checked against the source "
        "that their note names.",
        ours=True,
    )
    draft.table(
        "Sources watched",
        ("Source", "Watched since", "Last complete reading", "Held", "Changes", "Days not read"),
        [_row(each, missed, since.tzinfo, record) for each in reports],
        (1.5, 1.2, 1.4, 0.7, 0.8, 0.9),
        has_row_heads=True,
    )
    for words in gaps(reports, missed, since=since, until=until, on=on):
        draft.bullet(words, notes=(record,))
    draft.paragraph(
        "What a site showed between two readings and took back was not seen. What is not in the "
        "table was not watched, courts’ own sites and the law of the states among it.",
        ours=True,
        style=Style.SMALL,
    )


def gaps(
    reports: Sequence[SourceReport],
    missed: Mapping[str, Sequence[date]],
    *,
    since: datetime,
    until: datetime,
    on: date,
) -> Iterator[str]:
    """What was not read of the period, in sentences: said in the packet and by the command."""
    last = (until - timedelta(microseconds=1)).date()
    if last > on:
        yield (
            f"The period ends on {wording.calendar(last)}, after the day of printing, "
            f"{wording.calendar(on)}: what changes in between is not in these materials."
        )
    found: dict[str, list[str]] = {}  # those of which the same is to be said, together
    for each in reports:
        if words := "; ".join(_lacking(each, missed.get(each.source, ()), since, until)):
            found.setdefault(words, []).append(each.title)
    for words, titles in found.items():
        yield f"{'; '.join(titles)}: {words}."


def spans(days: Sequence[date]) -> tuple[str, ...]:
    """Days in order as runs: "April 3, 2026", "April 7, 2026 to April 9, 2026"."""
    ordered = sorted(set(days))
    cuts = [at for at, (one, two) in enumerate(pairwise(ordered), 1) if two - one > timedelta(1)]
    runs = [ordered[first:end] for first, end in pairwise([0, *cuts, len(ordered)])]
    return tuple(
        wording.calendar(run[0])
        if len(run) == 1
        else f"{wording.calendar(run[0])} to {wording.calendar(run[-1])}"
        for run in runs
        if run
    )


def _lacking(
    report: SourceReport, missed: Sequence[date], since: datetime, until: datetime
) -> Iterator[str]:
    first = report.first_complete
    if first is None or first >= until:
        yield "never read completely before the period ended"
        return
    if first.astimezone(since.tzinfo).date() > since.date():
        begun = wording.calendar(first.astimezone(since.tzinfo).date())
        yield f"watched from {begun} only: what it showed before then in the period is not known"
    if missed:
        named = spans(missed)
        more = f", and {wording.counted(len(named) - RANGES, 'more time')}"
        days = f"{'; '.join(named[:RANGES])}{more if len(named) > RANGES else ''}"
        yield f"no complete reading on {wording.counted(len(missed), 'day')} of the period ({days})"
    if failed := report.failures:
        more = f", and {len(failed) - FAILURES} more" if len(failed) > FAILURES else ""
        named_runs = "; ".join(failed[:FAILURES])
        yield f"{wording.counted(len(failed), 'run')} failed in the period: {named_runs}{more}"
    if report.quiet:
        yield report.quiet


def _row(
    report: SourceReport, missed: Mapping[str, Sequence[date]], zone: tzinfo | None, record: int
) -> tuple[Cell, ...]:
    return tuple(
        cell(words, notes=(record,) if at == 1 else ())
        for at, words in enumerate(
            (
                report.title,
                _day(report.first_complete, zone),
                _day(report.last_look, zone)
                if report.last_look
                else _day(report.last_complete, zone),
                f"{report.documents:,}",
                f"{report.changes:,}",
                f"{len(missed.get(report.source, ())):,}" if report.first_complete else "all",
            )
        )
    )


def _day(at: datetime | None, zone: tzinfo | None) -> str:
    return wording.calendar(at.astimezone(zone).date()) if at else "never"
