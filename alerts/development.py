"""A development in a packet: what happened, the words, the dates and what is joined with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alerts import dates, lesson, lineage, particulars, wording
from alerts.deadlines import urgent
from alerts.force import authority_of
from alerts.lesson import Development
from alerts.manuscript import Manuscript
from alerts.redline import Line, foremost, quotation, redline
from alerts.untrusted import plain
from pipeline.model import Change, ChangeKind

LINES = 40  # redline lines of one development; how many more there are is said


def develop(packet: Manuscript, item: Development) -> None:
    """Write a development, every sentence of substance with the number of its source."""
    change, note = item.change, f"[{item.number}]"
    _introduce(packet, item, note)
    for words in _quoted(change):
        packet.paragraph(f"“{words}” {note}", "Quotation")
    _redline(packet, redline(change), note)
    for field, old, new in wording.fields(change):
        became = f"“{old}” became “{new or 'nothing'}”" if old else f"“{new}”"
        packet.paragraph(f"{field}: {became} {note}", "Redline")
    _dates(packet, change, note)
    _history(packet, change, note)
    asked = lesson.questions(item)
    if asked:
        packet.heading("For discussion", 3)
    for question in asked:
        packet.paragraph(question, "List Bullet")


def _introduce(packet: Manuscript, item: Development, note: str) -> None:
    change, held = item.change, wording.last_text(item.change)
    sort = authority_of(held)
    packet.heading(f"{item.number}. {change.new.title}", 2)
    said = [change.new.citation, sort.title, change.new.issuer, sort.force]
    packet.paragraph(" · ".join(part for part in said if part), "Source Note")
    for reason in urgent(change):
        packet.paragraph(f"{wording.sentence(reason)} {note}", lead="Urgent:")
    packet.paragraph(
        f"{_summary(change)} {note}".strip(), lead=f"{wording.happened(change)}."
    ).paragraph_format.keep_with_next = True
    for reason in wording.reasons(change):
        packet.paragraph(f"{reason} {note}", "List Bullet")
    if change.announcement:
        packet.paragraph(f"{plain(change.announcement.words)} {note}")
    if held is not change.new:
        packet.paragraph(
            f"The last text we hold, as seen {wording.moment(held.seen_at)}: {note}"
        ).paragraph_format.keep_with_next = True
    elif lacking := particulars.not_held(held):
        packet.paragraph(f"{lacking} {note}")


def _summary(change: Change) -> str:
    """What the edits come to; else its own words follow, or the fields, or what it rests on."""
    if change.difference.kind not in wording.COMPARED:
        return ""
    return wording.initial(plain(change.difference.summary))


def _quoted(change: Change) -> tuple[str, ...]:
    is_quoted = change.difference.kind in (ChangeKind.NEW, ChangeKind.REMOVED)
    return quotation(wording.last_text(change)) if is_quoted else ()


def _dates(packet: Manuscript, change: Change, note: str) -> None:
    """Live dates first: a date that a later document ended must not be read as one of them."""
    if change.difference.kind is ChangeKind.REMOVED:
        return
    packet.heading("Dates", 3)
    stated = dates.dated(change.new, change.standings)
    live = (str(each) for each in stated if each.live)
    lines = (*live, *dates.unclear(change.new)) or ("No date is stated that holds.",)
    for words in lines:
        packet.paragraph(f"{wording.initial(words)} {note}", "List Bullet")
    for each in stated:
        if not each.live:
            paragraph = packet.paragraph("", "List Bullet")
            paragraph.add_run(wording.initial(each.day), style="Deleted")
            paragraph.add_run(f", {each.standing}, {each.read} {note}")


def _history(packet: Manuscript, change: Change, note: str) -> None:
    lines = tuple(_joined(change))
    if lines:
        packet.heading("History", 3)
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
        rule = f"only wording, by rule “{line.rule}”" if line.rule else ""
        if place := " · ".join(part for part in (line.place, line.note, rule) if part):
            packet.paragraph(place, "Source Note")
        packet.redline(line.pieces, note)
    if (more := len(lines) - LINES) > 0:
        packet.paragraph(f"{wording.counted(more, 'more edit')}: read the source. {note}")
