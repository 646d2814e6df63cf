"""What each step costs for each document, over recorded pages of every sort.

    python -m benchmarks.steps [--pages 12] [--profile STEP]

The plain alternatives work on the same texts in the same run: difflib, eyecite's whole reading, and
a plain float32 loop in batches of 32. `--profile STEP` prints where one step's time goes instead.
"""

from __future__ import annotations

import argparse
import cProfile
import difflib
import json
import pstats
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from tempfile import TemporaryDirectory

from eyecite import get_citations
from rich.console import Console
from sentence_transformers import SentenceTransformer

from benchmarks.parse import LISTED, RECORDED, REGISTER
from benchmarks.tables import tabulated
from index import history, intake, runs, weights
from index.archive import Archive
from index.database import Database
from index.intake import Task
from lexwatch.app import App
from lexwatch.settings import Settings
from pipeline import cite, diff, fedreg
from pipeline.errors import PageChanged
from pipeline.meaning import telling
from pipeline.model import Block, Page, Reading, Version
from pipeline.passages import split

SORTS: Mapping[str, tuple[str, str, str]] = {  # source, what the address begins with and holds
    "chapter": ("uscis_policy_manual", "https://www.uscis.gov/policy-manual/volume-", "chapter"),
    "rule XML": ("federal_register", REGISTER, ".xml"),
    "decision PDF": ("bia_decisions", "https://www.justice.gov/", ""),
    "form page": ("uscis_forms", "https://www.uscis.gov/", ""),
    "listing": ("bia_decisions", "https://www.justice.gov/eoir/", ""),
}
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
LATER = timedelta(days=1)
SHORT = 40_000  # characters; beyond, difflib would take minutes
AT_MOST = 8  # documents of one listing

HEADINGS = ("step", "n", "p50", "p95", "max", "share", "documents/s", "plain, times")

Work = Callable[[Version], object]
Costs = list[tuple[str, float]]  # the sort of each document, and seconds


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A page, the sort it is of, how it is read, and what its source reads in it."""

    sort: str
    page: Page
    read: Callable[[Page], Reading]
    versions: Sequence[Version]


class Steps:
    """Every step by its name, each for one document; what several need is made once."""

    def __init__(self, app: App, samples: Sequence[Sample]) -> None:
        self.app = app
        self.samples = samples
        self.by_words = replace(app.taxonomy, meaning=None)
        self.plain = SentenceTransformer(
            str(weights.packaged()), device="cpu", local_files_only=True
        )

    @cached_property
    def work(self) -> Mapping[str, tuple[Work, Work | None]]:
        """Each step on a version, and its plain alternative."""
        return {
            "compare": (lambda one: diff.compare(amended(one), one), _difflib),
            "cite": (_cite, lambda one: get_citations(one.text)),
            "topics by words": (self.by_words.classify, None),
            "topics by meaning": (self._mean, None),
            "passages": (self._split, None),
            "embedding": (self._encode, self._loop),
        }

    def _mean(self, one: Version) -> object:
        meaning, said = self.app.taxonomy.meaning, [block.text for block in one.blocks]
        return meaning and meaning.nearest([telling([one.title], said)])

    def _split(self, one: Version) -> Sequence[str]:
        return [passage.embedded for passage in split(one, self.app.encoder.count)]

    def _encode(self, one: Version) -> object:
        return self.app.encoder.encode(self._split(one))

    def _loop(self, one: Version) -> object:
        texts = self._split(one)
        batches = (texts[start : start + 32] for start in range(0, len(texts), 32))
        return [self.plain.encode(batch, normalize_embeddings=True) for batch in batches]


def main() -> None:
    options = _options()
    if not (RECORDED / "index.jsonl").is_file():
        sys.exit(f"{RECORDED} is absent: this benchmark works on the pages recorded there")
    with TemporaryDirectory() as folder:
        app = App(Settings.model_validate({"data": {"folder": folder}}))
        samples = list(_samples(app, options.pages))
        steps = Steps(app, samples)
        for work, _ in steps.work.values():
            work(samples[0].versions[0])  # what is loaded once is no document's cost
        if options.profile:
            _profile(steps, options.profile)
            return
        Console(width=110).print(*_tables(steps))


def amended(version: Version) -> Version:
    """The text before an amendment: a figure, a word and a sentence of it were others, and a
    paragraph stood elsewhere."""
    blocks = list(version.blocks)
    middle = len(blocks) // 2
    for at, said in ((0, "must 60"), (middle, "may not"), (-1, "An officer reads it.")):
        if blocks:
            blocks[at] = _also(blocks[at], said)
    if len(blocks) > 4:
        blocks.insert(1, blocks.pop(middle - 1))
    return replace(version, blocks=tuple(blocks), seen_at=version.seen_at - LATER)


def _also(block: Block, said: str) -> Block:
    return replace(block, text=f"{block.text} {said}")


def _tables(steps: Steps) -> Iterator[object]:
    costs = {"read": [(each.sort, _timed(each)) for each in steps.samples]}
    plain: dict[str, float] = {}  # how many times as long the alternative takes
    versions = [(each.sort, one) for each in steps.samples for one in each.versions]
    for name, (work, alternative) in steps.work.items():
        costs[name] = [(sort, _seconds(work, one)) for sort, one in versions]
        if alternative:
            short = [at for at, (_, one) in enumerate(versions) if len(one.text) <= SHORT]
            theirs = sum(_seconds(alternative, versions[at][1]) for at in short)
            plain[name] = theirs / sum(costs[name][at][1] for at in short)
    # Passages are made before they are encoded: what is left is the model's.
    costs["embedding"] = _without(costs["embedding"], costs["passages"])
    costs["taken in"] = list(_taken_in(steps.app, steps.samples))
    costs["looked up"] = _looked_up(steps.app.database)
    yield tabulated("For each document, in ms", HEADINGS, _rows(costs, plain))
    yield tabulated("p50 of each sort, in ms", ("step", *SORTS), _by_sort(costs))
    yield (
        f"{len(steps.samples)} pages, {len(versions)} documents. “taken in” is all that saving one "
        "does (comparing, citations, topics, passages, relations, events' parts, keyword index); "
        "“looked up” is its change with relations, dates and events, of all at once."
    )


def _rows(costs: Mapping[str, Costs], plain: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
    # "taken in" holds other steps, so that the whole is what happens to a document, once.
    whole = sum(_sum(costs[name]) for name in ("read", "taken in", "embedding", "looked up"))
    for name, each in costs.items():
        found = sorted(seconds * 1000 for _, seconds in each)
        total = sum(found) / 1000
        yield (
            name,
            f"{len(found)}",
            f"{statistics.median(found):.1f}",
            f"{found[min(len(found) - 1, len(found) * 95 // 100)]:.1f}",
            f"{found[-1]:.1f}",
            f"{total / whole:.0%}",
            f"{len(found) / total:,.0f}",
            f"{plain[name]:.1f}" if name in plain else "",
        )


def _by_sort(costs: Mapping[str, Costs]) -> Iterator[tuple[str, ...]]:
    for name, each in costs.items():
        of = {sort: [seconds for found, seconds in each if found == sort] for sort in SORTS}
        yield name, *(f"{statistics.median(n) * 1000:.1f}" if n else "—" for n in of.values())


def _sum(each: Costs) -> float:
    return sum(seconds for _, seconds in each)


def _without(whole: Costs, part: Costs) -> Costs:
    both = zip(whole, part, strict=True)
    return [(sort, max(seconds - less, 0.0)) for (sort, seconds), (_, less) in both]


def _seconds(work: Work, version: Version) -> float:
    began = time.perf_counter()
    work(version)
    return time.perf_counter() - began


def _timed(sample: Sample) -> float:
    """The seconds that reading a page takes, for each document in it."""
    began = time.perf_counter()
    read = sample.read(sample.page)
    return (time.perf_counter() - began) / len(read.versions)


def _taken_in(app: App, samples: Sequence[Sample]) -> Iterator[tuple[str, float]]:
    """What it takes to save a document that is new, and then its amendment: the second counts."""
    for each in samples:
        for day, of in enumerate((amended, _itself)):
            run = runs.begin_run(app.database, each.page.source, each.page.fetched_at + day * LATER)
            Archive(app.database, run.id).keep(each.page)
            for one in each.versions:
                began = time.perf_counter()
                _take(app, run.id, of(one), day)
                if day:
                    yield each.sort, time.perf_counter() - began


def _itself(version: Version) -> Version:
    return version


def _take(app: App, run: int, version: Version, day: int) -> None:
    with app.database.write() as connection:
        task = Task(
            page=1,
            run=run,
            baseline=not day,
            watched_since=date(2020, 1, 1),
            now=version.seen_at,
            rules=app.rules,
        )
        intake.take_in(connection, version, task)


def _looked_up(database: Database) -> Costs:
    began = time.perf_counter()
    found = history.recorded(database, noise=True)
    each = (time.perf_counter() - began) / max(len(found), 1)
    return [("", each) for _ in found]


def _cite(version: Version) -> int:
    return sum(len(cite.find(block.text)) for block in version.blocks)


def _difflib(version: Version) -> object:
    old, new = amended(version).text.split(), version.text.split()
    return difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()


def _samples(app: App, most: int) -> Iterator[Sample]:
    """Pages of each sort, drawn at random and always the same."""
    rows = [json.loads(line) for line in (RECORDED / "index.jsonl").open(encoding="utf-8")]
    for sort, (name, begin, holds) in SORTS.items():
        source = app.sources[name]
        is_pdf = sort == "decision PDF"
        fitting = [
            row
            for row in rows
            if row["status"] == 200
            and row["url"].startswith(begin)
            and holds in row["url"]
            and (row["content_type"] == "application/pdf") == is_pdf
            and (is_pdf or source.facts.covers(row["url"]) or name == "federal_register")
        ]
        random.Random(1).shuffle(fitting)  # noqa: S311 - a fixed order, not a secret
        for row in fitting[:most]:
            page = _page(name, row)
            try:
                versions = source.read(page).versions
            except PageChanged as error:
                print(f"left out: {error}", file=sys.stderr)
                continue
            if versions:
                yield Sample(sort=sort, page=page, read=source.read, versions=versions[:AT_MOST])


def _page(source: str, row: Mapping[str, str]) -> Page:
    body = (RECORDED / row["file"]).read_bytes()
    return Page(
        source=source,
        url=row["url"],
        final_url=row["url"],
        asked=row["url"],
        status=200,
        headers={"content-type": row["content_type"]},
        body=body,
        fetched_at=NOW,
        context=_listed(body) if source == "federal_register" else {},
    )


def _listed(body: bytes) -> dict[str, str]:
    """What the list would say with a text; a file of several documents says their numbers."""
    printed = fedreg.read(body)
    return {**LISTED, "document_number": printed[0].number} if len(printed) == 1 else LISTED


def _profile(steps: Steps, name: str) -> None:
    if name != "read" and name not in steps.work:
        sys.exit(f"no step is called {name!r}: choose of read, {', '.join(steps.work)}")
    profile = cProfile.Profile()
    profile.enable()
    for each in steps.samples:
        if name == "read":
            _timed(each)
            continue
        for one in each.versions:
            steps.work[name][0](one)
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(25)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=12, help="of each sort at the most")
    parser.add_argument("--profile", metavar="STEP", default="", help="only where its time goes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
