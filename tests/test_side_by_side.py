"""Several processes at work in one data folder: nobody is refused, nothing is lost or doubled."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from killable import DAYS, held, loaded, office, sharing
from killing import fork
from rehearsed import SAMPLE, quietly
from sqlalchemy import Connection, create_engine, text
from test_sending import ANA, MONDAY, Office

from crawlers.replay import Capture
from index import history, ledger, passages, runs, store
from index.database import BUSY_MS
from index.search import search
from index.verdict import judge
from lexwatch import jobs, orders, turns
from lexwatch.app import App
from lexwatch.keeping import backup
from lexwatch.orders import Said
from lexwatch.rehearsal import rehearse
from lexwatch.settings import Data, Settings, Source
from lexwatch.steps import Steps, mail
from lexwatch.turns import Turn
from pipeline import diff
from pipeline.errors import StoreError
from pipeline.health import Normal
from pipeline.model import Block, BlockKind
from pipeline.orders import Does, Scope

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")

HOUR = timedelta(hours=1)
REST = 0.5  # seconds between two turns of what is done again and again
# In place of what names moments, which differ with the machine's speed, as the number of letters.
TIMED = {
    "changes": "SELECT d.source, d.key, c.kind, c.change_class, date(c.seen_at), c.baseline "
    "FROM change c JOIN document d ON d.id = c.document_id",
    "versions": "SELECT d.source, d.key, date(v.seen_at), v.text_digest FROM version v "
    "JOIN document d ON d.id = v.document_id",
    "citations": "SELECT d.key, c.block, c.start, c.canonical FROM citation c "
    "JOIN version v ON v.id = c.version_id JOIN document d ON d.id = v.document_id",
    "deliveries": "SELECT y.reader, d.source, d.key, c.kind FROM delivery y, "
    "json_each(y.changes) told JOIN change c ON c.id = told.value "
    "JOIN document d ON d.id = c.document_id",
    "told": "SELECT DISTINCT outcome, unfinished FROM delivery",
}
ORDER = Said(
    documents=("2026-99101",),
    court="N.D. Cal.",
    docket="3:26-cv-00099",
    decided=Capture.named(DAYS[0]).on,
    does=Does.ENJOINS,
    scope=Scope.NATIONWIDE,
    source="https://example.gov/order",
    quote="The rule is enjoined.",
)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The sample site on each of its days, for an office in a folder whose clock goes on."""

    folder: Path
    served: Mapping[str, Settings]
    begun: float
    parts: App

    def app(self, day: str) -> App:
        at = Capture.named(day).clock
        given = self.served[day].model_copy(update={"data": Data(folder=str(self.folder))})
        app = App(given, lambda: at + timedelta(seconds=time.time() - self.begun))
        return sharing(app, self.parts)

    def crawl(self, day: str) -> None:
        app = self.app(day)
        read = jobs.crawl(app, (), quietly, at=Capture.named(day).clock)
        assert not (read.faults or read.failed), read
        jobs.index(app, quietly)
        app.vectors.close()

    def ingest(self) -> None:
        app = self.app(DAYS[1])
        assert not jobs.ingest(app, quietly).faults
        jobs.index(app, quietly)
        app.vectors.close()

    def search(self) -> None:
        app = self.app(DAYS[1])
        assert search(app.database, app.understanding, "bond hearing", limit=3).hits

    def mail(self) -> None:
        app, steps = self.app(DAYS[1]), Steps()
        _, sent = mail(app, steps)
        assert not steps.faults, steps.faults
        assert not [one.error for one in sent if one.error]

    def backup(self) -> None:
        app = self.app(DAYS[1])
        backup.make(app.settings, app.clock())

    def note(self) -> None:
        orders.enter(self.app(DAYS[1]), ORDER)

    def state(self) -> dict[str, Counter[str]]:
        engine = create_engine(f"sqlite:///{self.folder / 'lexwatch.db'}")
        with engine.connect() as connection:
            asked = {
                name: Counter(map(repr, connection.execute(text(query)).all()))
                for name, query in TIMED.items()
            }
        engine.dispose()
        return {name: Counter(rows) for name, rows in held(self.folder).items()} | asked


@contextmanager
def sites(folder: Path) -> Iterator[Site]:
    """Every reader is told at once of what changed: a moment that was missed is a change lost."""
    given = office(folder)
    at_once = [one.model_copy(update={"frequency": "at once"}) for one in given.subscriptions]
    off = {**given.sources, "uscis_policy_manual": Source(enabled=False)}
    given = given.model_copy(update={"subscriptions": at_once, "sources": off})
    parts = loaded(given)
    with ExitStack() as stack:
        days = [stack.enter_context(rehearse(given, parts.sources, SAMPLE, day)) for day in DAYS]
        yield Site(
            parts=parts,
            folder=folder,
            begun=time.time(),
            served={day: each.settings for day, each in zip(DAYS, days, strict=True)},
        )


def together(first: Callable[[], None], *others: Callable[[], None]) -> None:
    """Do one thing in a process, and each of the others again and again, in one of its own, until
    that one ends. Whatever any of them raises fails."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    def repeated(work: Callable[[], None]) -> Callable[[], None]:
        def until_ended() -> None:
            os.close(writing)
            done = 0
            while not done or not _has_ended(reading):
                work()
                done += 1
                time.sleep(REST)

        return until_ended

    children = [fork(repeated(each), is_heard=True) for each in others]
    os.close(reading)
    children.append(fork(first, is_heard=True))
    codes = [os.waitstatus_to_exitcode(os.waitpid(children[-1], 0)[1])]
    os.close(writing)
    codes += [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children[:-1]]
    assert codes == [0] * len(children)


def _has_ended(reading: int) -> bool:
    try:
        return os.read(reading, 1) == b""
    except BlockingIOError:
        return False


@forks
@pytest.mark.usefixtures("warm")
def test_crawl_ingest_search_digest_backup_and_an_order_work_side_by_side(tmp_path: Path) -> None:
    with sites(tmp_path / "alone") as alone:
        together(lambda: alone.crawl(DAYS[0]))
        shutil.copytree(alone.folder, tmp_path / "together")
        for step in (alone.note, lambda: alone.crawl(DAYS[1]), alone.mail, alone.backup):
            together(step)
    with sites(tmp_path / "together") as site:
        together(
            lambda: site.crawl(DAYS[1]), site.ingest, site.search, site.mail, site.backup, site.note
        )
        together(site.mail)
    undisturbed, found = alone.state(), site.state()
    differing = {
        name: {"lost": rows - found[name], "more": found[name] - rows}
        for name, rows in undisturbed.items()
        if rows != found[name]
    }
    assert not differing
    assert set(found["deliveries"].values()) == {1}  # everybody was told everything once


# What is written down while a letter is made


def test_what_is_being_written_down_is_in_the_letter_that_waits_for_it(tmp_path: Path) -> None:
    office = Office(tmp_path / "data")
    office.open(ANA.model_copy(update={"frequency": "at once"}))
    office.publish(MONDAY, first="Baseline.")
    begun, sent = Event(), list[Any]()
    office.now = MONDAY + HOUR

    def slowly() -> None:
        with office.app.moment() as now:
            begun.set()
            time.sleep(0.3)
            office.publish(now, second="News.")

    def told() -> None:
        begun.wait(10)
        office.now = MONDAY + 2 * HOUR
        sent.extend(mail(office.app, Steps())[1])

    for each in (threads := [Thread(target=slowly), Thread(target=told)]):
        each.start()
    for each in threads:
        each.join()
    assert [one.address for one in sent] == [ANA.address]


def test_a_run_that_was_under_way_when_a_letter_was_made_is_told_of_in_the_next(
    tmp_path: Path,
) -> None:
    app = Office(tmp_path / "data").app
    run = runs.begin_run(app.database, "sample", MONDAY - HOUR)
    runs.end_crawl(app.database, run.id, requests=1, size=1, blocked=False, failures=["no answer"])
    judge(app.database, run.id, MONDAY + HOUR, Normal(floor=0, ceiling=9))

    def failures(since: datetime) -> int:
        (said,) = ledger.coverage(app.database, {"sample": ""}, since, since + 24 * HOUR)
        return len(said.failures)

    assert failures(MONDAY - 24 * HOUR) == 0
    assert failures(MONDAY) == 1


def test_a_document_that_is_completed_after_a_letter_was_made_is_in_the_next(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path / "data")
    office.publish(MONDAY, first="An abstract.")
    with office.app.database.write() as connection:
        held = store.current(connection, 1)
        assert held is not None
        whole = diff.appear(held.version)
        history.complete(connection, held.id, held.id, whole, (), recorded_at=MONDAY + HOUR)
    (change,) = history.recorded(office.app.database, MONDAY + HOUR, baseline=True)
    assert change.document.key == "first"


# Who waits for whom


def test_who_reads_waits_for_who_reads_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "SOON", 0.05)
    office = Office(tmp_path / "data")
    with office.app.turn(Turn.READING):
        second = Thread(target=lambda: jobs.ingest(office.open(ANA), quietly))
        second.start()
        with office.open(ANA).turn(Turn.MAILING):  # who writes letters waits for nobody who reads
            second.join(0.3)
        assert second.is_alive()
    second.join(30)
    assert not second.is_alive()
    assert "waiting: another lexwatch reads pages" in caplog.text


def test_who_waits_for_too_long_is_told_by_whom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(turns.PATIENCE, Turn.MAILING, 0)
    app = Office(tmp_path / "data").app
    with (
        app.turn(Turn.MAILING),
        pytest.raises(StoreError, match="another lexwatch matches and sends"),
        app.turn(Turn.MAILING),
    ):
        pass


def test_one_publisher_is_asked_by_one_process_at_a_time(tmp_path: Path) -> None:
    """Two sources of one host, asked by two commands."""
    stopped = Event()
    order = list[str]()

    def asked() -> None:
        with turns.visit(tmp_path, "second", ["b.gov", "a.gov"], stopped.is_set):
            order.append("second")

    with turns.visit(tmp_path, "first", ["a.gov"], stopped.is_set):
        with turns.visit(tmp_path, "third", ["c.gov"], stopped.is_set):
            order.append("third")
        waiting = Thread(target=asked)
        waiting.start()
        waiting.join(0.2)
        order.append("first")
    waiting.join(10)
    assert order == ["third", "first", "second"]


def test_ctrl_c_ends_the_wait_for_a_publisher(tmp_path: Path) -> None:
    with (
        turns.visit(tmp_path, "first", ["a.gov"], lambda: False),
        pytest.raises(KeyboardInterrupt),
        turns.visit(tmp_path, "second", ["a.gov"], lambda: True),
    ):
        pass


def test_a_source_that_is_being_crawled_is_not_asked_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "VISIT", 0)
    with (
        turns.visit(tmp_path, "same", [], lambda: False),
        pytest.raises(StoreError, match="another lexwatch crawls same"),
        turns.visit(tmp_path, "same", [], lambda: False),
    ):
        pass


# SQLite's own part


def test_a_writer_takes_the_lock_at_once_and_waits_for_another(tmp_path: Path) -> None:
    app = Office(tmp_path / "data").app
    assert BUSY_MS >= 120_000  # a crawl wants to write too while a whole manual is read
    with app.database.write() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_MS
        second = create_engine(f"sqlite:///{Path(app.settings.folder) / 'lexwatch.db'}")
        with second.connect() as other, pytest.raises(Exception, match="locked"):
            other.exec_driver_sql("PRAGMA busy_timeout = 1")
            other.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]
            other.exec_driver_sql("BEGIN IMMEDIATE")
        second.dispose()


def test_a_passage_and_its_words_are_committed_together(tmp_path: Path) -> None:
    office = Office(tmp_path / "data")
    office.publish(MONDAY, first="Baseline.")

    def found(connection: Connection) -> list[int]:
        query = "SELECT (SELECT count(*) FROM {} WHERE {} LIKE '%zebra%')"
        return [
            connection.exec_driver_sql(query.format(*each)).scalar_one()
            for each in (("passage", "text"), ("passage_stem", "term"))
        ]

    with pytest.raises(ZeroDivisionError), office.app.database.write() as connection:
        held = store.current(connection, 1)
        assert held is not None
        blocks = (Block(kind=BlockKind.PARAGRAPH, text="A zebra."),)
        passages.replace(connection, 1, replace(held.version, blocks=blocks), office.rules.count)
        assert found(connection) == [1, 1]
        _ = 1 / 0
    with office.app.database.read() as connection:
        assert found(connection) == [0, 0]
