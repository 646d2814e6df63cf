"""One change as a digest shows it."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alerts import dates, lineage, particulars, treated, untrusted, wording
from alerts.dates import Dated
from alerts.deadlines import urgent
from alerts.digest import topic
from alerts.force import Authority, authority_of
from alerts.lineage import Related
from alerts.redline import Line, foremost, ignored, quotation, redline, shorten
from alerts.story import AMPLE, Room, Story, line
from alerts.treated import Effect
from pipeline.model import Alert, Change, ChangeKind, DateKind
from pipeline.weight import RULES

SAID = 400  # characters of a new document's words on the first screen
ABOVE = "in its words with the event above, as far as there was room"
JOINED = 400  # characters of what joins a change with its event
ALSO = 200  # characters of the line of a further event that it is part of …
ACTS = 3  # … of which so many are named
QUOTED = frozenset({ChangeKind.NEW, ChangeKind.REMOVED})  # where no redline tells what it says
PRESENCE = frozenset({ChangeKind.REMOVED, ChangeKind.BACK})  # told by what it rests on

Day = tuple[DateKind, date]


@dataclass(frozen=True, kw_only=True)
class Detail:
    """How much of each change is set: redline lines, words in a line, and changes in all; and how
    much room its event gets."""

    lines: int
    words: int
    changes: int
    room: Room = AMPLE


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One change as the templates show it; everything crawled in it is plain text. `against` is
    what a decision does against others, `besides` what else it does to them."""

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
    rules: tuple[tuple[str, str], ...]
    ignored: Mapping[str, int]
    cut: bool
    joined: str = ""
    event: str = ""
    courts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    against: tuple[Effect, ...] = ()
    besides: str = ""

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
    def last_seen(self) -> datetime | None:
        """When the text that is quoted was seen, where the site shows none any more."""
        is_gone = self.change.difference.kind is ChangeKind.REMOVED
        return wording.last_text(self.change).seen_at if is_gone and self.quoted else None


def entry(
    number: int, alert: Alert, names: Mapping[str, str], detail: Detail, told: Story | None = None
) -> Entry:
    """Set a change for the templates. `names` holds what readers call topics and sources, by id.
    What the story of its event has `told` above it is not told again: dates, and the words of what
    courts did.
    """
    change, held = alert.change, wording.last_text(alert.change)
    above = {(each.kind, each.on) for each in told.dates} if told else set()
    lines = redline(change)
    first = foremost(lines, detail.lines)
    shown = tuple(replace(each, pieces=shorten(each.pieces, detail.words)) for each in first)
    quoted = quotation(held) if change.difference.kind in QUOTED else ()
    is_gone = change.difference.kind is ChangeKind.REMOVED
    kept = _kept(quoted, detail)
    shown_under = topic(change, alert.subscription.topics)
    made = treated.made(change)
    return Entry(
        number=number,
        alert=alert,
        topic=called(shown_under, names),
        title=wording.shortened(untrusted.plain(change.new.title), 300),
        citation=untrusted.plain(change.new.citation),
        address=untrusted.address(change.new.url),
        source=names.get(change.document.source, change.document.source),
        authority=authority_of(held),
        said=_said(change, quoted),
        urgent=urgent(change),
        reasons=wording.reasons(change),
        fields=wording.fields(change),
        dates=_apart(dates.dated(change.new, change.standings), above),
        unclear=() if is_gone else dates.unclear(change.new, change.announcement, change.events),
        related=_related(change, told),
        more_related=lineage.more_editions(change.document, change.relations),
        elsewhere=_elsewhere(change, above),
        details=particulars.details(change.new, change.old),
        not_held="" if is_gone else particulars.not_held(change.new),
        quoted=kept,
        lines=shown,
        more_lines=len(lines) - len(shown),
        rules=_rules(shown),
        ignored=ignored(change),
        cut=len(quoted) > len(kept),
        joined=_joined(change, told) if told else "",
        event=told.line if told else "",
        courts=tuple(each.words for each in told.court) if told else (),
        also=_also(change),
        against=_against(made, quoted),
        besides="; ".join(each.words for each in made if not each.is_negative),
    )


def _against(made: Iterable[Effect], quoted: Iterable[str]) -> tuple[Effect, ...]:
    """What is done against others; a sentence that is quoted anyhow is not quoted twice."""
    below = " ".join(quoted)
    return tuple(
        replace(each, sentence="") if each.sentence in below else each
        for each in made
        if each.is_negative
    )


def _kept(quoted: Sequence[str], detail: Detail) -> tuple[str, ...]:
    length = max(detail.words, 60) * 6
    first = quoted[: max(detail.lines, 1)]
    cut = " … [cut; see the source]"
    return tuple(textwrap.shorten(words, length, placeholder=cut) for words in first)


def _rules(lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    """The rules that make some of the lines mere wording, each with why."""
    names = dict.fromkeys(line.rule for line in lines)
    return tuple((name, RULES[name].why) for name in names if name in RULES)


def _apart(told: Iterable[Dated], above: Collection[Day]) -> tuple[Dated, ...]:
    return tuple(each for each in told if (each.kind, each.on) not in above)


def _elsewhere(change: Change, above: Collection[Day]) -> tuple[str, ...]:
    standings = (
        each for each in change.standings if (each.stated.kind, each.stated.on) not in above
    )
    return lineage.elsewhere(change.document, standings)


def _related(change: Change, told: Story | None) -> tuple[Related, ...]:
    """What documents do to it and it to them. What a court did stands beside what it concerns in
    any case: a reader who comes by a link has not read what is above."""
    related = lineage.related(change.document, change.relations)
    if not (told and told.court):
        return related
    return tuple(replace(each, evidence=ABOVE) if each.is_litigation else each for each in related)


def _joined(change: Change, told: Story) -> str:
    """What makes a change part of its event, where neither its relations nor its announcement says
    so anyhow."""
    documents = {each.document for each in (*told.now, *told.earlier, *told.besides)}
    related = lineage.related(change.document, change.relations)
    is_told = change.announcement and change.announcement.entry in documents
    return (
        ""
        if is_told or any(each.other in documents for each in related)
        else wording.shortened(told.joined(change), JOINED)
    )


def _also(change: Change) -> tuple[str, ...]:
    """The acts of the further events that a change is part of: it is told under the first alone."""
    others = change.events[1:]
    named = tuple(wording.shortened(line(event), ALSO) for event in others[:ACTS])
    left = len(others) - len(named)
    return (*named, *((wording.counted(left, "more event"),) if left else ()))


def called(shown_under: str, names: Mapping[str, str]) -> str:
    """What readers call a topic, "" being none."""
    return names.get(shown_under, shown_under) or "Other subjects"


def _said(change: Change, quoted: tuple[str, ...]) -> str:
    """The change in a line: a new document's own words, else the summary of what changed, or what
    is known of a document that is gone or back."""
    if change.difference.kind in PRESENCE:
        return " ".join(wording.reasons(change))
    if quoted:
        if change.document.kind in wording.PRECEDENTS:
            return f"“{wording.excerpt(quoted, SAID)}”"
        return f"“{wording.shortened(' '.join(quoted), SAID)}”"
    is_new = change.difference.kind is ChangeKind.NEW
    return (is_new and particulars.not_held(change.new)) or _summary(change)


def _summary(change: Change) -> str:
    return wording.initial(wording.shortened(wording.legible(change.difference.summary), 800))
