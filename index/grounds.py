"""What changes offer to be matched by, from what the store has of them already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from index import schema
from index.authorities import as_held
from pipeline import authority, grounds
from pipeline.citator.model import Treatment
from pipeline.grounds import Grounds
from pipeline.model import Change, ChangeKind, Citation, Passage, Version
from pipeline.passages import split
from pipeline.weight import NOISE

LEAST = 40  # characters of a line that tell it from others


@dataclass(frozen=True, kw_only=True)
class Said:
    """A passage of a change as it is embedded; `place` is the heading it stands under.
    `is_before`: it stands in the poorer form of a text that is full now."""

    embedded: str
    text: str
    place: str
    is_removed: bool = False
    is_before: bool = False


def aliases(connection: Connection, names: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The other names under which authorities are cited (a parallel citation, the number of an
    interim decision), each with the names that were asked for; none that `pipeline` knows."""
    found: dict[str, list[str]] = {}
    for name, held in as_held(connection, names).items():
        for other in held.names:
            if other not in authority.spellings(name):
                found.setdefault(other, [other] if other in names else []).append(name)
    return found


def renamed(offered: Grounds, others: Mapping[str, Sequence[str]]) -> Grounds:
    """The same with what is cited and treated by one of `others` under the names asked for."""
    is_other = any(each.name in others for each in offered.mentions)
    if not is_other and not any(each.target in others for each in offered.treatments):
        return offered
    return replace(
        offered,
        mentions=tuple(
            replace(each, name=name)
            for each in offered.mentions
            for name in others.get(each.name, (each.name,))
        ),
        treatments=tuple(
            replace(each, target=target)
            for each in offered.treatments
            for target in others.get(each.target, (each.target,))
        ),
        before=offered.before and renamed(offered.before, others),
    )


def gather(connection: Connection, changes: Sequence[Change]) -> dict[int, Grounds]:
    """The grounds of changes by id. What is no current text is read again."""
    rows = {row.id: row for row in _rows(connection, changes)}
    read = [row.new_version_id for row in rows.values() if row.new_version_id == row.current]
    cited = _citations(connection, read)
    treated = _treatments(connection, read)
    found: dict[int, Grounds] = {}
    for change in changes:
        row = rows.get(change.id)
        number = row.new_version_id if row else 0
        is_read = number in read
        found[change.id] = grounds.gather(
            change,
            cited.get(number, ()) if is_read else None,
            treated.get(number, ()) if is_read else None,
        )
    return found


def passages(
    connection: Connection,
    changes: Sequence[Change],
    offered: Mapping[int, Grounds],
    count: Callable[[str], int],
) -> dict[int, tuple[Said, ...]]:
    """The passages of what changed, by the change's id: those held where the text is current. What
    was removed stands by itself. `count` gives a text's tokens as the model counts them."""
    rows = {row.id: row for row in _rows(connection, changes)}
    current = [row.document_id for row in rows.values() if row.new_version_id == row.current]
    held = _held(connection, current)
    found: dict[int, tuple[Said, ...]] = {}
    for change in changes:
        row, of = rows.get(change.id), offered[change.id]
        is_held = row is not None and row.document_id in held
        is_held = is_held and row is not None and row.new_version_id == row.current
        whole = held[row.document_id] if is_held and row else split(change.new, count)
        found[change.id] = (
            *_changed(change, of, whole),
            *_removed(change, count),
            *(_before(change.old, count) if of.before and change.old else ()),
        )
    return found


def watched_since(connection: Connection, sources: Sequence[str]) -> datetime | None:
    """When the first change was written down, of all sources or of these; None: none ever was."""
    table, document = schema.change, schema.document
    query = select(func.min(table.c.recorded_at)).join(document)
    if sources:
        query = query.where(document.c.source.in_(sources))
    return connection.execute(query).scalar()


def _rows(connection: Connection, changes: Sequence[Change]) -> Sequence[Row[Any]]:
    table, document = schema.change, schema.document
    query: Select[Any] = select(
        table.c.id, table.c.new_version_id, table.c.document_id, document.c.current
    )
    chosen = query.join(document).where(table.c.id.in_([each.id for each in changes]))
    return connection.execute(chosen).all()


def _citations(
    connection: Connection, versions: Sequence[int]
) -> dict[int, list[tuple[int, Citation]]]:
    table = schema.citation
    query = select(table).where(table.c.version_id.in_(versions))
    found: dict[int, list[tuple[int, Citation]]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.block, table.c.start)):
        citation = Citation(
            raw=row.raw,
            start=row.start,
            end=row.end,
            kind=row.kind,
            canonical=row.canonical,
            authority=row.cited,
        )
        found[row.version_id].append((row.block, citation))
    return found


def _treatments(connection: Connection, versions: Sequence[int]) -> dict[int, list[Treatment]]:
    table = schema.treatment
    query = select(table.c.version_id, table.c.said).where(table.c.version_id.in_(versions))
    found: dict[int, list[Treatment]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.id)):
        found[row.version_id].append(row.said)
    return found


def _held(connection: Connection, documents: Sequence[int]) -> dict[int, list[Passage]]:
    table = schema.passage
    query = select(table).where(table.c.document_id.in_(documents)).order_by(table.c.ordinal)
    found: dict[int, list[Passage]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.document_id].append(
            Passage(
                header=row.header,
                text=row.text,
                trail=tuple(row.trail),
                first_block=row.first_block,
                start=row.start,
            )
        )
    return found


def _before(old: Version, count: Callable[[str], int]) -> Iterator[Said]:
    for passage in split(old, count):
        yield Said(embedded=passage.embedded, text=passage.text, place="", is_before=True)


def _changed(change: Change, offered: Grounds, whole: Iterable[Passage]) -> Iterator[Said]:
    """The passages in which something stands that changed."""
    if change.difference.kind is ChangeKind.REMOVED:
        return
    new = [each.text for each in offered.pieces if each.block is not None and not each.is_removed]
    is_whole = change.difference.kind in (ChangeKind.NEW, ChangeKind.BACK)
    is_whole = is_whole or offered.before is not None
    for passage in whole:
        if is_whole or any(_holds(passage, text) for text in new):
            place = passage.trail[-1] if passage.trail else ""
            yield Said(embedded=passage.embedded, text=passage.text, place=place)


def _holds(passage: Passage, text: str) -> bool:
    """Whether a block's text, or a part of it that is a line of its own, stands in a passage."""
    if text in passage.text or text in passage.trail:
        return True
    return any(len(line) >= LEAST and line in text for line in passage.text.split("\n"))


def _removed(change: Change, count: Callable[[str], int]) -> Iterator[Said]:
    """What went as a whole; what was reworded is told by how it reads now."""
    if change.old is not None and change.difference.kind is ChangeKind.REMOVED:
        for passage in split(change.old, count):
            place = passage.trail[-1] if passage.trail else ""
            yield Said(embedded=passage.embedded, text=passage.text, place=place, is_removed=True)
    for edit in change.difference.edits:
        if edit.old is not None and edit.new is None and edit.rule not in NOISE:
            place = edit.old.trail[-1] if edit.old.trail else ""
            header = " | ".join(filter(None, ((change.old or change.new).title, place)))
            told = f"{header}\n{edit.old.text}"
            yield Said(embedded=told, text=edit.old.text, place=place, is_removed=True)
