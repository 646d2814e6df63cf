"""What a document was on a day: as the site showed it, and what the documents held say governed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import Connection, and_, func, or_, select

from index import history, operation, relating, schema, store
from index.database import Database
from index.lookup import find
from index.readings import readings
from index.store import Held
from pipeline import governing, rulemaking
from pipeline.calendar import EASTERN, eastern, spelled
from pipeline.effective import REGISTERED
from pipeline.errors import NotHeld
from pipeline.governing import Governing, Text
from pipeline.model import CourtAction, Document, Version
from pipeline.state import court_actions
from pipeline.state import rulemaking as matter


@dataclass(frozen=True, kw_only=True)
class Captured:
    """A page by its number, when it was fetched, and its number in the chain of captures."""

    page: int
    at: datetime
    number: int | None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the site showed at the end of an Eastern day, as far as we saw it.

    `held` is the version, the `number`th held, 0 where there was no text: the site had removed it
    at `removed`. It was first seen at `held.version.seen_at`, and last confirmed at `confirmed`
    before the day was over; what took its place was first seen at `followed`, None: nothing did.
    `capture` is the last that shows it.
    """

    document: Document
    day: date
    held: Held | None
    number: int
    confirmed: datetime | None
    followed: datetime | None
    removed: datetime | None = None
    capture: Captured | None = None


@dataclass(frozen=True, kw_only=True)
class Governed:
    """What governed on a day by the documents held, and apart from it what courts had done to it by
    then, or on a day that is not stated."""

    document: Document
    governing: Governing
    court_actions: tuple[CourtAction, ...]


def seen_on(database: Database, name: str, day: date, today: date) -> Seen:
    """What the site showed of a document on a day: a version first seen on the day counts.

    Raises `NotHeld` where nothing was read by then, the day is after `today`, or nothing goes by
    that name.
    """
    if day > today:
        raise NotHeld(
            f"what will be shown on {spelled(day)} is not known: name today or a day gone by"
        )
    with database.read() as connection:
        number, document = find(connection, name.strip())
        return _seen(connection, number, document, day)


def text_on(database: Database, name: str, day: date, today: date) -> Version:
    """The text that the site showed on a day. Raises `NotHeld` where it is not held, or the site
    had removed it."""
    seen = seen_on(database, name, day, today)
    if seen.held is None:
        assert seen.removed is not None  # noqa: S101 - what is not held was removed
        raise NotHeld(
            f"{seen.document.name} was removed from its site by {spelled(eastern(seen.removed))}: "
            f"nothing was shown on {spelled(day)}. Name an earlier day"
        )
    return seen.held.version


def governed_on(database: Database, name: str, day: date) -> Governed:
    """What the documents held say governed on a day, as they are known today. Raises `NotHeld`
    where nothing goes by that name."""
    with database.read() as connection:
        number, document = find(connection, name.strip())
        if document.kind in REGISTERED:
            return _of_rule(connection, number, document, day)
        number, document = _of_the_day(connection, number, document, day)
        told = governing.governing(day, _texts(connection, number, document))
        return Governed(
            document=document,
            governing=told,
            court_actions=_court_actions(connection, [number], [document], day),
        )


def _seen(connection: Connection, number: int, document: Document, day: date) -> Seen:
    end = datetime.combine(day + timedelta(days=1), time(), EASTERN)
    shown = _shown(connection, number)
    before = [each for each in shown if each[1] < end]
    if not before:
        first = spelled(eastern(shown[0][1]))
        raise NotHeld(
            f"what {document.name} said on {spelled(day)} is not held: first read on {first}. "
            "Name that day or a later one"
        )
    version, since, has_text = before[-1]
    followed = shown[len(before)][1] if len(before) < len(shown) else None
    if not has_text:
        return Seen(
            document=document,
            day=day,
            held=None,
            number=0,
            confirmed=None,
            followed=followed,
            removed=since,
        )
    texts = store.versions(connection, number)
    place = next(place for place, each in enumerate(texts) if each.id == version)
    held = texts[place]
    until = min(end, followed) if followed else end
    # What is back on its site bears the page that showed it so, and has its text from before.
    url = _own_address(connection, _first_of(texts, held).page)
    times = readings(connection, {url}, until, None) if url else ()
    return Seen(
        document=document,
        day=day,
        held=held,
        number=place + 1,
        confirmed=max((held.version.seen_at, *times)),
        followed=followed,
        capture=_captured(connection, held, url, until),
    )


def _shown(connection: Connection, number: int) -> list[tuple[int, datetime, bool]]:
    """The versions of a document and the marks that it was removed, in order of time."""
    table = schema.version
    rows = connection.execute(
        select(table.c.id, table.c.seen_at, table.c.parser)
        .where(table.c.document_id == number)
        .order_by(table.c.seen_at, table.c.id)
    )
    return [(row.id, row.seen_at, row.parser != "") for row in rows]


def _first_of(texts: Sequence[Held], held: Held) -> Held:
    return next(each for each in texts if each.version.text_digest == held.version.text_digest)


def _own_address(connection: Connection, on: int) -> str:
    """The address of a page of one document alone; "" of one of several, which later confirms none
    of them: one may have left it."""
    page, version = schema.page, schema.version
    on_page = select(func.count(version.c.document_id.distinct())).where(version.c.page_id == on)
    if (connection.execute(on_page).scalar() or 0) > 1:
        return ""
    address: str = connection.execute(select(page.c.url).where(page.c.id == on)).scalar_one()
    return address


def _captured(connection: Connection, held: Held, url: str, until: datetime) -> Captured:
    """The last page that shows a version: fetched before a moment from its own address, or that it
    was read from."""
    page, chain = schema.page, operation.capture
    query = (
        select(page.c.id, page.c.fetched_at, chain.c.number)
        .outerjoin(chain, chain.c.page_id == page.c.id)
        .order_by(page.c.fetched_at.desc(), page.c.id.desc())
        .limit(1)
    )
    own = page.c.id == held.page
    good = (page.c.status == 200, page.c.failure == "", page.c.read_at.is_not(None))
    later = and_(page.c.url == url, *good, page.c.fetched_at < until)
    row = connection.execute(query.where(or_(own, later))).one()
    return Captured(page=row.id, at=row.fetched_at, number=row.number)


def _of_rule(connection: Connection, number: int, document: Document, day: date) -> Governed:
    joined = relating.chain(connection, number)
    known = relating.relations(connection, joined)
    versions = store.without_text(connection, joined)
    mine = matter(document, known)
    numbers = [each for each, said in versions.items() if said.document in mine]
    told = rulemaking.governing(day, versions[number], [versions[each] for each in numbers], known)
    if told.text is not None:
        named = {said.document: each for each, said in versions.items()}
        held = store.current(connection, named[told.text.document])
        told = replace(told, text=held.version if held else None)
    actions = _court_actions(
        connection, numbers, [versions[each].document for each in numbers], day
    )
    return Governed(document=document, governing=told, court_actions=actions)


def _of_the_day(
    connection: Connection, number: int, document: Document, day: date
) -> tuple[int, Document]:
    """A bulletin stands for its month: that of the day's month is meant, where it is held."""
    if document.kind != "visa-bulletin":
        return number, document
    wanted = replace(document, key=f"{day:%Y-%m}")
    known = store.known(connection, wanted)
    is_held = known is not None and store.current(connection, known) is not None
    return (known, wanted) if known is not None and is_held else (number, document)


def _texts(connection: Connection, number: int, document: Document) -> list[Text]:
    """The texts of a document in order of time; of the eCFR, those of days gone by besides."""
    if document.kind != "regulation":
        return _texts_of(connection, number)
    table = schema.document
    base = document.key.partition("@")[0]
    same = (table.c.key == base) | table.c.key.startswith(f"{base}@", autoescape=True)
    numbers = connection.execute(
        select(table.c.id).where(table.c.kind == document.kind, same).order_by(table.c.id)
    ).scalars()
    found = (text for each in numbers.all() for text in _texts_of(connection, each))
    return sorted(found, key=lambda text: text.first)


def _texts_of(connection: Connection, number: int) -> list[Text]:
    shown = _shown(connection, number)
    ends = {this[0]: eastern(after[1]) for this, after in pairwise(shown)}
    return [
        Text(
            version=held.version,
            first=eastern(held.version.seen_at),
            until=ends.get(held.id),
            entry=_entry(connection, held),
        )
        for held in store.versions(connection, number)
    ]


def _entry(connection: Connection, held: Held) -> Version | None:
    """What announced a text, where that is known."""
    change = history.newest(connection, held.id)
    entry = change.announcement.entry if change and change.announcement else None
    number = store.known(connection, entry) if entry else None
    found = store.current(connection, number) if number is not None else None
    return found.version if found else None


def _court_actions(
    connection: Connection, numbers: Collection[int], documents: Sequence[Document], day: date
) -> tuple[CourtAction, ...]:
    """What courts had done by a day; what bears no day may have been by then."""
    by_number = relating.relations_of(connection, list(numbers))
    known = dict.fromkeys(each for said in by_number.values() for each in said)
    later = [store.known(connection, each.later) for each in known]
    held = store.without_text(connection, [each for each in later if each is not None])
    found = court_actions(documents, known, held.values())
    return tuple(each for each in found if each.on is None or each.on <= day)
