"""An office's work as steps to be killed, with a stub encoder: from a crawl to the mail, a backup,
and a database of the first schema that is brought up."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemas
from fakes import HashingEncoder
from killing import Step, forked
from rehearsed import SAMPLE, quietly
from sqlalchemy import create_engine, text

from crawlers.replay import Capture
from lexwatch import fetch, jobs, settings
from lexwatch.alerting import feeds, sending
from lexwatch.app import App
from lexwatch.keeping import backup, backups, bundle
from lexwatch.rehearsal import rehearse
from lexwatch.settings import Data, Settings, Source
from lexwatch.turns import Turn
from pipeline.errors import StoreError
from pipeline.query import thesaurus
from pipeline.query.triggers import triggers

DAYS = ("2026-10-05", "2026-10-07")
SOURCES = ("bia_decisions", "federal_register", "uscis_policy_manual")
MONDAY = Capture.named(DAYS[-1]).clock.replace(day=12, hour=14)  # after these days
SIGNING = "one key for all folders, whose links must not differ"
# What the work leaves, by the publishers' own names: numbers and the ledger of runs may differ.
STATE = {
    "pages": "SELECT url, status, sha256 FROM page",
    "documents": "SELECT source, key, kind FROM document",
    "versions": "SELECT d.source, d.key, v.seen_at, v.text_digest, v.metadata_digest "
    "FROM version v JOIN document d ON d.id = v.document_id",
    "changes": "SELECT d.source, d.key, c.kind, c.change_class, c.seen_at, c.baseline, "
    "c.recorded_at FROM change c JOIN document d ON d.id = c.document_id",
    "topics": "SELECT d.key, t.topic, t.score FROM change_topic t "
    "JOIN change c ON c.id = t.change_id JOIN document d ON d.id = c.document_id",
    "citations": "SELECT d.key, v.seen_at, c.block, c.start, c.canonical FROM citation c "
    "JOIN version v ON v.id = c.version_id JOIN document d ON d.id = v.document_id",
    "relations": "SELECT e.key, l.key, r.kind, r.evidence FROM relation r "
    "JOIN document e ON e.id = r.earlier_id JOIN document l ON l.id = r.later_id",
    "parts": "SELECT e.key, d.key, p.evidence FROM part p JOIN change c ON c.id = p.change_id "
    "JOIN document e ON e.id = c.document_id JOIN document d ON d.id = p.document_id",
    "passages": "SELECT d.key, p.digest, p.ordinal FROM passage p "
    "JOIN document d ON d.id = p.document_id",
    "words": "SELECT s.term, s.col, s.offset, p.digest FROM passage_stem s "
    "JOIN passage p ON p.id = s.doc",
    "vectors": "SELECT digest, model, row FROM vector",
    "alerts": "SELECT s.reader, d.key, a.why FROM alert a "
    "JOIN subscription s ON s.id = a.subscription_id "
    "JOIN change c ON c.id = a.change_id JOIN document d ON d.id = c.document_id",
    "deliveries": "SELECT key, outcome, unfinished FROM delivery",
    "told": 'SELECT s.reader, t.kind, t.channel, t."until" FROM told t '
    "JOIN subscription s ON s.id = t.subscription_id",
    "unread": "SELECT url FROM page WHERE read_at IS NULL",
    "captures": "SELECT count(*), count(DISTINCT number), max(number) FROM capture",
    "integrity": "PRAGMA integrity_check",
}


def office(folder: Path) -> Settings:
    """The demo's readers, with their data in `folder`; who fails is asked again at once."""
    demo = settings.load(Path(str(files("lexwatch") / "demo.toml")))
    data = Data(folder=str(folder))
    off = {name: Source(enabled=False) for name in App(demo).sources if name not in SOURCES}
    crawl = demo.crawl.model_copy(update={"backoff": 0.01})
    return demo.model_copy(update={"data": data, "sources": off, "crawl": crawl})


@dataclass(frozen=True, kw_only=True)
class Office:
    """An office whose publishers are served on loopback, on each of two days."""

    served: tuple[Settings, ...]
    seeds: tuple[list[str], ...]
    source: str
    parts: App

    def app(self, folder: Path, day: int = -1, *, monday: bool = False) -> App:
        """The parts, those that take long to load taken over from the process that forked."""
        data = {"data": Data(folder=str(folder))}
        clock = MONDAY if monday else Capture.named(DAYS[day]).clock
        app = App(self.served[day].model_copy(update=data), lambda: clock)
        return sharing(app, self.parts)

    def crawl(self, folder: Path, day: int = -1) -> None:
        """What `crawl` does in two processes, in one: what is killed is killed with all of it."""
        app = self.app(folder, day)
        vars(fetch)["_crawl_apart"] = _crawl_here
        fetch.fetch(
            app, self.source, at=app.clock(), seeds=self.seeds[day], tell=lambda _told: None
        )

    def ingest(self, folder: Path, day: int = -1) -> None:
        read = jobs.ingest(self.app(folder, day), quietly)
        _fail((*read.faults, *(failure for run in read.failed for failure in run.failures)))

    def embed(self, folder: Path, day: int = -1) -> None:
        app = self.app(folder, day)
        jobs.index(app, quietly)
        app.vectors.close()

    def match(self, folder: Path) -> None:
        app = self.app(folder, monday=True)
        with app.turn(Turn.MAILING):
            sending.match_changes(app)
            _fail(sending.queue(app, app.clock()).faults)

    def send(self, folder: Path) -> None:
        app = self.app(folder, monday=True)
        with app.turn(Turn.MAILING):
            _fail(one.error for one in sending.send(app))
            feeds.write(app)

    def backup(self, folder: Path) -> None:
        app = self.app(folder, monday=True)
        backup.make(app.settings, app.clock())

    def open(self, folder: Path) -> None:
        _ = self.app(folder, monday=True).database

    def steps(self, folder: Path) -> dict[str, Step]:
        """The steps in order; each begins with what the one before it left."""
        first, found = folder / "first", dict[str, Step]()
        for early in (self.crawl, self.ingest, self.embed):
            done(early, first, 0)
        for name, work, state in (
            ("crawl", self.crawl, held),
            ("ingest", self.ingest, held),
            ("embed", self.embed, with_chroma),
            ("match", self.match, held),
            ("send", self.send, with_files),
            ("backup", self.backup, with_backups),
        ):
            before = shutil.copytree(first, folder / name)
            # A reactor starts once in a process, and Chroma's threads survive no fork.
            warms = name not in ("crawl", "embed")
            found[name] = Step(name=name, folder=before, work=work, state=state, warms=warms)
            done(work, first)
        (folder / "migrate").mkdir()
        schemas.make(folder / "migrate" / "lexwatch.db", schemas.EARLIER[0])
        found["migrate"] = Step(
            name="migrate", folder=folder / "migrate", work=self.open, state=migrated
        )
        return found


def _fail(faults: Iterable[str]) -> None:
    """As the command does, which says them and exits 1."""
    if said := [*filter(None, faults)]:
        raise StoreError("; ".join(said))


@contextmanager
def opened(source: str = SOURCES[0]) -> Iterator[Office]:
    """An office of one source, and its publisher, while this lasts."""
    os.environ["LEXWATCH_SIGNING_KEY"] = SIGNING
    with ExitStack() as stack:
        given = office(Path("unused"))
        parts = loaded(given)
        days = [stack.enter_context(rehearse(given, parts.sources, SAMPLE, day)) for day in DAYS]
        yield Office(
            served=tuple(each.settings for each in days),
            seeds=tuple(each.seeds_of(parts.sources)[source] for each in days),
            source=source,
            parts=parts,
        )


def loaded(given: Settings) -> App:
    """The parts that take long to load, with a stub encoder and a thesaurus of a few entries."""
    parts, whole = App(given), thesaurus.load()
    parts.encoder = HashingEncoder()
    few = whole.entries[:5]
    parts.thesaurus = replace(whole, entries=few, triggers=triggers(few))
    _ = (parts.titles, parts.taxonomy.titles)
    return parts


def sharing(app: App, parts: App) -> App:
    """An app that takes these parts over, as a forked process can."""
    for name in ("encoder", "sources", "taxonomy", "thesaurus", "titles"):
        vars(app)[name] = vars(parts)[name]
    return app


def done(work: Callable[..., Any], *given: Any) -> None:
    """Do a step in a child, to its end: nothing of it stays open here."""
    ended = forked(lambda: work(*given))
    assert ended == (0, ""), ended


def held(folder: Path) -> dict[str, Any]:
    """What the database holds."""
    engine = create_engine(f"sqlite:///{folder / 'lexwatch.db'}")
    with engine.connect() as connection:
        found = {
            name: sorted(map(repr, connection.execute(text(query)).all()))
            for name, query in STATE.items()
        }
    engine.dispose()
    return found


def with_chroma(folder: Path) -> dict[str, Any]:
    """The same, and what Chroma has: which vectors, of which source."""
    import chromadb  # noqa: PLC0415 - only ever in a child

    chroma = chromadb.PersistentClient(path=max((folder / "chroma").glob("[0-9]*")))
    copied = sorted(
        f"{each.name} {digest}"
        for each in chroma.list_collections()
        for digest in chroma.get_collection(each.name).get(include=[])["ids"]
    )
    return {**held(folder), "chroma": copied}


def with_files(folder: Path) -> dict[str, Any]:
    """The same, and the letters, calendars and feeds, byte for byte."""
    names = ("digests", "feeds", "calendars")
    made = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in names
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }
    return {**held(folder), "files": made}


def with_backups(folder: Path) -> dict[str, Any]:
    """The same, and what the backups hold; one that is not whole fails here."""
    return {**held(folder), "backups": _backups(folder)}


def migrated(folder: Path) -> dict[str, Any]:
    """Every row of every table; and that a backup of what was there before is whole."""
    found: dict[str, Any] = dict(schemas.held_in(folder / "lexwatch.db"))
    found["fact"] = found["fact"]["name"]  # of which one says when
    return {**found, "backups": _backups(folder)}


def _backups(folder: Path) -> list[Any]:
    made = []
    for each in backups.held(folder / "backups"):
        with TemporaryDirectory() as into:
            manifest = bundle.unpack(each.path, Path(into), None)
        made.append([manifest.schema, dict(manifest.counts), manifest.head])
    return sorted({repr(each) for each in made})


def _crawl_here(job: fetch.Job, _errors: object, _tell: object) -> int:
    """The child of a crawl, in this process."""
    reading, writing = os.pipe()
    os.write(writing, (job.model_dump_json() + "\n").encode())
    with os.fdopen(reading, encoding="utf-8") as stdin, StringIO() as told:
        fetch.serve(stdin, told)
    return 0
