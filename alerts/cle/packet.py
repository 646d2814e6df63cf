"""Make a packet for continuing legal education from the changes of a period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from alerts import wording
from alerts.cle import (
    agenda,
    authorities,
    blanks,
    checklist,
    coverage,
    credit,
    hypotheticals,
    objectives,
    quiz,
    reading,
    timeline,
)
from alerts.cle.agenda import Part
from alerts.cle.development import Development, Shelf
from alerts.cle.developments import Setting, tell
from alerts.cle.jurisdictions import Profile
from alerts.cle.redaction import UNPUBLISHED, redacted
from alerts.cle.sources import Sources
from alerts.cle.timeline import Entry
from alerts.deadlines import told_under
from alerts.digest import gather, rank, topic
from alerts.force import authority_of
from alerts.packet.content import Manuscript
from alerts.packet.draft import Draft
from pipeline.errors import LexwatchError
from pipeline.model import Change, ChangeClass, SourceReport

_OTHER = "Other subjects"
SUBJECT = "Continuing legal education"


@dataclass(frozen=True, kw_only=True)
class Programme:
    """What is asked for: the changes of [since, until) on `topics` (none means all) in so many
    minutes. `titles` holds what readers call topics, by id; `level` and `title` may be left to the
    rules. `at` is when it is printed, in the office's zone. `every` tells every development in
    full, whatever the minutes hold."""

    since: datetime
    until: datetime
    at: datetime
    minutes: int
    titles: Mapping[str, str]
    topics: tuple[str, ...] = ()
    title: str = ""
    level: str = ""
    jurisdiction: str = ""
    profile: Profile | None = None
    every: bool = False


@dataclass(frozen=True, kw_only=True)
class Material:
    """What there is to teach: the changes, what is held besides, and what was read. `missed` are
    the days of the period on which no reading of a source was complete; `near` the days nearest to
    the period on which something changed."""

    changes: Iterable[Change]
    shelf: Shelf
    coverage: Sequence[SourceReport] = ()
    missed: Mapping[str, Sequence[date]] = field(default_factory=dict)
    near: tuple[date | None, date | None] = (None, None)


def build(asked: Programme, material: Material) -> Manuscript:
    """The packet. The same input gives the same packet.

    Raises `LexwatchError` where there is nothing to teach, a topic is unknown, or the minutes do
    not suffice.
    """
    check(asked)
    topics = _grouped(asked, material.changes)
    developments = [item for of in topics.values() for item in of]
    if not developments:
        raise LexwatchError(_nothing(asked, material.near))
    period = _period(asked)
    rated = objectives.level(topics, asked.level)
    title = asked.title or objectives.title(_named(asked), asked.since, asked.until)
    draft = Draft(title=title, subject=f"{SUBJECT}: {period}", at=asked.at, keywords=tuple(topics))
    parts = agenda.agenda(topics, asked.minutes, profile=asked.profile)
    told = _told(asked, parts, developments)
    numbers = {item.number for item in told}
    sources = Sources(draft, developments, material.shelf, asked.since.tzinfo, told=numbers)
    _front(draft, asked, topics, sources)
    objectives.tell(draft, developments, rated, numbers)
    agenda.tell(draft, parts, developments)
    credit.tell(draft, asked.profile, parts)
    _coverage(draft, asked, material, sources)
    _timeline(draft, asked, topics, material.coverage, sources)
    setting = Setting(
        shelf=material.shelf,
        sources=sources,
        places={item.change.id: _place(item, numbers) for item in developments},
        since=asked.since,
    )
    _law(draft, topics, setting, numbers)
    reading.tell(draft, topics, numbers, asked.minutes)
    hypotheticals.tell(draft, told)
    items = quiz.quiz(told, asked.until)
    quiz.tell(draft, items)
    checklist.tell(draft, developments, asked.since, numbers)
    authorities.tell(draft, told, material.shelf, sources, is_whole=len(told) == len(developments))
    draft.heading("Sources", 1, key="sources")
    draft.sources()
    blanks.tell(draft)
    quiz.answers(draft, items)
    return draft.finished()


def count(asked: Programme, changes: Iterable[Change]) -> int:
    """How many developments a packet has."""
    return len(_chosen(asked, changes))


def check(asked: Programme) -> None:
    """Raise `LexwatchError` for a topic that there is not, and a period that lies ahead."""
    for name in asked.topics:
        if name not in asked.titles:
            raise LexwatchError(
                f"there is no topic {name!r}; the topics are {', '.join(sorted(asked.titles))}"
            )
    if asked.since > asked.at:
        raise LexwatchError(
            f"the period begins on {wording.calendar(asked.since.date())}, and today is "
            f"{wording.calendar(asked.at.date())}: what will change then is unknown; begin it "
            f"with --from {asked.at:%Y-%m-%d} or earlier"
        )


def _nothing(asked: Programme, near: tuple[date | None, date | None]) -> str:
    """That nothing changed, and the nearest days on which something did."""
    named = ", ".join(_named(asked)) or "any topic"
    before, after = near
    days = [
        f"the last change before it came on {wording.calendar(before)}" if before else "",
        f"the first after it on {wording.calendar(after)}" if after else "",
    ]
    told = " and ".join(filter(None, days)) or "no change on it is held at all"
    return (
        f"no change on {named} from {_period(asked)}: there is nothing to teach; {told}; widen the "
        "period or the topics"
    )


def _named(asked: Programme) -> tuple[str, ...]:
    return tuple(asked.titles[name] for name in asked.topics)


def _period(asked: Programme) -> str:
    last = (asked.until - timedelta(microseconds=1)).date()
    return f"{wording.calendar(asked.since.date())} to {wording.calendar(last)}"


def _grouped(asked: Programme, changes: Iterable[Change]) -> dict[str, list[Development]]:
    """The developments by topic title, numbered in the order of the packet."""
    chosen = [redacted(change) for change in _chosen(asked, changes)]
    shown = {change.id: topic(change, asked.topics) for change in chosen}
    by_topic: dict[str, list[Change]] = {}
    ranked = sorted(chosen, key=lambda each: rank(each, shown[each.id], asked.topics))
    for group in gather(ranked):
        first = shown[group[0].id]  # an event stands under the topic of its first
        by_topic.setdefault(asked.titles.get(first, first) or _OTHER, []).extend(group)
    numbers = iter(range(1, len(chosen) + 1))
    return {
        name: [Development(number=next(numbers), change=change) for change in of]
        for name, of in by_topic.items()
    }


def _chosen(asked: Programme, changes: Iterable[Change]) -> list[Change]:
    return [
        change
        for change in changes
        if asked.since <= change.recorded_at < asked.until
        and not change.baseline
        and change.difference.change_class is not ChangeClass.NOISE
        and change.concerns(asked.topics)
    ]


def _told(
    asked: Programme, parts: Sequence[Part], developments: Sequence[Development]
) -> list[Development]:
    """The developments that are told in full."""
    if asked.every:
        return list(developments)
    chosen = reading.in_full(parts, developments, asked.minutes)
    return [item for item in developments if item.number in chosen]


def _place(item: Development, told: Collection[int]) -> str:
    named = f"development {item.number}"
    return named if item.number in told else f"{named}, for reading"


def _front(
    draft: Draft, asked: Programme, topics: Mapping[str, Sequence[Development]], sources: Sources
) -> None:
    """The title page and the contents."""
    count = sum(len(of) for of in topics.values())
    record = (sources.record,)
    draft.paragraph(
        f"{wording.counted(count, 'development')} seen from {_period(asked)}. Prepared "
        f"{wording.calendar(asked.at.date())}.",
        notes=record,
    )
    draft.table(
        "This session",
        ("Item", "Details"),
        (
            ("Topics", ", ".join(topics)),
            ("Length", wording.counted(asked.minutes, "minute")),
            ("Jurisdiction", _board(asked) or "none named"),
        ),
        (1.4, 5.1),
        has_row_heads=True,
        ours=True,
    )
    every = [item for of in topics.values() for item in of]
    is_redacted = any(item.change.document.kind in UNPUBLISHED for item in every)
    blanks.disclaim(draft, _board(asked), is_redacted=is_redacted)
    draft.page_break()
    draft.contents()


def _board(asked: Programme) -> str:
    """What the jurisdiction is called whose board decides on credit."""
    return asked.profile.name if asked.profile else asked.jurisdiction


def _coverage(draft: Draft, asked: Programme, material: Material, sources: Sources) -> None:
    coverage.tell(
        draft,
        material.coverage,
        material.missed,
        since=asked.since,
        until=asked.until,
        on=asked.at.date(),
        record=sources.record,
    )


def _timeline(
    draft: Draft,
    asked: Programme,
    topics: Mapping[str, Sequence[Development]],
    reports: Sequence[SourceReport],
    sources: Sources,
) -> None:
    """The picture of when what came from where, with its table."""
    zone, called = asked.since.tzinfo, {each.source: each.title for each in reports}
    entries = [
        Entry(
            on=item.change.recorded_at.astimezone(zone).date(),
            # Of a source that is watched no more, what its documents are.
            source=called.get(item.change.document.source)
            or authority_of(wording.last_text(item.change)).title,
            topic=name,
            what=item.named,
            note=item.number,
        )
        for name, of in topics.items()
        for item in of
    ]
    last = (asked.until - timedelta(microseconds=1)).date()
    draft.heading("Timeline", 1, key="timeline")
    first = asked.since.date()
    timeline.draw(draft, entries, since=first, until=last, record=sources.record)


def _law(
    draft: Draft,
    topics: Mapping[str, Sequence[Development]],
    setting: Setting,
    told: Collection[int],
) -> None:
    """The developments told in full, by topic, those of one event together."""
    for name, of in topics.items():
        if shown := [item for item in of if item.number in told]:
            draft.heading(name, 1)
            for together in _together(shown):
                tell(draft, together, setting)


def _together(developments: Sequence[Development]) -> Iterator[list[Development]]:
    """The developments of one event together, as they stand one after the other."""
    runs = groupby(developments, lambda item: told_under(item.change) or item.number)
    yield from (list(run) for _, run in runs)
