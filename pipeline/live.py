"""Say which stated dates still hold, and which later document ended the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.legible import legible
from pipeline.model import (
    DateKind,
    Document,
    Relation,
    RelationKind,
    Standing,
    StatedDate,
    Version,
)
from pipeline.papers import spelled

# What has happened stays so, whatever comes later.
FACTS = frozenset(
    {
        DateKind.PUBLISHED,
        DateKind.INSPECTION,
        DateKind.SIGNED,
        DateKind.ANNOUNCED,
        DateKind.DECIDED,
    }
)
COMMENTS = frozenset({DateKind.COMMENTS_CLOSE, DateKind.PRA_COMMENTS_CLOSE})
# The kinds of date that each act states anew; another kind is left alone.
_RESTATED = {
    RelationKind.EXTENDS_COMMENTS: COMMENTS,
    RelationKind.REOPENS_COMMENTS: COMMENTS,
    RelationKind.DELAYS: frozenset({DateKind.EFFECTIVE, DateKind.APPLICABLE, DateKind.COMPLIANCE}),
    RelationKind.EXTENDS: frozenset({DateKind.EXPIRES}),
    RelationKind.CORRECTS: frozenset(DateKind) - FACTS,
    RelationKind.PUBLISHES: frozenset(DateKind) - FACTS,
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
    RelationKind.FINALISES: "superseded by the final rule,",
}
# Acts on a document that bind what had acted on it before: a second delay ends the first one's
# date, a final rule the extended comment period.
_INHERITED = {
    RelationKind.EXTENDS_COMMENTS: COMMENTS,
    RelationKind.REOPENS_COMMENTS: COMMENTS,
    RelationKind.DELAYS: frozenset({DateKind.EFFECTIVE}),
    RelationKind.FINALISES: COMMENTS,
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


def standing(versions: Iterable[Version], relations: Iterable[Relation]) -> tuple[Standing, ...]:
    """Judge every date of `versions`, one version per document, in their order.

    A date falls only to a document that is among them and that restates or ends it. Where that
    can't be told, the date stays live and `why` says what to look at. A document's own dates never
    end each other: where its text and the API differ, both stand.
    """
    held = _held(tuple(versions), tuple(relations))
    return tuple(
        _judged(version, stated, held)
        for version in held.versions.values()
        for stated in version.dates
    )


def chain(relations: Iterable[Relation]) -> tuple[tuple[Document, ...], ...]:
    """Group the documents that act on each other, each group in order of publication.

    Editions of a series are no chain. The oldest group comes first.
    """
    group: dict[Document, set[Document]] = {}
    for relation in relations:
        if relation.kind is RelationKind.SAME_SERIES:
            continue
        sides = relation.earlier, relation.later
        joined = set(sides).union(*(group.get(side, set()) for side in sides))
        group.update(dict.fromkeys(joined, joined))
    distinct = {id(each): each for each in group.values()}.values()
    return tuple(sorted((tuple(sorted(g, key=_in_time)) for g in distinct), key=_by_first))


def _held(versions: tuple[Version, ...], relations: tuple[Relation, ...]) -> _Held:
    by_document = {version.document: version for version in versions}
    return _Held(
        versions=by_document,
        relations=tuple(sorted(relations, key=lambda relation: _in_time(relation.later))),
        withdrawn={
            relation.earlier: relation.later
            for relation in relations
            if relation.kind is RelationKind.WITHDRAWS and relation.later in by_document
        },
    )


def _judged(version: Version, stated: StatedDate, held: _Held) -> Standing:
    """By the first document that ended it; failing that, with all there is to look at."""
    cautions: list[str] = []
    for relation in _acting_on(version.document, stated.kind, held):
        ended, why = _effect(relation, version, stated, held)
        if ended:
            return Standing(document=version.document, stated=stated, live=False, why=why)
        cautions += [why] if why else []
    why = "; ".join(dict.fromkeys(cautions))
    return Standing(document=version.document, stated=stated, live=True, why=why)


def _acting_on(document: Document, kind: DateKind, held: _Held) -> Iterator[Relation]:
    """What acts on a document, and what later acts on that on which it acts itself."""
    if kind in FACTS:
        return
    acts_on = {
        relation.earlier
        for relation in held.relations
        if relation.later == document and relation.kind in _ACTING
    }
    for relation in held.relations:
        is_inherited = relation.earlier in acts_on and kind in _INHERITED.get(relation.kind, ())
        is_later = _in_time(relation.later) > _in_time(document)
        if relation.earlier == document or (is_inherited and is_later):
            yield relation


def _effect(
    relation: Relation, version: Version, stated: StatedDate, held: _Held
) -> tuple[bool, str]:
    """Whether a relation ends the date, and what to say of it."""
    if relation.kind is RelationKind.SAME_SERIES:
        return False, ""
    later = held.versions.get(relation.later)
    if later is None:
        return False, f"{_VERBS[relation.kind]} {relation.later.key}, which is not held"
    ended, doubt = _ends(relation.kind, version, stated, later)
    said = f"{_VERBS[relation.kind]} {_name(later)}"
    if by := held.withdrawn.get(relation.later):
        return False, f"{said}, which {_name(held.versions[by])} withdraws" if ended else ""
    if relation.kind is RelationKind.WITHDRAWS_IN_PART:
        return False, said
    return ended, said if ended else doubt and f"{said}: {doubt}"


def _ends(
    act: RelationKind, version: Version, stated: StatedDate, later: Version
) -> tuple[bool, str]:
    """Whether an act ends a date of that kind, and the doubt where it can't be told."""
    if act is RelationKind.FINALISES:
        return stated.kind in COMMENTS, ""
    if act is RelationKind.WITHDRAWS:
        return stated.on >= _in_force(later), ""
    if stated.kind not in _RESTATED.get(act, frozenset()):
        return False, ""
    given = {each.on for each in later.dates if each.kind is stated.kind}
    if not given:
        is_subject = stated.kind is _SUBJECT.get(act)
        return False, "no new date could be read in it" if is_subject else ""
    if stated.on in given:
        return False, ""
    doubt = "" if _spells(later, stated.on) else _doubt(act, version, stated.kind, given)
    return not doubt, doubt


def _doubt(act: RelationKind, version: Version, kind: DateKind, given: set[date]) -> str:
    """Why a new date of that kind need not replace an old one that the later doesn't name."""
    if act is RelationKind.PUBLISHES:
        return ""
    if act is RelationKind.CORRECTS and kind is DateKind.EFFECTIVE:
        return "it states an effective date, which may be the correction's own"
    old = _staggered(version, kind)
    are_fewer = len(given) < len(old)
    return "it does not say which of these dates it replaces" if are_fewer else ""


def _staggered(version: Version, kind: DateKind) -> set[date]:
    """The dates of a kind as one text states them; two texts that differ are a disagreement."""
    by_text: defaultdict[str, set[date]] = defaultdict(set)
    for each in version.dates:
        if each.kind is kind:
            by_text[each.read_from].add(each.on)
    return max(by_text.values(), key=len)


def _spells(later: Version, on: date) -> bool:
    """Whether a document names a day: "from May 1, 2026, until …"."""
    words = "\n".join(
        (later.text, str(later.metadata.get("abstract", "")), *(d.words for d in later.dates))
    )
    return spelled(on) in legible(words).text


def _in_force(version: Version) -> date:
    """The day from which a withdrawal counts: its effective date, else its publication."""
    stated = version.date(DateKind.EFFECTIVE) or version.date(DateKind.PUBLISHED)
    return stated or version.seen_at.date()


def _name(version: Version) -> str:
    return version.citation or f"FR Doc. {version.document.key.partition('@')[0]}"


def _in_time(document: Document) -> tuple[str, str]:
    """A Federal Register key is number@date."""
    number, _, published = document.key.partition("@")
    return published, number


def _by_first(group: tuple[Document, ...]) -> tuple[str, str]:
    return _in_time(group[0])
