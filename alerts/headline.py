"""A digest's subject and first line: what was read, what changed, and the next date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from alerts import wording
from alerts.deadlines import StatedDeadline, urgent
from alerts.untrusted import plain
from pipeline.calendar import eastern
from pipeline.deadline import is_paperwork
from pipeline.letter import LetterKind
from pipeline.model import Alert, Deadline, Digest
from pipeline.subscription import Frequency

NAMED = 6  # sources named in the first line; the rest are counted
TITLE = 140  # characters of what an alert's subject is about
LATE = 1  # days without a read that end a period and need no word: a source is read daily


def subject(digest: Digest, new: Iterable[StatedDeadline], before: Iterable[Deadline] = ()) -> str:
    """The line in a mailbox: what can't wait, then what was not read, then what changed. Of what is
    sent when it is found, what that is. The next date is one that its changes state or one told
    `before`."""
    if digest.kind is LetterKind.ALERT:
        return title(digest)
    if digest.schedule.frequency is Frequency.AT_ONCE and digest.alerts:
        return f"Immigration law: {_first(digest)}"
    said = [part for part in (pressing(digest.alerts), unread(digest), _changed(digest)) if part]
    return f"{title(digest)}: {'; '.join(said)}{_next(digest, (*new, *before))}"


def title(digest: Digest) -> str:
    """The heading: the period; of an alert, what it is about."""
    if digest.kind is LetterKind.ALERT:
        return f"Urgent: {_first(digest)}"
    return f"Immigration law, {period(digest)}"


def opening(digest: Digest, whose: str = " on your subjects") -> str:
    """The first line. It says that we looked only where every source was read completely. `whose`
    changes they are, where there were none."""
    if digest.kind is LetterKind.ALERT:
        count = wording.counted(len(digest.alerts), "change")
        return f"{count} that can’t wait, sent when found, as you asked."
    missing = unread(digest)
    if digest.alerts:
        counts = ", ".join(tally(digest.alerts))
        changes = f"{wording.counted(len(digest.alerts), 'change')} ({counts})"
        late = wording.initial(overdue(digest))
        parts = (pressing(digest.alerts), missing, late, changes)
        return " ".join(f"{part}." for part in parts if part)
    if not missing:
        late = overdue(digest)
        return (
            f"Nothing changed{whose}. We looked: every source was read completely at least once in "
            "this period." + (f" {wording.initial(late)}." if late else "")
        )
    if nothing_read(digest):
        return f"{missing}. Whether anything changed{whose} is not known."
    return f"{missing}. Nothing changed{whose} in what was read."


def overdue(digest: Digest) -> str:
    """The sources whose last complete read lies days before the period's end: what came after it
    is not in the digest, or only what a look at a part of the site shows. Those that were not read
    at all are told elsewhere."""
    ends = eastern(digest.until - timedelta(microseconds=1))
    by_day: dict[tuple[date, str], list[str]] = {}
    for report in digest.coverage:
        if not report.days_read or report.last_complete is None:
            continue
        read = eastern(report.last_complete)
        seen = max(read, eastern(report.last_look or report.last_complete))
        if seen > read and (ends - read).days > LATE:
            by_day.setdefault((read, "read only in part"), []).append(report.title)
        if (ends - seen).days > LATE:
            by_day.setdefault((seen, "not read"), []).append(report.title)
    return "; ".join(
        f"{how} after {wording.calendar(day)}: {_named(titles)}"
        for (day, how), titles in sorted(by_day.items())
    )


def pressing(alerts: Iterable[Alert]) -> str:
    """How many changes can't wait, as in "1 urgent"; "" if there is none."""
    count = sum(1 for alert in alerts if urgent(alert.change))
    return f"{count:,} urgent" if count else ""


def unread(digest: Digest) -> str:
    """The watched sources that were read completely on no day of the period; "" if all were."""
    missing = [report for report in digest.coverage if not report.days_read]
    in_part = [report.title for report in missing if report.days_looked]
    not_at_all = [report.title for report in missing if not report.days_looked]
    watched = len(digest.coverage)
    if not watched:
        return "NOT READ: no source is watched"
    if nothing_read(digest):
        return f"NOT READ: {watched} of {wording.counted(watched, 'source')}"
    if not missing:
        return ""
    said = [f"{watched - len(missing)} of {wording.counted(watched, 'source')} read"]
    said += [f"not read: {_named(not_at_all)}"] if not_at_all else []
    said += [f"read only in part: {_named(in_part)}"] if in_part else []
    return "; ".join(said)


def nothing_read(digest: Digest) -> bool:
    """Whether silence says nothing at all."""
    return not any(report.days_read or report.days_looked for report in digest.coverage)


def tally(alerts: Iterable[Alert]) -> list[str]:
    """How many changes carry each badge, as in "3 new", "1 editorial"."""
    badges = [wording.badge(alert.change) for alert in alerts]
    return [f"{badges.count(one):,} {one.lower()}" for one in wording.BADGES if one in badges]


def period(digest: Digest) -> str:
    """First and last day, in the reader's zone, as in "November 16–22, 2026"; of a whole month its
    name; of less than a day the hours too."""
    first, last = digest.since, digest.until - timedelta(microseconds=1)
    if _is_month(digest.since, digest.until):
        return f"{first:%B} {first.year}"
    if first.date() == last.date():
        is_whole = _is_midnight(digest.since) and _is_midnight(digest.until)
        hours = "" if is_whole else f", {first:%H:%M} to {digest.until:%H:%M} {last.tzname()}"
        return f"{wording.calendar(first)}{hours}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.day}–{last.day}, {last.year}"
    if first.year == last.year:
        return f"{first:%B} {first.day} – {last:%B} {last.day}, {last.year}"
    return f"{wording.calendar(first)} – {wording.calendar(last)}"


def _is_month(since: datetime, until: datetime) -> bool:
    """Whether a period is a whole month of the calendar."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return all(each.day == 1 and _is_midnight(each) for each in (since, until)) and months == 1


def _is_midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def _first(digest: Digest) -> str:
    """The first change by title and citation, and how many more there are."""
    new = digest.alerts[0].change.new
    named = wording.entitled(plain(new.title), plain(new.citation))
    said = ", ".join(wording.shortened(each, TITLE) for each in named if each)
    more = len(digest.alerts) - 1
    return f"{said}; and {more:,} more" if more else said


def _named(titles: Sequence[str]) -> str:
    short = [wording.shortened(plain(each), TITLE) for each in titles[:NAMED]]
    more = len(titles) - len(short)
    *others, last = (*short, f"{more:,} more") if more else short
    # Names hold commas.
    return "; ".join([*others, f"and {last}"]) if others else last


def _changed(digest: Digest) -> str:
    if digest.alerts:
        return ", ".join(tally(digest.alerts))
    if nothing_read(digest):
        return ""
    within = " in what was read" if unread(digest) else ""
    return f"nothing changed on your subjects{within}"


def _next(digest: Digest, dates: Iterable[StatedDeadline | Deadline]) -> str:
    today = eastern(digest.until)
    ahead = [item for item in dates if item.stated.on >= today]
    if not ahead:
        return ""
    first = min(ahead, key=lambda item: (item.stated.on, is_paperwork(item.stated)))
    burden = " (Paperwork Reduction Act comments)" if is_paperwork(first.stated) else ""
    return f"; next date {wording.calendar(first.stated.on)}{burden}"
