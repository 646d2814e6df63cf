"""What to do after the session: dates, forms and editions, and what clients must be told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from alerts import dates, wording
from alerts.cle.changed import has_force, passages
from alerts.cle.development import Development
from alerts.deadlines import StatedDeadline, due
from alerts.packet.content import Style
from alerts.packet.draft import Draft
from alerts.untrusted import plain
from pipeline.deadline import is_paperwork
from pipeline.model import ChangeKind, DateKind, Document, Weight
from pipeline.reworded import turns

TOLD = 15  # developments of which clients are told; how many more there are is said
MOVED = 3  # movements of a series that clients are told of
FORMS = 15  # lines on forms, editions and fees; how many more there are is said
UNSTATED = 25  # dates that are not stated; how many more there are is said
_COLLECTION = "information-collection"
_FORMAL = {Weight.EDITION: "a form edition", Weight.FEE: "a fee"}
_FACTS = {
    "edition_date": "edition on the page",
    "other_editions": "other editions taken",
    "fees": "fees as printed",
}


def tell(
    draft: Draft,
    developments: Sequence[Development],
    since: datetime,
    told: Collection[int],
) -> None:
    """Write the checklist of a period that began at `since`, each box with its source; a heading
    for each sort of which there is something. `told` are the numbers of the developments told in
    full; of the others it has the dates still to come, for a date that is missed is missed for
    good."""
    draft.heading("Practice checklist", 1)
    draft.paragraph("Calendar days are Eastern, as the publishers state them.", ours=True)
    in_full = [item for item in developments if item.number in told]
    items = due([item.change for item in developments], since)
    boxed = {item.change.document for item in items}
    by_change = {item.change.id: item for item in developments}
    today = draft.at.date()
    items = tuple(
        item
        for item in items
        if item.stated.on >= today or by_change[item.change.id].number in told
    )
    _boxes(draft, "Dates", _due(items, by_change, today, paperwork=False))
    _boxes(draft, "Dates that are not stated", _not_stated(in_full, boxed), UNSTATED)
    _boxes(draft, "Forms, editions and fees", _forms(in_full), FORMS)
    _boxes(draft, "What to tell clients", _clients(in_full), TOLD)
    _boxes(
        draft,
        "Paperwork Reduction Act comments, on a form’s burden only",
        _due(items, by_change, today, paperwork=True),
    )


def _boxes(
    draft: Draft, heading: str, boxes: Iterator[tuple[str, int]], most: int | None = None
) -> None:
    every = list(dict.fromkeys(boxes))
    if not every:
        return
    draft.heading(heading, 2)
    for words, number in every[:most]:
        draft.paragraph(words, style=Style.CHECKBOX, notes=(number,))
    if most is not None and (more := len(every) - most) > 0:
        draft.paragraph(
            f"And {wording.counted(more, 'more line')} of this sort: see the developments.",
            ours=True,
        )


def _due(
    items: Sequence[StatedDeadline],
    by_change: Mapping[int, Development],
    today: date,
    *,
    paperwork: bool,
) -> Iterator[tuple[str, int]]:
    for item in items:
        if is_paperwork(item.stated) is paperwork:
            development = by_change[item.change.id]
            passed = ", already passed" if item.stated.on < today else ""
            caution = f"; {item.caution}" if item.caution else ""
            yield (
                f"{wording.calendar(item.stated.on)} (Eastern){passed}: {item.name}, "
                f"{development.named}, {item.read}{caution}",
                development.number,
            )


def _not_stated(
    developments: Sequence[Development], boxed: Collection[Document]
) -> Iterator[tuple[str, int]]:
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
                f"{item.named}: {name}: not stated{instead if is_told else ''}. Check the source "
                "before relying on any date.",
                item.number,
            )


def _forms(developments: Sequence[Development]) -> Iterator[tuple[str, int]]:
    """What the page of a form states of editions and fees, and where a text on them changed."""
    for item in developments:
        facts = item.change.new.metadata if item.change.document.kind == "form" else {}
        stated = [
            f"{name}: {_listed(facts[key])}" for key, name in _FACTS.items() if facts.get(key)
        ]
        if stated:
            yield f"{item.named}: {'; '.join(stated)}. Check every prepared filing.", item.number
        for noun, old, new in _turned(item):
            yield (
                f"{item.named}: {noun} became “{new}” (it was “{old}”). Check every prepared "
                "filing.",
                item.number,
            )


def _turned(item: Development) -> Iterator[tuple[str, str, str]]:
    if item.change.difference.kind is not ChangeKind.TEXT:
        return
    for edit in item.change.difference.edits:
        for turn in () if edit.rule else turns(edit):
            if turn.weight in _FORMAL and turn.old and turn.new:
                yield _FORMAL[turn.weight], plain(turn.old), plain(turn.new)


def _clients(developments: Sequence[Development]) -> Iterator[tuple[str, int]]:
    """The most telling sentence of each development of substance, to be told to whom it reaches,
    what binds before what does not; what is only proposed is told as that. Of the next in a series,
    what moved. A collection of information, as such, is no client's concern."""
    for item in sorted(filter(_is_told, developments), key=lambda item: not has_force(item)):
        said = next((f"“{each.after}”" for each in passages(item) if each.after), "")
        if item.change.difference.kind is ChangeKind.NEXT:
            said = " ".join(map(wording.sentence, wording.reasons(item.change)[:MOVED]))
        if not said:
            continue
        is_proposed = item.change.document.kind == "proposed-rule"
        lead = "Proposed, not in force" if is_proposed else "Tell clients whom it reaches"
        yield f"{lead}: {item.named}: {said}", item.number


def _is_told(item: Development) -> bool:
    topics = {tag.topic for tag in item.change.tags}
    return item.counts and not (item.change.document.kind == "notice" and _COLLECTION in topics)


def _listed(value: object) -> str:
    every = value if isinstance(value, list | tuple) else [value]
    return ", ".join(plain(str(each)) for each in every)
