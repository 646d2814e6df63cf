"""The coverage block: what was watched, how well, and what that leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from alerts import wording
from alerts.untrusted import plain
from pipeline.model import Digest, SourceReport
from pipeline.weight import RULES

FAILURES = 5  # told of one source; the rest are counted
SAID = 300  # characters of each
TITLE = 120
RULES_NAMED = 30  # of what one source left out


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What is said of one source: how it was read, what of it was left out, and the `warnings` to
    heed before relying on silence, each with what it is."""

    title: str
    read: str
    left_out: tuple[str, ...]
    warnings: tuple[tuple[str, str], ...]


def watched(digest: Digest) -> tuple[Watched, ...]:
    """Every source of the digest's coverage."""
    return tuple(_watched(report, digest) for report in digest.coverage)


def gaps(digest: Digest) -> tuple[str, ...]:
    """The sources of which a run failed, or that were read completely on no day."""
    return tuple(
        wording.shortened(plain(each.title), TITLE)
        for each in digest.coverage
        if each.failures or not each.days_read
    )


def explained(reports: Iterable[SourceReport]) -> tuple[tuple[str, str], ...]:
    """The rules by which differences were left out, each with why, once for all sources."""
    used = sorted({rule for report in reports for rule in report.suppressed})
    return tuple((_spoken(rule), RULES[rule].why) for rule in used if rule in RULES)


def by_rule(counts: Mapping[str, int]) -> str:
    """As in "“footnote order” ×2, “typography” ×3"; "" where nothing was left out."""
    rules = sorted(counts)
    more = [f"and {len(rules) - RULES_NAMED:,} more rules"] if len(rules) > RULES_NAMED else []
    named = (f"“{_spoken(rule)}” ×{counts[rule]:,}" for rule in rules[:RULES_NAMED])
    return ", ".join([*named, *more])


def _watched(report: SourceReport, digest: Digest) -> Watched:
    return Watched(
        title=wording.shortened(plain(report.title), TITLE),
        read=_read(report, digest) + _beginning(report, digest),
        left_out=tuple(_left_out(report)),
        warnings=tuple(_warnings(report)),
    )


def _read(report: SourceReport, digest: Digest) -> str:
    last = report.last_complete
    when = wording.moment(last, digest.until.tzinfo) if last else "never"
    before = " (not in this period)" if last and last < digest.since else ""
    held, changes, days = (
        wording.counted(count, noun)
        for count, noun in (
            (report.documents, "document"),
            (report.changes, "change"),
            (report.days_read, "day"),
        )
    )
    return (
        f"Last complete read: {when}{before}. {held} held; {changes} in this period, "
        f"read completely on {days}{_in_part(report)}."
    )


def _in_part(report: SourceReport) -> str:
    """What must not be taken for a reading of the whole."""
    if not report.days_looked:
        return ""
    others = wording.counted(report.days_looked, "other day" if report.days_read else "day")
    return f", and only in part (what is announced there, or chosen pages) on {others}"


def _beginning(report: SourceReport, digest: Digest) -> str:
    """What a first digest must say: the watch began, and what stood before it was not compared."""
    first = report.first_complete
    if first is None or first < digest.since:
        return ""
    began = wording.moment(first, digest.until.tzinfo)
    return f" Watched since {began}: what changed before then was not seen."


def _left_out(report: SourceReport) -> Iterator[str]:
    if report.left_out:
        yield f"Entries not read, by rule: {by_rule(report.left_out)}."
    if report.suppressed:
        yield f"Differences left out, by rule: {by_rule(report.suppressed)}."


def _warnings(report: SourceReport) -> Iterator[tuple[str, str]]:
    if report.quiet:
        yield "Warning", f"{wording.shortened(plain(report.quiet), SAID)}."
    for failure in report.failures[:FAILURES]:
        yield "Failed run", wording.shortened(plain(failure), SAID)
    if (left := len(report.failures) - FAILURES) > 0:
        yield "And", wording.counted(left, "more failed run")


def _spoken(rule: str) -> str:
    return wording.shortened(plain(rule).replace("-", " "), TITLE)
