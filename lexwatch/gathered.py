"""What is held besides the changes of a packet: authorities with their status, texts spoken of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from alerts.cle.authorities import codified
from alerts.cle.development import Authority, Shelf, canonical
from alerts.cle.proposal import proposals
from alerts.cle.redaction import UNPUBLISHED, redact, redacted_status
from alerts.wording import last_text
from index import citator, relating, store
from pipeline import cite
from pipeline.act import is_ina
from pipeline.model import Block, Change, ChangeKind, Citation, Document, Relation, Version

if TYPE_CHECKING:
    from index.citator import Resolved
    from index.database import Database
    from lexwatch.output.progress import Tell
    from pipeline.citator.model import Status

NUMBERED = frozenset({"interim_decision", "fr_docnum"})  # numbers of what is cited otherwise too


def shelf(database: Database, changes: Sequence[Change], on: date, tell: Tell) -> Shelf:
    """What a packet on these changes rests on besides, as it is on a day."""
    citations: dict[int, tuple[Citation, ...]] = {}
    for done, change in enumerate(changes, 1):
        citations[change.id] = cited(change)
        tell("reading what they cite", done, len(changes))
    kinds = {each.cited: each.kind for of in citations.values() for each in of if each.cited}
    own = {canonical(last_text(change)) for change in changes}
    names = sorted({*own, *kinds, *(act for name in kinds for act in codified(name))})
    tell("asking what became of it", 0, None)
    with database.read() as connection:
        known = citator.resolve_all(connection, names)
        found = citator.statuses(connection, names, None, on)
        relations = relating.relations_of(connection, _held(known))
    spoken_of = _spoken_of(changes, found.values())
    unpublished = _texts(database, [each for each in spoken_of if each.kind in UNPUBLISHED])
    statuses = {name: redacted_status(each, unpublished) for name, each in found.items()}
    authorities = {
        name: _authority(name, each, statuses.get(name), relations, kinds.get(name, ""))
        for name, each in known.items()
    }
    spoken = _versions(database, spoken_of, unpublished)
    proposed = _texts(database, {each for one in changes for each in proposals(one)})
    return Shelf(
        on=on, citations=citations, authorities=authorities, versions=spoken, proposals=proposed
    )


def cited(change: Change) -> tuple[Citation, ...]:
    """What the changed text of a change cites."""
    act = is_ina(change.new.text)
    texts = [block.text for block in _changed(change)]
    return tuple(found for each in cite.find_each(texts, act=act) for found in each)


def _changed(change: Change) -> Iterable[Block]:
    """The new text of a change: all of a new document, the edited blocks of another."""
    if change.difference.kind is ChangeKind.NEW:
        return change.new.blocks
    return (edit.new for edit in change.difference.edits if edit.new is not None)


def _held(known: Mapping[str, Resolved]) -> list[int]:
    return sorted({one.document for each in known.values() for one in each.held})


def _authority(
    name: str,
    known: Resolved,
    status: Status | None,
    relations: Mapping[int, tuple[Relation, ...]],
    kind: str,
) -> Authority:
    """Where two documents go by one name, none of the two is held under it."""
    held = known.held[0] if len(known.held) == 1 else None
    called = next((each for each in known.called if each.court), None)
    return Authority(
        canonical=canonical(held.version) if held and kind in NUMBERED else name,
        name="" if held and held.version.document.kind in UNPUBLISHED else known.name,
        court=called.court if called else "",
        held=redact(held.version) if held else None,
        status=status,
        relations=relations.get(held.document, ()) if held else (),
    )


def _spoken_of(changes: Sequence[Change], statuses: Iterable[Status]) -> set[Document]:
    """The documents that the changes, their events and the statuses speak of."""
    found = {document for change in changes for document in _of(change)}
    for status in statuses:
        every = (*status.findings, *status.elsewhere)
        found.update(each.document for each in every)
        found.update(each.negative.document for each in status.warnings)
    return found


def _of(change: Change) -> Iterator[Document]:
    for relation in change.relations:
        yield from (relation.earlier, relation.later)
    yield from (each.document for each in change.standings)
    for event in change.events:
        yield from (each.document for each in event.artefacts)
        yield from (each.document for each in event.states)
        yield from (each.document for each in event.court_actions)


def _versions(
    database: Database,
    documents: Collection[Document],
    unpublished: Mapping[Document, Version],
) -> dict[Document, Version]:
    """Their newest texts, without blocks; of an unpublished decision it is the text that tells the
    names to be taken out."""
    others = [each for each in documents if each not in unpublished]
    with database.read() as connection:
        numbers = filter(None, [store.known(connection, each) for each in others])
        held = store.without_text(connection, numbers)
    return {
        **{each.document: each for each in held.values()},
        **{name: replace(redact(each), blocks=()) for name, each in unpublished.items()},
    }


def _texts(database: Database, documents: Collection[Document]) -> dict[Document, Version]:
    """Their newest texts."""
    found = {}
    with database.read() as connection:
        for each in documents:
            number = store.known(connection, each)
            held = store.current(connection, number) if number else None
            if held:
                found[each] = held.version
    return found
