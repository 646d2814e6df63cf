"""The jobs of the schedule: at their publishers' hours, one at a time for each host, as wanted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from test_schedule import until
from typer.testing import CliRunner

from index import job_runs
from index.job_runs import JobState
from lexwatch import settings
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.schedule import lock, running
from lexwatch.schedule.plan import HERE, Job, Rank, planned
from lexwatch.schedule.running import rounds_of
from lexwatch.settings import Settings
from pipeline.calendar import EASTERN
from pipeline.errors import SettingsError

CONTACT = '[crawl]\ncontact = "office@example.com"\n'
MONDAY = datetime(2026, 11, 23, 17, tzinfo=UTC)
YEAR = timedelta(days=365)


def app(folder: Path, text: str = CONTACT) -> App:
    path = folder / "config.toml"
    path.write_text(f"{text}\n[data]\nfolder = {json.dumps(str(folder))}\n", encoding="utf-8")
    return App(settings.load(path), lambda: MONDAY)


def jobs(folder: Path, text: str = CONTACT) -> dict[str, Job]:
    return {each.name: each for each in planned(app(folder, text))}


@pytest.mark.parametrize("name", App(Settings()).sources)
def test_a_source_is_visited_as_often_as_its_author_says(tmp_path: Path, name: str) -> None:
    facts = App(Settings()).sources[name].facts
    times = list(jobs(tmp_path)[f"crawl {name}"].timetable.between(MONDAY, MONDAY + YEAR))
    # Clocks are set; a month has 31 days; and an office that is closed publishes nothing.
    slack = timedelta(days=4 if facts.working else 1 if facts.cadence > timedelta(days=7) else 0)
    longest = max(later - earlier for earlier, later in pairwise(times))
    assert longest <= facts.cadence + timedelta(hours=1) + slack


def test_the_federal_register_is_read_when_its_office_has_published(tmp_path: Path) -> None:
    known = jobs(tmp_path)
    filed, issue = (known[f"crawl {name}"] for name in ("public_inspection", "federal_register"))
    first = issue.timetable.next(MONDAY + timedelta(days=2))
    assert first is not None  # the Wednesday is past, the Thursday is Thanksgiving
    assert f"{first.astimezone(EASTERN):%a %H:%M}" == "Fri 06:15"
    hours = [f"{each.astimezone(EASTERN):%H:%M}" for each in _of_a_day(filed)]
    assert hours == ["08:50", "13:20", "16:20"]


def _of_a_day(job: Job) -> list[datetime]:
    midnight = MONDAY.replace(hour=5)
    return list(job.timetable.between(midnight, midnight + timedelta(hours=24)))


def test_sources_that_share_a_host_share_a_queue_and_never_a_minute(tmp_path: Path) -> None:
    known = [each for each in jobs(tmp_path).values() if each.rank is Rank.CRAWL]
    sources = App(Settings()).sources
    for one in known:
        for other in known:
            hosts = (set(sources[each.command[1]].facts.hosts) for each in (one, other))
            if one is not other and set.intersection(*hosts):
                assert one.queue == other.queue
                assert not {*_of_a_day(one)} & {*_of_a_day(other)}
    assert HERE not in {each.queue for each in known}


def test_what_asks_no_publisher_runs_after_what_it_needs(tmp_path: Path) -> None:
    known = jobs(tmp_path)
    own = [each for each in known.values() if each.queue == HERE]
    names = ["ingest", "digest", "backup", "verify", "purge"]
    assert [each.name for each in sorted(own, key=lambda each: each.rank)] == names
    assert not any(each.off for each in own)
    assert [each.name for each in known.values() if each.queue == known["health"].queue] == [
        "health"
    ]


def test_no_publisher_is_asked_who_could_not_reach_us(tmp_path: Path) -> None:
    crawls = [each for each in jobs(tmp_path, "").values() if each.rank is Rank.CRAWL]
    assert all(each.off for each in crawls)
    off = {each.name: each.off for each in jobs(tmp_path).values() if each.off}
    assert "crawl federal_register" not in off and "never recorded" in off["crawl courts"]


def test_the_settings_say_otherwise(tmp_path: Path) -> None:
    text = f"""{CONTACT}
        [schedule]
        zone = "America/Los_Angeles"
        [schedule.jobs."crawl federal_register"]
        cron = ["0 7 * * *", "0 19 * * *"]
        days = "all"
        limit = 30
        grace = 90
        [schedule.jobs.backup]
        enabled = false
        [schedule.jobs.digest]
        days = "working"
        """
    known = jobs(tmp_path, text)
    register, digest = known["crawl federal_register"], known["digest"]
    assert [each.line for each in register.timetable.crons] == ["0 7 * * *", "0 19 * * *"]
    assert register.timetable.zone.key == "America/Los_Angeles" and not register.timetable.working
    assert (register.limit, register.grace) == (timedelta(minutes=30), timedelta(minutes=90))
    assert digest.timetable.working and digest.timetable.zone.key == "America/Los_Angeles"
    assert "enabled = false under" in known["backup"].off
    assert known["crawl visa_bulletin"].timetable.zone.key == "America/New_York"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[schedule.jobs.digest]\ncron = '61 * * * *'", "cron, entry 1 = '61 * * * *': allowed is"),
        ("[schedule.jobs.digest]\ncron = []", "one cron line or several"),
        ("[schedule.jobs.digest]\nday = 'all'", "digest.day: unknown setting; did you mean days?"),
        ("[schedule.jobs.digest]\nlimit = 0", "limit = 0: allowed is more than 0"),
        ("[schedule]\nzone = 'Mars'", "schedule.zone = 'Mars'"),
        ("[schedule.jobs.'crawl visa']\nlimit = 9", "did you mean crawl visa_bulletin?"),
    ],
)
def test_a_slip_in_the_settings_is_refused_with_what_is_allowed(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(SettingsError) as error:
        planned(app(tmp_path, text))
    assert said in str(error.value) and re.search(r"schedule\.", str(error.value))


def test_the_list_says_what_runs_when_how_it_went_and_what_is_next(tmp_path: Path) -> None:
    office = app(tmp_path)
    number = job_runs.begin(office.database, "backup", MONDAY, MONDAY)
    at = MONDAY + timedelta(seconds=90)
    job_runs.end(office.database, number, at, JobState.FAILED, exit_code=1, said="no room")
    job_runs.begin(office.database, "digest", MONDAY, MONDAY)  # and then died
    start = ["--config", str(tmp_path / "config.toml"), "--at", "2026-11-23T17:30", "schedule"]
    said = " ".join(CliRunner().invoke(cli, [*start, "--list"]).stdout.split())
    assert "backup at 5:30 (America/New_York); at most 2 hours last: failed, November 23" in said
    assert "90 seconds: no room next: November 24, 2026, 05:30 EST" in said
    assert "last: cut off" in said and "No schedule runs now" in said
    assert "off: crawl courts: its real pages were never recorded" in said
    told = json.loads(CliRunner().invoke(cli, [*start, "--list", "--json"]).stdout)
    rows = {row["job"]: row for row in told["jobs"]}
    assert told["running"] is False and rows["backup"]["last"]["seconds"] == 90
    assert rows["crawl federal_register"]["when"].startswith("at 6:15, on federal working days")
    assert rows["health"]["runs"] == "lexwatch health --tell" and rows["health"]["last"] is None
    office.database.close()


def test_where_another_schedule_runs_the_pages_are_shown_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    office = app(tmp_path)
    with lock.alone(tmp_path):
        with running.alongside(office, None, again=0.01):
            until(lambda: caplog.messages)
        with running.alongside(app(tmp_path, "[schedule]\nenabled = false"), None):
            pass
    assert caplog.messages == [
        "another process runs the schedule; the pages are shown all the same"
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
def test_a_service_manager_stops_it_in_good_order(tmp_path: Path) -> None:
    own = ("ingest", "digest", "backup", "verify", "purge", "health")
    off = "".join(f"[schedule.jobs.{name}]\nenabled = false\n" for name in own)
    app(tmp_path, off)
    command = [sys.executable, "-m", "lexwatch", "--config", str(tmp_path / "config.toml")]
    with subprocess.Popen([*command, "schedule"]) as process:
        until(lambda: lock.is_running(tmp_path))
        process.terminate()
        assert process.wait(20) == 0
    assert not lock.is_running(tmp_path)


def test_each_job_is_a_command_of_ours_with_the_same_settings(tmp_path: Path) -> None:
    known = jobs(tmp_path)
    for each in known.values():
        done = CliRunner().invoke(cli, [each.command[0], "--help"])
        assert done.exit_code == 0, each.name
        assert all(option in done.stdout for option in each.command[1:] if option.startswith("-"))
    assert HERE in rounds_of(app(tmp_path), None).queues
