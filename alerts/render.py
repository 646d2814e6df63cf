"""Set a digest as HTML and as plain text; both say the same."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from alerts import headline, untrusted, wording
from alerts.deadlines import Due, due, is_paperwork, is_soon, urgent
from alerts.entry import Detail, Entry
from alerts.redline import Line, text
from alerts.routine import Notice, is_routine, noticed, routine
from alerts.sections import Section, sections
from alerts.story import Room, listed
from alerts.swept import Told, told
from pipeline.calendar import eastern
from pipeline.model import Alert, ChangeClass, Digest, SourceReport

LIMIT = 96_000  # bytes of HTML; Gmail cuts a message at 102 kB and hides the rest
CROWDED = 1_000  # redline lines: more than this many never fitted
FOREMOST = 3  # changes named on the first screen …
URGENT = 10  # … where no more are urgent
DATES = 60  # rows of dates that fall due
NOTICES = 40  # on paperwork, in a line each
WIDTH = 76  # columns of plain text


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A digest ready to be sent."""

    subject: str
    html: str
    text: str


def render(digest: Digest, titles: Mapping[str, str], background: Collection[str] = ()) -> Rendered:
    """The digest in both forms, at the fullest detail at which the HTML stays under `LIMIT`.

    `titles` holds what readers call topics and sources, by id; `background` are the topics of
    notices that keep out of the front.
    """
    names = {report.source: report.title for report in digest.coverage} | dict(titles)
    parts = _parts(digest, names, background)
    for detail in _details(len(parts.full)):
        view, html = _set(digest, names, detail, parts)
        if len(html.encode()) <= LIMIT:
            break
    while (size := len(html.encode())) > LIMIT and detail.changes:
        detail = replace(detail, changes=detail.changes * LIMIT * 9 // (size * 10))
        view, html = _set(digest, names, detail, parts)
    plain = _environment.get_template("digest.txt").render(view)
    return Rendered(subject=headline.subject(digest, parts.dates), html=html, text=plain)


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What of a digest is told in full, what as a sweep, what as a routine notice; and the dates of
    all but the notices."""

    full: tuple[Alert, ...]
    swept: Told
    notices: tuple[Notice, ...]
    dates: tuple[Due, ...]
    elsewhere: Mapping[int, str]
    asked_routine: frozenset[int]


def _parts(digest: Digest, names: Mapping[str, str], background: Collection[str]) -> _Parts:
    apart = routine(digest.alerts, background)
    swept = told((alert.change for alert in digest.alerts), names)
    elsewhere = {alert.change.id: "among the notices on paperwork" for alert in apart}
    elsewhere |= dict.fromkeys(swept.once, "among the terms replaced")
    apart_from = {alert.change.id for alert in apart}
    front = [alert for alert in digest.alerts if alert.change.id not in apart_from]
    return _Parts(
        full=tuple(alert for alert in front if alert.change.id not in swept.once),
        swept=swept,
        notices=noticed(apart, digest.since, digest.until),
        dates=due((alert.change for alert in front), digest.since),
        elsewhere=elsewhere,
        asked_routine=frozenset(
            alert.change.id for alert in front if is_routine(alert.change, background)
        ),
    )


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
            yield Detail(lines=lines, words=words, changes=changes, room=room)


def _set(
    digest: Digest, names: Mapping[str, str], detail: Detail, parts: _Parts
) -> tuple[dict[str, Any], str]:
    view = _view(digest, names, detail, parts)
    return view, _inliner.inline(_environment.get_template("digest.html").render(view))


def _view(
    digest: Digest, names: Mapping[str, str], detail: Detail, parts: _Parts
) -> dict[str, Any]:
    shown_in = sections(digest, parts.full, names, detail, parts.elsewhere)
    entries = [one for section in shown_in for group in section.groups for one in group.entries]
    shown = [item for item in parts.dates[:DATES] if not is_paperwork(item)]
    return {
        "digest": digest,
        "period": headline.period(digest),
        "opening": headline.opening(digest),
        "gaps": [one for one in digest.coverage if one.failures or not one.days_read],
        "foremost": _foremost(shown_in, parts.asked_routine),
        "more_urgent": max(0, sum(1 for one in digest.alerts if urgent(one.change)) - URGENT),
        "soon": [item for item in shown if is_soon(item, digest.until)],
        "later": [item for item in shown if not is_soon(item, digest.until)],
        "paperwork": [item for item in parts.dates[:DATES] if is_paperwork(item)],
        "more_dates": max(0, len(parts.dates) - DATES),
        "first_day": wording.calendar(eastern(digest.since)),
        "sections": shown_in,
        "sweeps": parts.swept.sweeps,
        "notices": parts.notices[:NOTICES],
        "more_notices": max(0, len(parts.notices) - NOTICES),
        "more_changes": len(parts.full) - len(entries),
        "legend": bool(parts.swept.sweeps) or any(entry.lines for entry in entries),
    }


def _foremost(shown_in: Sequence[Section], routine: Collection[int]) -> list[Entry]:
    """What is urgent, then what binds most of what is substantive, of decisions those first that do
    something against others, and the `routine` notices last; of an event that is not urgent its
    first alone."""
    entries = [one for section in shown_in for group in section.groups for one in group.entries]
    pressing = [one for one in entries if one.urgent][:URGENT]
    substantive = [
        group.entries[0]
        for section in shown_in
        for group in section.groups
        if not any(one.urgent for one in group.entries)
        and group.entries[0].change.difference.change_class is ChangeClass.SUBSTANTIVE
    ]
    by_weight = sorted(
        substantive,
        key=lambda one: (one.change.id in routine, one.authority.weight, not one.against),
    )
    return [*pressing, *by_weight[: max(0, FOREMOST - len(pressing))]]


def _left(item: Due, until: datetime) -> str:
    days = (item.stated.on - eastern(until)).days
    if days < 0:
        return "in this period"
    return "today" if days == 0 else f"in {wording.counted(days, 'day')}"


def _beginning(report: SourceReport, digest: Digest) -> str:
    """What a first digest must say: the watch began, and what stood before it was not compared."""
    first = report.first_complete
    if first is None or first < digest.since:
        return ""
    began = wording.moment(first.astimezone(digest.until.tzinfo))
    return f" Watched since {began}: what changed before then was not seen."


def _in_part(report: SourceReport) -> str:
    """What must not be taken for a reading of the whole."""
    if not report.days_looked:
        return ""
    others = wording.counted(report.days_looked, "other day" if report.days_read else "day")
    return f", and only in part (what is announced there, or chosen pages) on {others}"


def _rules(counts: Mapping[str, int]) -> str:
    return ", ".join(f"“{rule.replace('-', ' ')}” ×{counts[rule]:,}" for rule in sorted(counts))


def _wrapped(words: str, indent: int = 0) -> str:
    """Plain text at a readable width, a list's item hanging; an address is never broken."""
    lead = " " * indent
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead + ("  " if words.startswith("- ") else ""),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _marked(line: Line) -> str:
    return text(line.pieces, deleted=("[-", "-]"), inserted=("{+", "+}"))


_environment = Environment(
    loader=PackageLoader("alerts"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_environment.filters |= {
    "plain": untrusted.plain,
    "calendar": wording.calendar,
    "moment": wording.moment,
    "counted": wording.counted,
    "initial": wording.initial,
    "sentence": wording.sentence,
    "badge": wording.badge,
    "happened": wording.happened,
    "substance": wording.substance,
    "ruled": wording.ruled,
    "listed": listed,
    "basis": wording.basis,
    "wrapped": _wrapped,
    "cut": wording.shortened,
    "marked": _marked,
    "left": _left,
    "rules": _rules,
    "beginning": _beginning,
    "in_part": _in_part,
}
_environment.globals |= {
    "failures_told": 5,
    # Our own file, which autoescape would break.
    "css": Markup(files("alerts").joinpath("templates/digest.css").read_text("utf-8")),  # noqa: S704
}
# What depends on the screen cannot stand in an element and stays in the head.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
