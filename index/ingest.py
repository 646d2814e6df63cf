"""Ingest: what a fetched page says becomes versions, changes, passages, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select, update

from index import archive, derived, history, passages, relating, runs, schema, store
from index.database import Database
from index.store import Held
from pipeline import cite, diff
from pipeline.calendar import eastern
from pipeline.errors import LexwatchError, ModelError, SettingsError, StoreError
from pipeline.health import Tally, emptied, tally
from pipeline.identifiers import identifiers
from pipeline.model import (
    NOT_IMMIGRATION,
    ChangeClass,
    ChangeKind,
    DateKind,
    Difference,
    Page,
    Reading,
    Version,
)
from pipeline.topics import Taxonomy

# Not the fault of a page: the whole job stops, and what is not read stays in the queue.
OURS = (StoreError, ModelError, SettingsError)
LATE = timedelta(days=30)  # from publication to our finding it, where it still is news
ROOM = 50_000_000  # characters of text that may wait in memory for the verdict of their run


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What ingest decides by: each source's reading, the topics, and the model's token count.

    `enumerating` names the sources whose listings name every document.
    """

    readers: Mapping[str, Callable[[Page], Reading]]
    taxonomy: Taxonomy
    count: Callable[[str], int]
    enumerating: Collection[str] = ()


class Readings:
    """What pages say, kept from their examination until they are taken in, so that most are read
    once. `room` is in characters; what doesn't fit is read again. `accepted` are the sources whose
    pages count as healthy whatever they carried before."""

    def __init__(self, rules: Rules, room: int = ROOM, accepted: Collection[str] = ()) -> None:
        self.rules = rules
        self.accepted = accepted
        self._room = room
        self._kept: dict[int, Reading] = {}

    def keep(self, number: int, page: Page) -> Reading:
        """Read a page. Raises what its reader raises."""
        reading = _read(page, self.rules)
        size = _size(reading)
        if size <= self._room:
            self._room -= size
            self._kept[number] = reading
        return reading

    def take(self, connection: Connection, number: int) -> Reading:
        """Give a reading and make room, reading the page again where it wasn't kept."""
        reading = self._kept.pop(number, None)
        if reading is None:
            return _read(archive.page(connection, number), self.rules)
        self._room += _size(reading)
        return reading


@dataclass(frozen=True, kw_only=True)
class _Task:
    """The page at hand; `baseline`: too little of its source was read before to call this new;
    `watched_since`: the day from which on we would have seen it."""

    page: int
    run: int
    baseline: bool
    watched_since: date | None
    now: datetime
    rules: Rules


@dataclass(frozen=True, kw_only=True)
class _Step:
    """From one version of a document to the next."""

    document: int
    old: Held | None
    new: Version
    difference: Difference


def examine(database: Database, number: int, readings: Readings, now: datetime) -> str:
    """Note what a page says as numbers, on which the verdict of its run rests.

    A page that can't be read, or that no longer carries what it carried before, is marked with the
    reason and kept, and nothing else changes; returns that reason, or "".
    """
    with database.read() as connection:
        page = archive.page(connection, number)
        before = archive.last_tally(connection, number)
    try:
        said = tally(readings.keep(number, page))
        failure = ""
        if before and page.status == 200 and page.source not in readings.accepted:
            enumerates = page.source in readings.rules.enumerating
            failure = "; ".join(emptied(before, said, enumerates=enumerates))
            failure += "; compare the kept page with the site" if failure else ""
        _note(database, number, said, failure, now)
    except OURS:
        raise
    except Exception as error:  # one bad page must stop neither the others nor the next run
        failure = _reason(error)
        _note(database, number, Tally(), failure, now)
    return failure


def ingest(database: Database, number: int, readings: Readings, now: datetime) -> str:
    """Compare what a page says with what is held, and save what is new, in one transaction.

    Where that fails the page is marked with the reason, nothing of it is saved, and the next run
    that finds it tries again; returns that reason, or "".
    """
    try:
        _ingest(database, number, readings, now)
    except OURS:
        raise
    except Exception as error:  # as above
        failure = _reason(error)
        _note(database, number, Tally(), failure, now)
        return failure
    return ""


def rebuild(database: Database, number: int, rules: Rules) -> str:
    """Derive again, in place, what was read from a page; returns why that failed, or "".

    Makes no versions, changes or alerts: a better reader is not a change in the law. A page that
    could not be read before is put in the queue, since nobody was told what it says.
    """
    with database.read() as connection:
        page = archive.page(connection, number)
    try:
        reading = _read(page, rules)
    except Exception as error:  # as above
        return _reason(error)
    with database.write() as connection:
        archive.retry(connection, number, tally(reading))
        for version in reading.versions:
            _restate(connection, version, number, rules)
    return ""


def _note(database: Database, number: int, said: Tally, failure: str, now: datetime) -> None:
    with database.write() as connection:
        archive.note(connection, number, said, failure, now)


def _ingest(database: Database, number: int, readings: Readings, now: datetime) -> None:
    table = schema.page
    with database.write() as connection:
        row = connection.execute(
            select(table.c.read_at, schema.run.c.id, schema.run.c.baseline, schema.run.c.source)
            .join(schema.run)
            .where(table.c.id == number)
        ).one()
        if row.read_at is not None:  # withheld, or another process was faster
            return
        reading = readings.take(connection, number)
        since = runs.watched_since(connection, row.source)
        task = _Task(
            page=number,
            run=row.id,
            baseline=row.baseline,
            watched_since=eastern(since) if since else None,
            now=now,
            rules=readings.rules,
        )
        for version in reading.versions:
            _save(connection, version, task)
        connection.execute(update(table).where(table.c.id == number).values(read_at=now))


def _read(page: Page, rules: Rules) -> Reading:
    if page.status != 200:  # kept as evidence; it says nothing about the law
        return Reading()
    if page.source not in rules.readers:
        raise SettingsError(f"no source named {page.source} is installed to read {page.url}")
    return rules.readers[page.source](page)


def _size(reading: Reading) -> int:
    return sum(len(version.text) for version in reading.versions)


def _reason(error: Exception) -> str:
    said = str(error).encode("utf-8", "replace").decode()  # it may quote what no database takes
    if isinstance(error, LexwatchError):
        return said
    return f"the reader failed ({type(error).__name__}: {said}); please report it"


def _save(connection: Connection, version: Version, task: _Task) -> None:
    document = store.identify(connection, version.document)
    held = store.current(connection, document)
    if held is not None and version.seen_at < held.version.seen_at:
        _insert(connection, document, version, task)
        return
    if held is not None and held.version.parser != version.parser:
        held = _reread(connection, document, held, task.rules)
    difference = _difference(connection, document, held, version)
    if difference is None:
        if held is not None:
            store.readdress(connection, held.id, version)
        return
    if held is not None and diff.is_lesser(version, held.version):
        difference = _revealed(connection, document, version, difference, task.rules)
    step = _Step(document=document, old=held, new=version, difference=difference)
    number = _take(connection, step, task, baseline=held is None and _is_old(version, task))
    _derive(connection, document, number, version, task.rules)


def _is_old(version: Version, task: _Task) -> bool:
    """Whether a document that is new to us was published well before we watched: no news to
    anybody. One that is found a little late is told rather late than never."""
    published = version.date(DateKind.PUBLISHED)
    if published is None or task.watched_since is None:
        return task.baseline
    return task.baseline or published < task.watched_since - LATE


def _difference(
    connection: Connection, document: int, held: Held | None, version: Version
) -> Difference | None:
    if held is None:
        return diff.compare(None, version)
    if diff.is_lesser(held.version, version):
        return None  # the same document in a poorer form: what we hold stands
    difference = diff.compare(held.version, version)
    if difference is not None and store.removed_at(connection, document):
        return replace(difference, kind=ChangeKind.BACK)
    return difference


def _revealed(
    connection: Connection, document: int, version: Version, difference: Difference, rules: Rules
) -> Difference:
    """A full text that is about more than its abstract let know is news to those who watch that."""
    before = {tag.topic for tag in derived.topics_of(connection, document)}
    found = {tag.topic for tag in rules.taxonomy.classify(version)} - before - {NOT_IMMIGRATION}
    if not found:
        return difference
    names = ", ".join(rules.taxonomy.titles[topic] for topic in sorted(found))
    return replace(
        difference,
        change_class=ChangeClass.SUBSTANTIVE,
        reasons=(*difference.reasons, f"Only the full text says that it is about: {names}."),
    )


def _insert(connection: Connection, document: int, version: Version, task: _Task) -> None:
    """Give an older capture its place by the time of its capture. Nobody is alerted of what is
    superseded; what readers were told of later versions stays as it was told."""
    before, after = store.beside(connection, document, version.seen_at)
    difference = diff.compare(before.version if before else None, version)
    if difference is None:
        return
    following = None if after is None else diff.compare(version, after.version)
    if after is not None and following is None:
        store.backdate(connection, after.id, task.page, version.seen_at)
        return
    step = _Step(document=document, old=before, new=version, difference=difference)
    number = _take(connection, step, task, baseline=True, is_current=False)
    if after is not None and following is not None:
        history.recompare(connection, number, after.id, following)


def _take(
    connection: Connection, step: _Step, task: _Task, *, baseline: bool, is_current: bool = True
) -> int:
    number = store.add_version(
        connection, step.document, task.page, step.new, is_current=is_current
    )
    history.add(
        connection,
        document=step.document,
        old=step.old.id if step.old else None,
        new=number,
        run=task.run,
        difference=step.difference,
        tags=task.rules.taxonomy.classify(step.new, step.difference),
        seen_at=step.new.seen_at,
        recorded_at=task.now,
        baseline=baseline,
    )
    return number


def _reread(connection: Connection, document: int, held: Held, rules: Rules) -> Held:
    """The held version as today's reader has it: a better reader is not a change in the law."""
    try:
        reading = _read(archive.page(connection, held.page), rules)
    except LexwatchError:
        return held  # today's reader no longer knows the page of then; what it said stands
    for version in reading.versions:
        if version.document == held.version.document:
            store.restate(connection, held.id, version)
            _derive(connection, document, held.id, version, rules)
            return Held(id=held.id, page=held.page, version=version)
    return held


def _restate(connection: Connection, version: Version, page: int, rules: Rules) -> None:
    document = store.known(connection, version.document)
    if document is None:  # today's reader sees a document that none saw; the next crawl tells
        return
    held = store.current(connection, document)
    for stored in store.versions(connection, document, page):
        store.restate(connection, stored.id, version)
        if held is not None and held.id == stored.id:
            _derive(connection, document, stored.id, version, rules)
            return
    if held is not None and held.page < page and held.version.text_digest == version.text_digest:
        store.readdress(connection, held.id, version)


def _derive(
    connection: Connection, document: int, number: int, version: Version, rules: Rules
) -> None:
    """Bring what is derived from the current version in line with it."""
    derived.set_topics(connection, document, rules.taxonomy.classify(version))
    is_paper = relating.is_paper(version)
    names = identifiers(version) | (relating.filed_under(version) if is_paper else set())
    derived.set_identifiers(connection, document, names)
    derived.set_citations(
        connection,
        number,
        (
            (index, found)
            for index, block in enumerate(version.blocks)
            for found in cite.find(block.text)
        ),
    )
    passages.replace(connection, document, version, rules.count)
    if is_paper:
        relating.relate(connection, document)
