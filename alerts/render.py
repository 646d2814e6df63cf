"""Set a digest as HTML and as plain text; both say the same."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from itertools import groupby
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from alerts import headline, untrusted, wording
from alerts.deadlines import Due, due, is_paperwork, is_soon
from alerts.digest import topic
from alerts.redline import Line, foremost, ignored, quotation, redline, shorten, text
from pipeline.calendar import eastern
from pipeline.model import Alert, Change, ChangeClass, ChangeKind, Digest, SourceReport

LIMIT = 96_000  # bytes of HTML; Gmail cuts a message at 102 kB and hides the rest
CROWDED = 1_000  # redline lines: more than this many never fitted
FOREMOST = 3  # changes named on the first screen
DATES = 60  # rows of dates that fall due
SAID = 400  # characters of a new document's words on the first screen
WIDTH = 76  # columns of plain text


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A digest ready to be sent."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Detail:
    """How much of each change is set: redline lines, words in a line, and changes in all."""

    lines: int
    words: int
    changes: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One change as the templates show it; everything crawled in it is plain text."""

    number: int
    alert: Alert
    topic: str
    title: str
    citation: str
    address: str
    source: str
    authority: wording.Authority
    said: str
    reasons: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]
    dates: tuple[str, ...]
    quoted: tuple[str, ...]
    lines: tuple[Line, ...]
    more_lines: int
    ignored: Mapping[str, int]
    cut: bool

    @property
    def change(self) -> Change:
        return self.alert.change

    @property
    def summarised(self) -> bool:
        """Whether the summary tells what neither a quotation nor the fields below it do."""
        return not self.quoted and self.change.difference.kind is not ChangeKind.METADATA


def render(digest: Digest, titles: Mapping[str, str]) -> Rendered:
    """The digest in both forms, at the fullest detail at which the HTML stays under `LIMIT`.

    `titles` holds what readers call topics and sources, by id.
    """
    for detail in _details(len(digest.alerts)):
        view, html = _set(digest, titles, detail)
        if len(html.encode()) <= LIMIT:
            break
    while (size := len(html.encode())) > LIMIT and detail.changes:
        detail = replace(detail, changes=detail.changes * LIMIT * 9 // (size * 10))
        view, html = _set(digest, titles, detail)
    plain = _environment.get_template("digest.txt").render(view)
    return Rendered(subject=headline.subject(digest, _dates(digest)), html=html, text=plain)


def _details(changes: int) -> Iterator[Detail]:
    """Ever shorter redlines, down to none; the first that could fit is tried first."""
    for lines, words in ((40, 400), (15, 200), (8, 120), (4, 80), (2, 50), (0, 30)):
        if lines * changes <= CROWDED:
            yield Detail(lines=lines, words=words, changes=changes)


def _set(digest: Digest, titles: Mapping[str, str], detail: Detail) -> tuple[dict[str, Any], str]:
    view = _view(digest, titles, detail)
    return view, _inliner.inline(_environment.get_template("digest.html").render(view))


def _view(digest: Digest, titles: Mapping[str, str], detail: Detail) -> dict[str, Any]:
    names = {report.source: report.title for report in digest.coverage} | dict(titles)
    entries = [
        _entry(number, alert, names, detail)
        for number, alert in enumerate(digest.alerts[: detail.changes], 1)
    ]
    substantive = [
        e for e in entries if e.change.difference.change_class is ChangeClass.SUBSTANTIVE
    ]
    dates = _dates(digest)
    shown = [item for item in dates[:DATES] if not is_paperwork(item)]
    return {
        "digest": digest,
        "period": headline.period(digest),
        "opening": headline.opening(digest),
        "gaps": [one for one in digest.coverage if one.failures or not one.days_read],
        "foremost": sorted(substantive, key=lambda e: e.authority.weight)[:FOREMOST],
        "soon": [item for item in shown if is_soon(item, digest.until)],
        "later": [item for item in shown if not is_soon(item, digest.until)],
        "paperwork": [item for item in dates[:DATES] if is_paperwork(item)],
        "more_dates": max(0, len(dates) - DATES),
        "first_day": wording.calendar(eastern(digest.since)),
        "sections": [(name, list(of)) for name, of in groupby(entries, _section)],
        "more_changes": len(digest.alerts) - len(entries),
        "legend": any(entry.lines for entry in entries),
    }


def _dates(digest: Digest) -> tuple[Due, ...]:
    return due((alert.change for alert in digest.alerts), digest.since)


def _entry(number: int, alert: Alert, names: Mapping[str, str], detail: Detail) -> Entry:
    change = alert.change
    lines = redline(change)
    shown = tuple(
        Line(place=ln.place, note=ln.note, rule=ln.rule, pieces=shorten(ln.pieces, detail.words))
        for ln in foremost(lines, detail.lines)
    )
    quoted = quotation(change.new) if change.difference.kind is ChangeKind.NEW else ()
    kept = tuple(
        textwrap.shorten(words, max(detail.words, 60) * 6, placeholder=" … [cut; see the source]")
        for words in quoted[: max(detail.lines, 1)]
    )
    shown_under = topic(change, alert.subscription.topics)
    return Entry(
        number=number,
        alert=alert,
        topic=names.get(shown_under, shown_under) or "Other subjects",
        title=wording.shortened(untrusted.plain(change.new.title), 300),
        citation=untrusted.plain(change.new.citation),
        address=untrusted.address(change.new.url),
        source=names.get(change.document.source, change.document.source),
        authority=wording.authority(change.document.kind),
        said=_said(change, quoted),
        reasons=wording.reasons(change),
        fields=wording.fields(change),
        dates=wording.stated_dates(change.new),
        quoted=kept,
        lines=shown,
        more_lines=len(lines) - len(shown),
        ignored=ignored(change),
        cut=len(quoted) > len(kept),
    )


def _said(change: Change, quoted: tuple[str, ...]) -> str:
    """The change in a line: a new document's own words, else the summary of what changed."""
    if quoted:
        return f"“{wording.shortened(' '.join(quoted), SAID)}”"
    return wording.initial(wording.shortened(untrusted.plain(change.difference.summary), 800))


def _section(entry: Entry) -> str:
    change_class = entry.change.difference.change_class
    if change_class is ChangeClass.SUBSTANTIVE:
        return entry.topic
    return f"{wording.CLASSES[change_class]} changes"


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
    "badge": wording.badge,
    "happened": wording.happened,
    "wrapped": _wrapped,
    "cut": wording.shortened,
    "marked": _marked,
    "left": _left,
    "rules": _rules,
    "beginning": _beginning,
    "read": wording.read,
}
_environment.globals |= {
    "date_names": wording.DATES,
    "kinds": wording.KINDS,
    "failures_told": 5,
    # Our own file, which autoescape would break.
    "css": Markup(files("alerts").joinpath("templates/digest.css").read_text("utf-8")),  # noqa: S704
}
# What depends on the screen cannot stand in an element and stays in the head.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
