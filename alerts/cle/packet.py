"""Make a packet for continuing legal education from the changes of a period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
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
from alerts.cle.development import Development
from alerts.cle.developments import Setting, tell
from alerts.cle.programme import Material, Programme, check, named, nothing, period
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


def build(asked: Programme, material: Material) -> Manuscript:
    """The packet. The same input gives the same packet.

    Raises `LexwatchError` where there is nothing to teach, a topic is unknown, or the minutes do
    not suffice.
    """
    check(asked)
    topics = _grouped(asked, material.changes)
    developments = [item for of in topics.values() for item in of]
    if not developments:
        raise LexwatchError(nothing(asked, material))
    rated = objectives.level(topics, asked.level)
    title = asked.title or objectives.title(named(asked), asked.since, asked.until)
    draft = Draft(
        title=title, subject=f"{SUBJECT}: {period(asked)}", at=asked.at, keywords=tuple(topics)
    )
    parts = agenda.agenda(topics, asked.minutes, profile=asked.profile)
    chosen = reading.in_full(parts, topics, asked.minutes)
    told = [item for item in developments if asked.every or item.number in chosen]
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
        f"{wording.counted(count, 'development')} seen from {period(asked)}. Prepared "
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
