"""Tables as rows that any program can read, and those rows as tables again."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
    TableClause,
    column,
    delete,
    insert,
    literal,
    select,
    table,
)

from index import operation, outgoing, schema
from index.columns import Moment, Packed

# What readers asked for, noted and were sent, and why a hold was placed: an office's own affairs.
# A job that failed may have said for whom.
READERS = frozenset(
    each.name
    for each in (
        outgoing.subscription,
        outgoing.mute,
        outgoing.alert,
        outgoing.delivery,
        outgoing.told,
        outgoing.unmatched,
        outgoing.exhibit,
        outgoing.suppression,
        operation.legal_hold,
        operation.job_run,
    )
)
BODY = schema.body.name
LIMIT = 500  # rows in one statement
FEW = 10  # bodies in memory, of which one may have 50 MB

Row = dict[str, Any]
Write = Callable[[Any], Any]
Read = Callable[[Any], Any]


def names(*, with_readers: bool) -> tuple[str, ...]:
    """The tables, in an order in which none names rows of a later one."""
    every = (each.name for each in schema.metadata.sorted_tables)
    return tuple(name for name in every if with_readers or name not in READERS)


def columns(name: str) -> dict[str, str]:
    """The columns of a table, with what stands in each: "text", "moment, UTC" and so on. The bytes
    that were served are left out; `originals` has them."""
    return {each.name: _kind(each)[0] for each in _columns(name)}


def rows(connection: Connection, name: str) -> Iterator[Row]:
    """The rows of a table as JSON has them, in the order of its key."""
    kinds = {each.name: _kind(each)[1] for each in _columns(name)}
    plain = _plain(name)
    keys = [plain.c[each.name] for each in _table(name).primary_key]
    query = select(*(plain.c[each] for each in kinds)).order_by(*keys)
    for row in connection.execute(query.execution_options(yield_per=LIMIT)):
        yield {
            each: None if value is None else write(value)
            for (each, write), value in zip(kinds.items(), row, strict=True)
        }


def originals(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """What was served, each body once, by its SHA-256; one that was purged is left out."""
    body = schema.body
    query = select(body.c.sha256, body.c.compressed).order_by(body.c.sha256)
    for sha256, compressed in connection.execute(query.execution_options(yield_per=FEW)):
        if compressed:
            yield sha256, zlib.decompress(compressed)


def filled(connection: Connection) -> str:
    """The first table that holds anything, "" where the store is empty; single facts count not."""
    for name in names(with_readers=True):
        query = select(literal(1)).select_from(_table(name)).limit(1)
        if name != schema.fact.name and connection.execute(query).first():
            return name
    return ""


def take(
    connection: Connection,
    name: str,
    given: Iterable[Mapping[str, Any]],
    original: Callable[[str], bytes | None],
) -> int:
    """Fill an empty table with rows as `rows` gave them; returns how many. `original` gives what
    was served by its SHA-256, None where it was purged. Raises `ValueError` for what is no such
    row."""
    connection.execute(delete(_table(name)))  # of single facts there may be some
    done = 0
    plain = _plain(name)
    size = FEW if name == BODY else LIMIT
    for part in _parts((_read(name, row) for row in given), size):
        if name == BODY:
            for row in part:
                served = original(row["sha256"])
                row["compressed"] = b"" if served is None else zlib.compress(served, 6)
        connection.execute(insert(plain), part)
        done += len(part)
    return done


def _parts(given: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while part := list(islice(given, size)):
        yield part


def _read(name: str, row: Mapping[str, Any]) -> Row:
    kinds = {each.name: (_kind(each)[2], each.nullable) for each in _columns(name)}
    if not isinstance(row, Mapping) or row.keys() != kinds.keys():
        raise ValueError(f"a row of {name} has {', '.join(kinds)}")
    found = {}
    for each, (read, nullable) in kinds.items():
        value = row[each]
        if value is None and not nullable:
            raise ValueError(f"{each} is empty")
        try:
            found[each] = None if value is None else read(value)
        except (TypeError, ValueError, binascii.Error) as error:
            raise ValueError(f"{each} can't be read") from error
    return found


def _table(name: str) -> Table:
    return schema.metadata.tables[name]


def _columns(name: str) -> list[Column[Any]]:
    return [each for each in _table(name).columns if each is not schema.body.c.compressed]


def _plain(name: str) -> TableClause:
    """The table with packed nouns as the bytes they are: neither made of them nor checked."""
    return table(
        name,
        *(
            column(each.name, LargeBinary() if isinstance(each.type, Packed) else each.type)
            for each in _table(name).columns
        ),
    )


def _kind(each: Column[Any]) -> tuple[str, Write, Read]:
    """What stands in a column in words, how it is written as JSON, and how it is read again."""
    kind = each.type
    for shape, said in _KINDS:
        if isinstance(kind, shape):
            return said
    return _TEXT


def _same(value: Any) -> Any:
    return value


def _exactly(wanted: type) -> Read:
    def read(value: Any) -> Any:
        if type(value) is not wanted:
            raise TypeError(wanted)
        return value

    return read


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError(value)
    return float(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


def _unpacked(value: bytes) -> Any:
    return json.loads(zlib.decompress(value))


def _packed(value: Any) -> bytes:
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(said.encode(), 6)


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decoded(value: Any) -> bytes:
    return base64.b64decode(value, validate=True)


_TEXT = ("text", _same, _exactly(str))
_KINDS: tuple[tuple[type, tuple[str, Write, Read]], ...] = (
    (Moment, ("moment, UTC", datetime.isoformat, _moment)),
    (Packed, ("data", _unpacked, _packed)),
    (JSON, ("data", _same, _same)),
    (LargeBinary, ("bytes, base64", _encoded, _decoded)),
    (Date, ("day", date.isoformat, date.fromisoformat)),
    (Boolean, ("yes or no", _same, _exactly(bool))),
    (Integer, ("whole number", _same, _exactly(int))),
    (Float, ("number", _same, _number)),
)
