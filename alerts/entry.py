"""One change as a reader's digest shows it: its number, why it is told, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from alerts import body, particulars, reachable, untrusted, wording
from alerts.body import Body, Setting
from alerts.deadlines import urgent
from alerts.digest import topic
from alerts.force import Authority, authority_of
from alerts.story import AMPLE, Room, Story
from alerts.ways import Ways
from pipeline.model import Alert, Change, ChangeKind

SAID = 180  # characters of a document's words, or of what differs, on the first screen …
URGENT = 200  # … of why it can't wait …
TITLE = 140  # … of a title …
CITED = 80  # … and of a citation
DEEDS = 2  # against other authorities, or of courts, named there; the entry names each
PRESENCE = frozenset({ChangeKind.REMOVED, ChangeKind.BACK})  # told by what it rests on
WHY = 400  # characters of the reasons of one subscription …
WHYS = 6  # … of which so many are told; the rest are counted


@dataclass(frozen=True, kw_only=True)
class Detail:
    """How much is set: redline lines of a change, words in a line, and changes in all; how much
    room an event gets, and how many rows a list."""

    lines: int
    words: int
    changes: int
    room: Room = AMPLE
    rows: int = 60


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One change of a digest; everything crawled in it is plain text. `why` are the reasons, one
    for each subscription; `sent` says when the reader was sent it before; `copy` is an address at
    which a phone can read it, and what stands there."""

    number: int
    change: Change
    topic: str
    title: str
    body: Body
    why: tuple[str, ...]
    sent: str
    seen: str
    address: str
    copy: tuple[str, str]
    story: Story | None

    @property
    def host(self) -> str:
        return reachable.host_of(self.address)

    @property
    def is_gone(self) -> bool:
        return self.change.difference.kind is ChangeKind.REMOVED

    @property
    def is_urgent(self) -> bool:
        return bool(self.body.urgent)


@dataclass(frozen=True, kw_only=True)
class Glance:
    """A change on the first screen, in a few lines."""

    number: int
    title: str
    citation: str
    urgent: str
    deeds: tuple[str, ...]
    said: str
    event: str
    courts: tuple[str, ...]
    authority: str
    binds: str
    topic: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How entries are set: what readers call topics and sources, by id; the day and the zone; the
    moments at which changes were sent at once, by id; and the reader's `ways` out of the mail."""

    names: Mapping[str, str]
    today: date
    zone: tzinfo | None
    at_once: Mapping[int, datetime]
    ways: Ways


def entry(
    number: int, alert: Alert, plan: Plan, detail: Detail, told: Story | None = None
) -> Entry:
    """Set a change. What the story of its event has `told` above it is not told again."""
    change, names = alert.change, plan.names
    sent = plan.at_once.get(change.id)
    return Entry(
        number=number,
        change=change,
        topic=called(topic(change, alert.subscription.topics), names),
        title=wording.shortened(untrusted.plain(change.new.title), body.TITLE),
        body=body.body(change, setting(change, plan, detail), told),
        why=_why(alert.why),
        sent=f"Sent to you at once on {wording.moment(sent, plan.zone)}." if sent else "",
        seen=wording.moment(change.seen_at, plan.zone),
        address=reachable.address(change.new.url),
        copy=_copy(change),
        story=told,
    )


def setting(change: Change, plan: Plan, detail: Detail) -> Setting:
    """How a change is set for a reader."""
    source = plan.names.get(change.document.source, change.document.source)
    return Setting(
        source=wording.shortened(untrusted.plain(source), TITLE),
        today=plan.today,
        zone=plan.zone,
        lines=detail.lines,
        words=detail.words,
    )


def glance(one: Entry) -> Glance:
    """What the first screen says of a change."""
    change = one.change
    authority: Authority = authority_of(wording.last_text(change))
    courts = [each.words for each in one.story.court] if one.story else []
    title = wording.shortened(one.title, TITLE)
    citation = wording.shortened(untrusted.plain(change.new.citation), CITED)
    is_cited = wording.entitled(title, citation)[0] == ""
    return Glance(
        number=one.number,
        title=citation if is_cited else title,
        citation="" if is_cited else citation,
        urgent=wording.shortened(" ".join(map(wording.sentence, urgent(change))), URGENT),
        deeds=_few([each.words for each in body.against(change)]),
        said="" if one.is_urgent else _said(change),
        event=wording.shortened(one.story.line, SAID) if one.story else "",
        courts=_few(courts),
        authority=authority.title,
        binds=one.body.binds,
        topic=one.topic,
    )


def called(shown_under: str, names: Mapping[str, str]) -> str:
    """What readers call a topic, "" being none."""
    return wording.shortened(names.get(shown_under, shown_under), TITLE) or "Other subjects"


def _few(deeds: Sequence[str]) -> tuple[str, ...]:
    told = tuple(wording.shortened(each, SAID) for each in deeds[:DEEDS])
    left = len(deeds) - len(told)
    return (*told, f"and {left:,} more") if left else told


def _why(reasons: Sequence[str]) -> tuple[str, ...]:
    told = tuple(wording.shortened(untrusted.plain(each), WHY) for each in reasons[:WHYS])
    left = len(reasons) - len(told)
    return (*told, f"and {left:,} more") if left else told


def _copy(change: Change) -> tuple[str, str]:
    pdf = reachable.printed(change.new)
    return (pdf, "The publisher’s PDF") if pdf else ("", "")


def _said(change: Change) -> str:
    """The change in a line: a new document's own words, else the summary of what changed, or what
    is known of a document that is gone or back."""
    kind = change.difference.kind
    if kind in PRESENCE:
        return wording.shortened(" ".join(wording.reasons(change)), SAID)
    if kind is ChangeKind.NEW:
        if says := body.quoted(change.new):
            if change.document.kind in wording.PRECEDENTS:
                return f"“{wording.shortened(wording.excerpt(says, SAID), 2 * SAID)}”"
            return f"“{wording.shortened(' '.join(says), SAID)}”"
        if not_held := particulars.not_held(change.new):
            return not_held
    return wording.shortened(body.summary(change), SAID)
