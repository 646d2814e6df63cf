"""Search: what it brings first for judged queries, over the documents of their universe."""

from __future__ import annotations

import contextlib
import hashlib
import math
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import Field

import crawlers
import index
import pipeline
from index import keyword, shelf
from index.database import Database
from index.search import Hit, search
from index.search.understanding import Understanding
from index.vectors import Vectors
from lexwatch.app import App
from lexwatch.evaluation import library
from lexwatch.evaluation.labels import Label, Labelled, Rows, find, read
from lexwatch.evaluation.score import interval, share
from pipeline.errors import StoreError
from pipeline.noise import fold

FIRST = 10  # hits that count
BEST = 2  # the grade of what answers the query or is the authority sought
FOLDER = "retrieval"
ASKING = frozenset({"search", "thesaurus"})  # folders that make nothing of a store


class Anchor(Label):
    """Words that a good passage of a document contains."""

    qid: str
    key: str
    anchor: str


class Query(Label):
    """A query with what a person judged: `grades` by document, 2, 1 or 0."""

    qid: str
    query: str
    sort: str = Field(default="", alias="class")
    grades: Mapping[str, int] = {}
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A judged query, the keys of what was found, best first, and the passages shown of each."""

    query: Query
    keys: tuple[str, ...]
    shown: Mapping[str, str]

    @property
    def gain(self) -> float:
        return ndcg(self.keys, self.query.grades)


@dataclass(frozen=True, kw_only=True)
class Universe:
    """The documents that are searched: their store, its vectors, what understands queries there,
    and the key of each document by its name."""

    database: Database
    vectors: Vectors
    understanding: Understanding
    keys: Mapping[str, str]


def queries(sets: Path) -> Rows[Query]:
    """Read `retrieval/`: the queries, with the grades of `qrels.tsv` and the anchors."""
    folder = sets / FOLDER
    asked = read(folder, Query, lambda row: "query" in row)
    anchored = read(folder, Anchor, lambda row: "anchor" in row)
    grades, useless = _grades(folder / "qrels.tsv")
    by_query: dict[str, list[Anchor]] = defaultdict(list)
    for row in anchored.labelled:
        by_query[row.label.qid].append(row.label)
    judged = [
        Labelled(
            label=row.label.model_copy(
                update={
                    "grades": grades.get(row.label.qid, row.label.grades),
                    "anchors": tuple(by_query[row.label.qid]),
                }
            ),
            where=row.where,
        )
        for row in asked.labelled
    ]
    unjudged = [f"{row.where}: nothing is judged for it" for row in judged if not row.label.grades]
    unusable = dict.fromkeys((*asked.unusable, *anchored.unusable, *useless, *unjudged))
    return Rows(labelled=tuple(row for row in judged if row.label.grades), unusable=tuple(unusable))


def measure(
    rows: Sequence[Labelled[Query]], *, app: App, sets: Path, folders: tuple[Path, ...]
) -> dict[str, Any]:
    """nDCG at 10 with gains of 2^grade − 1, over all documents of `universe.txt`; unjudged is 0."""
    held = universe(app, sets, folders)
    try:
        found = [answer(row.label, held) for row in rows]
    finally:
        held.vectors.close()
        held.database.close()
    return figures(found)


def answer(query: Query, held: Universe) -> Answered:
    """What search brings for a query."""
    results = search(held.database, held.understanding, query.query, limit=FIRST)
    hits = {held.keys[hit.document.name]: hit for hit in results.hits}
    return Answered(
        query=query, keys=tuple(hits), shown={key: _shown(hit) for key, hit in hits.items()}
    )


def figures(found: Sequence[Answered]) -> dict[str, Any]:
    """The figures of queries that were answered."""
    best = [
        (each, key) for each in found for key, grade in each.query.grades.items() if grade >= BEST
    ]
    hit = sum(key in each.keys for each, key in best)
    judged = [key in each.query.grades for each in found for key in each.keys]
    anchored = [
        (each, anchor) for each in found for anchor in each.query.anchors if anchor.key in each.keys
    ]
    shown = sum(fold(anchor.anchor) in fold(each.shown[anchor.key]) for each, anchor in anchored)
    return {
        "n": len(found),
        "ndcg_10": _mean(each.gain for each in found),
        "recall_10": share(hit, len(best)),
        "recall_10_95": interval(hit, len(best)),
        "judged_10": share(sum(judged), len(judged)),
        "anchor_shown": share(shown, len(anchored)),
        "anchor_shown_95": interval(shown, len(anchored)),
        "per_class": {
            sort: _class([each for each in found if each.query.sort == sort])
            for sort in dict.fromkeys(each.query.sort for each in found)
        },
        "queries": [
            {
                "qid": each.query.qid,
                "class": each.query.sort,
                "ndcg_10": round(each.gain, 4),
                "found": list(each.keys),
            }
            for each in found
        ],
    }


def ndcg(keys: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002)."""

    def gained(order: Iterable[int]) -> float:
        return math.fsum((2.0**g - 1) / math.log2(rank + 1) for rank, g in enumerate(order, 1))

    ideal = gained(sorted(grades.values(), reverse=True)[:FIRST])
    return gained(grades.get(key, 0) for key in keys[:FIRST]) / ideal if ideal else 0.0


def universe(app: App, sets: Path, folders: tuple[Path, ...]) -> Universe:
    """The store of the universe's documents, made where it isn't yet, kept for the next time.

    Another program, model or universe makes a new one; what was embedded is taken over.
    """
    listed = _listed(sets, folders)
    shelves = app.settings.folder / "evaluation"
    place = shelves / _identity(listed, app.encoder.digest)
    shelves.mkdir(parents=True, exist_ok=True)
    with FileLock(shelves / "building.lock"):  # a second program waits, and finds it made
        older = [each for each in shelves.glob("*") if each.is_dir() and each != place]
        is_made = (place / "made").is_file()
        if not is_made:
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
        database = Database(f"sqlite:///{place / 'lexwatch.db'}")
        vectors = Vectors(database, app.encoder, place / "chroma")
        if not is_made:
            _make(app, database, vectors, (place, older), (listed, folders))
    lines = (place / "made").read_text(encoding="utf-8").splitlines()
    keys = dict(line.split("\t") for line in lines)
    understanding = Understanding(lambda: app.thesaurus, lambda: vectors)
    return Universe(database=database, vectors=vectors, understanding=understanding, keys=keys)


def _make(
    app: App,
    database: Database,
    vectors: Vectors,
    places: tuple[Path, Sequence[Path]],
    held: tuple[Sequence[str], tuple[Path, ...]],
) -> None:
    """Make the store in the first place, of what the older ones embedded, which then go."""
    place, older = places
    with database.write() as connection:
        keyword.prepare(connection)
    for each in older:
        # One half made, or from another program's day, gives nothing and is in nobody's way.
        if (each / "made").is_file():
            with contextlib.suppress(StoreError):
                shelf.inherit(database, [Database(f"sqlite:///{each / 'lexwatch.db'}")])
    names = _take_in(app, database, *held)
    vectors.keep((*app.thesaurus.lay, *app.thesaurus.said))
    vectors.sync()
    text = "".join(f"{name}\t{key}\n" for name, key in names.items())
    (place / "made").write_text(text, encoding="utf-8")
    for each in older:
        shutil.rmtree(each, ignore_errors=True)


def _listed(sets: Path, folders: tuple[Path, ...]) -> list[str]:
    """The keys of the universe: the set's own, or that of ../shared, whose documents held-out
    queries are about."""
    own = sets / FOLDER / "universe.txt"
    path = own if own.is_file() else find(f"eval/{FOLDER}/{own.name}", folders, "retrieval")
    return path.read_text(encoding="utf-8").split()


def _take_in(
    app: App, database: Database, listed: Sequence[str], folders: tuple[Path, ...]
) -> dict[str, str]:
    """Take in the documents; gives the key of each by its name in the store."""
    told = []
    names = {}
    for each in library.library(listed, folders):
        source = app.sources.get(each.source)
        reading = (source.read if source else library.decision)(each.page)
        version = reading.versions[0]  # what stands below a chapter is no document of the set
        told.append((each.page, version))
        names[version.document.name] = each.key
    shelf.hold(database, told, app.rules, app.clock())
    return names


def _identity(listed: Sequence[str], model: str) -> str:
    """One SHA-256 over what a store is made from: documents, model, and the program itself."""
    digest = hashlib.sha256("\n".join([model, *listed]).encode())
    for package in (crawlers, index, pipeline):
        folder = Path(package.__file__ or "").parent
        for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.toml")]):
            if not ASKING.intersection(file.relative_to(folder).parts):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _grades(path: Path) -> tuple[dict[str, dict[str, int]], list[str]]:
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    useless = []
    lines = path.read_text(encoding="utf-8-sig").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        cells = line.split("\t")
        if len(cells) == 3 and cells[2].strip().isdecimal():
            grades[cells[0]][cells[1]] = int(cells[2])
        elif line.strip():
            useless.append(f"{path}, line {number}: no query, key and grade between tabs")
    return dict(grades), useless


def _class(found: Sequence[Answered]) -> dict[str, Any]:
    best = [
        key in each.keys
        for each in found
        for key, grade in each.query.grades.items()
        if grade >= BEST
    ]
    first = [each.query.grades.get(each.keys[0], 0) >= BEST for each in found if each.keys]
    return {
        "n": len(found),
        "ndcg_10": _mean(each.gain for each in found),
        "recall_10": share(sum(best), len(best)),
        "first_is_best": share(sum(first), len(found)),
    }


def _mean(values: Iterable[float]) -> float | None:
    held = list(values)
    return round(sum(held) / len(held), 4) if held else None


def _shown(hit: Hit) -> str:
    return "\n".join(found.text for found in hit.passages)
