"""What is a reader's own goes nowhere but where they said: not sent, not printed, not logged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pytest
import typer
from fakes import HashingEncoder
from numpy.typing import NDArray
from publisher import Reader, page, rules_of, visit

from index import subscriptions
from lexwatch import logs
from lexwatch.alerting import feeds
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.commands import sent, work
from lexwatch.settings import Channel, Data, Log, Settings, Source
from pipeline.errors import ModelError
from pipeline.model import DateKind, StatedDate
from pipeline.subscription import FEED, MAIL, Origin, Subscription

BEGUN = datetime(2026, 11, 9, 14, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 14, tzinfo=UTC)
TEAMS = "teams"
OWN = Subscription(
    reader="Ana Reyes",
    address="ana@example.com",
    matter="okapi-2026-114",
    note="axolotl asked on Tuesday",
    words="bond OR quokka",
    meaning="quagga bond hearing",
    threshold=0.1,
    channels=(MAIL, TEAMS),
    urgent_at_once=True,
    name="Bond cases",
    origin=Origin.COMMAND,
)
SECRETS = ("okapi", "axolotl", "quokka", "quagga")


class Dated(Reader):
    """A publisher whose notices all state until when they take comments."""

    def _dates(self, key: str) -> tuple[StatedDate, ...]:
        said = f"Comments on {key} close on November 26, 2026."
        closes = DateKind.COMMENTS_CLOSE
        return (StatedDate(kind=closes, on=date(2026, 11, 26), words=said, read_from="text"),)


class Mute(HashingEncoder):
    """A model that can't be had."""

    def encode(self, texts: Sequence[str], *_: object, **__: object) -> NDArray[np.float32]:
        raise ModelError(f"the model is not the one of the vectors: {len(texts)} texts")


class Office:
    """An office that has watched one publisher for two weeks, on the Monday after."""

    def __init__(self, folder: Path, *wanted: Subscription) -> None:
        quiet = {name: Source(enabled=False) for name in App(Settings()).sources}
        given = Settings(
            data=Data(folder=str(folder)),
            sources=quiet,
            # Nobody listens there: what fails is told, too.
            channels={TEAMS: Channel(url="json://127.0.0.1:9")},
        )
        self.folder, self.app = folder, App(given, lambda: MONDAY)
        self.app.encoder = HashingEncoder()
        rules = rules_of(Dated())
        for days, said in enumerate(["Baseline.", "A bond hearing for an asylum applicant."]):
            at = BEGUN + timedelta(days=8 * days)
            visit(self.app.database, rules, at, page({f"notice-{days}": said}, at))
        for each in wanted:
            subscriptions.add(self.app.database, each, BEGUN)

    def call(self, command: Callable[..., None], **options: object) -> None:
        """A command as the command line calls it; one that fails says so by its exit code."""
        with suppress(typer.Exit):
            command(typer.Context(typer.main.get_command(cli), obj=self.app), **options)

    def bodies(self, channel: str) -> list[bytes]:
        """The letters as they leave."""
        letters = (self.app.ledger.letter(one.key) for one in self.app.ledger.deliveries())
        return [one.body for one in letters if one is not None and one.channel == channel]

    def feeds(self) -> str:
        """Calendars and feeds."""
        folder = feeds.write(self.app).folder
        return "\n".join(path.read_text("utf-8") for path in sorted(folder.iterdir()))

    def posted(self) -> str:
        return b"\n".join(self.bodies(TEAMS)).decode()

    def mails(self) -> str:
        """Headers and parts of every mail, decoded."""
        return "\n".join(words for body in self.bodies(MAIL) for words in _read(body))


def _read(body: bytes) -> Iterator[str]:
    mail = message_from_bytes(body, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    yield "\n".join(f"{name}: {value}" for name, value in mail.items())
    yield body.decode()
    for part in mail.walk():
        if not part.is_multipart():
            yield part.get_content()


def secrets_in(text: str) -> list[str]:
    return [each for each in SECRETS if each in text.casefold()]


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody logs, also those who would say less."""
    caplog.set_level(logging.DEBUG)
    for name in [*logging.root.manager.loggerDict, "apprise"]:
        caplog.set_level(logging.DEBUG, name)
    # At DEBUG it logs every row that it reads, which nobody can have it leave out.
    caplog.set_level(logging.INFO, "sqlalchemy.engine")
    return caplog


def test_nothing_of_a_readers_own_is_sent_printed_or_logged(
    tmp_path: Path, heard: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path, OWN)
    logs.begin(office.app.settings.model_copy(update={"log": Log(level="debug")}), "run")
    office.call(sent.digest, preview=True)
    office.call(work.run, as_json=True)
    office.call(work.run)
    office.call(sent.sent, every=True)
    office.call(sent.sent, as_json=True)
    office.call(sent.digest, again=MONDAY - timedelta(days=3))
    logs.end()
    mails, posted, fed = office.mails(), office.posted(), office.feeds()
    said, logged = capsys.readouterr(), (tmp_path / "logs" / "lexwatch.log").read_text("utf-8")
    assert '"event": "mailed"' in logged and "ana@" not in logged and "Ana" not in logged
    # It was met, is named, and is told of in each way that there is.
    assert "notice-1" in mails and "Bond cases" in mails and "Comments on notice-1" in mails
    assert "notice-1" in posted and "“Bond cases”" in fed and "BEGIN:VEVENT" in fed
    assert {one.kind for one in office.app.ledger.deliveries()} == {"digest", "reminder"}
    assert "INSERT INTO subscription" in heard.text
    assert "the service of the channel teams could not be reached" in said.out
    for where, text in {
        "mail": mails,
        "the channel": posted,
        "feeds": fed,
        "what is printed": said.out + said.err,
        "logs": heard.text,
        "the log file": logged,
    }.items():
        assert secrets_in(text) == [], where
    for path in (tmp_path / "digests").rglob("*"):
        assert path.is_dir() or secrets_in(path.read_text()) == []


@pytest.mark.parametrize("where", [MAIL, TEAMS, FEED])
def test_what_is_a_readers_own_is_shown_where_they_said_alone(
    tmp_path: Path,
    heard: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    where: str,
) -> None:
    office = Office(tmp_path, replace(OWN, shown_on=(where,)))
    office.call(work.run, as_json=True)
    told = {MAIL: office.mails(), TEAMS: office.posted(), FEED: office.feeds()}
    said = capsys.readouterr()
    assert secrets_in(told.pop(where)) != []
    assert secrets_in("\n".join([*told.values(), heard.text, said.out, said.err])) == []


def test_what_could_not_be_asked_is_told_without_its_words(
    tmp_path: Path, heard: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path, OWN, replace(OWN, words="quokka /s", meaning="", name="Old"))
    office.app.encoder = Mute()
    office.call(work.run, as_json=True)
    mails, said = office.mails(), capsys.readouterr()
    assert "“Bond cases” could not be run by meaning" in " ".join(mails.split())
    assert "“Old” could not be run" in " ".join(mails.split())
    assert secrets_in("\n".join([mails, office.posted(), heard.text, said.out, said.err])) == []
