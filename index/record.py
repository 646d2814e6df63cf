"""The record: what a digest was made of, so that the same bytes can be made of it again."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from index import outgoing
from index.archive import ignore
from index.database import Database
from pipeline.model import Alert, Change, Deadline, Digest, SourceReport

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_Coverage = tuple[SourceReport, ...]
_BATCH = 500  # exhibits asked for in one query: databases bound the values of one
_APART: Any = {
    "alerts": {"__all__": {"change"}},
    **dict.fromkeys(("coverage", "settled", "deadlines"), True),
}


@dataclass(frozen=True, kw_only=True)
class Record:
    """All that a letter's bytes follow from but the signing key: the digest as it was, what topics
    and sources were called, the topics of routine notices, and how the sender was named."""

    digest: Digest
    names: Mapping[str, str]
    background: tuple[str, ...] = ()
    plain_text: bool = False
    letterhead: Mapping[str, Any]


class Exhibits:
    """Packs the records of one period. What many of them share (a change as it was known then, the
    coverage, the names) is kept once, under its SHA-256: a page read anew, a topic found since or a
    title corrected alter none of it.

    Things are told apart by identity: what is handed in must not be altered.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._named: dict[Hashable, tuple[Any, str]] = {}
        self._new: dict[str, bytes] = {}

    def pack(self, record: Record) -> bytes:
        """The record as it is kept; what it names is written by `keep`."""
        digest = record.digest
        packed = {
            "digest": _adapter(Digest).dump_python(digest, mode="json", exclude=_APART),
            "alerts": [self._name(each.change, Change) for each in digest.alerts],
            "settled": [self._name(each, Change) for each in digest.settled],
            "deadlines": None
            if digest.deadlines is None
            else [self._name(each, Deadline) for each in digest.deadlines],
            "coverage": self._name(digest.coverage, _Coverage),
            "names": self._name(record.names, dict[str, str]),
            "background": list(record.background),
            "plain_text": record.plain_text,
            "letterhead": dict(record.letterhead),
        }
        return zlib.compress(json.dumps(packed).encode(), 6)

    def keep(self) -> None:
        """Write down what records name and nobody kept before."""
        rows = [{"sha256": name, "content": content} for name, content in self._new.items()]
        with self._database.write() as connection:
            ignore(connection, outgoing.exhibit, rows)
        self._new = {}

    def _name(self, thing: Any, shape: Any) -> str:
        identity = tuple(map(id, thing)) if isinstance(thing, tuple) else id(thing)
        held = self._named.get(identity)
        if held is None:
            said = _adapter(shape).dump_json(thing)
            held = (thing, hashlib.sha256(said).hexdigest())
            self._named[identity] = held
            self._new[held[1]] = zlib.compress(said, 6)
        return held[1]


def unpack(database: Database, content: bytes) -> Record:
    """A record as it was packed."""
    packed = json.loads(zlib.decompress(content))
    named = [*packed["alerts"], *packed["settled"], *(packed["deadlines"] or ())]
    named += [packed["coverage"], packed["names"]]
    found = _exhibits(database, named)
    bare = packed["digest"]
    changes = {
        name: _adapter(Change).validate_json(found[name])
        for name in {*packed["alerts"], *packed["settled"]}
    }
    alerts = [
        {**alert, "change": changes[name]}
        for alert, name in zip(bare["alerts"], packed["alerts"], strict=True)
    ]
    digest = _adapter(Digest).validate_python(
        {
            **bare,
            "alerts": tuple(map(_adapter(Alert).validate_python, alerts)),
            "settled": tuple(changes[name] for name in packed["settled"]),
            "deadlines": None
            if packed["deadlines"] is None
            else tuple(
                _adapter(Deadline).validate_json(found[name]) for name in packed["deadlines"]
            ),
            "coverage": _adapter(_Coverage).validate_json(found[packed["coverage"]]),
        }
    )
    zone = ZoneInfo(digest.schedule.zone)  # JSON keeps how far a clock was off, and not where
    return Record(
        digest=replace(
            digest, since=digest.since.astimezone(zone), until=digest.until.astimezone(zone)
        ),
        names=_adapter(dict[str, str]).validate_json(found[packed["names"]]),
        background=tuple(packed["background"]),
        plain_text=packed["plain_text"],
        letterhead=packed["letterhead"],
    )


def _exhibits(database: Database, names: Iterable[str]) -> dict[str, bytes]:
    table = outgoing.exhibit
    wanted = sorted(set(names))
    found: dict[str, bytes] = {}
    with database.read() as connection:
        for start in range(0, len(wanted), _BATCH):
            some = table.c.sha256.in_(wanted[start : start + _BATCH])
            rows = connection.execute(select(table).where(some))
            found.update({row.sha256: zlib.decompress(row.content) for row in rows})
    return found


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    # Made when a record is first packed or read: no question needs the shapes of all.
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(shape)
