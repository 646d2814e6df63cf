"""The jobs a command is made of: crawl, ingest, index, rebuild."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from index import (
    archive,
    history,
    keyword,
    passages,
    runs,
    store,
    treatments,
)
from index import ingest as pages
from index.ingest import Readings
from index.removal import conclude
from index.runs import Run, RunState
from index.vectors import Synced
from index.verdict import judge, revise
from lexwatch import logs
from lexwatch.app import App
from lexwatch.fetch import fetch, stop
from lexwatch.output.progress import Tell
from lexwatch.turns import Turn
from pipeline.errors import StoreError
from pipeline.model import Change, ChangeClass

PARALLEL = 3  # publishers asked at the same time, each on hosts of its own
GIVE_WAY = 0.002  # seconds after each page: SQLite has no queue, and a crawl wants to write too


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a crawl and the reading of its pages came to; `noise` is what rules left out, `faults`
    say what could not even begin, or ended in the middle, and `waiting` how many pages wait for
    that to be put right."""

    runs: tuple[Run, ...]
    changes: tuple[Change, ...]
    noise: tuple[Change, ...]
    faults: tuple[str, ...] = ()
    waiting: int = 0

    @property
    def failed(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.failures)


def crawl(
    app: App,
    sources: tuple[str, ...],
    tell: Tell,
    *,
    at: datetime | None = None,
    seeds: Mapping[str, list[str]] | None = None,
    accept: bool = False,
    whole: bool = False,
) -> Read:
    """Ask the publishers, read what they served, and pass the verdict on each run.

    `accept`: take in what these sources say however far it is from what was normal so far. `whole`:
    read all of them, even where it is enough to look at what was announced. With `seeds` a part of
    a site is asked, and nothing is concluded from what that part doesn't name. What one source
    can't do stops no other: see `Read.faults`.
    """
    names = app.enabled(sources)
    _ = app.database  # migrated here, once, before the children open it
    before, begun = history.last(app.database), list[int]()

    def one(name: str) -> None:
        def hear(told: Mapping[str, Any]) -> None:
            tell(f"crawl {name}", told["done"], told["done"] + told["queued"])

        with logs.step("crawl", source=name) as came:
            number = fetch(app, name, at=at, seeds=(seeds or {}).get(name), tell=hear, whole=whole)
            came["run"] = number
        begun.append(number)

    faults = _asked(one, by_host(app, names))
    return _read(app, tell, before, begun, faults=faults, accepted=names if accept else ())


def ingest(app: App, tell: Tell) -> Read:
    """Read what was fetched and nobody took in: what a crawl that was cut off left."""
    return _read(app, tell, history.last(app.database))


def _read(
    app: App,
    tell: Tell,
    before: int,
    begun: Iterable[int] = (),
    *,
    faults: Iterable[Exception] = (),
    accepted: Collection[str] = (),
) -> Read:
    """Take in what waits, and say what came of it and of the runs `begun`, which another process
    may have read meanwhile; what changed is numbered above `before`."""
    judged, every = tuple[Run, ...](), [*faults]
    with app.moment() as now:  # while it lasts nothing is written down that is later
        is_behind = app.ledger.is_ahead(now)
    try:
        with app.turn(Turn.READING):
            judged = read_pages(app, tell, accepted)
    except Exception as fault:  # of the model, say: what was read before it is told all the same
        every.append(fault)
    found = history.recorded(app.database, after=before, noise=True)
    if found and is_behind:  # else it would count as told
        with app.turn(Turn.MAILING):
            wrong = app.ledger.put_right(now)
        every += [StoreError(wrong)] if wrong else []
    noise = tuple(one for one in found if one.difference.change_class is ChangeClass.NOISE)
    others = runs.numbered(app.database, {*begun} - {run.id for run in judged})
    return Read(
        runs=tuple(sorted((*judged, *others), key=lambda run: run.id)),
        changes=tuple(one for one in found if one not in noise),
        noise=noise,
        faults=tuple(dict.fromkeys(str(fault) or repr(fault) for fault in every)),
        waiting=len(runs.waiting(app.database, tuple(app.rules.readers))) if every else 0,
    )


def _asked(one: Callable[[str], None], groups: Iterable[Sequence[str]]) -> list[Exception]:
    """Ask the sources of each group in turn, some groups at a time; what went wrong."""

    def in_turn(names: Iterable[str]) -> list[Exception]:
        faults = []
        for name in names:
            try:
                one(name)
            except Exception as fault:  # of one source, which must stop no other
                faults.append(fault)
        return faults

    with ThreadPoolExecutor(PARALLEL) as pool:
        crawls = [pool.submit(in_turn, each) for each in groups]
        try:
            wait(crawls)
        except KeyboardInterrupt:
            stop()  # the children, or the pool would wait for the crawls to end
            raise
    return [*chain.from_iterable(each.result() for each in crawls)]


def by_host(app: App, names: Iterable[str]) -> list[list[str]]:
    """The sources in groups that share no host: two at once would ask one publisher at double
    pace, whatever pause each of them keeps."""
    groups: list[tuple[set[str], list[str]]] = []
    for name in names:
        hosts, members = set(app.sources[name].facts.hosts), [name]
        for group in [each for each in groups if hosts & each[0]]:
            groups.remove(group)
            hosts |= group[0]
            members = [*group[1], *members]
        groups.append((hosts, members))
    return [members for _, members in groups]


def read_pages(app: App, tell: Tell, accepted: Collection[str] = ()) -> tuple[Run, ...]:
    """Take in what was fetched: count every page, pass the verdict on each run, save what is new of
    the healthy ones, and say what is removed. Returns the runs that ended.

    What is not normal is taken in of the sources `accepted`.
    """
    known, readings = tuple(app.rules.readers), Readings(app.rules, accepted=accepted)
    unread = runs.unexamined(app.database, known)
    for number in _each(tell, "count pages", unread):
        pages.examine(app.database, number, readings, app.clock())
    judged = [_judged(app, run, accepted) for run in runs.unjudged(app.database, known)]
    waiting = runs.waiting(app.database, known)
    if waiting:
        _ = app.encoder  # loaded before the first write, which would keep others waiting for it
    for number in _each(tell, "read pages", waiting):
        with app.moment() as now:
            pages.ingest(app.database, number, readings, now)
        time.sleep(GIVE_WAY)
    ended = [revise(app.database, run) for run in judged if run.state is not RunState.INTERRUPTED]
    for run in ended:
        with app.moment() as now:
            conclude(app.database, run, now, app.normal(run.source))
        _note(run)
    logs.say("read", counted=len(unread), taken_in=len(waiting), runs=len(ended))
    return tuple(ended)


def _note(run: Run) -> None:
    """Log what a run came to."""
    logs.say(
        "run",
        run=run.id,
        source=run.source,
        state=run.state.value,
        requests=run.requests,
        bytes=run.bytes,
        documents=run.documents,
        failures=len(run.failures),
        why=next(iter(run.failures), None),
    )


def _judged(app: App, run: Run, accepted: Collection[str]) -> Run:
    normal = app.normal(run.source, strict=run.source not in accepted)
    with app.moment() as now:
        return judge(app.database, run.id, now, normal)


def _each(tell: Tell, what: str, numbers: tuple[int, ...]) -> Iterator[int]:
    for done, number in enumerate(numbers):
        tell(what, done, len(numbers))
        yield number
    if numbers:
        tell(what, len(numbers), len(numbers))


def index(app: App, tell: Tell) -> Synced:
    """Embed the passages that have no vector yet and bring Chroma in line. While nothing is held
    nobody needs the thesaurus, whose phrases take half a minute."""
    with app.turn(Turn.EMBEDDING), logs.step("embed") as came:
        if any(store.counts(app.database).values()):
            phrases = (*app.thesaurus.lay, *app.thesaurus.said)
            app.vectors.keep(phrases, lambda done, of: tell("embed the thesaurus", done, of))
        synced = app.vectors.sync(lambda done, of: tell("embed passages", done, of))
        came.update(embedded=synced.embedded, held=synced.held, rebuilt=bool(synced.rebuilt))
        return synced


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """How many pages were read again, and which could not be: one line each. Of those `purged` no
    body is kept: what they made stands as it was read. Those `unread` no reader could read before
    either (a bot wall, say): they made nothing that would have to be made again."""

    pages: int
    failures: tuple[str, ...]
    purged: int = 0
    unread: int = 0


def rebuild(app: App, tell: Tell) -> Rebuilt:
    """Read every archived page again with today's readers. Nothing is taken in and nobody is
    written to meanwhile: a letter would tell what was half read again."""
    with app.turn(Turn.READING), app.turn(Turn.MAILING):
        return _rebuilt(app, tell)


def _rebuilt(app: App, tell: Tell) -> Rebuilt:
    numbers, unreadable = archive.numbers(app.database), archive.unreadable(app.database)
    failures, unread = list[str](), 0
    for done, number in enumerate(numbers, 1):
        if failure := pages.rebuild(app.database, number, app.rules):
            if number in unreadable:
                unread += 1
            else:
                failures.append(failure)
        tell("read pages again", done, len(numbers))
    with app.database.write() as connection:
        keyword.rebuild(connection)
        if not failures:  # else texts may be left of which nobody asked yet
            treatments.note_read(connection)
            passages.note_placed(connection)
    purged = archive.purged(app.database)
    return Rebuilt(
        pages=len(numbers) - unread, failures=tuple(failures), purged=purged, unread=unread
    )
