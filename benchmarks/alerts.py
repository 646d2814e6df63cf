"""What alerts cost: a week's changes matched, composed, rendered and queued for many readers.

    python -m benchmarks.alerts FOLDER

FOLDER is a data folder that is indexed (`python -m benchmarks.search` makes one of the judged set).
It is only read: copies of its database play a week's changes, two thirds of them new documents, the
others with a word more in every fifth paragraph of their earlier text. Subscriptions ask for what
stands in them: half for topics, a tenth for a source and a class, a fifth for authorities, a tenth
each for words, terms and connectors, and for a sentence of benchmarks/queries. Each number of
readers has a process of its own, whose peak of memory counts; beside it some readers are served
one by one, each by himself, as a loop over readers would.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from rich.console import Console

from alerts import digest
from benchmarks import office
from benchmarks.stores import settings
from benchmarks.tables import tabulated
from index import grounds, history, ledger, subscriptions
from index.deliveries import Ledger
from index.record import Exhibits
from lexwatch.alerting import matching, nearness, owing, sending
from lexwatch.app import App
from pipeline.model import Change
from pipeline.periods import period
from pipeline.subscription import Schedule, Subscription

READERS, EACH, CHANGES = (500, 1_000, 2_000), 10, 300
ALONE = 5  # readers who are served one by one


@dataclass(kw_only=True)
class Clock:
    """Seconds of the processor by step: of each without the steps within it."""

    spent: dict[str, float] = field(default_factory=dict)
    _within: list[float] = field(default_factory=lambda: [0.0])

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.process_time()
        self._within.append(0.0)
        try:
            yield
        finally:
            took = time.process_time() - began
            within = self._within.pop()
            self.spent[name] = self.spent.get(name, 0.0) + took - within
            self._within[-1] += took

    def watch(self, owner: Any, function: str, name: str) -> None:
        """Count what a function takes, from now on, to a step."""
        done: Callable[..., Any] = getattr(owner, function)

        @wraps(done)
        def timed(*given: Any, **named: Any) -> Any:
            with self.step(name):
                return done(*given, **named)

        setattr(owner, function, timed)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Of one number of readers: seconds by step, apart and within the whole, the whole's by the
    clock, what came of it, and the peak of memory in megabytes."""

    readers: int
    kinds: Mapping[str, float]
    steps: Mapping[str, float]
    clock: float
    alerts: int
    letters: int
    failed: int
    peak: int
    alone: float
    characters: int


def measure(place: Path, alone: int) -> Measured:
    """Serve all who subscribe there, and then some of them one by one."""
    app = App(settings(place))
    now = office.now(app)
    app.clock = lambda: now
    clock, began = Clock(), time.perf_counter()
    _watch(clock)
    with clock.step("the rest"):
        alerts = sending.match_changes(app)
        queue = sending.queue(app, now)
    took = time.perf_counter() - began
    for fault in queue.faults:
        print(fault, file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    steps = dict(clock.spent)  # what is counted below is beside it, and so is its memory
    every = subscriptions.held(app.database)
    readers = len({one.reader for one in every})
    changes = history.recorded(app.database, *period(Schedule(), now))
    return Measured(
        readers=readers,
        kinds=_apart(app, every, now),
        steps=steps,
        clock=took,
        alerts=alerts,
        letters=queue.letters,
        failed=len(queue.failed),
        peak=peak,
        alone=_alone(app, changes, now, alone) * readers,
        characters=sum(len(one.new.text) for one in changes),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="a data folder")
    parser.add_argument("--readers", type=int, nargs="+", default=READERS)
    parser.add_argument("--each", type=int, default=EACH, help="subscriptions of a reader")
    parser.add_argument("--changes", type=int, default=CHANGES)
    parser.add_argument("--alone", type=int, default=ALONE, help="readers served one by one")
    parser.add_argument("--served", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.served:
        print(json.dumps(vars(measure(given.folder, given.alone))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        found = [_served(Path(scratch), given, readers) for readers in given.readers]
    _told(found, given)


def _served(scratch: Path, given: argparse.Namespace, readers: int) -> Measured:
    """Measure so many readers in a process of their own."""
    place = scratch / str(readers)
    office.make(given.folder, place, given.changes)
    app = App(settings(place))
    office.subscribe(app, readers, given.each)
    app.database.close()
    command = [sys.executable, "-m", "benchmarks.alerts", str(place), "--served"]
    done = subprocess.run(
        [*command, "--alone", str(given.alone)], check=True, stdout=subprocess.PIPE, text=True
    )
    print(f"{readers:,} readers served", file=sys.stderr)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _told(found: Sequence[Measured], given: argparse.Namespace) -> None:
    rows: list[tuple[str, ...]] = []

    def row(name: str, figure: Callable[[Measured], float], places: int = 1) -> None:
        rows.append((name, *(f"{figure(one):,.{places}f}" for one in found)))

    def rows_of(name: str, told: Callable[[Measured], Mapping[str, float]]) -> None:
        for step in told(found[0]):
            rows.append((name.format(step), *(f"{told(one).get(step, 0):,.1f}" for one in found)))

    rows_of("matched apart: {}, s", lambda one: one.kinds)
    rows_of("{}, s", lambda one: one.steps)
    row("all, processor s", lambda one: sum(one.steps.values()))
    row("all, clock s", lambda one: one.clock)
    row("ms a reader", lambda one: 1000 * sum(one.steps.values()) / one.readers)
    row("one by one*, s", lambda one: one.alone)
    row("peak, MB", lambda one: one.peak, 0)
    row("alerts", lambda one: one.alerts, 0)
    row("letters queued", lambda one: one.letters, 0)
    row("not composed", lambda one: one.failed, 0)
    title = (
        f"{given.each} subscriptions a reader, {given.changes} changes of "
        f"{found[0].characters:,} characters"
    )
    columns = ("", *(f"{one.readers:,} readers" for one in found))
    console = Console()
    console.print(tabulated(title, columns, rows))
    console.print(f"* timed with {given.alone} readers, caches warm, and multiplied; no sentences")


def _watch(clock: Clock) -> None:
    """Count each step of serving where it is called."""
    for owner, function, name in (
        (history, "recorded", "gathered"),
        (grounds, "gather", "gathered"),
        (grounds, "passages", "gathered"),
        (nearness, "_rows", "gathered"),
        (nearness.Model, "rows", "sentences embedded"),
        (matching.Gathered, "found", "matched"),
        (ledger, "give", "alerts written"),
        (owing, "due", "composed"),
        (digest, "build", "composed"),
        (sending, "render", "rendered"),
        (sending, "letter", "set as mail"),
        (Exhibits, "pack", "queued"),
        (Exhibits, "keep", "queued"),
        (Ledger, "queue", "queued"),
        (sending, "reminders", "reminded"),
    ):
        clock.watch(owner, function, name)


def _apart(app: App, every: Iterable[Subscription], now: datetime) -> dict[str, float]:
    """The seconds of matching by what is asked, all else being ready; sentences embedded before."""
    changes = history.recorded(app.database, *period(Schedule(), now))
    gathered, clock = matching.Gathered(app, changes), Clock()
    by_kind: dict[str, list[Subscription]] = {}
    for number, one in enumerate(every):
        by_kind.setdefault(office.KINDS[number % len(office.KINDS)], []).append(one)
    gathered.found([*by_kind["words"][:1], *by_kind["meaning"]])
    for kind, own in by_kind.items():
        for some in office.batched(own, office.TOGETHER):
            with clock.step(kind):
                gathered.found(some)
    nearness._embedded.clear()
    return clock.spent


def _alone(app: App, changes: Sequence[Change], now: datetime, count: int) -> float:
    """Processor seconds of a reader who is matched, composed and rendered by himself."""
    since, until = period(Schedule(), now)
    own: dict[str, list[Subscription]] = {}
    for one in subscriptions.held(app.database):
        own.setdefault(one.reader, []).append(replace(one, meaning="") if one.meaning else one)
    coverage = app.coverage(since, until)
    began = time.process_time()
    for reader in [*own][:count]:
        asked = [one for one in own[reader] if replace(one, id=0) != _nothing(one)]
        met = matching.matched(app, asked, changes)
        if asked:
            sending.rendered(app, digest.build(asked, met, coverage, since, until))
    return (time.process_time() - began) / max(1, count)


def _nothing(one: Subscription) -> Subscription:
    return Subscription(reader=one.reader, address=one.address, origin=one.origin)


if __name__ == "__main__":
    main()
