"""Which changes can't wait for a digest, and why."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.deadlines import urgent
from alerts.untrusted import plain
from alerts.wording import shortened
from pipeline.model import Change, ChangeKind, RelationKind

SAID = 300  # characters of what a court did, as told
_BY_ATTORNEY_GENERAL = {
    # 8 CFR 1003.1(g), (h)(1): they bind at once, in pending cases too.
    "ag-precedent": "a decision of the Attorney General",
    "ag-referral": "the Attorney General took a case for review",
}
_COURTS = {
    RelationKind.ENJOINS: "an injunction",
    RelationKind.STAYS: "a stay",
    RelationKind.VACATES: "a vacatur",
    RelationKind.VACATES_IN_PART: "a vacatur in part",
    RelationKind.REVERSES: "a reversal",
}


def pressing(change: Change) -> tuple[str, ...]:
    """Why a change is told at once to who asked for that, in words; none where it can wait.

    What binds on publication or was filed specially; a decision of the Attorney General; what a
    court did to a rule, as its order says or as a document held reports it. Each once: with the
    document that says it first, and not when that is edited.
    """
    if change.difference.kind in (ChangeKind.REMOVED, ChangeKind.BACK):
        return ()
    reasons = [*urgent(change)]
    if change.difference.kind is ChangeKind.NEW:
        reasons += [*_decided(change), *_by_court(change)]
    return tuple(dict.fromkeys(reasons))


def _decided(change: Change) -> Iterator[str]:
    if said := _BY_ATTORNEY_GENERAL.get(change.document.kind):
        yield said


def _by_court(change: Change) -> Iterator[str]:
    for relation in change.relations:
        if relation.later == change.document and relation.kind in _COURTS:
            yield f"{_COURTS[relation.kind]} of {relation.earlier.name}"
    for event in change.events:
        for action in event.court_actions:
            if action.document == change.document and action.kind in _COURTS:
                yield f"{_COURTS[action.kind]}: “{shortened(plain(action.words), SAID)}”"
