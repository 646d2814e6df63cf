"""Set a digest, or an alert, as HTML and as plain text; both say the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from alerts import asking, body, front, headline, press, watched, wording
from alerts.deadlines import StatedDeadline, due, told_before, urgent
from alerts.entry import Detail, Plan, setting
from alerts.routine import Notice, is_routine, noticed, routine
from alerts.sections import Section, sections
from alerts.story import Room
from alerts.swept import Told, told
from alerts.untrusted import plain
from alerts.ways import Ways
from pipeline.calendar import eastern
from pipeline.letter import LetterKind
from pipeline.model import Alert, Change, Deadline, Digest

LIMIT = 96_000  # bytes of HTML; Gmail cuts a message at 102 kB and hides the rest
CROWDED = 1_000  # redline lines: more than this many never fitted
NOTICES = 40  # on paperwork, in a line each
ROWS = 60  # of dates, notices, sources, …: the longest that a list gets
AROUND = 500  # bytes that an entry takes beside what is told of its change, at least
SETTLED = 20  # earlier changes of which it is known since how they were announced
TITLE = 300  # characters
NAME = 100  # of what names a change that did not fit


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A digest ready to be sent."""

    subject: str
    html: str
    text: str


def render(
    digest: Digest,
    titles: Mapping[str, str],
    background: Collection[str] = (),
    ways: Ways | None = None,
) -> Rendered:
    """The digest in both forms, at the fullest detail at which the HTML stays under `LIMIT`: the
    same digest gives the same bytes. What many digests tell alike is set once.

    `titles` holds what readers call topics and sources, by id; `background` are the topics of
    notices that keep out of the front; `ways` are the reader's out of the mail.
    """
    names = {report.source: report.title for report in digest.coverage} | dict(titles)
    plan = Plan(
        names=names,
        today=eastern(digest.until),
        zone=digest.until.tzinfo,
        at_once={} if digest.kind is LetterKind.ALERT else digest.at_once,
        ways=ways or Ways(),
    )
    parts = _parts(digest, names, background)
    page = _fitting(digest, plan, parts)
    return Rendered(
        subject=headline.subject(digest, parts.dates, parts.before),
        html=page.html,
        text=press.bare(f"{_form(digest)}.txt", page.view),
    )


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What of a digest is told in full, what as a sweep, what as a routine notice; the dates of
    all but the notices, and those that stand from `before`."""

    full: tuple[Alert, ...]
    swept: Told
    notices: tuple[Notice, ...]
    dates: tuple[StatedDeadline, ...]
    before: tuple[Deadline, ...]
    elsewhere: Mapping[int, str]
    asked_routine: frozenset[int]


def _parts(digest: Digest, names: Mapping[str, str], background: Collection[str]) -> _Parts:
    apart = routine(digest.alerts, background)
    swept = told((alert.change for alert in digest.alerts), names)
    elsewhere = {alert.change.id: "among the notices on paperwork" for alert in apart}
    elsewhere |= dict.fromkeys(swept.once, "among the terms replaced")
    apart_from = {alert.change.id for alert in apart}
    ahead = [alert for alert in digest.alerts if alert.change.id not in apart_from]
    return _Parts(
        full=tuple(alert for alert in ahead if alert.change.id not in swept.once),
        swept=swept,
        notices=noticed(apart, digest.since, digest.until),
        dates=due((alert.change for alert in ahead), digest.since),
        before=told_before(
            digest.deadlines or (), due((alert.change for alert in digest.alerts), digest.since)
        ),
        elsewhere=elsewhere,
        asked_routine=frozenset(
            alert.change.id for alert in ahead if is_routine(alert.change, background)
        ),
    )


def _fitting(digest: Digest, plan: Plan, parts: _Parts) -> _Set:
    """The page at the fullest detail that fits, with as many changes as fit at the least. Lists get
    half of the room at most: where they take more, they are cut first."""
    for detail in _details(len(parts.full)):
        least = [*accumulate(_at_least(parts, plan, detail))]
        if not least or least[-1] <= LIMIT:
            page = _set(digest, plan, detail, parts)
            if page.size <= LIMIT:
                return page
    detail = replace(detail, changes=bisect_right(least, LIMIT * 3 // 4), rows=ROWS // 2)
    page = _set(digest, plan, detail, parts)
    while page.shell > LIMIT // 2 and detail.rows:
        detail = replace(detail, rows=detail.rows // 2)
        page = _set(digest, plan, detail, parts)
    while page.size > LIMIT and detail.changes:
        detail = replace(detail, changes=page.fitting(LIMIT - page.shell))
        page = _set(digest, plan, detail, parts)
    return page


@dataclass(frozen=True, kw_only=True)
class _Set:
    """A page, and in bytes the `sizes` of its changes, in order."""

    view: Mapping[str, Any]
    html: str
    sizes: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.html.encode())

    @property
    def shell(self) -> int:
        """What stands around the changes."""
        return self.size - sum(self.sizes)

    def fitting(self, room: int) -> int:
        """How many of the changes fit into so many bytes: fewer than there are."""
        count = bisect_right([*accumulate(self.sizes)], room)
        return max(0, min(count, len(self.sizes) - 1))


def _at_least(parts: _Parts, plan: Plan, detail: Detail) -> Iterator[int]:
    """What each change takes at a length, at least: in an event it takes more or less."""
    for each in parts.full:
        is_alone = not each.change.events
        how = setting(each.change, plan, detail)
        yield AROUND + (press.size(body.body(each.change, how, None)) if is_alone else 0)


def _details(changes: int) -> Iterator[Detail]:
    """Ever shorter redlines, down to none, and stories of events; the first that could fit is tried
    first."""
    for lines, words, items in (
        (40, 400, 60),
        (15, 200, 30),
        (8, 120, 20),
        (4, 80, 12),
        (2, 50, 8),
        (0, 30, 4),
    ):
        if lines * changes <= CROWDED:
            room = Room(items=items, words=max(100, 3 * words))
            yield Detail(lines=lines, words=words, changes=changes, room=room, rows=ROWS)


def _form(digest: Digest) -> str:
    return "alert" if digest.kind is LetterKind.ALERT else "digest"


def _set(digest: Digest, plan: Plan, detail: Detail, parts: _Parts) -> _Set:
    shown_in = sections(digest, parts.full, plan, detail, parts.elsewhere)
    view = _view(digest, plan, detail, parts, shown_in)
    set_in = [(each.name, [press.group(group) for group in each.groups]) for each in shown_in]
    html = press.page(f"{_form(digest)}.html", {**view, "set_in": set_in})
    sizes = tuple(size for _, groups in set_in for group in groups for size in group.sizes)
    return _Set(view=view, html=html, sizes=sizes)


def _view(
    digest: Digest, plan: Plan, detail: Detail, parts: _Parts, shown_in: Sequence[Section]
) -> dict[str, Any]:
    entries = [one for section in shown_in for group in section.groups for one in group.entries]
    numbers = {one.change.id: one.number for one in entries}
    decisions, more_decisions = front.precedents(parts.full, numbers, detail.rows)
    pressing = sum(1 for each in digest.alerts if urgent(each.change))
    rows = detail.rows
    unshown = [each.change for each in parts.full if each.change.id not in numbers]
    return {
        "title": headline.title(digest),
        "reader": wording.shortened(plain(digest.reader), 100),
        "opening": headline.opening(digest),
        "unasked": _cut(
            tuple(wording.shortened(plain(each), TITLE) for each in digest.unasked), rows
        ),
        "gaps": _cut(watched.gaps(digest), rows),
        "foremost": front.foremost(shown_in, parts.asked_routine),
        "more_urgent": max(0, pressing - front.URGENT),
        "dates": front.dates(parts.dates, parts.before, digest.until, numbers, rows),
        "precedents": decisions,
        "more_precedents": more_decisions,
        "has_changes": bool(digest.alerts),
        "looks_ahead": digest.deadlines is not None,
        "ways": plan.ways,
        "first_day": wording.calendar(eastern(digest.since)),
        "sections": shown_in,
        "sweeps": _cut(parts.swept.sweeps, rows),
        "notices": _cut(parts.notices, min(NOTICES, rows)),
        "settled": _cut(_settled(digest), min(SETTLED, rows)),
        "more_changes": len(unshown),
        "unshown": _cut(tuple(map(_named, unshown)), rows),
        "legend": bool(parts.swept.sweeps) or any(one.body.lines for one in entries),
        "asked": _cut(asking.asked(digest.subscriptions, plan.names), rows),
        "period": (wording.moment(digest.since), wording.moment(digest.until)),
        "watched": _cut(watched.watched(digest), rows),
        "rules": _cut(watched.explained(digest.coverage), rows),
    }


@dataclass(frozen=True, kw_only=True)
class _Cut:
    """A list as far as it is shown, and how many `more` there are."""

    shown: tuple[Any, ...]
    more: int


def _cut(items: Sequence[Any], rows: int) -> _Cut:
    return _Cut(shown=tuple(items[:rows]), more=max(0, len(items) - rows))


def _named(change: Change) -> str:
    """A change in a line, by its citation, else by its title."""
    named = plain(change.new.citation) or plain(change.new.title)
    return f"{wording.shortened(named, NAME)} ({wording.badge(change).lower()})"


def _settled(digest: Digest) -> list[tuple[str, str, str]]:
    """Each earlier change: its title and citation, when it was seen, and what is known since."""
    return [
        (
            wording.shortened(
                ", ".join(filter(None, (plain(each.new.title), plain(each.new.citation)))), TITLE
            ),
            wording.moment(each.seen_at, digest.until.tzinfo),
            plain(each.announcement.words) if each.announcement else "",
        )
        for each in digest.settled
    ]
