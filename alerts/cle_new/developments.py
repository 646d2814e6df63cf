"""A development in a packet: what happened, the words, the dates and what is joined with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from alerts import dates, lesson, lineage, particulars, treated, wording
from alerts.dates import Dated
from alerts.deadlines import urgent
from alerts.force import authority_of
from alerts.lesson import Development
from alerts.manuscript import Manuscript
from alerts.redline import Line, foremost, quotation, redline
from alerts.story import Story, listed, story
from alerts.untrusted import plain
from pipeline.model import Change, ChangeKind

LINES = 40  # redline lines of one development; how many more there are is said


def tell(
    packet: Manuscript,
    together: Sequence[Development],
    places: Mapping[int, str],
    since: datetime,
    today: date,
) -> None:
    """Write the developments of one event under one heading with one timeline and one set of dates;
    one that is part of none by itself. `places` says where in the packet a change stands, by id."""
    events = together[0].change.events
    if not events:
        for item in together:
            _develop(packet, item, None)
        return
    told = story(events[0], places, since, today)
    packet.heading(f"One event: {told.line}", 2)
    _timeline(packet, told)
    for item in together:
        _develop(packet, item, told)


def _timeline(packet: Manuscript, told: Story) -> None:
    for steps, lead in (
        (told.now, "In this packet"),
        (told.earlier, "Earlier in this event"),
        (told.besides, "Also part of it, not in this packet"),
    ):
        if steps:
            packet.heading(lead, 3)
        for words in listed(steps):
            packet.paragraph(words, "List Bullet")
    for acted in told.court:
        packet.paragraph(f"{acted.heading}: {acted.evidence}", lead=f"{acted.words}.")
    if told.states:
        packet.heading("What the documents held say of it", 3)
    for words in told.states:
        packet.paragraph(words, "List Bullet")
    if told.dates:
        packet.heading("Its dates", 3)
    for each in told.dates:
        _date(packet, each, "")


def _develop(packet: Manuscript, item: Development, told: Story | None) -> None:
    """Write a development, every sentence of substance with the number of its source."""
    change, note = item.change, f"[{item.number}]"
    level = 3 if told else 2
    _introduce(packet, item, note, level)
    if told and (joined := _joined_by(change, told)):
        packet.paragraph(f"Part of this event: {wording.sentence(joined)} {note}")
    for words in _quoted(change):
        packet.paragraph(f"“{words}” {note}", "Quotation")
    _redline(packet, redline(change), note)
    for field, old, new in wording.fields(change):
        became = f"“{old}” became “{new or 'nothing'}”" if old else f"“{new}”"
        packet.paragraph(f"{field}: {became} {note}", "Redline")
    _dates(packet, change, told, note)
    _history(packet, change, note, level + 1)
    asked = lesson.questions(item)
    if asked:
        packet.heading("For discussion", level + 1)
    for question in asked:
        packet.paragraph(question, "List Bullet")


def _joined_by(change: Change, told: Story) -> str:
    """What makes a change part of its event; "" where its announcement, told anyhow, says so."""
    joined = told.joined(change)
    announced = plain(change.announcement.words) if change.announcement else ""
    return "" if announced and announced in joined else joined


def _introduce(packet: Manuscript, item: Development, note: str, level: int) -> None:
    change, held = item.change, wording.last_text(item.change)
    sort = authority_of(held)
    packet.heading(f"{item.number}. {change.new.title}", level)
    said = [change.new.citation, sort.title, change.new.issuer, sort.force]
    packet.paragraph(" · ".join(part for part in said if part), "Source Note")
    for reason in urgent(change):
        packet.paragraph(f"{wording.sentence(reason)} {note}", lead="Urgent:")
    _treats(packet, change, note)
    packet.paragraph(
        f"{_summary(change)} {note}".strip(), lead=f"{wording.happened(change)}."
    ).paragraph_format.keep_with_next = True
    for reason in wording.reasons(change):
        packet.paragraph(f"{reason} {note}", "List Bullet")
    if change.announcement:
        packet.paragraph(f"{plain(change.announcement.words)} {note}")
    seen = wording.moment(held.seen_at, packet.at.tzinfo)
    if held is not change.new:
        packet.paragraph(
            f"The last text we hold, as seen {seen}: {note}"
        ).paragraph_format.keep_with_next = True
    elif lacking := particulars.not_held(held):
        packet.paragraph(f"{lacking} {note}")


def _treats(packet: Manuscript, change: Change, note: str) -> None:
    """What a decision does to others, what is done against them first."""
    made = treated.made(change)
    for each in made:
        if each.is_negative:
            packet.paragraph(f"“{each.sentence}” {note}", lead=f"{each.words}.")
    if rest := "; ".join(each.words for each in made if not each.is_negative):
        packet.paragraph(f"{wording.sentence(rest)} {note}")


def _summary(change: Change) -> str:
    """What the edits come to; else its own words follow, or the fields, or what it rests on."""
    if change.difference.kind not in wording.COMPARED:
        return ""
    return wording.initial(wording.legible(change.difference.summary))


def _quoted(change: Change) -> tuple[str, ...]:
    is_quoted = change.difference.kind in (ChangeKind.NEW, ChangeKind.REMOVED)
    return quotation(wording.last_text(change)) if is_quoted else ()


def _dates(packet: Manuscript, change: Change, told: Story | None, note: str) -> None:
    """Live dates first: a date that a later document ended must not be read as one of them. Those
    that stand above with the event are not told again."""
    if change.difference.kind is ChangeKind.REMOVED:
        return
    above = {(each.kind, each.on) for each in told.dates} if told else set()
    every = dates.dated(change.new, change.standings)
    stated = [each for each in every if (each.kind, each.on) not in above]
    unclear = dates.unclear(change.new, change.announcement, change.events)
    if told and not stated and not unclear:
        return
    packet.heading("Dates", 4 if told else 3)
    for each in (one for one in stated if one.live):
        _date(packet, each, note)
    for words in unclear:
        packet.paragraph(f"{wording.initial(words)} {note}", "List Bullet")
    if not told and not unclear and not any(each.live for each in stated):
        packet.paragraph(f"No date is stated that holds. {note}", "List Bullet")
    for each in (one for one in stated if not one.live):
        _date(packet, each, note)


def _date(packet: Manuscript, each: Dated, note: str) -> None:
    if each.live:
        packet.paragraph(f"{wording.initial(str(each))} {note}".strip(), "List Bullet")
        return
    paragraph = packet.paragraph("", "List Bullet")
    paragraph.add_run(wording.initial(each.day), style="Deleted")
    rest = ", ".join(filter(None, (each.standing, each.read)))
    paragraph.add_run(f", {rest} {note}".rstrip())


def _history(packet: Manuscript, change: Change, note: str, level: int) -> None:
    lines = tuple(_joined(change))
    if lines:
        packet.heading("History", level)
    for words in lines:
        packet.paragraph(f"{words} {note}", "List Bullet")
    for words in particulars.details(change.new, change.old):
        packet.paragraph(f"{words} {note}", "Source Note")


def _joined(change: Change) -> Iterator[str]:
    for each in lineage.related(change.document, change.relations):
        joined_by = each.evidence and f" {wording.sentence(f'joined by: {each.evidence}')}"
        yield f"{each.words}.{joined_by}"
    if more := lineage.more_editions(change.document, change.relations):
        yield f"{wording.initial(more)}."
    for words in lineage.elsewhere(change.document, change.standings):
        yield f"Joined with it stands: {words}."


def _redline(packet: Manuscript, lines: Sequence[Line], note: str) -> None:
    if not lines:
        return
    legend = packet.paragraph("", "Source Note", lead="Redline:")
    legend.add_run("deleted", style="Deleted")
    legend.add_run(" (struck through), ")
    legend.add_run("inserted", style="Inserted")
    legend.add_run(" (underlined); “…” stands for unchanged text.")
    for line in foremost(lines, LINES):
        place = (line.place, line.note, wording.ruled(line.rule))
        if any(place):
            packet.paragraph(" · ".join(filter(None, place)), "Source Note")
        packet.redline(line.pieces, note)
    if (more := len(lines) - LINES) > 0:
        packet.paragraph(f"{wording.counted(more, 'more edit')}: read the source. {note}")
