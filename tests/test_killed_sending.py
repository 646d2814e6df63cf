"""Killed at any step of sending, everybody has their one digest in the end, and doubt is marked.

The job runs in a child that was forked, with a real ledger and a real mail server on loopback. It
dies by SIGKILL at a step that is counted: before and after each commit, each time it speaks to the
server and each time it was answered.
"""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from test_deliver import Inbox, Server

from index.database import Database, Keeper
from index.deliveries import Ledger
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.settings import Data, Mail, Settings, Watch
from lexwatch.turns import Turn
from pipeline.model import Delivery

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to be killed")

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
READERS = ("ana", "bob", "cy", "dee")
# Every step where LEXWATCH_KILL_EVERY is set (minutes), else some of queueing, and of sending those
# of the first letter: each takes the same.
EVERY = bool(os.environ.get("LEXWATCH_KILL_EVERY"))


@dataclass(frozen=True, kw_only=True)
class Post:
    """A mail server, and two offices to be copied: in one four readers are owed a digest, in the
    other these are in the queue."""

    inbox: Inbox
    port: int
    owed: Path
    queued: Path

    def queue(self, folder: Path) -> None:
        with self._app(folder) as app:
            assert sending.queue(app, NOW).failed == ()

    def send(self, folder: Path) -> None:
        with self._app(folder) as app:
            assert all(not one.error for one in sending.send(app))

    @contextmanager
    def _app(self, folder: Path) -> Iterator[App]:
        app = App(settings(folder, self.port), lambda: NOW)
        with app.turn(Turn.MAILING):
            yield app
        app.database.close()


def settings(folder: Path, port: int) -> Settings:
    return Settings(
        data=Data(folder=str(folder)),
        mail=Mail(transport="smtp", host="127.0.0.1", port=port, security="none"),
        subscriptions=[Watch(reader=name, address=f"{name}@firm.example") for name in READERS],
    )


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    inbox = Inbox()
    server: Controller = Server(inbox, hostname="127.0.0.1", port=0)
    server.start()
    folder = tmp_path_factory.mktemp("offices")
    made = Post(inbox=inbox, port=server.port, owed=folder / "owed", queued=folder / "queued")
    app = App(settings(made.owed, server.port), lambda: NOW)
    _ = (app.database, app.titles, app.taxonomy.titles)  # and imports what the child will need
    app.database.close()
    shutil.copytree(made.owed, made.queued)
    made.queue(made.queued)
    yield made
    server.stop()


def forked(work: Callable[[], None]) -> int:
    """Do something in a child that ends there; returns how it ended, as `os.waitstatus…` says."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def counting(step: Callable[[str], None]) -> None:
    """Have a step told before and after whatever lasts: only ever in a child."""

    def around(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def told(self: Any, *given: Any, **named: Any) -> Any:
            step(f"before {name}")
            answer = real(self, *given, **named)
            step(f"after {name}")
            return answer

        setattr(owner, name, told)

    around(smtplib.SMTP, "connect")
    around(smtplib.SMTP, "send")
    around(smtplib.SMTP, "getreply")

    def opened(self: Database, url: str, keeper: Keeper | None = None) -> None:
        real(self, url, keeper)
        commit = self.engine.dialect.do_commit

        def told(connection: Any) -> None:
            step("before commit")
            commit(connection)
            step("after commit")

        self.engine.dialect.do_commit = told  # type: ignore[method-assign,assignment]

    real = Database.__init__
    Database.__init__ = opened  # type: ignore[method-assign]


def steps(job: Callable[[Path], None], office: Path, folder: Path) -> list[str]:
    """The steps of a job that nothing disturbs, in order."""
    told = folder / "steps"
    shutil.copytree(office, folder / "undisturbed")

    def work() -> None:
        with told.open("w", encoding="utf-8") as file:
            counting(lambda name: print(name, file=file))
            job(folder / "undisturbed")
            file.flush()

    assert forked(work) == 0
    return told.read_text("utf-8").splitlines()


def killed(job: Callable[[Path], None], folder: Path, number: int) -> None:
    left = number

    def step(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        counting(step)
        job(folder)

    assert forked(work) == -signal.SIGKILL


def ledger(folder: Path) -> tuple[Delivery, ...]:
    database = Database(f"sqlite:///{folder / 'lexwatch.db'}")
    try:
        return Ledger(database).deliveries()
    finally:
        database.close()


def test_killed_at_any_step_of_sending_everybody_has_one_digest_and_doubt_is_marked(
    post: Post, tmp_path: Path
) -> None:
    every = steps(post.send, post.queued, tmp_path)
    post.inbox.messages.clear()
    assert every.count("before connect") == 1 and every.count("before commit") > 8
    until = len(every) if EVERY else len(every) // len(READERS) + 2
    copies_in_doubt: Counter[int] = Counter()
    for number in range(1, until + 1):
        if not (EVERY or every[number - 1].startswith("after")):
            continue  # as after the step before it
        folder = tmp_path / str(number)
        shutil.copytree(post.queued, folder)
        killed(post.send, folder, number)
        doubt = {row.reader for row in ledger(folder) if row.unfinished}
        assert len(doubt) <= 1, every[number - 1]
        assert forked(lambda: post.send(folder)) == 0  # noqa: B023 - called here and now
        said = {row.reader: row.outcome for row in ledger(folder)}
        assert said == {name: "uncertain" if name in doubt else "sent" for name in READERS}
        copies = copied(post.inbox.messages)
        assert copies.keys() == set(READERS), every[number - 1]
        for name, ids in copies.items():
            assert len(ids) <= (2 if name in doubt else 1) and len(set(ids)) == 1
            copies_in_doubt[len(ids)] += name in doubt
        post.inbox.messages.clear()
    # Where the message was not ended yet nobody holds two; where it was, one does.
    assert copies_in_doubt[1] and copies_in_doubt[2], copies_in_doubt


def copied(messages: list[bytes]) -> dict[str, list[str]]:
    """The Message-IDs that each reader was given, in order."""
    found: dict[str, list[str]] = {}
    for content in messages:
        message = message_from_bytes(content)
        name = str(message["To"]).partition("<")[2].partition("@")[0]
        found.setdefault(name, []).append(str(message["Message-ID"]))
    return found
