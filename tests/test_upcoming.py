"""The commands `deadlines` and `feeds`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from test_relating import STORY, hold
from typer.testing import CliRunner

from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.settings import Data, Settings
from pipeline.errors import NotHeld, SettingsError

AT = "2026-11-22T17:00:00"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings with a reader, and a store that holds a rule that takes effect on December 1."""
    folder = tmp_path / "data"
    file = tmp_path / "config.toml"
    file.write_text(
        f'[data]\nfolder = "{folder.as_posix()}"\n'
        '[[subscriptions]]\nreader = "Ana"\naddress = "ana@example.com"\ntopics = ["asylum"]\n'
        '[[subscriptions]]\nreader = "Ben"\naddress = "ben@example.com"\ntopics = ["h1b"]\n'
    )
    now = datetime(2026, 11, 10, 17, tzinfo=UTC)
    app = App(Settings(data=Data(folder=str(folder))), lambda: now)
    hold(app.database, STORY)
    app.database.close()
    return file


def run(config: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["--config", str(config), "--at", AT, *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_deadlines_are_told_with_words_and_days_left(config: Path) -> None:
    said = " ".join(run(config, "deadlines").split())
    for words in ("December 1, 2026", "in 9 days", "Effective date", "91 FR 09140"):
        assert words in said, words
    assert "Nothing that lexwatch holds" in run(config, "deadlines", "--days", "5")


def test_deadlines_as_json_hold_what_calendars_do(config: Path) -> None:
    (only,) = json.loads(run(config, "deadlines", "--json"))
    assert (only["on"], only["days"], only["kind"]) == ("2026-12-01", 9, "effective")
    assert date.fromisoformat(only["on"]) == date(2026, 12, 1)
    assert only["words"] == "December 1, 2026" and only["read_from"] == "DATES"


def test_deadlines_of_a_topic_or_a_reader(config: Path) -> None:
    run(config, "feeds")  # reads the settings' subscriptions in
    for chosen in (("--topic", "asylum"), ("--reader", "ana"), ("--reader", "ANA@example.com")):
        assert len(json.loads(run(config, "deadlines", *chosen, "--json"))) == 1, chosen
    for chosen in (("--topic", "h1b"), ("--reader", "Ben")):
        assert json.loads(run(config, "deadlines", *chosen, "--json")) == [], chosen
    with pytest.raises(NotHeld, match="nobody called 'Dora' subscribes"):
        run(config, "deadlines", "--reader", "Dora")
    with pytest.raises(SettingsError, match="no topic 'asilum'"):
        run(config, "deadlines", "--topic", "asilum")


def test_feeds_says_where_they_are_and_what_changed(config: Path) -> None:
    first = json.loads(run(config, "feeds", "--json"))
    assert "calendar-all.ics" in first["changed"]
    assert (Path(first["folder"]) / "calendar-all.ics").is_file()
    said = " ".join(run(config, "feeds").split())
    assert f"{len(first['changed'])} calendars and feeds in" in said
    assert "0 written" in said and "0 removed" in said


def test_feeds_says_under_which_address_the_world_finds_each_calendar(config: Path) -> None:
    config.write_text(f'{config.read_text()}[web]\naddress = "https://watch.example.com"\n')
    said = run(config, "feeds")
    lines = [one.strip() for one in said.splitlines() if "/calendar/" in one]
    assert [one.split(": ")[0] for one in lines] == [
        "all dates",
        "dates of Ana, ana@example.com",
        "dates of Ben, ben@example.com",
    ]
    assert len({one.rpartition("/")[2] for one in lines}) == len(lines)
