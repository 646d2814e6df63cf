"""What a reader sees of the documents that answer: a hit each, with its best passages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from index import schema, store
from index.search.filter import dated, end_of
from index.search.mark import Match, Wanted, best, marks, matches, score, wanted, weights
from index.search.model import Answer, Filters, Found, Hit
from index.search.standing import Viewpoint, treated, undoing
from index.search.states import last_seen, made_final, states
from pipeline.binding import Whom, fallen, finalised, whom
from pipeline.bluebook import bluebook, pinned
from pipeline.calendar import eastern, spelled
from pipeline.citator.model import Finding
from pipeline.model import DateKind, Passage, Relation, State, Version
from pipeline.passages import split
from pipeline.query.model import Asked

SHOWN = 3  # passages shown of one document
# A token of the model is some four characters of English: enough to divide a text for showing.
CHARACTERS = 4


def hits(
    connection: Connection,
    answers: Sequence[Answer],
    asked: Asked,
    filters: Filters,
    today: date | None = None,
) -> tuple[Hit, ...]:
    """The answers in their order, with what is known of their documents, in a query of a kind each.

    As of a day gone by, the passages are of the text that was shown then, where it is held, and
    what became known of a document later is left out. `today` is when a rule's state is asked for;
    None: on the last day on which anything was seen.
    """
    numbers = [answer.document for answer in answers]
    relations = _related(connection, numbers)
    if filters.as_of:
        relations = _known_by(connection, relations, filters.as_of)
    day = filters.as_of or today or last_seen(connection)
    shelf = _Shelf(
        day=filters.as_of,
        here=Viewpoint(day=day, forum=filters.forum),
        versions=store.without_text(connection, numbers),
        states=states(connection, numbers, day),
        final=made_final(connection, numbers, day),
        relations=relations,
        treated=treated(connection, numbers),
        removed=_removed(connection, numbers),
        then=_then(connection, numbers, filters.as_of),
    )
    sought = _Sought(wanted(asked), _passages(connection, answers))
    return tuple(
        _hit(answer, sought, shelf) for answer in answers if answer.document in shelf.versions
    )


class _Sought:
    """What is looked for in the passages that are shown, each of which is read once."""

    def __init__(self, asked: Wanted, passages: Mapping[int, Sequence[Row[Any]]]) -> None:
        self._asked = asked
        self.passages = {number: [*map(_of_row, rows)] for number, rows in passages.items()}
        keys = {row.text: row.keys.split() for rows in passages.values() for row in rows}
        self._found = {text: matches(text, asked, held) for text, held in keys.items()}
        self.weigh = weights(asked, self._found.values())

    def in_(self, text: str) -> Sequence[Match]:
        if text not in self._found:
            self._found[text] = matches(text, self._asked)
        return self._found[text]


@dataclass(frozen=True, kw_only=True)
class _Shelf:
    """What is known of the documents, by number; `then` are the texts of the day asked for, of
    those that have changed since."""

    day: date | None
    here: Viewpoint
    versions: Mapping[int, Version]
    states: Mapping[int, State]
    final: Mapping[int, str]
    relations: Mapping[int, tuple[Relation, ...]]
    treated: Mapping[int, tuple[Finding, ...]]
    removed: Mapping[int, datetime]
    then: Mapping[int, Version]


def _hit(answer: Answer, sought: _Sought, shelf: _Shelf) -> Hit:
    number = answer.document
    then = shelf.then.get(number)
    version = then or shelf.versions[number]
    state = shelf.states.get(number)
    binds = _whom(number, version, shelf)
    passages = sought.passages[number] if then is None else _chosen(then, sought)
    return Hit(
        document=version.document,
        title=version.title,
        citation=version.citation,
        issuer=version.issuer,
        url=version.url,
        dated=dated(version.dates),
        passages=tuple(_found(each, version, sought) for each in passages),
        score=answer.score,
        why=answer.why,
        form=str(version.metadata.get("text", "")),
        relations=shelf.relations.get(number, ()),
        treated=_said_by(shelf.day, shelf.treated.get(number, ())),
        seen_at=version.seen_at,
        bluebook=bluebook(version),
        state=state,
        binds=binds.words,
        binding=binds.binding,
        removed_at=shelf.removed.get(number),
        stood=_stood(version, shelf, is_changed=then is not None),
    )


def _whom(number: int, version: Version, shelf: _Shelf) -> Whom:
    """Whom it binds; in a forum, a decision of which nothing is left there binds nobody."""
    here = shelf.here
    if by := shelf.final.get(number):
        return finalised(by, here.forum)
    said = _said_by(shelf.day, shelf.treated.get(number, ())) if here.forum else ()
    undone = undoing(said, here)
    return fallen(undone) if undone else whom(version, here.forum, shelf.states.get(number))


def _found(passage: Passage, version: Version, sought: _Sought) -> Found:
    found = sought.in_(passage.text)
    return Found(
        text=passage.text,
        trail=passage.trail,
        anchor=passage.anchor,
        page=passage.page,
        marks=marks(passage.text, found),
        best=best(passage.text, found, sought.weigh),
        pin=pinned(version, page=passage.page, trail=passage.trail),
        block=passage.first_block,
    )


def _of_row(row: Row[Any]) -> Passage:
    return Passage(
        header=row.header,
        text=row.text,
        trail=tuple(row.trail),
        anchor=row.anchor,
        page=row.page,
        first_block=row.first_block,
    )


def _chosen(version: Version, sought: _Sought) -> list[Passage]:
    """The passages of a text that hold the most of what is sought, by words alone: those of texts
    gone by have no vectors."""
    told = split(version, lambda text: 2 + len(text) // CHARACTERS)
    said = (sought.in_(f"{' '.join(each.trail)}\n{each.text}") for each in told)
    scores = {place: score(found, sought.weigh) for place, found in enumerate(said)}
    ranked = sorted(scores, key=lambda place: (-scores[place], place))
    return [told[place] for place in ranked[:SHOWN]]


def _stood(version: Version, shelf: _Shelf, *, is_changed: bool) -> str:
    """Which text is shown, where a day gone by was asked for and it isn't plainly that of the day;
    "" where it is."""
    if shelf.day is None:
        return ""
    seen = eastern(version.seen_at)
    if seen > shelf.day:
        return f"first seen {spelled(seen)}: what it said on {spelled(shelf.day)} is not known"
    if is_changed:
        return f"the text as seen since {spelled(seen)}; it has changed since"
    return ""


def _passages(connection: Connection, answers: Iterable[Answer]) -> dict[int, list[Row[Any]]]:
    table = schema.passage
    wanted_ = {number for answer in answers for number in answer.passages}
    rows = {row.id: row for row in connection.execute(select(table).where(table.c.id.in_(wanted_)))}
    return {
        answer.document: [rows[each] for each in answer.passages if each in rows]
        for answer in answers
    }


def _removed(connection: Connection, documents: Collection[int]) -> dict[int, datetime]:
    table = schema.document
    query = select(table.c.id, table.c.removed_at).where(
        table.c.id.in_(documents), table.c.removed_at.is_not(None)
    )
    return {row.id: row.removed_at for row in connection.execute(query)}


def _then(
    connection: Connection, documents: Collection[int], day: date | None
) -> Mapping[int, Version]:
    """The texts that stood at the end of a day, of documents whose newest text is later; the
    earliest held, where all are later."""
    if day is None:
        return {}
    version, document = schema.version, schema.document
    end = end_of(day)
    seen = (
        select(*version.c["id", "document_id", "seen_at"], document.c.current)
        .join(document, document.c.id == version.c.document_id)
        .where(
            document.c.id.in_(documents),
            version.c.parser != "",  # no mark that it was removed: nobody read that anywhere
        )
        .order_by(version.c.seen_at, version.c.id)
    )
    shown: dict[int, Any] = {}  # rows, by document
    for row in connection.execute(seen):
        if row.seen_at < end or row.document_id not in shown:
            shown[row.document_id] = row
    numbers = {row.document_id: row.id for row in shown.values() if row.id != row.current}
    held = store.versions_by_number(connection, numbers.values())
    return {document_: held[number] for document_, number in numbers.items()}


def _related(
    connection: Connection, documents: Collection[int]
) -> Mapping[int, tuple[Relation, ...]]:
    table = schema.relation
    joined = table.c.earlier_id.in_(documents) | table.c.later_id.in_(documents)
    if connection.execute(select(table.c.earlier_id).where(joined).limit(1)).first() is None:
        return {}
    from index.relating import relations_of  # noqa: PLC0415 - what decides it is long to load

    return relations_of(connection, documents)


def _known_by(
    connection: Connection, relations: Mapping[int, tuple[Relation, ...]], day: date
) -> dict[int, tuple[Relation, ...]]:
    """What documents that could be read by a day say of each other, and what courts had done."""
    from pipeline.papers import readable  # noqa: PLC0415 - few questions are of a day gone by

    later = {each.later for said in relations.values() for each in said}
    table = schema.document
    named = select(table.c.id).where(table.c.key.in_([each.key for each in later]))
    held = store.without_text(connection, connection.execute(named).scalars())
    on = {each.document: each.date(DateKind.DECIDED) or readable(each) for each in held.values()}
    return {
        number: tuple(each for each in said if on.get(each.later, date.max) <= day)
        for number, said in relations.items()
    }


def _said_by(day: date | None, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What was done to an authority by a day; of the day's own year what states no day, too."""
    if day is None:
        return found
    return tuple(each for each in found if _earliest(each) <= day)


def _earliest(finding: Finding) -> date:
    """The first day on which it may have been done."""
    if finding.on:
        return finding.on
    if finding.year:
        return date(finding.year, 1, 1)
    return finding.by_then or date.min
