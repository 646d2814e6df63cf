"""The troubles of this installation: what ails it since when, and what its operator was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from index.archive import added
from index.operation import trouble as table
from pipeline.trouble import Trouble, TroubleKind


def held(connection: Connection) -> tuple[Trouble, ...]:
    """The newest trouble of each subject and kind, ended or not."""
    newest = select(func.max(table.c.id)).group_by(table.c.subject, table.c.kind)
    rows = connection.execute(select(table).where(table.c.id.in_(newest)).order_by(table.c.id))
    return tuple(map(_trouble, rows))


def keep(connection: Connection, troubles: Iterable[Trouble]) -> tuple[Trouble, ...]:
    """Write troubles down, new ones and altered ones; returns them with their numbers."""
    return tuple(_kept(connection, each) for each in troubles)


def tell(connection: Connection, numbers: Iterable[int], at: datetime) -> None:
    """Note that these were told as ailing."""
    _note(connection, numbers, told=table.c.told + 1, told_at=at)


def tell_end(connection: Connection, numbers: Iterable[int], at: datetime) -> None:
    """Note that these were told as solved."""
    _note(connection, numbers, solved_told_at=at)


def _kept(connection: Connection, trouble: Trouble) -> Trouble:
    row = asdict(trouble)
    number = row.pop("id")
    if number:
        connection.execute(update(table).where(table.c.id == number).values(row))
        return trouble
    made = added(connection.execute(insert(table).values(row)))
    return Trouble(**{**row, "id": made})


def _note(connection: Connection, numbers: Iterable[int], **values: Any) -> None:
    connection.execute(update(table).where(table.c.id.in_(list(numbers))).values(**values))


def _trouble(row: Row[Any]) -> Trouble:
    return Trouble(**{**row._mapping, "kind": TroubleKind(row.kind)})
