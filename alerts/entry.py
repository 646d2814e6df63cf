"""One change as a digest shows it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts import dates, lineage, particulars, untrusted, wording
from alerts.dates import Dated
from alerts.deadlines import urgent
from alerts.digest import topic
from alerts.force import Authority, authority_of
from alerts.lineage import Related
from alerts.redline import Line, foremost, ignored, quotation, redline, shorten
from pipeline.model import Alert, Change, ChangeClass, ChangeKind

SAID = 400  # characters of a new document's words on the first screen
QUOTED = frozenset({ChangeKind.NEW, ChangeKind.REMOVED})  # where no redline tells what it says
PRESENCE = frozenset({ChangeKind.REMOVED, ChangeKind.BACK})  # told by what it rests on


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
    authority: Authority
    said: str
    urgent: tuple[str, ...]
    reasons: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]
    dates: tuple[Dated, ...]
    unclear: tuple[str, ...]
    related: tuple[Related, ...]
    more_related: str
    elsewhere: tuple[str, ...]
    details: tuple[str, ...]
    not_held: str
    quoted: tuple[str, ...]
    lines: tuple[Line, ...]
    more_lines: int
    ignored: Mapping[str, int]
    cut: bool

    @property
    def change(self) -> Change:
        return self.alert.change

    @property
    def moves(self) -> bool:
        """Whether its reasons are movements, to be read one below the other."""
        return self.change.difference.kind is ChangeKind.NEXT

    @property
    def summarised(self) -> bool:
        """Whether the summary tells what neither a quotation nor what is below it does."""
        kind = self.change.difference.kind
        is_bare = kind is ChangeKind.NEW and not self.quoted and not self.not_held
        return kind in wording.COMPARED or is_bare

    @property
    def section(self) -> str:
        """The heading it stands under."""
        change_class = self.change.difference.change_class
        if self.urgent:
            return "Urgent"
        if change_class is ChangeClass.SUBSTANTIVE:
            return self.topic
        return f"{wording.CLASSES[change_class]} changes"

    @property
    def last_seen(self) -> datetime | None:
        """When the text that is quoted was seen, where the site shows none any more."""
        is_gone = self.change.difference.kind is ChangeKind.REMOVED
        return wording.last_text(self.change).seen_at if is_gone and self.quoted else None


def entry(number: int, alert: Alert, names: Mapping[str, str], detail: Detail) -> Entry:
    """Set a change for the templates. `names` holds what readers call topics and sources, by id."""
    change, held = alert.change, wording.last_text(alert.change)
    lines = redline(change)
    shown = tuple(
        Line(place=ln.place, note=ln.note, rule=ln.rule, pieces=shorten(ln.pieces, detail.words))
        for ln in foremost(lines, detail.lines)
    )
    quoted = quotation(held) if change.difference.kind in QUOTED else ()
    is_gone = change.difference.kind is ChangeKind.REMOVED
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
        authority=authority_of(held),
        said=_said(change, quoted),
        urgent=urgent(change),
        reasons=wording.reasons(change),
        fields=wording.fields(change),
        dates=dates.dated(change.new, change.standings),
        unclear=() if is_gone else dates.unclear(change.new),
        related=lineage.related(change.document, change.relations),
        more_related=lineage.more_editions(change.document, change.relations),
        elsewhere=lineage.elsewhere(change.document, change.standings),
        details=particulars.details(change.new, change.old),
        not_held="" if is_gone else particulars.not_held(change.new),
        quoted=kept,
        lines=shown,
        more_lines=len(lines) - len(shown),
        ignored=ignored(change),
        cut=len(quoted) > len(kept),
    )


def _said(change: Change, quoted: tuple[str, ...]) -> str:
    """The change in a line: a new document's own words, else the summary of what changed, or what
    is known of a document that is gone or back."""
    if change.difference.kind in PRESENCE:
        return " ".join(wording.reasons(change))
    if quoted:
        return f"“{wording.shortened(' '.join(quoted), SAID)}”"
    is_new = change.difference.kind is ChangeKind.NEW
    return (is_new and particulars.not_held(change.new)) or _summary(change)


def _summary(change: Change) -> str:
    return wording.initial(wording.shortened(untrusted.plain(change.difference.summary), 800))
