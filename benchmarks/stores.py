"""Make a store of many passages: the real ones first, the rest synthetic.

Real are the documents of the judged set and the Federal Register's on other subjects. A synthetic
document is a copy of one of the set: its sentences are drawn from all documents of its source, its
numbers (those of sections and years apart), its title and its names are changed, its vectors are
the real ones perturbed. What it cites, its topics, dates and relations are those of the real one.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import string
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, insert, select, update

from crawlers.simulated.corpus import from_corpus
from index import embedded, mirror, passages, schema, shelf
from index.database import Database
from index.search.names import CASES
from lexwatch.app import App
from lexwatch.evaluation.library import FETCHED
from lexwatch.evaluation.retrieval import Universe
from lexwatch.settings import Data, Settings, Topics
from pipeline.model import Page
from pipeline.query.words import keys

CORPUS = Path(__file__).parents[2] / "shared/corpora/federal_register_other.jsonl"
NOISE = 0.4  # length of what is added to a real vector of length 1
REGISTER = "federal_register"

Tell = Callable[[str], None]

_SENTENCES = re.compile(r"(?<=[.;?!])\s+")
# Numbers of decisions, documents and persons; no sections and no years.
_NUMBERS = re.compile(
    r"\b\d+(?= I&N)|(?<=Dec\. )\d+"
    r"|(?<!§ )(?<!U\.S\.C\. )(?<!C\.F\.R\. )(?<![\d.(-])\b(?!(?:19|20)\d\d\b)\d{4,}\b"
)
_PARTY = re.compile(r"\b(?!(?:Matter|of|In|re|v)\b)[^\W\d_]+")


def settings(folder: Path) -> Settings:
    """Those of a store that a benchmark made; topics are not asked for by meaning."""
    return Settings(data=Data(folder=str(folder)), topics=Topics(meaning=False))


def grown(folder: Path, held: Universe, wanted: int, tell: Tell = print) -> App:
    """A store of so many passages in `folder`, made of the universe's where it isn't there yet."""
    real, place = folder / "real", folder / f"passages-{wanted}"
    if not (real / "made").is_file():
        _begin(real, held.database)
        app = App(settings(real))
        base = sorted({*_counted(app.database)})
        _others(app)
        app.vectors.sync()
        app.vectors.close()
        (real / "made").write_text(" ".join(map(str, base)), encoding="utf-8")
    app = App(settings(place))
    if not (place / "made").is_file():
        _begin(place, App(settings(real)).database)
        base = [int(number) for number in (real / "made").read_text(encoding="utf-8").split()]
        Synthesis(app.database, app.vectors.model, base).to(wanted, tell)
        (place / "made").touch()
    count = len(_counted(App(settings(real)).database))
    tell(f"{wanted:,} passages, {min(count, wanted):,} of them real, the others synthetic")
    return app


class Synthesis:
    """Copies the documents of a store, with other words, until it has so many passages."""

    def __init__(self, database: Database, model: str, base: Sequence[int]) -> None:
        """`base` are the numbers of the documents that are copied."""
        self._database, self._model = database, model
        self._base = base
        with database.read() as connection:
            table, of = schema.passage, schema.document.c["source", "kind"]
            query = select(table, *of, schema.version.c.title).select_from(table)
            query = query.join(schema.document, schema.document.c.id == table.c.document_id)
            query = query.join(schema.version, schema.version.c.id == schema.document.c.current)
            chosen = query.where(table.c.document_id.in_(self._base)).order_by(table.c.id)
            self._passages = connection.execute(chosen).mappings().all()
            digests = {row["digest"] for row in self._passages}
            self._rows = embedded.held(connection, model, digests)
            self._held = connection.execute(select(func.count()).select_from(table)).scalar_one()
        self._said: dict[str, list[str]] = {}
        for row in self._passages:
            self._said.setdefault(row["source"], []).extend(_SENTENCES.split(row["text"]))

    def to(self, wanted: int, tell: Tell) -> None:
        copy = 0
        while self._held < wanted:
            copy += 1
            with self._database.write() as connection:
                if copy == 1:
                    connection.execute(schema.outbox.delete())
                self._held += self._copy(connection, copy, wanted - self._held)
            tell(f"{self._held:,} of {wanted:,} passages")
        with self._database.write() as connection:
            passages.advance(connection)
            mirror.queue_everything(connection)

    def _copy(self, connection: Connection, copy: int, most: int) -> int:
        """One copy of each document, as far as `most` passages reach; how many they are."""
        rows = self._passages[:most]
        random_ = random.Random(copy)  # noqa: S311 - no secret
        titles = self._titles(rows, random_)
        steps = _documents(connection, {row["document_id"] for row in rows}, titles, copy)
        held: dict[str, tuple[dict[str, Any], str]] = {}
        for row in rows:
            made = self._passage(row, titles[row["document_id"]], random_)
            made["document_id"] += steps
            held.setdefault(f"{made['document_id']} {made['digest']}", (made, row["digest"]))
        connection.execute(insert(schema.passage), [made for made, _ in held.values()])
        self._embed(connection, list(held.values()), copy)
        return len(held)

    def _titles(self, rows: Sequence[Mapping[Any, Any]], random_: random.Random) -> dict[int, str]:
        """A title of each document: a case's with other letters, another's in two halves of two."""
        own = {row["document_id"]: row for row in rows}
        by_kind: dict[str, list[str]] = {}
        for row in own.values():
            by_kind.setdefault(row["kind"], []).append(row["title"])
        return {
            number: _PARTY.sub(lambda found: _shuffled(found[0], random_), row["title"])
            if row["kind"] in CASES
            else _crossed(row["title"], random_.choice(by_kind[row["kind"]]))
            for number, row in own.items()
        }

    def _passage(
        self, row: Mapping[Any, Any], title: str, random_: random.Random
    ) -> dict[str, Any]:
        said = self._said[row["source"]]
        count = len(_SENTENCES.split(row["text"]))
        text = _renumbered(" ".join(random_.choices(said, k=count)), random_)
        _, bar, rest = row["header"].partition(" | ")
        header = f"{title}{bar}{_renumbered(rest, random_)}"
        kept = {each.name: row[each.name] for each in schema.passage.c if each.name != "id"}
        return kept | {
            "digest": embedded.digest_of(f"{header}\n{text}"),
            "header": header,
            "text": text,
            "size": len(re.findall(r"[^\W_]+", text)),
            "names": _renumbered(row["names"], random_),
            "keys": " ".join(keys("\n".join((*row["trail"], text)))),
        }

    def _embed(
        self, connection: Connection, made: Sequence[tuple[Mapping[str, Any], str]], copy: int
    ) -> None:
        rows = np.stack([self._rows[real] for _, real in made]).copy()
        noise = np.random.default_rng(copy).standard_normal(rows.shape, dtype=np.float32)
        rows += noise * NOISE / rows.shape[1] ** 0.5
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        digests = [passage["digest"] for passage, _ in made]
        for page in embedded.pages(range(len(made))):
            part = slice(page[0], page[-1] + 1)
            embedded.keep(connection, self._model, digests[part], rows[part])


def _begin(place: Path, database: Database) -> None:
    """A new folder with a copy of a database."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    connection = sqlite3.connect(str(database.engine.url.database))
    connection.execute("VACUUM INTO ?", (str(place / "lexwatch.db"),))
    connection.close()


def _counted(database: Database) -> Sequence[int]:
    """The document of each passage."""
    with database.read() as connection:
        return connection.execute(select(schema.passage.c.document_id)).scalars().all()


def _others(app: App) -> None:
    """Take in the Federal Register's documents on other subjects."""
    told = []
    with CORPUS.open(encoding="utf-8") as lines:
        for entry in from_corpus(map(json.loads, lines)):
            number, body = entry["document_number"], json.dumps(entry).encode()
            page = _page(f"https://www.federalregister.gov/api/v1/documents/{number}.json", body)
            told.append((page, app.sources[REGISTER].read(page).versions[0]))
    shelf.hold(app.database, told, app.rules, app.clock())


def _page(url: str, body: bytes) -> Page:
    return Page(
        source=REGISTER,
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={"content-type": "application/json"},
        body=body,
        fetched_at=FETCHED,
    )


def _documents(
    connection: Connection, wanted: set[int], titles: Mapping[int, str], copy: int
) -> int:
    """Copy rows of documents and of what hangs on them; how far their numbers lie from the real
    ones."""
    document, version = schema.document, schema.version
    last = {
        table: connection.execute(select(func.max(table.c.id))).scalar_one()
        for table in (document, version)
    }
    of, made = last[document], last[version]
    current = select(document.c.current).where(document.c.id.in_(wanted))
    chosen = document.c.id.in_(wanted)
    name = f" synthetic {copy}"
    _again(
        connection,
        document,
        chosen,
        {
            "id": document.c.id + of,
            "key": document.c.key + name,
            "current": document.c.current + made,
        },
    )
    _again(
        connection,
        version,
        version.c.id.in_(current),
        {"id": version.c.id + made, "document_id": version.c.document_id + of},
    )
    for table in (schema.citation, schema.treatment):
        _again(
            connection,
            table,
            table.c.version_id.in_(current),
            {"id": None, "version_id": table.c.version_id + made},
        )
    names = schema.identifier
    _again(
        connection,
        names,
        names.c.document_id.in_(wanted),
        {"document_id": names.c.document_id + of, "canonical": names.c.canonical + name},
    )
    topics = schema.document_topic
    _again(
        connection,
        topics,
        topics.c.document_id.in_(wanted),
        {"document_id": topics.c.document_id + of},
    )
    said = schema.relation
    both = said.c.earlier_id.in_(wanted) & said.c.later_id.in_(wanted)
    ends = {"earlier_id": said.c.earlier_id + of, "later_id": said.c.later_id + of}
    _again(connection, said, both, ends)
    title = update(version).where(version.c.document_id == bindparam("document"))
    rows = [{"document": number + of, "title": said} for number, said in titles.items()]
    connection.execute(title, rows)
    return int(of)


def _again(
    connection: Connection, table: Table, chosen: ColumnElement[bool], changed: Mapping[str, Any]
) -> None:
    """Copy rows of a table, some of their columns changed."""
    kept = [column for column in table.c if changed.get(column.name, "") is not None]
    names = [column.name for column in kept]
    columns = [changed.get(column.name, column) for column in kept]
    connection.execute(insert(table).from_select(names, select(*columns).where(chosen)))


def _shuffled(word: str, random_: random.Random) -> str:
    letters = (
        random_.sample(word.lower(), len(word))
        if len(word) > 1
        else random_.choices(string.ascii_letters)
    )
    return "".join(letters).capitalize()


def _crossed(title: str, other: str) -> str:
    """The first half of one and the second of the other."""
    one, two = title.split(), other.split()
    return " ".join((*one[: len(one) // 2], *two[len(two) // 2 :]))


def _renumbered(text: str, random_: random.Random) -> str:
    """The same with other numbers of as many digits."""

    def other(found: re.Match[str]) -> str:
        return "".join(random_.choices("123456789", k=len(found[0])))

    return _NUMBERS.sub(other, text)
