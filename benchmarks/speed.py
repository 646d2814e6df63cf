"""How fast search answers, embedding, hits and counts included, and where the time goes."""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from rich.console import Console

from benchmarks import quality
from benchmarks.tables import tabulated
from index import keyword
from index.search import Filters, connecting, items, question, rank, search
from index.search.warming import warm
from index.vectors import Vectors
from lexwatch.app import App
from lexwatch.evaluation.retrieval import Query
from pipeline.citator.model import Body, Forum
from pipeline.query.model import Shape
from pipeline.query.shape import read
from pipeline.query.thesaurus import Thesaurus

DRAWN, WARMING = 500, 60  # queries of our own that are timed, and others asked before
SEED = 7
TIMES = 5  # that each command is started
# The package's function of that name hides its module.
searching = sys.modules[search.__module__]

QUESTION = "Can a client who overstayed a visa still get a bond hearing?"
TODAY = date(2026, 11, 22)
COMMANDS = (
    ("citation", "28 I&N Dec. 733"),
    ("name", "Matter of Coronado Acevedo"),
    ("connectors", "bond /s flight! and danger"),
    ("question", QUESTION),
    ("question, words", QUESTION, "--words"),
)
PARTS = (
    ("filters", searching, "allowed"),
    ("embed", Vectors, "embed"),
    ("thesaurus", Thesaurus, "expand"),
    ("titles and names", items, "named"),
    ("citations", items, "cited"),
    ("connectors", connecting, "answer"),
    ("words", keyword, "find"),
    ("words of candidates", keyword, "scores"),
    ("meaning", Vectors, "nearest"),
    ("meaning of candidates", Vectors, "similar"),
    ("candidates", question, "gather"),
    ("evidence", rank, "evidence"),
    ("hits", searching, "hits"),
    ("counts", searching, "counts"),
)
FILTERS: Mapping[str, Filters] = {
    "none": Filters(),
    "source": Filters(sources=("uscis_policy_manual",)),
    "topic": Filters(topics=("asylum",)),
    "days": Filters(since=date(2022, 1, 1), until=date(2024, 12, 31)),
    "as of": Filters(as_of=date(2026, 11, 22)),
    "forum": Filters(forum=Forum(body=Body.IMMIGRATION_COURT, circuit="9")),
    "state": Filters(states=("in effect",)),
    "source, topic, days": Filters(
        sources=("federal_register", "bia_decisions"), topics=("asylum",), since=date(2021, 1, 1)
    ),
}
HEADINGS = ("", "n", "p50 ms", "p95", "max", "processor p50", "p95")


def show(console: Console, app: App, judged: Sequence[Query]) -> None:
    """Print what the queries take, with each set of filters; where that goes; and what a process of
    its own takes for one."""
    asked, warming = _asked(judged)
    began = time.perf_counter()
    _once(app, COMMANDS[-1][1], Filters())
    print(f"first question, the model and all arrays loaded: {time.perf_counter() - began:.2f} s")
    began = time.perf_counter()
    warm(app.database, app.understanding, TODAY)
    print(f"what a service reads before it is asked: {time.perf_counter() - began:.2f} s")
    for query in warming:
        _once(app, query, Filters())
    for name, filters in FILTERS.items():
        rows = list(_rows([(query, *_once(app, query, filters)) for query in asked]))
        title = f"filter: {name} (load of the machine {os.getloadavg()[0]:.1f})"
        console.print(tabulated(title, HEADINGS, rows))
    parts = list(_parts(app, asked))
    console.print(tabulated("where it goes, ms a query, no filter", ("", *Shape), parts))
    print(f"memory: {_resident()} MB; at the most {_most()} MB")
    print(f"disk: {_disk(app.settings.folder)}")
    rows = list(_fresh(app.settings.folder))
    print(
        f"a process of its own, medians of {TIMES} (load of the machine {os.getloadavg()[0]:.1f})"
    )
    console.print(tabulated("", ("", "s", "of the processors"), rows))


def _asked(judged: Sequence[Query]) -> tuple[list[str], list[str]]:
    """The judged queries and those drawn of ours; and others, to be asked before."""
    ours = [each.query for each in quality.own()]
    drawn = random.Random(SEED).sample(ours, DRAWN + WARMING)  # noqa: S311 - no secret
    return [*(each.query for each in judged), *drawn[:DRAWN]], drawn[DRAWN:]


def _once(app: App, query: str, filters: Filters) -> tuple[float, float]:
    """Milliseconds on the clock, and of the processors."""
    used, began = time.process_time(), time.perf_counter()
    search(app.database, app.understanding, query, filters=filters, today=TODAY)
    ended = time.perf_counter()
    return (ended - began) * 1000, (time.process_time() - used) * 1000


def _rows(took: Sequence[tuple[str, float, float]]) -> Iterator[Sequence[str]]:
    by_shape: dict[str, list[tuple[float, float]]] = {"all": [each[1:] for each in took]}
    for query, *times in took:
        by_shape.setdefault(str(read(query).shape), []).append((times[0], times[1]))
    for shape, every in by_shape.items():
        clock, processor = (np.array(each) for each in zip(*every, strict=True))
        figures = (
            *np.percentile(clock, (50, 95)),
            clock.max(),
            *np.percentile(processor, (50, 95)),
        )
        yield shape, str(len(every)), *(f"{figure:.1f}" for figure in figures)


class _Stopwatch:
    """Milliseconds spent in each of some functions, less what others of them took within."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._within: list[float] = []

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            self._within.append(0.0)
            began = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                took = (time.perf_counter() - began) * 1000
                self.spent[name] += took - self._within.pop()
                if self._within:
                    self._within[-1] += took

        return run


def _parts(app: App, asked: Sequence[str]) -> Iterator[Sequence[str]]:
    """By part, the milliseconds that it takes on average for a query of each shape."""
    counted: dict[str, int] = defaultdict(int)
    spent: dict[str, dict[str, float]] = {}
    for query in asked:
        watch, shape = _Stopwatch(), read(query).shape
        counted[shape] += 1
        with ExitStack() as stack:
            for name, owner, attribute in PARTS:
                function = watch.timed(name, getattr(owner, attribute))
                stack.enter_context(patch.object(owner, attribute, function))
            watch.timed("all the rest", _once)(app, query, Filters())
        for name, took in watch.spent.items():
            of = spent.setdefault(name, defaultdict(float))
            of[shape] += took
    for name, of in spent.items():
        yield (
            name,
            *(f"{of[shape] / counted[shape]:.1f}" if counted[shape] else "" for shape in Shape),
        )


def _fresh(folder: Path) -> Iterator[Sequence[str]]:
    """Each command with the medians in seconds from its start to its end, and of the processors."""
    settings = folder / "config.toml"
    said = f"[data]\nfolder = {json.dumps(str(folder))}\n\n[topics]\nmeaning = false\n"
    settings.write_text(said, encoding="utf-8")
    # Compiled once, as an installed program is.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, query, *more in COMMANDS:
        command = [sys.executable, "-m", "lexwatch", "--config", str(settings), "search", query]
        _, *found = (_started([*command, *more], environment) for _ in range(TIMES + 1))
        yield name, *(f"{statistics.median(each):.2f}" for each in zip(*found, strict=True))


def _started(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    began, before = time.perf_counter(), os.times()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    after, ended = os.times(), time.perf_counter()
    used = after.children_user + after.children_system
    return ended - began, used - before.children_user - before.children_system


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() >> 20


def _most() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _disk(folder: Path) -> str:
    sizes = {
        each.name: sum(file.stat().st_size for file in (each, *each.rglob("*")) if file.is_file())
        for each in sorted(folder.iterdir())
    }
    return ", ".join(f"{name} {size >> 20} MB" for name, size in sizes.items() if size >> 20)
