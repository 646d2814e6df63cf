"""Say which stated dates still hold, and which later document ended the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.calendar import spelled
from pipeline.doubt import doubt
from pipeline.model import (
    DateKind,
    Document,
    Relation,
    RelationKind,
    Standing,
    StatedDate,
    Version,
)
from pipeline.orders import COURTS
from pipeline.papers import readable
from pipeline.reported import caution

# What has happened stays so, whatever comes later.
FACTS = frozenset(
    {
        DateKind.PUBLISHED,
        DateKind.INSPECTION,
        DateKind.SIGNED,
        DateKind.AMENDED,
        DateKind.DESIGNATED,
        DateKind.ANNOUNCED,
        DateKind.DECIDED,
    }
)
COMMENTS = frozenset({DateKind.COMMENTS_CLOSE, DateKind.PRA_COMMENTS_CLOSE})
PROPOSALS = COMMENTS | {DateKind.HEARING}  # what only a proposal has, and loses to the final rule
HANGS = re.compile(r"\b(?:that|this|the effective) date\b", re.IGNORECASE)
INSPECTED = "public-inspection"  # the kind of a document that is filed and not published
UNREAD = date.max  # stands for a day that a document doesn't state, or not so that it can be read
# The kinds of date that each act states anew or ends; another kind is left alone.
REACHED = {
    RelationKind.EXTENDS_COMMENTS: COMMENTS,
    RelationKind.REOPENS_COMMENTS: COMMENTS,
    RelationKind.DELAYS: frozenset({DateKind.EFFECTIVE, DateKind.APPLICABLE, DateKind.COMPLIANCE}),
    RelationKind.EXTENDS: frozenset({DateKind.EXPIRES}),
    RelationKind.CORRECTS: frozenset(DateKind) - FACTS,
    RelationKind.PUBLISHES: frozenset(DateKind) - FACTS,
    RelationKind.FINALISES: PROPOSALS | {DateKind.EXPIRES},
}
# The date an act is about: where it can't be read, the reader is told so.
_SUBJECT = {
    RelationKind.EXTENDS_COMMENTS: DateKind.COMMENTS_CLOSE,
    RelationKind.REOPENS_COMMENTS: DateKind.COMMENTS_CLOSE,
    RelationKind.DELAYS: DateKind.EFFECTIVE,
    RelationKind.EXTENDS: DateKind.EXPIRES,
}
_VERBS = {
    RelationKind.EXTENDS_COMMENTS: "comment period extended by",
    RelationKind.REOPENS_COMMENTS: "comment period reopened by",
    RelationKind.DELAYS: "delayed by",
    RelationKind.EXTENDS: "extended by",
    RelationKind.CORRECTS: "corrected by",
    RelationKind.PUBLISHES: "printed as",
    RelationKind.WITHDRAWS: "withdrawn by",
    RelationKind.WITHDRAWS_IN_PART: "withdrawn in part: see",
    RelationKind.FINALISES: "followed by the final rule,",
    RelationKind.ENJOINS: "enjoined by",
    RelationKind.STAYS: "stayed by",
    RelationKind.VACATES: "vacated by",
    RelationKind.VACATES_IN_PART: "vacated in part by",
    RelationKind.REVERSES: "reversed by",
}
# What is on file changes nothing before it is published, and may itself be changed till then.
_ON_FILE = {
    RelationKind.EXTENDS_COMMENTS: "extension of the comment period",
    RelationKind.REOPENS_COMMENTS: "reopening of the comment period",
    RelationKind.DELAYS: "delay",
    RelationKind.EXTENDS: "extension",
    RelationKind.CORRECTS: "correction",
    RelationKind.WITHDRAWS: "withdrawal",
    RelationKind.WITHDRAWS_IN_PART: "withdrawal in part",
    RelationKind.FINALISES: "final rule",
}
# Acts on a document that bind what had acted on it before: a second delay ends the first one's
# date, a final rule the extended comment period.
_INHERITED = {
    RelationKind.EXTENDS_COMMENTS: COMMENTS,
    RelationKind.REOPENS_COMMENTS: COMMENTS,
    RelationKind.DELAYS: frozenset({DateKind.EFFECTIVE}),
    RelationKind.FINALISES: PROPOSALS,
    RelationKind.WITHDRAWS: frozenset(DateKind) - FACTS,
}
_ACTING = frozenset(
    {
        RelationKind.EXTENDS_COMMENTS,
        RelationKind.REOPENS_COMMENTS,
        RelationKind.DELAYS,
        RelationKind.CORRECTS,
    }
)


@dataclass(frozen=True, kw_only=True)
class _Held:
    """What is known at the moment asked about."""

    versions: Mapping[Document, Version]
    relations: tuple[Relation, ...]
    withdrawn: Mapping[Document, Document]  # and by which document
    printed: frozenset[Document]  # of those on file: what they did is now done in print
    days: Mapping[Document, date]  # from which each could be read
    reporters: Mapping[Document, Version]  # whose own dates nobody asked about

    def in_time(self, document: Document) -> tuple[date, str]:
        return self.days[document], document.key


def standing(
    versions: Iterable[Version],
    relations: Iterable[Relation],
    reporters: Iterable[Version] = (),
) -> tuple[Standing, ...]:
    """Judge every date of `versions`, one version per document, in their order.

    A date falls only to a document that is among them and that restates or ends it. Where that
    can't be told, the date stays live and `why` says what to look at. A document's own dates never
    end each other: where its text and the API differ, both stand. What `reporters` say that courts
    did is a caution, and ends no date.
    """
    held = _held(tuple(versions), tuple(relations), tuple(reporters))
    return tuple(
        _judged(version, stated, held)
        for version in held.versions.values()
        for stated in version.dates
    )


def _held(
    versions: tuple[Version, ...],
    relations: tuple[Relation, ...],
    reporters: tuple[Version, ...],
) -> _Held:
    by_document = {version.document: version for version in versions}
    days = {
        document: _day(document, by_document.get(document))
        for relation in relations
        for document in (relation.earlier, relation.later)
    }
    held = [relation for relation in relations if relation.later in by_document]
    printed = frozenset(
        relation.earlier
        for relation in held
        if relation.kind is RelationKind.PUBLISHES and relation.earlier.kind == INSPECTED
    )
    return _Held(
        versions=by_document,
        relations=tuple(sorted(relations, key=lambda each: (days[each.later], each.later.key))),
        withdrawn={
            relation.earlier: relation.later
            for relation in held
            if relation.kind is RelationKind.WITHDRAWS and relation.later not in printed
        },
        printed=printed,
        days=days,
        reporters={version.document: version for version in reporters} | by_document,
    )


def _judged(version: Version, stated: StatedDate, held: _Held) -> Standing:
    """By the first document that ended it; failing that, with all there is to look at."""
    cautions: list[str] = []
    governed_by = _twin(version, stated)
    for relation in _acting_on(version.document, governed_by.kind, held):
        ended, why = _effect(relation, version, governed_by, held)
        if ended:
            return Standing(document=version.document, stated=stated, live=False, why=why)
        cautions += [why] if why else []
    if governed_by.kind not in FACTS | PROPOSALS:
        on = {version.document, *_acted_on(version.document, held)}
        cautions += caution(on, held.relations, held.reporters)
    why = "; ".join(dict.fromkeys(cautions))
    return Standing(document=version.document, stated=stated, live=True, why=why)


def _twin(version: Version, stated: StatedDate) -> StatedDate:
    """The effective date on which another date hangs by its own words: "postmarked on or after that
    date" moves with it. Any other date stands for itself."""
    same = (each for each in version.dates if each.kind is DateKind.EFFECTIVE)
    hangs = stated.kind is DateKind.APPLICABLE and HANGS.search(stated.words)
    return next((each for each in same if hangs and each.on == stated.on), stated)


def _acting_on(document: Document, kind: DateKind, held: _Held) -> Iterator[Relation]:
    """What acts on a document, and what later acts on that on which it acts itself."""
    if kind in FACTS:
        return
    acts_on = _acted_on(document, held)
    for relation in held.relations:
        if relation.kind is RelationKind.REPORTS:
            continue
        is_inherited = relation.earlier in acts_on and kind in _INHERITED.get(relation.kind, ())
        # An order on a rule concerns the date that a delay gave it, whichever came first.
        is_court = relation.earlier in acts_on and relation.kind in COURTS
        if (
            relation.earlier == document
            or is_court
            or (is_inherited and held.in_time(relation.later) > held.in_time(document))
        ):
            yield relation


def _acted_on(document: Document, held: _Held) -> set[Document]:
    """What a document delays, corrects, or gives more time for comments on."""
    return {
        relation.earlier
        for relation in held.relations
        if relation.later == document and relation.kind in _ACTING
    }


def _effect(
    relation: Relation, version: Version, stated: StatedDate, held: _Held
) -> tuple[bool, str]:
    """Whether a relation ends the date, and what to say of it."""
    if relation.kind is RelationKind.SAME_SERIES or relation.later in held.printed:
        return False, ""
    later = held.versions.get(relation.later)
    if later is None:
        return False, f"{_VERBS[relation.kind]} {relation.later.key}, which is not held"
    is_court = relation.kind in COURTS
    if is_court or later.document.kind == INSPECTED:
        told = _ordered(relation, later, held) if is_court else ""
        return False, told or _on_file(relation.kind, stated.kind, later)
    ended, doubt = _ends(relation.kind, version, stated, later)
    if relation.kind is RelationKind.WITHDRAWS:
        ended, doubt = _withdrawn(stated, later, held)
    elif relation.kind is RelationKind.FINALISES and stated.kind is DateKind.EXPIRES:
        ended, doubt = _made_final(stated, later, held)
    said = f"{_VERBS[relation.kind]} {_name(later)}"
    if by := held.withdrawn.get(relation.later):
        return False, f"{said}, which {_withdrawing(held.versions[by])}" if ended else ""
    orders = ", ".join(_orders_on(relation.later, held))
    # To undo a final rule opens no comment period again; to undo a delay restores the first date.
    is_closed = relation.kind is RelationKind.FINALISES and stated.kind in PROPOSALS
    if ended and orders and not is_closed:
        ended, doubt = False, f", itself {orders}: the date it ended may hold again"
    if ended or relation.kind is RelationKind.WITHDRAWS_IN_PART:
        return ended, said
    return False, doubt and f"{said}{doubt}"


def _ordered(relation: Relation, order: Version, held: _Held) -> str:
    """What a court did, which ends no date in our books: an order binds as far as it says, for as
    long as no other court stays it. What later orders did to that one is said with it."""
    said = f"{_VERBS[relation.kind]} {_name(order)}"
    acts = ", itself ".join((said, *_orders_on(order.document, held)))
    return f"{acts}: read the order and whom it protects"


def _orders_on(document: Document, held: _Held) -> list[str]:
    return [
        f"{_VERBS[each.kind]} {_name(held.versions[each.later])}"
        for each in held.relations
        if each.earlier == document and each.kind in COURTS and each.later in held.versions
    ]


def _on_file(act: RelationKind, kind: DateKind, later: Version) -> str:
    if act not in _ON_FILE or kind not in REACHED.get(act, {kind}):
        return ""
    filed = later.date(DateKind.INSPECTION)
    since = f" (filed {spelled(filed)})" if filed else ""
    return f"{_ON_FILE[act]} on file for publication: {_name(later)}{since}"


def _withdrawing(by: Version) -> str:
    if by.document.kind == INSPECTED:
        return f"{_name(by)}, on file for publication, withdraws"
    return f"{_name(by)} withdraws"


def _withdrawn(stated: StatedDate, by: Version, held: _Held) -> tuple[bool, str]:
    """Whether the date was still to come when the withdrawal took effect; else from when it does.

    Until then what is withdrawn binds (5 U.S.C. 551(5): to repeal a rule is rule making). A live
    date called dead is missed, a dead one called live is checked: where a withdrawal gives several
    days, or is itself delayed, a date falls only after all of them.
    """
    days = _in_force(by, held)
    from_when = " or ".join("a day not read" if on == UNREAD else spelled(on) for on in days)
    return stated.on >= max(days), f" from {from_when}"


def _in_force(withdrawal: Version, held: _Held) -> list[date]:
    """The days from which it may count, in order: its effective dates, else that from which it
    could be read; and those until which it is delayed."""
    days = _effective(withdrawal) or {readable(withdrawal)}
    for relation in held.relations:
        delay = held.versions.get(relation.later)
        is_its = relation.earlier == withdrawal.document and relation.kind is RelationKind.DELAYS
        if is_its and delay:
            days |= _effective(delay) or {UNREAD}
    return sorted(days)


def _effective(version: Version) -> set[date]:
    return {each.on for each in version.dates if each.kind is DateKind.EFFECTIVE}


def _ends(
    act: RelationKind, version: Version, stated: StatedDate, later: Version
) -> tuple[bool, str]:
    """Whether an act ends a date of that kind, and the doubt where it can't be told."""
    if stated.kind not in REACHED.get(act, frozenset()):
        return False, ""
    if act is RelationKind.FINALISES:
        return stated.kind in COMMENTS or stated.on >= readable(later), ""
    given = {each.on for each in later.dates if each.kind is stated.kind}
    if not given:
        is_subject = stated.kind is _SUBJECT.get(act)
        return False, ": no new date could be read in it" if is_subject else ""
    if stated.on in given:
        return False, ""
    said = doubt(act, version, stated, later)
    return not said, said


def _made_final(stated: StatedDate, final: Version, held: _Held) -> tuple[bool, str]:
    """Whether a rule made final had that effect before it would have ended."""
    if not _effective(final):
        return False, ": from when it has effect is not stated"
    return _withdrawn(stated, final, held)


def _name(version: Version) -> str:
    return version.citation or f"FR Doc. {version.document.key.partition('@')[0]}"


def _day(document: Document, version: Version | None) -> date:
    """The day from which it could be read; its key is number@date, should it not be held."""
    if version:
        return readable(version)
    try:
        return date.fromisoformat(document.key.partition("@")[2])
    except ValueError:
        return UNREAD
