"""Set a digest as HTML and as plain text; both say the same."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from itertools import groupby
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from alerts import dates, headline, untrusted, wording
from alerts.deadlines import Due, due, is_paperwork, is_soon, urgent
from alerts.entry import Detail, Entry, entry
from alerts.lineage import LITIGATION
from alerts.redline import Line, text
from alerts.swept import Told, told
from pipeline.calendar import eastern
from pipeline.model import ChangeClass, Digest, SourceReport

LIMIT = 96_000  # bytes of HTML; Gmail cuts a message at 102 kB and hides the rest
CROWDED = 1_000  # redline lines: more than this many never fitted
FOREMOST = 3  # changes named on the first screen …
URGENT = 10  # … where no more are urgent
DATES = 60  # rows of dates that fall due
WIDTH = 76  # columns of plain text


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A digest ready to be sent."""

    subject: str
    html: str
    text: str


def render(digest: Digest, titles: Mapping[str, str]) -> Rendered:
    """The digest in both forms, at the fullest detail at which the HTML stays under `LIMIT`.

    `titles` holds what readers call topics and sources, by id.
    """
    names = {report.source: report.title for report in digest.coverage} | dict(titles)
    swept = told((alert.change for alert in digest.alerts), names)
    for detail in _details(len(digest.alerts) - len(swept.once)):
        view, html = _set(digest, names, detail, swept)
        if len(html.encode()) <= LIMIT:
            break
    while (size := len(html.encode())) > LIMIT and detail.changes:
        detail = replace(detail, changes=detail.changes * LIMIT * 9 // (size * 10))
        view, html = _set(digest, names, detail, swept)
    plain = _environment.get_template("digest.txt").render(view)
    return Rendered(subject=headline.subject(digest, _dates(digest)), html=html, text=plain)


def _details(changes: int) -> Iterator[Detail]:
    """Ever shorter redlines, down to none; the first that could fit is tried first."""
    for lines, words in ((40, 400), (15, 200), (8, 120), (4, 80), (2, 50), (0, 30)):
        if lines * changes <= CROWDED:
            yield Detail(lines=lines, words=words, changes=changes)


def _set(
    digest: Digest, names: Mapping[str, str], detail: Detail, swept: Told
) -> tuple[dict[str, Any], str]:
    view = _view(digest, names, detail, swept)
    return view, _inliner.inline(_environment.get_template("digest.html").render(view))


def _view(digest: Digest, names: Mapping[str, str], detail: Detail, swept: Told) -> dict[str, Any]:
    full = [alert for alert in digest.alerts if alert.change.id not in swept.once]
    entries = [
        entry(number, alert, names, detail)
        for number, alert in enumerate(full[: detail.changes], 1)
    ]
    ahead = _dates(digest)
    shown = [item for item in ahead[:DATES] if not is_paperwork(item)]
    return {
        "digest": digest,
        "period": headline.period(digest),
        "opening": headline.opening(digest),
        "gaps": [one for one in digest.coverage if one.failures or not one.days_read],
        "foremost": _foremost(entries),
        "more_urgent": max(0, sum(1 for one in digest.alerts if urgent(one.change)) - URGENT),
        "soon": [item for item in shown if is_soon(item, digest.until)],
        "later": [item for item in shown if not is_soon(item, digest.until)],
        "paperwork": [item for item in ahead[:DATES] if is_paperwork(item)],
        "more_dates": max(0, len(ahead) - DATES),
        "first_day": wording.calendar(eastern(digest.since)),
        "sections": [(name, list(of)) for name, of in groupby(entries, lambda one: one.section)],
        "sweeps": swept.sweeps,
        "more_changes": len(full) - len(entries),
        "legend": bool(swept.sweeps) or any(entry.lines for entry in entries),
    }


def _dates(digest: Digest) -> tuple[Due, ...]:
    return due((alert.change for alert in digest.alerts), digest.since)


def _foremost(entries: Sequence[Entry]) -> list[Entry]:
    """What is urgent, then what binds most of what is substantive."""
    pressing = [one for one in entries if one.urgent][:URGENT]
    substantive = [
        one
        for one in entries
        if not one.urgent and one.change.difference.change_class is ChangeClass.SUBSTANTIVE
    ]
    by_weight = sorted(substantive, key=lambda one: one.authority.weight)
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
    return ", ".join(f"{rule} ({counts[rule]:,})" for rule in sorted(counts))


def _wrapped(words: str, indent: int = 0) -> str:
    """Plain text at a readable width; an address is never broken."""
    lead = " " * indent
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead,
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
    "event": wording.event,
    "basis": wording.basis,
    "wrapped": _wrapped,
    "cut": wording.shortened,
    "marked": _marked,
    "left": _left,
    "rules": _rules,
    "beginning": _beginning,
    "in_part": _in_part,
    "read": dates.read,
}
_environment.globals |= {
    "called": dates.called,
    "failures_told": 5,
    "litigation": LITIGATION,
    # Our own file, which autoescape would break.
    "css": Markup(files("alerts").joinpath("templates/digest.css").read_text("utf-8")),  # noqa: S704
}
# What depends on the screen cannot stand in an element and stays in the head.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
