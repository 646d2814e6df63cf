"""Play a script through an office, day by day, and set what readers were told beside the truth."""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from benchmarks.quarter import letters, truth
from benchmarks.quarter.faulty import Asked, Publishers
from benchmarks.quarter.office import READERS, Office
from benchmarks.quarter.script import DAY, FIRST, Script
from benchmarks.quarter.sites import Sites
from benchmarks.quarter.sizes import Growth, Sizes, predicted
from index import outgoing, schema
from index.sizes import sizes

if TYPE_CHECKING:
    from index.database import Database
    from index.encoder import Encoder

CALM = 2  # days at the beginning on which nothing goes wrong
COUNTED = {
    "captures": schema.page,
    "documents": schema.document,
    "versions": schema.version,
    "changes": schema.change,
    "alerts": outgoing.alert,
    "letters": outgoing.delivery,
}


@dataclass(frozen=True, kw_only=True)
class Played:
    """What a play came to. `wrong` holds one line for each thing that should not be; `seconds` and
    `megabytes` are of this process, without the crawls'."""

    days: int
    visits: int
    requests: int
    faults: Mapping[str, int]
    counts: Mapping[str, int]
    told: int
    digests: int
    failed: int
    sizes: Sizes
    wrong: tuple[str, ...]
    seconds: float
    megabytes: float

    @property
    def faulty(self) -> float:
        """The share of requests that went wrong."""
        return sum(self.faults.values()) / self.requests


def play(
    script: Script,
    publishers: Publishers,
    folder: Path,
    encoder: Encoder,
    *,
    is_visited: Callable[[date], bool],
    is_backed_up: Callable[[date], bool],
    tell: Callable[[str], object] = str,
) -> Played:
    """Play it: a run on the calm first days and on each day that `is_visited`, at least once a week
    and on the last, since digests are sent by these. After the run of a day that `is_backed_up` a
    backup is made."""
    office = Office(folder=folder, publishers=publishers, encoder=encoder)
    visited = [day for day in _days(script) if is_visited(day) or day < FIRST + CALM * DAY]
    begun, base = time.process_time(), 0
    for day in _days(script):
        publishers.sites, publishers.is_calm = Sites(script, day), day < FIRST + CALM * DAY
        if day in visited:
            office.run(day)
            if is_backed_up(day):
                office.back_up()
            tell(f"{day}: {len(publishers.asked)} requests")
        if day == FIRST + (CALM - 1) * DAY:
            base = _size(office.app.database)
    counts = _counts(office.app.database)
    told = letters.read(office.letters, script.acts)
    played = Played(
        days=script.days,
        visits=len(visited) * len(truth.TITLES),
        requests=len(publishers.asked),
        faults=_faults(publishers.asked),
        counts=counts,
        told=sum(sum(one.acts.values()) for one in told),
        digests=len(told),
        failed=sum(map(len, truth.failed(publishers.asked).values())),
        sizes=Sizes(
            base=base,
            predicted=base + predicted(Growth.of(script, visited)),
            actual=_size(office.app.database),
        ),
        wrong=(
            *differences(script, publishers.asked, told),
            *office.faults,
            *_unsent(office),
            *office.unproven(),
        ),
        seconds=time.process_time() - begun,
        megabytes=_peak(),
    )
    office.close()
    return played


def differences(script: Script, asked: Sequence[Asked], told: Sequence[letters.Told]) -> list[str]:
    """What was told and is not so, what is so and was not told, told twice, or told too late; one
    digest a week for each reader, and each failed visit named in it."""
    mondays = [FIRST + 7 * n * DAY for n in range(1, (script.last - FIRST).days // 7 + 1)]
    due, failed = truth.due(script, asked, mondays[-1]), truth.failed(asked)
    names = {act.number: f"{act.deed} {act.title} of {act.on}" for act in script.acts}
    found: list[str] = []
    had = Counter((one.reader, one.until) for one in told)
    for reader in (each.reader for each in READERS):
        for monday in mondays:
            if had[reader, monday] != 1:
                found.append(f"{reader} had {had[reader, monday]} digests for {monday}")
    for one in told:
        wanted, who = due.get((one.reader, one.until), set()), f"{one.reader}, {one.until}"
        found += [f"{who}: was not told: {names[each]}" for each in wanted - one.acts.keys()]
        found += [f"{who}: was told: {names[each]}" for each in one.acts.keys() - wanted]
        found += [f"{who}: told twice: {names[n]}" for n, times in one.acts.items() if times > 1]
        found += [f"{who}: told of what nobody did: {each}" for each in one.strange]
        named, is_so = one.failed, failed.get(one.until, set())
        found += [f"{who}: is not told that {t} failed on {day}" for t, day in is_so - named]
        found += [f"{who}: is told that {t} failed on {day}" for t, day in named - is_so]
    return found


def _days(script: Script) -> list[date]:
    return [FIRST + number * DAY for number in range(script.days)]


def _faults(asked: Sequence[Asked]) -> dict[str, int]:
    kinds = Counter(one.fault.value for one in asked)
    del kinds["none"]
    return dict(kinds.most_common())


def _counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in COUNTED.items()
        }


def _unsent(office: Office) -> list[str]:
    every = office.app.ledger.deliveries()
    return [f"{one.reader}: a letter is {one.outcome}" for one in every if one.outcome != "sent"]


def _size(database: Database) -> int:
    with database.read() as connection:
        found = sizes(connection)
    return found.file - found.free


def _peak() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
