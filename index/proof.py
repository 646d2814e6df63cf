"""Prove the chain of captures: every link, and every body by its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, func, select

from index import bodies, custody, operation, schema
from index.bodies import Bodies, Tell, Tombstone, captured, faults, tombstone
from index.custody import BATCH, Chained, Origin, Stamp
from index.database import Database
from pipeline.custody import FIRST, Discrepancy, Head

LOST = "its body is not there"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was proved: `captures` up to `head`, `bodies` of `size` bytes by their SHA-256, and how
    many bodies were `purged`, each with its tombstone. It holds where nothing contradicts it."""

    head: Head
    captures: int
    bodies: int
    size: int
    purged: int
    origin: Origin
    discrepancies: tuple[Discrepancy, ...]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A version that was read from a page, by its document's name."""

    document: str
    title: str
    seen_at: datetime
    parser: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """One capture with its place in the chain. `size` is its body's, in bytes; `purged` says what
    became of that, None where it is kept; `stamps` are those of this capture or a later one;
    `discrepancies` are of it, its body and the links from it to the head."""

    chained: Chained
    size: int
    purged: Tombstone | None
    head: Head
    origin: Origin
    stamps: tuple[Stamp, ...]
    made: tuple[Made, ...]
    discrepancies: tuple[Discrepancy, ...]


def prove(database: Database, tell: Tell) -> Proof:
    """Recompute every link up to the head there is now, and the digest of every body."""
    with database.read() as connection:
        head, origin = custody.head(connection), custody.origin(connection)
        found = [*_unchained(connection), *_misplaced(connection)]
    found += _broken(database, 1, head, tell)
    checked = Bodies(database, tell)
    found += checked.discrepancies()
    return Proof(
        head=head,
        captures=head.number,
        bodies=checked.bodies,
        size=checked.size,
        purged=checked.purged,
        origin=origin,
        discrepancies=tuple(found),
    )


def contradiction(database: Database, noted: Head) -> str:
    """Why a head that was noted elsewhere is not in the chain; "" where it is."""
    with database.read() as connection:
        head = custody.head(connection)
        found = custody.links(connection, noted.number, noted.number)
    if noted.number > head.number:
        return (
            f"capture {noted.number} was noted and the chain ends at {head.number}: captures were "
            "removed at its end, or this is an older copy of the database"
        )
    if noted == Head(number=0, digest=FIRST) or (found and found[0].digest == noted.digest):
        return ""
    return f"capture {noted.number} has another digest than was noted: the chain was written anew"


def record(database: Database, page: int) -> Record:
    """The capture of a page. Raises `NotHeld` where there is no such page."""
    with database.read() as connection:
        chained = custody.of_page(connection, page)
        number, sha256 = chained.capture.number, chained.capture.sha256
        head, body = custody.head(connection), bodies.body(connection, sha256)
        found = faults(connection, body) if body else captured(connection, sha256, LOST)
        ours = tuple(found)
        known = Record(
            chained=chained,
            size=body.size if body else 0,
            purged=tombstone(connection, sha256),
            head=head,
            origin=custody.origin(connection),
            stamps=custody.stamps(connection, number),
            made=_made(connection, page),
            discrepancies=(),
        )
    broken = _broken(database, number, head, lambda *_: None)
    return Record(**{**vars(known), "discrepancies": (*broken, *ours)})


def _broken(database: Database, first: int, head: Head, tell: Tell) -> list[Discrepancy]:
    """What is wrong with the links from one number up to the head."""
    found: list[Discrepancy] = []
    before = FIRST if first == 1 else ""
    for start in range(first, head.number + 1, BATCH):
        end = min(start + BATCH - 1, head.number)
        with database.read() as connection:
            links = {each.capture.number: each for each in custody.links(connection, start, end)}
        found += _gaps([number for number in range(start, end + 1) if number not in links])
        for number, each in links.items():
            follows = number - 1 in links or number == start
            found += _wrong(each, before if follows else "")
            before = each.digest
        if end not in links:
            before = ""
        tell("prove links", end - first + 1, head.number - first + 1)
    return found


def _gaps(missing: Iterable[int]) -> Iterator[Discrepancy]:
    """One for each run of numbers that are not there."""
    for _, run in groupby(enumerate(missing), lambda each: each[1] - each[0]):
        numbers = [number for _, number in run]
        first, last = numbers[0], numbers[-1]
        which = f"capture {first} is" if first == last else f"captures {first} to {last} are"
        yield Discrepancy(what=f"{which} missing: the link or its page was removed", number=first)


def _wrong(link: Chained, before: str) -> Iterator[Discrepancy]:
    """What is wrong with one link; `before` is the digest of the one before, "" where unknown."""
    if before and link.capture.previous != before:
        yield _of(link, "it does not follow the capture before it: one was put in or replaced")
    if link.capture.digest != link.digest:
        yield _of(
            link,
            "what is kept of it is not what was chained: its address, host, status, headers, time, "
            "context or the name of its body was altered",
        )


def _of(link: Chained, what: str) -> Discrepancy:
    capture = link.capture
    return Discrepancy(
        what=what,
        number=capture.number,
        page=link.page,
        url=capture.url,
        fetched_at=capture.fetched_at,
    )


def _unchained(connection: Connection) -> list[Discrepancy]:
    """Pages that were put in beside the chain."""
    page, chain = schema.page, operation.capture
    query = (
        select(*page.c["id", "url", "fetched_at"])
        .outerjoin(chain, chain.c.page_id == page.c.id)
        .where(chain.c.number.is_(None))
    )
    return [
        Discrepancy(
            what="this page is not in the chain: it was put in by something else than a capture",
            page=row.id,
            url=row.url,
            fetched_at=row.fetched_at,
        )
        for row in connection.execute(query)
    ]


def _misplaced(connection: Connection) -> list[Discrepancy]:
    """Time stamps that are of another chain, and pages whose body is not there at all."""
    chain, signed = operation.capture, operation.time_stamp
    other = (
        select(signed.c.number)
        .outerjoin(chain, chain.c.number == signed.c.number)
        .where(func.coalesce(chain.c.digest, "") != signed.c.digest)
    )
    page, body = schema.page, schema.body
    lost = (
        select(page.c.sha256)
        .outerjoin(body, body.c.sha256 == page.c.sha256)
        .where(body.c.sha256.is_(None))
    )
    stamped = "an outside authority signed another digest for it: the chain was written anew"
    return [
        *(Discrepancy(what=stamped, number=number) for (number,) in connection.execute(other)),
        *(
            each
            for (sha256,) in connection.execute(lost.distinct()).all()
            for each in captured(connection, sha256, LOST)
        ),
    ]


def _made(connection: Connection, page: int) -> tuple[Made, ...]:
    version, document = schema.version, schema.document
    query = (
        select(*version.c["title", "seen_at", "parser"], document.c.source, document.c.key)
        .join(document, document.c.id == version.c.document_id)
        .where(version.c.page_id == page, version.c.parser != "")
        .order_by(version.c.id)
    )
    return tuple(
        Made(
            document=f"{row.source}:{row.key}",
            title=row.title,
            seen_at=row.seen_at,
            parser=row.parser,
        )
        for row in connection.execute(query)
    )
