"""Make a packet for continuing legal education from the changes of a period, as a Word file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from alerts import authorities, dates, lesson, wording
from alerts.deadlines import Due, due, told_under
from alerts.development import tell
from alerts.digest import gather, rank, topic
from alerts.lesson import Development
from alerts.manuscript import WIDTH, Manuscript
from pipeline.calendar import eastern
from pipeline.deadline import is_paperwork
from pipeline.errors import LexwatchError
from pipeline.model import (
    Change,
    ChangeClass,
    ChangeKind,
    Citation,
    DateKind,
    Document,
    SourceReport,
)

_OTHER = "Other subjects"


def build(
    changes: Iterable[Change],
    *,
    title: str,
    since: datetime,
    until: datetime,
    topics: Sequence[str],
    titles: Mapping[str, str],
    minutes: int,
    jurisdiction: str,
    coverage: Sequence[SourceReport],
    citations: Mapping[int, Sequence[Citation]],
) -> bytes:
    """The packet for what was seen in [since, until) on `topics` (none means all), as .docx bytes.

    `titles` holds what readers call topics, by id; `citations` those found in the changed texts, by
    change id. The same input gives the same bytes. Raises `LexwatchError` where there is nothing to
    teach, a topic is unknown, or the minutes do not suffice.
    """
    for asked in topics:
        if asked not in titles:
            raise LexwatchError(
                f"there is no topic {asked!r}; the topics are {', '.join(sorted(titles))}"
            )
    last = wording.calendar(until - timedelta(microseconds=1))
    grouped = _grouped(changes, since, until, topics, titles)
    developments = [item for of in grouped.values() for item in of]
    if not developments:
        named = ", ".join(titles[asked] for asked in topics) or "any topic"
        raise LexwatchError(
            f"no change on {named} from {wording.calendar(since)} to {last}: "
            "there is nothing to teach; widen the period or the topics"
        )
    parts = lesson.agenda(grouped, minutes)
    period = f"{wording.calendar(since)} – {last}"
    packet = Manuscript(title=title, subject=f"Continuing legal education, {period}", at=until)
    _title_page(packet, period, tuple(grouped), minutes, jurisdiction)
    _coverage(packet, coverage, until)
    _session(packet, developments, parts, minutes)
    places = {item.change.id: f"no. {item.number}" for item in developments}
    for name, of in grouped.items():
        packet.heading(name, 1)
        for together in _together(of):
            tell(packet, together, places, since, eastern(until))
    _checklist(packet, developments, since, until)
    _authorities(packet, developments, citations)
    _sources(packet, developments, until.tzinfo)
    return packet.as_bytes()


def _grouped(
    changes: Iterable[Change],
    since: datetime,
    until: datetime,
    topics: Sequence[str],
    titles: Mapping[str, str],
) -> dict[str, list[Development]]:
    """The developments by topic title, numbered in the order of the packet."""
    chosen = [
        change
        for change in changes
        if since <= change.recorded_at < until
        and not change.baseline
        and change.difference.change_class is not ChangeClass.NOISE
        and change.concerns(topics)
    ]
    shown = {change.id: topic(change, topics) for change in chosen}
    by_topic: dict[str, list[Change]] = {}
    for group in gather(sorted(chosen, key=lambda each: rank(each, shown[each.id], topics))):
        first = shown[group[0].id]  # an event stands under the topic of its first
        by_topic.setdefault(titles.get(first, first) or _OTHER, []).extend(group)
    numbers = iter(range(1, len(chosen) + 1))
    return {
        name: [Development(number=next(numbers), change=change) for change in of]
        for name, of in by_topic.items()
    }


def _together(developments: Sequence[Development]) -> list[list[Development]]:
    """The developments of one event together, as they stand one after the other."""
    runs = groupby(developments, lambda item: told_under(item.change) or item.number)
    return [list(run) for _, run in runs]


def _title_page(
    packet: Manuscript, period: str, topics: Sequence[str], minutes: int, jurisdiction: str
) -> None:
    packet.paragraph("Continuing legal education materials", "Subtitle", above=1.6)
    packet.paragraph(packet.title, "Title")
    packet.table(
        ("This session", f"Developments seen {period}"),
        (
            ("Topics", ", ".join(topics)),
            ("Length", wording.counted(minutes, "minute")),
            ("Jurisdiction", jurisdiction or "none named"),
            ("Prepared", wording.moment(packet.at)),
        ),
        (1.4, WIDTH - 1.4),
    )
    packet.paragraph(
        "These materials are not accredited and claim no credit. Whether they qualify is for the "
        f"accrediting authority{' of ' + jurisdiction if jurisdiction else ''} to decide. They are "
        "not legal advice.",
        "Source Note",
        above=0.3,
    )


def _coverage(packet: Manuscript, coverage: Sequence[SourceReport], until: datetime) -> None:
    packet.heading("What was watched, and what was not", 1, new_page=True)
    packet.paragraph(
        "The packet was put together by a program from what the sources below showed in the "
        "period. It does not claim to be complete. Quoted words are the sources’ own; a number in "
        "brackets, such as [1], names the source at the end of the packet. Sentences without "
        "quotation marks describe what was found and are to be checked against the source."
    )
    packet.table(
        ("Source", "Last complete read", "Held", "Changes", "Failed runs", "Quiet too long"),
        (
            (
                report.title,
                wording.moment(report.last_complete.astimezone(until.tzinfo))
                if report.last_complete
                else "never",
                f"{report.documents:,}",
                f"{report.changes:,}",
                "; ".join(report.failures) or "none",
                wording.initial(report.quiet) or "no",
            )
            for report in coverage
        ),
        (1.4, 1.4, 0.6, 0.8, 1.15, WIDTH - 5.35),
    )


def _session(
    packet: Manuscript,
    developments: Sequence[Development],
    parts: Sequence[lesson.Part],
    minutes: int,
) -> None:
    packet.heading("Learning objectives", 1)
    packet.paragraph("After the session a participant can:")
    for objective in lesson.objectives(developments):
        packet.paragraph(objective, "List Bullet")
    packet.heading("Agenda", 1)
    rows = [(_clock(part), str(part.minutes), part.subject) for part in parts]
    packet.table(
        ("Time", "Minutes", "Subject"),
        [*rows, ("Total", str(minutes), "")],
        (1.2, 0.8, WIDTH - 2.0),
    )


def _clock(part: lesson.Part) -> str:
    start, end = (f"{at // 60}:{at % 60:02}" for at in (part.start, part.start + part.minutes))
    return f"{start}–{end}"


def _checklist(
    packet: Manuscript, developments: Sequence[Development], since: datetime, until: datetime
) -> None:
    """Every date that falls due, and the dates a reader would look for and the source omits."""
    packet.heading("Practice checklist", 1)
    packet.paragraph("Calendar dates are Eastern, as the publishers state them.")
    by_change = {item.change.id: item for item in developments}
    items = due([item.change for item in developments], since)
    for item in items:
        if not is_paperwork(item.stated):
            packet.paragraph(_due(item, by_change, until), "Checklist")
    for words in _not_stated(developments, {item.change.document for item in items}):
        packet.paragraph(words, "Checklist")
    paperwork = [item for item in items if is_paperwork(item.stated)]
    if paperwork:
        packet.heading("Paperwork Reduction Act comments, on a form’s burden only", 2)
    for item in paperwork:
        packet.paragraph(_due(item, by_change, until), "Checklist")


def _not_stated(developments: Sequence[Development], boxed: Collection[Document]) -> Iterator[str]:
    """The dates that are not stated. One that the announcement of a text states has its box with
    that, where the announcement is among the `boxed` documents."""
    for item in developments:
        change, announcement = item.change, item.change.announcement
        if change.difference.kind is ChangeKind.REMOVED:
            continue
        instead = dates.announced(announcement, change.events)
        for name in dates.missing(change.new):
            is_told = instead and name == dates.DATES[DateKind.EFFECTIVE]
            if is_told and announcement and announcement.entry in boxed:
                continue
            yield (
                f"☐ {item.named}: {name}: not stated{instead if is_told else ''}. Check the source "
                f"before relying on any date. [{item.number}]"
            )


def _due(item: Due, by_change: Mapping[int, Development], until: datetime) -> str:
    development = by_change[item.change.id]
    passed = item.stated.on < eastern(until)
    caution = f"; {item.caution}" if item.caution else ""
    return (
        f"☐ {wording.calendar(item.stated.on)} (Eastern){', already passed' if passed else ''}: "
        f"{item.name}, {development.named}, "
        f"{item.read}{caution} [{development.number}]"
    )


def _authorities(
    packet: Manuscript,
    developments: Sequence[Development],
    citations: Mapping[int, Sequence[Citation]],
) -> None:
    packet.heading("Table of authorities", 1)
    packet.paragraph("The numbers name the developments that are the authority or cite it.")
    for group, members in authorities.table(developments, citations):
        packet.heading(group, 2)
        packet.table(
            ("Authority", "Developments"),
            [(one.name, ", ".join(str(number) for number in one.found_in)) for one in members],
            (WIDTH - 1.5, 1.5),
        )


def _sources(packet: Manuscript, developments: Sequence[Development], zone: tzinfo | None) -> None:
    packet.heading("Sources", 1)
    for item in developments:
        new, old = wording.last_text(item.change), item.change.old
        said = [part for part in (new.title, new.citation, new.issuer) if part]
        told_once = dict.fromkeys((one.kind, one.on) for one in new.dates)
        stated = [f"{dates.called(new, kind)} {wording.calendar(on)}" for kind, on in told_once]
        told = [
            f"{', '.join(said)}.",
            f"Version: {', '.join(stated) or 'date not stated'}; text {new.text_digest[:12]};"
            f" retrieved {wording.moment(new.seen_at, zone)}.",
        ]
        if old is new:
            told.append(f"Not on the site any more on {wording.moment(item.change.seen_at, zone)}.")
        elif old is not None and old.document != new.document:
            seen = wording.moment(old.seen_at, zone)
            told.append(f"Compared with {old.title}, retrieved {seen}.")
        elif old is not None:
            told.append(f"Earlier version retrieved {wording.moment(old.seen_at, zone)}.")
        packet.link(packet.paragraph(f"{' '.join(told)} ", lead=f"[{item.number}]"), new.url)
