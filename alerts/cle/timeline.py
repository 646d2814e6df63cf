"""The timeline of a packet: what was seen when, by source and topic, drawn in black and white."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts import wording
from alerts.cle.chart import Chart, Mark
from alerts.packet.draft import Draft, cell

ROWS, TOPICS = 12, 16  # what a picture holds; of more, the last stands for all others
OTHERS = "All others"
EACH = 60  # developments that the table gives one by one


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One development: the day `on` which it was first seen, `what` it is in a few words, and the
    number of its source."""

    on: date
    source: str
    topic: str
    what: str
    note: int


def draw(
    draft: Draft, entries: Sequence[Entry], *, since: date, until: date, record: int = 0
) -> None:
    """Write the timeline of the days from `since` to `until`, both included: the picture, how it is
    read, and the same in a table. `record` is the number of the source that is our own record of
    readings, on which counts by week rest; 0: they name each development's source. Raises
    `ValueError` on an entry of another day."""
    ordered = sorted(entries, key=lambda entry: (entry.on, entry.note))
    for entry in ordered:
        if not since <= entry.on <= until:
            raise ValueError(f"{entry.on} is not within {since} to {until}")
    chart = charted(ordered, since=since, until=until)
    draft.picture(chart.drawing, alt=alt(chart), caption=_caption(chart))
    if len(ordered) <= EACH:
        _each(draft, ordered)
    else:
        _together(draft, chart, ordered, record)


def charted(entries: Sequence[Entry], *, since: date, until: date) -> Chart:
    """What is drawn: the sources and topics with the most developments, the rest as `OTHERS`."""
    sources = _most([entry.source for entry in entries], ROWS)
    topics = _most([entry.topic for entry in entries], TOPICS)
    return Chart(
        marks=tuple(
            Mark(
                on=entry.on,
                source=entry.source if entry.source in sources else OTHERS,
                topic=entry.topic if entry.topic in topics else OTHERS,
            )
            for entry in entries
        ),
        sources=sources,
        topics=topics,
        since=since,
        until=until,
    )


def alt(chart: Chart) -> str:
    """The picture in words: how many developments of each source, on what, first and last day."""
    counted = wording.counted(len(chart.marks), "development")
    since, until = wording.calendar(chart.since), wording.calendar(chart.until)
    told = [f"Timeline of {counted} from {since} to {until}, by source and topic."]
    for source in chart.sources:
        of = [mark for mark in chart.marks if mark.source == source]
        told.append(f"{source}: {len(of)} ({_topics(of)}){_between([mark.on for mark in of])}.")
    told.append("The table after the picture says the same, by day and source.")
    return " ".join(told)


def _each(draft: Draft, entries: Sequence[Entry]) -> None:
    """A row for each development."""
    draft.table(
        "The timeline in words, by the day first seen",
        ("Day first seen", "Source", "Topic", "Development"),
        (
            (
                wording.calendar(entry.on),
                entry.source,
                entry.topic,
                cell(entry.what, notes=(entry.note,)),
            )
            for entry in entries
        ),
        (1.2, 1.25, 1.35, 2.7),
        in_passing=True,
    )


def _together(draft: Draft, chart: Chart, entries: Sequence[Entry], record: int) -> None:
    """A row for each stack of signs: of many developments more would be read by nobody, and each
    is told with its day where it has its own section."""
    stacks: dict[tuple[date, str], list[Entry]] = {}
    for entry in entries:
        first = chart.since + timedelta(
            days=(entry.on - chart.since).days // chart.span * chart.span
        )
        stacks.setdefault((first, entry.source), []).append(entry)
    draft.table(
        "The timeline in words: how many developments on which topic",
        ("First seen", "Source", "Topics"),
        (
            (_days(first, chart), source, cell(_topics(of), notes=_notes(of, record)))
            for (first, source), of in stacks.items()
        ),
        (1.6, 1.4, 3.5),
    )


def _notes(entries: Sequence[Entry], record: int) -> list[int]:
    return [record] if record else [entry.note for entry in entries]


def _days(first: date, chart: Chart) -> str:
    last = min(first + timedelta(days=chart.span - 1), chart.until)
    if first == last:
        return wording.calendar(first)
    return f"{wording.calendar(first)} to {wording.calendar(last)}"


def _topics(entries: Sequence[Entry | Mark]) -> str:
    topics = Counter(entry.topic for entry in entries)
    return ", ".join(f"{topic} {count}" for topic, count in topics.most_common())


def _between(days: Sequence[date]) -> str:
    first, last = wording.calendar(min(days)), wording.calendar(max(days))
    return f", on {first}" if first == last else f", the first on {first}, the last on {last}"


def _caption(chart: Chart) -> str:
    column = "one day" if chart.span == 1 else f"{chart.span} days"
    return (
        "Developments by source and topic. A sign stands for a topic, a number beside it for how "
        "many developments where there are more than one, and “+” with a number for developments "
        f"on further topics. A column is {column}, named by the day of the month it begins with."
    )


def _most(names: Sequence[str], room: int) -> tuple[str, ...]:
    """The names, the most frequent first; of more than there is room for, the rest as `OTHERS`."""
    counted = sorted(Counter(names).items(), key=lambda each: (-each[1], each[0]))
    ordered = [name for name, _ in counted]
    return tuple(ordered) if len(ordered) <= room else (*ordered[: room - 1], OTHERS)
