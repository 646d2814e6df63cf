"""What a development leaves open: what its source does not state, and what is not held.

Each question follows from a fact of what is held, by a rule that is stated beside it; none says
what the law is.
"""

from __future__ import annotations

from collections.abc import Iterator

from alerts import dates, wording
from alerts.cle.bearings import acting
from alerts.cle.development import Development, Shelf
from alerts.packet.draft import Draft
from alerts.untrusted import plain
from pipeline.identifiers import REPORTED
from pipeline.model import (
    AnnouncementState,
    ChangeKind,
    DateKind,
    RelationKind,
)

BINDING = frozenset({"rule", "policy-manual-chapter", "policy-alert", "uscis-memorandum"})
HEADING = "Open questions"


def tell(draft: Draft, item: Development, shelf: Shelf, level: int, record: int) -> None:
    """Write what is open, each with the source of which it is open."""
    every = [*questions(item, shelf)]
    if every:
        draft.heading(HEADING, level)
    for words in every:
        draft.bullet(words, notes=(item.number, record))


def questions(item: Development, shelf: Shelf) -> Iterator[str]:
    """What is open, in sentences."""
    change = item.change
    if change.difference.kind is ChangeKind.REMOVED:
        yield "Why the site no longer shows it, and whether it still holds, is not stated."
        return
    yield from _on_dates(item)
    yield from _on_proposals(item)
    yield from _on_announcement(item)
    if change.document.kind in REPORTED:
        yield from _on_status(item, shelf)
    for action in (one for event in change.events for one in event.court_actions):
        if not action.is_by_hand:
            yield (
                "How far the court’s action reaches: a document held reports it, and the order "
                "itself is not held."
            )
            break


def _on_dates(item: Development) -> Iterator[str]:
    """A date that its kind should have; whether pending matters are reached; dates in doubt."""
    change = item.change
    for words in dates.unclear(change.new, change.announcement, change.events):
        yield f"From what day: {words}."
    kinds = {each.kind for each in change.new.dates}
    is_binding = change.document.kind in BINDING and change.difference.kind is ChangeKind.NEW
    if is_binding and DateKind.APPLICABLE not in kinds and not acting(change):
        yield (
            "Whether it reaches what was filed before it took effect: no date of application is "
            "stated where dates are read."
        )
    for each in change.standings:
        if each.document == change.document and each.live and each.why:
            name = dates.called(change.new, each.stated.kind)
            day = wording.calendar(each.stated.on)
            yield f"Whether this date still holds: {name}, {day}: {plain(each.why)}."


def _on_proposals(item: Development) -> Iterator[str]:
    change = item.change
    if change.document.kind == "rule" and change.difference.kind is ChangeKind.NEW:
        final = [each for each in change.relations if each.kind is RelationKind.FINALISES]
        subtype = str(change.new.metadata.get("subtype", ""))
        if not final and subtype == "final rule":
            yield "What changed from a proposal: no proposal that it makes final is held."


def _on_announcement(item: Development) -> Iterator[str]:
    told = item.change.announcement
    if told and told.state is AnnouncementState.UNANNOUNCED:
        yield "Why the text changed: no announcement of the agency names it."
    elif told and told.state is AnnouncementState.NOT_YET_SEEN:
        yield "Whether the agency announces the change: no announcement was seen yet."


def _on_status(item: Development, shelf: Shelf) -> Iterator[str]:
    told = shelf.authority(item.canonical).status
    if told and told.undated:
        yield "Whether what was done to it was done by the day of printing is not stated."
