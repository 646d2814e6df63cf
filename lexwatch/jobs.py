"""The jobs a command is made of: crawl, ingest, index, rebuild."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from index import (
    archive,
    history,
    ingest,
    keyword,
    passages,
    runs,
    store,
    treatments,
)
from index.ingest import Readings
from index.removal import conclude
from index.runs import Run, RunState
from index.vectors import Synced
from index.verdict import judge, revise
from lexwatch.app import App
from lexwatch.fetch import fetch, stop
from lexwatch.output.progress import Tell
from pipeline.model import Change, ChangeClass

PARALLEL = 3  # publishers asked at the same time, each on hosts of its own


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a crawl and the reading of its pages came to; `noise` is what rules left out, `faults`
    say what could not even begin, or ended in the middle."""

    runs: tuple[Run, ...]
    changes: tuple[Change, ...]
    noise: tuple[Change, ...]
    faults: tuple[str, ...] = ()

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

    def one(name: str) -> None:
        def hear(told: Mapping[str, Any]) -> None:
            tell(f"crawl {name}", told["done"], told["done"] + told["queued"])

        fetch(app, name, at=at, seeds=(seeds or {}).get(name), tell=hear, whole=whole)

    faults, judged = _asked(one, _by_host(app, names)), tuple[Run, ...]()
    before = history.last(app.database)
    try:
        judged = read_pages(app, tell, names if accept else ())
    except Exception as fault:  # of the model, say: what was read before it is told all the same
        faults.append(fault)
    found = history.recorded(app.database, after=before, noise=True)
    noise = tuple(one for one in found if one.difference.change_class is ChangeClass.NOISE)
    return Read(
        runs=judged,
        changes=tuple(one for one in found if one not in noise),
        noise=noise,
        faults=tuple(dict.fromkeys(str(fault) or repr(fault) for fault in faults)),
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


def _by_host(app: App, names: Iterable[str]) -> list[list[str]]:
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
    for number in _each(tell, "count pages", runs.unexamined(app.database, known)):
        ingest.examine(app.database, number, readings, app.clock())
    judged = [
        judge(app.database, run.id, app.clock(), app.normal(run.source, strict=strict))
        for run in runs.unjudged(app.database, known)
        for strict in [run.source not in accepted]
    ]
    waiting = runs.waiting(app.database, known)
    if waiting:
        _ = app.encoder  # loaded before the first write, which would keep others waiting for it
    for number in _each(tell, "read pages", waiting):
        ingest.ingest(app.database, number, readings, app.clock())
    ended = [revise(app.database, run) for run in judged if run.state is not RunState.INTERRUPTED]
    for run in ended:
        conclude(app.database, run, app.clock(), app.normal(run.source))
    return tuple(ended)


def _each(tell: Tell, what: str, numbers: tuple[int, ...]) -> Iterator[int]:
    for done, number in enumerate(numbers):
        tell(what, done, len(numbers))
        yield number
    if numbers:
        tell(what, len(numbers), len(numbers))


def index(app: App, tell: Tell) -> Synced:
    """Embed the passages that have no vector yet and bring Chroma in line. While nothing is held
    nobody needs the thesaurus, whose phrases take half a minute."""
    if any(store.counts(app.database).values()):
        phrases = (*app.thesaurus.lay, *app.thesaurus.said)
        app.vectors.keep(phrases, lambda done, of: tell("embed the thesaurus", done, of))
    return app.vectors.sync(lambda done, of: tell("embed passages", done, of))


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """How many pages were read again, and which could not be: one line each."""

    pages: int
    failures: tuple[str, ...]


def rebuild(app: App, tell: Tell) -> Rebuilt:
    """Read every archived page again with today's readers."""
    numbers = archive.numbers(app.database)
    failures = []
    for done, number in enumerate(numbers, 1):
        if failure := ingest.rebuild(app.database, number, app.rules):
            failures.append(failure)
        tell("read pages again", done, len(numbers))
    with app.database.write() as connection:
        keyword.rebuild(connection)
        if not failures:  # else texts may be left of which nobody asked yet
            treatments.note_read(connection)
            passages.note_placed(connection)
    return Rebuilt(pages=len(numbers), failures=tuple(failures))
