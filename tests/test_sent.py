"""What was sent, as a command lists it: states, messages as they left, digests made again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from test_sending import ANA, MONDAY, WEEK, Office
from typer.testing import CliRunner, Result

from lexwatch.alerting import sending
from lexwatch.cli import cli
from lexwatch.output.posted import state
from pipeline.letter import Outcome


class Desk:
    """An office with a settings file, at which commands are given."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder / "data")
        self.config = folder / "config.toml"
        self.config.write_text(
            f"[data]\nfolder = {json.dumps(self.office.data.folder)}\n"
            f'[[subscriptions]]\nreader = "Ana"\naddress = "{ANA.address}"\n',
            encoding="utf-8",
        )

    def given(self, *words: str) -> Result:
        at = f"{MONDAY + WEEK:%Y-%m-%dT%H:%M:%S}"
        return CliRunner().invoke(cli, ["--config", str(self.config), "--at", at, *words])

    def said(self, *words: str) -> Any:
        result = self.given(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.output)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.office.publish(MONDAY, first="Baseline.")
    yield made
    made.office.app.database.close()


def test_a_letter_waits_and_then_was_sent(desk: Desk) -> None:
    sending.queue(desk.office.app, MONDAY + WEEK)
    (one,) = desk.said("sent")
    assert (one["number"], one["state"], one["reader"]) == (1, "waiting", "Ana")
    (handed,) = desk.said("digest")
    assert handed["outcome"] == "sent"
    (one,) = desk.said("sent", "--reader", "ANA@example.com")
    assert (one["state"], one["where"]) == ("sent", handed["where"])
    assert desk.said("sent", "--reader", "Ben") == []
    assert desk.said("digest") == []


def test_a_message_is_written_as_it_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (handed,) = desk.said("digest")
    monkeypatch.chdir(tmp_path)
    result = desk.given("sent", "--eml", "1")
    written = Path(result.output.removeprefix("Written: ").strip())
    assert written.suffix == ".eml"
    assert written.read_bytes() == Path(handed["where"]).read_bytes()
    assert written.stat().st_mode & 0o777 == 0o600
    assert "there is no letter 7" in str(desk.given("sent", "--eml", "7").exception)
    written.write_text("notes of somebody")
    assert "move what is there" in str(desk.given("sent", "--eml", "1").exception)
    assert written.read_text() == "notes of somebody"


def test_a_letter_can_be_sent_again_as_it_was(desk: Desk) -> None:
    (handed,) = desk.said("digest")
    was = Path(handed["where"]).read_bytes()
    Path(handed["where"]).unlink()
    (one,) = desk.said("sent", "--again", "1")
    assert (one["number"], one["state"]) == (1, "waiting")
    assert "it waits" in str(desk.given("sent", "--again", "1").exception)
    (handed,) = desk.said("digest")
    assert Path(handed["where"]).read_bytes() == was
    assert "there is no letter 7" in str(desk.given("sent", "--again", "7").exception)


def test_a_letter_is_not_sent_again_to_who_wants_none(desk: Desk) -> None:
    desk.said("digest")
    desk.said("unsubscribe", ANA.address)
    assert "nothing may be sent to" in str(desk.given("sent", "--again", "1").exception)


def test_a_digest_gives_alerts_and_writes_feeds_as_a_run_does(desk: Desk) -> None:
    desk.office.publish(MONDAY + timedelta(days=1), second="News.")
    desk.said("digest")
    assert sending.match_changes(desk.office.app) == 0
    assert list(desk.office.app.settings.feeds_folder.iterdir())


def test_a_digest_made_again_is_compared_with_what_was_sent(desk: Desk) -> None:
    desk.said("digest")
    day = f"{MONDAY:%Y-%m-%d}"
    (one,) = desk.said("digest", "--again", day, "--reader", "Ana")
    assert one["same"] is True and "Ana" in one["message"]
    assert "byte for byte" in desk.given("digest", "--again", day).output
    assert "no digest of 2020-01-01" in str(desk.given("digest", "--again", "2020-01-01").exception)


def test_mail_that_is_only_written_to_files_is_said_to_reach_nobody(desk: Desk) -> None:
    assert "goes to nobody" in desk.given("sent").output
    assert desk.said("sent") == []  # JSON, and nothing beside it


def test_a_preview_sends_nothing(desk: Desk) -> None:
    (shown,) = desk.said("digest", "--preview")
    assert shown["subject"] and desk.said("sent") == []


def test_what_nobody_can_know_is_shown_as_that(desk: Desk) -> None:
    desk.office.now = MONDAY + WEEK
    sending.queue(desk.office.app, MONDAY + WEEK)
    (row,) = desk.office.app.ledger.due(desk.office.now)
    assert state(row) == "waiting"
    assert state(replace(row, unfinished=1)) == "unconfirmed"
    assert state(replace(row, outcome=Outcome.FAILED)) == "failed"
    desk.office.app.ledger.begin(row.key, desk.office.now)
    assert "unconfirmed" in desk.given("sent").output
    later = desk.office.now + timedelta(days=9)
    failed = replace(row, next_at=later)
    desk.office.app.ledger.finish(
        failed, Outcome.FAILED, desk.office.now, error="mailbox full", next_at=later
    )
    assert "mailbox full" in desk.given("sent").output
