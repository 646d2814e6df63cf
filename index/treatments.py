"""What texts say that they, or others, do to earlier authorities: written down, and looked up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select

from index import derived, schema, store
from index.kept import whole
from pipeline.calendar import eastern
from pipeline.citator.model import Bearing, Finding, Treatment, TreatmentKind
from pipeline.identifiers import REPORTED, is_shared
from pipeline.model import Citation, DateKind, Version
from pipeline.pin import page_at

FACT, UNREAD = "treatments", "unread"  # set where an older program took texts in
NAMED = 255  # characters of a canonical name that a row keeps
BATCH = 500  # names in one statement; SQLite takes 32,766
# The day on which a text other than a decision says what it says, the first that it states.
SPOKEN = (DateKind.PUBLISHED, DateKind.SIGNED, DateKind.ANNOUNCED)
BY_CHIEF = ("ag-precedent", "ag-referral")
NEGATIVE = tuple(kind for kind in TreatmentKind if kind.bearing is Bearing.NEGATIVE)
# The last two where adjudicators are told to do so from now on.
RESTORING = (TreatmentKind.REINSTATED, TreatmentKind.FOLLOWED, TreatmentKind.REAFFIRMED)

_LAST = "\U0010ffff"
_COURT = re.compile(r"\((?P<court>[^()]*?(?P<year>\d{4}))\)\s*$")
_YEAR = re.compile(r"\b(\d{4})\W*$")


def replace(
    connection: Connection, version: int, said: Version, cited: Iterable[tuple[int, Citation]]
) -> None:
    """Write down anew what a version says of earlier authorities; `cited` are its citations with
    their blocks."""
    from pipeline.citator.treatments import treatments  # noqa: PLC0415 - a look-up reads no text

    table = schema.treatment
    connection.execute(delete(table).where(table.c.version_id == version))
    rows = [
        {
            "version_id": version,
            "target": each.target[:NAMED],
            "by": each.by[:NAMED],
            "kind": each.kind,
            "page": page_at(said.blocks[each.block], each.start) if said.blocks else "",
            "said": each,
        }
        for each in treatments(said, cited)
    ]
    if rows:
        connection.execute(insert(table), rows)


def are_unread(connection: Connection) -> bool:
    """Whether texts are held of which nobody asked yet what they do to whom."""
    return derived.get_fact(connection, FACT) == UNREAD


def note_read(connection: Connection) -> None:
    """Note that a rebuild went through all texts."""
    derived.set_fact(connection, FACT, "")


def about(
    connection: Connection, names: Collection[str], kinds: Collection[TreatmentKind] = ()
) -> tuple[Finding, ...]:
    """What the documents held say was done to an authority, by any of its names (canonical), in the
    order of the deeds; of one deed the word of who did it comes first. Only `kinds` where any are
    given. A removed document's last text counts: what was said stays said."""
    return _findings(connection, schema.treatment.c.target, names, kinds)


def within(connection: Connection, starts: Collection[str]) -> tuple[Finding, ...]:
    """The same of all authorities whose names begin so."""
    table = schema.treatment

    def read() -> Sequence[str]:
        # One answer for all who ask: of a hundred ranges the statement is long in the making.
        every = select(table.c.target).distinct()
        return sorted(connection.execute(every).scalars())

    targets = whole(connection, "targets", read)
    named = {
        target
        for start in starts
        for target in targets[bisect_left(targets, start) : bisect_left(targets, f"{start}{_LAST}")]
    }
    return _findings(connection, table.c.target, named)


def done_by(connection: Connection, names: Collection[str]) -> tuple[Finding, ...]:
    """What the documents held say that an authority did to earlier ones, told by others."""
    return _findings(connection, schema.treatment.c.by, names)


def untargeted(connection: Connection) -> tuple[Finding, ...]:
    """What orders of the Attorney General say of decisions that they do not cite, as orders of
    referral do not; the name of the case alone tells of which."""
    query = _rows().where(schema.treatment.c.target == "", schema.document.c.kind.in_(BY_CHIEF))
    rows = connection.execute(query).all()
    return in_order(finding for _, finding in _told(connection, rows))


def said_by(connection: Connection, document: int) -> tuple[Finding, ...]:
    """What the current text of a document says of earlier authorities, in its order."""
    rows = connection.execute(_rows().where(schema.document.c.id == document)).all()
    found = _told(connection, sorted(rows, key=lambda row: row.id))
    return tuple(finding for _, finding in found)


def treated(
    connection: Connection, documents: Collection[int]
) -> Mapping[int, tuple[Finding, ...]]:
    """What others that are held say was done against each of these documents, and that it holds
    again; documents against which nothing is said are left out."""
    names, table = schema.identifier, schema.treatment
    owner = names.c.document_id.label("owner")
    query = (
        _rows()
        .add_columns(owner)
        .join(names, names.c.canonical == table.c.target)
        .where(
            names.c.document_id.in_(documents),
            names.c.document_id != schema.document.c.id,
            table.c.kind.in_((*NEGATIVE, *RESTORING)),
        )
    )
    found: dict[int, list[Finding]] = {}
    for row, finding in _told(connection, connection.execute(query).all()):
        if is_shared(finding.treatment.target):
            continue
        if finding.treatment.kind in NEGATIVE or finding.treatment.gives_back:
            found.setdefault(row.owner, []).append(finding)
    return {
        number: in_order(each)
        for number, each in found.items()
        if any(one.treatment.kind in NEGATIVE for one in each)
    }


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by the day of the deed, the undated ones of a year at its end, those of no year
    last; of one day, what the doer itself says first, and the surest form before others."""
    return tuple(sorted(found, key=_order))


def decided(version: Version) -> date | None:
    """The day on which a text says what it says: a decision's is that on which it was decided,
    never that of its amendment or designation. None where what we hold does not state it."""
    kinds = (DateKind.DECIDED,) if version.document.kind in REPORTED else SPOKEN
    return next(filter(None, map(version.date, kinds)), None)


def court(version: Version) -> str:
    """Who decided and when, as the citation has it: "A.G. 2021"; "" where it says neither."""
    found = _COURT.search(version.citation)
    return found["court"] if found else ""


def year(said: str) -> int | None:
    """The year that "A.G. 2021" ends with."""
    found = _YEAR.search(said)
    return int(found[1]) if found else None


def batches(names: Iterable[str]) -> Iterator[list[str]]:
    """Names in lists that a statement can take."""
    wanted = sorted({*names} - {""})
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


def _findings(
    connection: Connection,
    column: ColumnElement[str],
    names: Collection[str],
    kinds: Collection[TreatmentKind] = (),
) -> tuple[Finding, ...]:
    query = _rows().where(schema.treatment.c.kind.in_(kinds)) if kinds else _rows()
    rows = [
        row
        for batch in batches(names)
        for row in connection.execute(query.where(column.in_(batch)))
    ]
    return in_order(finding for _, finding in _told(connection, rows))


@cache
def _rows() -> Select[Any]:
    """The treatments in current texts."""
    table, document = schema.treatment, schema.document
    return (
        select(table, document.c.id.label("document_id"))
        .join(schema.version, schema.version.c.id == table.c.version_id)
        .join(
            document,
            (document.c.id == schema.version.c.document_id)
            & (document.c.current == schema.version.c.id),
        )
    )


def _told(connection: Connection, rows: Collection[Row[Any]]) -> Iterator[tuple[Row[Any], Finding]]:
    """Rows of `treatment` with the documents that say so."""
    if not rows:  # of most authorities nobody says anything
        return
    versions = store.versions_without_text(connection, {row.version_id for row in rows})
    doers = _doers(connection, {row.by for row in rows})
    for row in rows:
        yield row, _finding(row.said, row.page, versions[row.version_id], doers.get(row.by))


def _finding(said: Treatment, page: str, by: Version, doer: Version | None) -> Finding:
    on, when = decided(by), year(court(by))
    effective = by.date(DateKind.EFFECTIVE)
    if said.is_told:
        on = decided(doer) if doer else None
        effective = doer.date(DateKind.EFFECTIVE) if doer else None
        when = year(said.by_court) or (year(court(doer)) if doer else None)
    return Finding(
        treatment=said,
        document=by.document,
        title=by.title,
        citation=by.citation,
        issuer=by.issuer,
        url=by.url,
        court=court(by),
        on=on,
        year=on.year if on else when,
        page=page,
        effective=effective,
        by_then=min(map(_said_by, filter(None, (by, doer)))),
        in_headnote=_is_in_headnote(said, by),
    )


def _said_by(version: Version) -> date:
    """The last day on which a text can have said what it says, for we saw it then."""
    seen, stated = eastern(version.seen_at), decided(version)
    if stated:
        return min(stated, seen)
    when = year(court(version))
    return min(date(when, 12, 31), seen) if when else seen


def _is_in_headnote(said: Treatment, version: Version) -> bool:
    """Whether that is known: of a decision that is held by its headnotes alone, or whose text
    counts them."""
    count = version.metadata.get("headnotes")
    is_counted = isinstance(count, int) and said.block < count
    return is_counted or version.metadata.get("text") == "headnote only"


def _doers(connection: Connection, names: Iterable[str]) -> dict[str, Version]:
    """The authorities held that did what others tell of them; none where a name may be two's."""
    table, known = schema.identifier, schema.document
    found: dict[str, set[int]] = {}
    for batch in batches(names):
        query = (
            select(table.c.canonical, known.c.current)
            .join(known)
            .where(table.c.canonical.in_(batch))
        )
        for row in connection.execute(query):
            found.setdefault(row.canonical, set()).add(row.current)
    sole = {name: number for name, (number, *others) in found.items() if not others}
    versions = store.versions_without_text(connection, sole.values())
    return {name: versions[number] for name, number in sole.items() if number in versions}


def _order(finding: Finding) -> tuple[Any, ...]:
    said = finding.treatment
    when = finding.on or date(finding.year or date.max.year, 12, 31)
    return (
        when,
        finding.on is None,
        said.is_told,
        [*type(said.form)].index(said.form),
        _numbers(finding),
    )


def _numbers(finding: Finding) -> tuple[int, ...]:
    """A reporter's volume and page: its decisions stand in the order of time."""
    return tuple(map(int, re.findall(r"\d+", finding.citation)[:2]))
