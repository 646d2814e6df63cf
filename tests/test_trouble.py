"""The operator is told of what ails lexwatch: once, daily until it is solved, and once more."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, ClassVar

import pytest
from publisher import Reader, rules_of
from sqlalchemy import insert, select

from alerts.transports import FileOutbox
from index import ingest, job_runs, proven, runs, schema, troubles
from index.archive import Archive
from index.ingest import Readings
from index.job_runs import JobState
from index.outgoing import delivery
from index.verdict import judge
from index.waiting import RUNS
from lexwatch.app import App
from lexwatch.keeping import backup
from lexwatch.operating.ailing import OWN_MAIL, ailments
from lexwatch.operating.health import health
from lexwatch.operating.telling import tell
from lexwatch.settings import Channel, Crawl, Data, Operator, Settings, Source
from pipeline.errors import Damaged, DeliveryError
from pipeline.health import Normal
from pipeline.letter import Letter, Outcome
from pipeline.model import Page
from pipeline.trouble import Ailment, Trouble, TroubleKind, plan

MONDAY = datetime(2026, 11, 23, 13, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOURCE = "visa_bulletin"
LOST = {
    "key": "given up",
    "reader": "Ana",
    "address": "ana@example.com",
    "since": MONDAY - DAY,
    "until": MONDAY,
    "message_id": "<1@example.com>",
    "outcome": Outcome.GIVEN_UP,
}
DOWN = "https://travel.state.gov/: 503 three times; run it again"


class Office:
    """One source that is on, and a clock that is set."""

    def __init__(self, folder: Path, source: str = SOURCE, **operator: Any) -> None:
        self.now, self.source = MONDAY, source
        names = App(Settings()).sources
        given: dict[str, Any] = {"address": "ops@firm.example", "backup_days": 0, **operator}
        settings = Settings(
            data=Data(folder=str(folder)),
            sources={name: Source(enabled=name == source) for name in names},
            crawl=Crawl(contact="ops@firm.example"),
            channels={"teams": Channel(url="json://127.0.0.1:9")},  # nobody listens there
            operator=Operator(**given),
        )
        self.app = App(settings, lambda: self.now)
        self.folder = settings.mail_folder
        self.seen: set[Path] = set()

    def visit(self, *failures: str, blocked: bool = False, unread: int = 0) -> None:
        database, normal = self.app.database, Normal(floor=0, ceiling=1000)
        run = runs.begin_run(database, self.source, self.now)
        for number in range(unread):
            url = f"https://travel.state.gov/{number}"
            Archive(database, run.id).keep(
                Page(
                    source=self.source,
                    url=url,
                    final_url=url,
                    asked=url,
                    status=200,
                    headers={},
                    body=b"{}",
                    fetched_at=self.now,
                )
            )
        ended = {"requests": 3, "size": 0, "blocked": blocked, "failures": failures}
        runs.end_crawl(database, run.id, **ended)  # type: ignore[arg-type] # as each is
        reader = Reader()
        reader.broken = True
        rules = replace(rules_of(reader), readers={self.source: reader})
        for number in runs.unexamined(database, [self.source]):
            ingest.examine(database, number, Readings(rules), self.now)
        judge(database, run.id, self.now, normal)

    def told(self) -> list[str]:
        """The subjects and texts of mails since it was asked last, after telling what is due."""
        tell(self.app, health(self.app))
        new = sorted(set(self.folder.glob("*.eml")) - self.seen)
        self.seen |= set(new)
        return [_read(path) for path in new]


def _read(path: Path) -> str:
    mail: Any = message_from_bytes(path.read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",)).get_content()
    assert mail["List-Unsubscribe"] is None and mail["To"] == "lexwatch operator <ops@firm.example>"
    return " ".join(f"{mail['Subject']}\n{text}".split())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_failing_source_is_told_on_the_third_day_then_daily_then_as_solved(
    office: Office,
) -> None:
    said = []
    for failures in [(DOWN,)] * 5 + [(), ()]:
        office.visit(*failures)
        said.append(office.told())
        office.now += 3 * HOUR
        assert office.told() == []  # a second look on a day tells nothing
        office.now += 21 * HOUR
    assert [len(each) for each in said] == [0, 0, 1, 1, 1, 1, 0]
    first, again, solved = said[2][0], said[4][0], said[5][0]
    assert first.startswith("lexwatch needs you: Visa Bulletin failed 3 times in a row.")
    assert "Digests say that it was not read" in first and "`lexwatch crawl visa_bulletin`" in first
    assert "Since November 23, 2026" in first
    assert "failed 5 times in a row" in again and "told 2 times before" in again
    assert solved.startswith("lexwatch, solved: Visa Bulletin") and "needs you" not in solved


@pytest.mark.parametrize(
    ("visit", "said"),
    [
        ({"blocked": True, "unread": 0}, "shows us a bot wall in place of its pages"),
        ({"unread": 2}, "2 pages could not be read as before"),
    ],
)
def test_a_wall_and_a_new_layout_are_told_at_first_and_solved_by_a_whole_reading_alone(
    office: Office, visit: dict[str, Any], said: str
) -> None:
    office.visit(DOWN, **visit)
    (mail,) = office.told()
    assert said in mail
    office.now += DAY
    office.visit(DOWN)  # it fails otherwise: not well, and now it is that
    (mail,) = office.told()
    assert "needs you: Visa Bulletin failed 2 times in a row" in mail and "SOLVED" not in mail
    office.now += DAY
    office.visit()
    (mail,) = office.told()
    assert mail.startswith("lexwatch, solved: Visa Bulletin failed")


def test_silence_and_a_source_that_nobody_visits_are_told(office: Office) -> None:
    office.visit()
    office.now += 4 * DAY
    (mail,) = office.told()
    assert "Visa Bulletin was not visited for 4 days" in mail
    office.now += 60 * DAY
    office.visit()
    (mail,) = office.told()
    assert "nothing new since 2026-11-23" in mail


def test_what_publishes_on_working_days_alone_is_not_late_after_a_weekend(tmp_path: Path) -> None:
    office = Office(tmp_path, source="federal_register")
    office.now -= 3 * DAY  # Friday
    office.visit()
    office.now += 3 * DAY - HOUR  # Monday; a Thursday's holiday makes no difference
    assert office.told() == []
    office.now += 2 * DAY
    (mail,) = office.told()
    assert "was not visited for 4 days, though that was due" in mail


def test_a_job_that_is_no_more_ails_nobody(office: Office) -> None:
    job_runs.miss(office.app.database, "crawl gone", office.now, office.now, "the machine was off")
    assert office.told() == []


def test_jobs_are_told_without_what_they_said_and_crawls_by_their_source(office: Office) -> None:
    database, at = office.app.database, office.now
    for name, state, code in (
        ("backup", JobState.FAILED, 1),
        ("digest", JobState.TIMED_OUT, None),
        (f"crawl {SOURCE}", JobState.FAILED, 1),
        ("health", JobState.FAILED, 1),
    ):
        number = job_runs.begin(database, name, at, at)
        job_runs.end(database, number, at, state, exit_code=code, said="no digest for Ana Reyes")
    job_runs.miss(database, "purge", at, at, "the machine was off")
    (mail,) = office.told()
    assert "3 things need you" in mail and "Ana" not in mail
    for said in ("“backup” failed with exit code 1", "“digest” timed out", "“purge” was due and"):
        assert said in mail


def test_letters_given_up_are_told_and_never_as_solved(office: Office) -> None:
    with office.app.database.write() as connection:
        connection.execute(insert(delivery).values(**LOST, finished_at=office.now))
    (mail,) = office.told()
    assert "1 letter was given up within 3 days, and reached nobody" in mail
    office.now += 4 * DAY
    assert office.told() == []
    assert ailments(health(office.app), office.app.settings.operator) == ()


def test_of_a_long_row_of_failures_no_more_are_claimed_than_are_counted(office: Office) -> None:
    office.visit(DOWN)
    with office.app.database.write() as connection:
        failed = dict(connection.execute(select(schema.run)).mappings().one())
        del failed["id"]
        connection.execute(insert(schema.run), [failed] * RUNS)
    (mail,) = office.told()
    assert f"failed at least {RUNS} times in a row" in mail


class Slow(FileOutbox):
    """A mail server that takes its time."""

    def send(self, letter: Letter, begin: Callable[[], None]) -> str:
        time.sleep(0.1)
        return super().send(letter, begin)


def test_two_that_look_at_once_tell_it_once(office: Office) -> None:
    office.visit(DOWN, blocked=True)
    office.app.transport = Slow(folder=office.folder)
    found = health(office.app)
    with ThreadPoolExecutor() as pool:
        told = [*pool.map(lambda _: tell(office.app, found), range(2))]
    assert sorted(each.due for each in told) == [False, True]


def test_an_altered_record_is_told_with_its_capture_and_as_solved_when_it_holds(
    office: Office,
) -> None:
    database, at = office.app.database, office.now
    proven.note(database, proven.LastProof(at=at, captures=9, fault="capture 3: it was altered"))
    number = job_runs.begin(database, "verify", at, at)
    job_runs.end(database, number, at, JobState.FAILED, exit_code=1, said="")
    (mail,) = office.told()
    assert mail.startswith("lexwatch needs you: The record of captures does not hold: capture 3")
    assert "`lexwatch hold" in mail and "`lexwatch restore`" in mail and "“verify”" not in mail
    proven.note(database, proven.LastProof(at=at, captures=9, fault=""))
    job_runs.end(database, number, at, JobState.DONE, exit_code=0, said="")
    (mail,) = office.told()
    assert mail.startswith("lexwatch, solved: The record of captures")


def test_damage_that_a_backup_met_is_told_as_that_with_the_command_that_mends_it(
    office: Office,
) -> None:
    made = backup.make(office.app.settings, _opened(office).now)
    number = job_runs.begin(office.app.database, "backup", office.now, office.now)
    code = Damaged.exit_code
    job_runs.end(office.app.database, number, office.now, JobState.FAILED, exit_code=code, said="")
    (mail,) = office.told()
    assert mail.startswith("lexwatch needs you: The database is damaged") and "“backup”" not in mail
    assert f"`lexwatch restore {made.backup.path}`" in mail


def _opened(office: Office) -> Office:
    _ = office.app.database
    return office


class Shut:
    """A mail server that nobody reaches."""

    repeatable: ClassVar[bool] = False

    def send(self, letter: Letter, begin: Callable[[], None]) -> str:  # noqa: ARG002 - a Transport
        raise DeliveryError("nobody answered")

    def close(self) -> None:
        """Nothing was opened."""


def test_where_mail_fails_the_channel_is_tried_and_what_nobody_heard_is_due_again(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, channel="teams", after=1)
    office.visit(DOWN)
    office.app.transport = Shut()
    told = tell(office.app, health(office.app))
    assert not told.is_done and len(told.errors) == 2 and "teams" in told.errors[1]
    ill = {each.subject for each in ailments(health(office.app), office.app.settings.operator)}
    assert ill == {f"source {SOURCE}", OWN_MAIL}
    office.app.transport = FileOutbox(folder=office.folder)
    office.now += HOUR
    (mail,) = office.told()
    assert "Visa Bulletin" in mail and "can't be handed over" in mail
    office.now += HOUR
    assert office.told() == []
    ill = {each.subject for each in ailments(health(office.app), office.app.settings.operator)}
    assert ill == {f"source {SOURCE}"}


def test_a_database_that_cannot_be_read_is_told_once_a_day_and_as_solved(office: Office) -> None:
    office.app.settings.folder.mkdir(exist_ok=True)
    counts = []
    for _ in range(3):
        counts.append([len(office.told()), len(office.told())])
        office.now += DAY
    assert counts == [[1, 0]] * 3
    office.visit()
    (mail,) = office.told()
    assert mail.startswith("lexwatch, solved: The database could not be read")
    assert office.told() == []


def test_a_full_disk_and_a_missing_backup_ail(tmp_path: Path) -> None:
    office = Office(tmp_path, backup_days=3)
    office.visit()
    office.now += DAY
    office.visit()
    found, operator = health(office.app), office.app.settings.operator
    assert ailments(found, operator) == ()
    assert found.space is not None
    full = replace(found, space=replace(found.space, free=1000), at=found.at + 3 * DAY)
    kinds = [each.kind for each in ailments(full, operator)]
    assert kinds == [TroubleKind.DISK, TroubleKind.BACKUP]


# The decision by itself


ILL = Ailment(subject="disk", kind=TroubleKind.DISK, said="full", since=MONDAY)
KNOWN = Trouble(
    id=1,
    subject="disk",
    kind=TroubleKind.DISK,
    said="full",
    since=MONDAY,
    told=1,
    told_at=MONDAY,
)


def test_what_comes_and_goes_by_the_hour_makes_two_mails_a_day() -> None:
    held, count = tuple[Trouble, ...](), 0
    for hour in range(5 * 24):
        now = MONDAY + hour * HOUR
        planned = plan(held, [ILL] if hour % 2 else [], now, DAY)
        held = planned.altered or held
        if planned.is_news:
            count += 1
            held = tuple(
                replace(each, told_at=now) if planned.open else replace(each, solved_told_at=now)
                for each in held
            )
    assert 8 <= count <= 11


def test_what_is_back_an_hour_after_it_was_told_as_solved_waits() -> None:
    over = replace(KNOWN, solved_at=MONDAY + 23 * HOUR, solved_told_at=MONDAY + 23 * HOUR)
    assert not plan([over], [ILL], MONDAY + 24 * HOUR, DAY).is_news
    assert plan([over], [ILL], MONDAY + 46 * HOUR, DAY).is_news


def test_a_clock_that_was_ahead_when_it_was_told_delays_nothing() -> None:
    ahead = replace(KNOWN, told_at=MONDAY + 30 * DAY)
    assert plan([ahead], [ILL], MONDAY, DAY).is_news


def test_what_was_never_told_ends_without_a_word() -> None:
    planned = plan([replace(KNOWN, told=0, told_at=None)], [], MONDAY, DAY)
    assert not planned.is_news and planned.altered[0].solved_at == MONDAY


def test_the_end_that_could_not_be_told_is_told_later() -> None:
    over = replace(KNOWN, solved_at=MONDAY + HOUR)
    assert plan([over], [], MONDAY + 3 * DAY, DAY).ended == (over,)


def test_a_trouble_that_is_back_after_long_is_a_new_one(office: Office) -> None:
    over = replace(KNOWN, id=0, solved_at=MONDAY + HOUR, solved_told_at=MONDAY + HOUR)
    with office.app.database.write() as connection:
        (kept,) = troubles.keep(connection, [over])
        later = replace(ILL, since=MONDAY + 9 * DAY)
        planned = plan(troubles.held(connection), [later], MONDAY + 9 * DAY, DAY)
        (new,) = troubles.keep(connection, planned.altered)
        assert kept.id and new.id > kept.id and planned.due[0].since == later.since
        assert troubles.held(connection) == (new,)
