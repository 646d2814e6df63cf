"""A development in a packet: what happened, the words, the dates and what is joined with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alerts import dates, lineage, particulars, treated, wording
from alerts.cle import bearings, discussion, proposal, unsettled
from alerts.cle.development import TITLE, Development, Shelf
from alerts.cle.redaction import UNPUBLISHED
from alerts.cle.sources import Sources
from alerts.dates import Dated
from alerts.deadlines import urgent
from alerts.force import authority_of
from alerts.packet.content import Face, Run, Style
from alerts.packet.draft import Draft, strong
from alerts.redline import Line, foremost, quotation, redline
from alerts.story import Step, Story, listed, story
from alerts.untrusted import plain
from pipeline.model import Change, ChangeKind, CourtAction, Event

QUOTED = 1_600  # characters of a paragraph that is quoted; the source goes on
LINES = 40  # redline lines of one development; how many more there are is said


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What every development of a packet is told with: `places` says where in the packet a change
    stands, by id; `since` is when the period began."""

    shelf: Shelf
    sources: Sources
    places: Mapping[int, str]
    since: datetime


def tell(draft: Draft, together: Sequence[Development], setting: Setting) -> None:
    """Write the developments of one event under one heading with one timeline and one set of dates;
    one that is part of none by itself."""
    events = together[0].change.events
    if not events:
        for item in together:
            _develop(draft, item, None, setting)
        return
    told = story(events[0], setting.places, setting.since, setting.shelf.on)
    draft.heading(f"One event: {_called(events[0])}", 2)
    draft.paragraph(told.line, notes=(setting.sources.of(events[0].act),))
    _timeline(draft, told, events[0], setting.sources)
    for item in together:
        _develop(draft, item, told, setting)


def _called(event: Event) -> str:
    """An event by its act, short enough for a heading."""
    act = next((each for each in event.artefacts if each.document == event.act), None)
    if act is None:
        return lineage.named(event.act)
    named = (wording.shortened(plain(act.title), TITLE), plain(act.citation))
    return ", ".join(filter(None, named))


def _timeline(draft: Draft, told: Story, event: Event, sources: Sources) -> None:
    for steps, lead in (
        (told.now, "In this packet"),
        (told.earlier, "Earlier in this event"),
        (told.besides, "Also part of it, not in this packet"),
    ):
        if steps:
            draft.heading(lead, 3)
        _steps(draft, steps, sources)
    for acted, action in zip(told.court, _in_order(event), strict=False):
        notes = (sources.of(action.document),)
        draft.paragraph(
            strong(f"{acted.words}. "), f"{acted.heading}: {acted.evidence}", notes=notes
        )
    if told.states:
        draft.heading("What the documents held say of it", 3)
    for words, state in zip(told.states, event.states, strict=False):
        draft.bullet(words, notes=(sources.of(state.document),))
    if told.dates:
        draft.heading("Its dates", 3)
    for each in told.dates:
        _date(draft, each, _stating(each, event, sources))


def _steps(draft: Draft, steps: Sequence[Step], sources: Sources) -> None:
    """The steps in lines, each with its source; the line that counts the rest with theirs."""
    lines = listed(steps)
    for at, words in enumerate(lines):
        of = steps[at : at + 1] if len(lines) <= len(steps) or at < len(lines) - 1 else steps[at:]
        draft.bullet(words, notes=[sources.of(step.document) for step in of[:1]])


def _in_order(event: Event) -> list[CourtAction]:
    return sorted(event.court_actions, key=lambda each: not each.is_by_hand)


def _stating(each: Dated, event: Event, sources: Sources) -> tuple[int, ...]:
    """The documents that state a date of an event."""
    stating = [
        one.document
        for one in event.standings
        if (one.stated.kind, one.stated.on) == (each.kind, each.on)
    ]
    return tuple(sources.of(document) for document in dict.fromkeys(stating or [event.act]))


def _develop(draft: Draft, item: Development, told: Story | None, setting: Setting) -> None:
    """Write a development, every sentence of substance with the number of its source."""
    change, notes = item.change, (item.number,)
    level = 3 if told else 2
    _introduce(draft, item, level)
    if told and (joined := _joined_by(change, told)):
        draft.paragraph(f"Part of this event: {wording.sentence(joined)}", notes=notes)
    _quote(draft, change, notes)
    _redline(draft, redline(change), notes)
    for field, old, new in wording.fields(change):
        became = f"“{old}” became “{new or 'nothing'}”" if old else f"“{new}”"
        draft.paragraph(f"{field}: {became}", style=Style.REDLINE, notes=notes)
    bearings.tell(draft, item, setting.shelf, setting.sources)
    _dates(draft, item, told, setting.shelf.on)
    proposal.tell(draft, item, setting.shelf, setting.sources, level + 1)
    _history(draft, item, told, setting.sources, level + 1)
    unsettled.tell(draft, item, setting.shelf, level + 1, setting.sources.record)
    discussion.tell(draft, item, level + 1)


def _joined_by(change: Change, told: Story) -> str:
    """What makes a change part of its event; "" where its announcement, told anyhow, says so."""
    joined = told.joined(change)
    announced = plain(change.announcement.words) if change.announcement else ""
    return "" if announced and announced in joined else joined


def _introduce(draft: Draft, item: Development, level: int) -> None:
    change, held, notes = item.change, wording.last_text(item.change), (item.number,)
    sort = authority_of(held)
    draft.heading(f"Development {item.number}: {plain(change.new.title)}", level, key=item.key)
    # Whom a thing binds is said below, of the day of printing.
    force = "" if sort.force.startswith("binds") else sort.force
    said = [change.new.citation, sort.title, change.new.issuer, force]
    draft.paragraph(" · ".join(filter(None, said)), style=Style.SOURCE, notes=notes)
    for reason in urgent(change):
        draft.paragraph(strong("Urgent: "), wording.sentence(reason), notes=notes)
    _treats(draft, change, notes)
    draft.paragraph(
        strong(f"{wording.happened(change)}. "), _summary(change), style=Style.LEAD, notes=notes
    )
    for reason in wording.reasons(change):
        draft.bullet(reason, notes=notes)
    if change.announcement:
        draft.paragraph(plain(change.announcement.words), notes=notes)
    seen = wording.moment(held.seen_at, draft.at.tzinfo)
    if held is not change.new:
        draft.paragraph(f"The last text we hold, as seen {seen}:", style=Style.LEAD, notes=notes)
    elif lacking := particulars.not_held(held):
        draft.paragraph(lacking, notes=notes)


def _treats(draft: Draft, change: Change, notes: Sequence[int]) -> None:
    """What a decision does to others, what is done against them first."""
    made = treated.made(change)
    for each in made:
        if each.is_negative:
            draft.paragraph(strong(f"{each.words}. "), f"“{each.sentence}”", notes=notes)
    if rest := "; ".join(each.words for each in made if not each.is_negative):
        draft.paragraph(wording.sentence(rest), notes=notes)


def _summary(change: Change) -> str:
    """What the edits come to; else its own words follow, or the fields, or what it rests on."""
    if change.difference.kind not in wording.COMPARED:
        return ""
    return wording.initial(wording.legible(change.difference.summary))


def _quote(draft: Draft, change: Change, notes: Sequence[int]) -> None:
    """What a document says of itself. An unpublished decision opens with a cover letter that names
    persons, and binds in no other case: none of it is quoted."""
    if change.difference.kind not in (ChangeKind.NEW, ChangeKind.REMOVED):
        return
    if change.document.kind in UNPUBLISHED:
        draft.paragraph(
            "Not quoted: it opens with a cover letter that names persons, and the decision is no "
            "precedent. Read it at its source.",
            notes=notes,
        )
        return
    for words in quotation(wording.last_text(change)):
        draft.quotation(f"“{wording.shortened(words, QUOTED)}”", notes=notes)


def _dates(draft: Draft, item: Development, told: Story | None, on: date) -> None:
    """Live dates first: a date that a later document ended must not be read as one of them. Those
    that stand above with the event are not told again; what is unclear is an open question."""
    change, notes = item.change, (item.number,)
    if change.difference.kind is ChangeKind.REMOVED:
        return
    above = {(each.kind, each.on) for each in told.dates} if told else set()
    # Of a date by which something may be said it matters that it has passed.
    every = [
        replace(each, passed=each.kind in dates.OPEN and each.on < on)
        for each in dates.dated(change.new, change.standings)
    ]
    stated = [each for each in every if (each.kind, each.on) not in above]
    if told and not stated:
        return
    draft.heading("Dates", 4 if told else 3)
    for each in (one for one in stated if one.live):
        _date(draft, each, notes)
    if not told and not any(each.live for each in stated):
        words = "No date that is stated still holds." if stated else "No date is stated."
        draft.bullet(words, notes=notes)
    for each in (one for one in stated if not one.live):
        _date(draft, each, notes)


def _date(draft: Draft, each: Dated, notes: Sequence[int]) -> None:
    if each.live:
        draft.bullet(wording.initial(str(each)), notes=notes)
        return
    rest = ", ".join(filter(None, (each.standing, each.read)))
    ended = Run(text=wording.initial(each.day), face=Face.DELETED)
    draft.bullet(ended, f", {rest}", notes=notes)


def _history(
    draft: Draft, item: Development, told: Story | None, sources: Sources, level: int
) -> None:
    change, notes = item.change, (item.number,)
    lines = [*_joined(change, item.number, sources, told.joined(change) if told else "")]
    if lines:
        draft.heading("History", level)
    for words, of in lines:
        draft.bullet(words, notes=of)
    for words in particulars.details(change.new, change.old):
        draft.paragraph(words, style=Style.SMALL, notes=notes)


def _joined(
    change: Change, number: int, sources: Sources, above: str
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What is joined with a document, in sentences with their sources. Evidence that was given
    `above`, as what makes it part of its event, is not given again."""
    for each in lineage.related(change.document, change.relations):
        evidence = "" if each.evidence in above else each.evidence
        joined_by = evidence and f" {wording.sentence(f'joined by: {evidence}')}"
        yield f"{each.words}.{joined_by}", (number, sources.of(each.other))
    if more := lineage.more_editions(change.document, change.relations):
        yield f"{wording.initial(more)}.", (number, sources.record)
    others = [each.document for each in change.standings if each.document != change.document]
    for words in lineage.elsewhere(change.document, change.standings):
        notes = dict.fromkeys(sources.of(document) for document in others)
        yield f"Joined with it stands: {words}.", tuple(notes)


def _redline(draft: Draft, lines: Sequence[Line], notes: Sequence[int]) -> None:
    if not lines:
        return
    draft.paragraph(
        strong("Redline: "),
        Run(text="deleted", face=Face.DELETED),
        " (struck through), ",
        Run(text="inserted", face=Face.INSERTED),
        " (underlined); “…” stands for unchanged text.",
        style=Style.SMALL,
        ours=True,
    )
    for line in foremost(lines, LINES):
        place = (line.place, line.note, wording.ruled(line.rule))
        if any(place):
            draft.paragraph(" · ".join(filter(None, place)), style=Style.SOURCE, notes=notes)
        draft.redline(line.pieces, notes=notes)
    if (more := len(lines) - LINES) > 0:
        draft.paragraph(f"{wording.counted(more, 'more edit')}: read the source.", notes=notes)
