"""The schedule: what is due runs once, whatever slept, died or was set to another time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from zoneinfo import ZoneInfo

import pytest

from index import job_runs
from index.database import Database
from index.job_runs import JobRun, JobState
from lexwatch.schedule import child, lock, running
from lexwatch.schedule.plan import HERE, LOOKOUT, Job, Rank
from lexwatch.schedule.rounds import DIED, Rounds
from lexwatch.schedule.timer import Timer
from pipeline import cron
from pipeline.cron import Timetable
from pipeline.errors import StoreError

PYTHON = (sys.executable, "-I", "-S", "-c")
FINE = (*PYTHON, "")
NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)  # a Monday, in New York
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EASTERN = ZoneInfo("America/New_York")


def job(name: str, line: str, rank: Rank = Rank.CRAWL, queue: str = "one.gov") -> Job:
    return Job(
        name=name,
        command=(name,),
        rank=rank,
        queue=queue,
        timetable=Timetable(crons=(cron.read(line),), zone=EASTERN),
        limit=MINUTE,
        grace=7 * DAY,
    )


@dataclass(kw_only=True)
class Office:
    """A schedule with a clock that is set by hand, and commands that are Python's."""

    database: Database
    now: datetime = NOON
    commands: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_worth_it: Callable[[Job], bool] = lambda _: False

    def rounds(self, *jobs: Job) -> Rounds:
        return Rounds(
            self.database,
            jobs,
            start=lambda one: self.commands.get(one.name, FINE),
            clock=lambda: self.now,
            spelled=lambda at: f"{at.astimezone(EASTERN):%Y-%m-%d %H:%M}",
            is_worth_it=self.is_worth_it,
            patience=0.3,
        )

    def once(self, *jobs: Job) -> list[JobRun]:
        """What a schedule begun now does and writes down."""
        before = len(self.entries())
        rounds = self.rounds(*jobs)
        rounds.begin()
        rounds.once()
        return self.entries()[before:]

    def entries(self) -> list[JobRun]:
        with self.database.read() as connection:
            return list(reversed(job_runs.runs(connection)))

    def last(self) -> JobRun:
        return self.entries()[-1]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database=database)


CRAWL = job("crawl a", "15 6 * * *")
DIGEST = job("digest", "5 * * * *", Rank.DIGEST, HERE)
BACKUP = job("backup", "30 5 * * *", Rank.BACKUP, HERE)
HEALTH = replace(job("health", "25 * * * *", Rank.HEALTH, HERE), grace=HOUR)


def test_after_four_days_asleep_each_job_runs_once_and_in_order(office: Office) -> None:
    every = (HEALTH, BACKUP, DIGEST, CRAWL)
    office.once(*every)
    office.now += 4 * DAY
    made_up = office.once(*every)
    assert [each.job for each in made_up] == ["crawl a", "digest", "backup", "health"]
    assert {each.state for each in made_up} == {JobState.DONE}
    assert "due 4 times since 2026-11-24 06:15, and run once" in made_up[0].said
    assert "due 96 times" in made_up[1].said
    assert office.once(*every) == []


def test_what_is_too_late_is_missed_with_its_day_and_noted_once(office: Office) -> None:
    weekly = replace(job("purge", "45 5 * * sun", Rank.PURGE, HERE), grace=DAY)
    office.now -= DAY  # on Sunday
    assert [each.state for each in office.once(weekly)] == [JobState.DONE]
    office.now += 9 * DAY
    [missed] = office.once(weekly)
    assert missed.state is JobState.MISSED and missed.started_at is None
    assert "due 2026-11-29 05:45" in missed.said and "after 24 hours" in missed.said
    assert office.once(weekly) == []


def test_a_job_that_is_new_is_made_up_for_and_never_missed(office: Office) -> None:
    late = replace(job("crawl b", "15 6 * * *"), grace=HOUR)
    assert [each.job for each in office.once(CRAWL, late)] == ["crawl a"]


def test_a_time_that_a_job_was_given_since_it_last_ran_is_not_missed(office: Office) -> None:
    office.once(HEALTH)
    assert office.once(replace(job("health", "0 7 * * *", Rank.HEALTH), grace=HOUR)) == []
    office.now += 3 * HOUR
    assert [each.state for each in office.once(replace(HEALTH, grace=MINUTE))] == [JobState.MISSED]


def test_a_job_that_is_off_never_runs(office: Office) -> None:
    assert office.once(replace(CRAWL, off="the settings switch it off")) == []


def test_a_clock_that_is_set_back_runs_nothing_twice(office: Office) -> None:
    for _ in range(3):
        office.once(CRAWL, DIGEST)
        office.now += HOUR
    for back in (HOUR, 2 * HOUR, 3 * HOUR):
        office.now -= back
        assert office.once(CRAWL, DIGEST) == []
        office.now += back - MINUTE
    office.now = NOON + 3 * HOUR
    assert [each.job for each in office.once(CRAWL, DIGEST)] == ["digest"]


def test_a_clock_that_was_far_ahead_stops_nothing(office: Office) -> None:
    office.now += 3650 * DAY
    office.once(CRAWL)
    office.now = NOON
    assert [each.due_at.year for each in office.once(CRAWL)] == [2026]
    office.now += DAY
    assert [each.state for each in office.once(CRAWL)] == [JobState.DONE]


def test_what_runs_when_the_schedule_dies_is_cut_off_and_begun_again_but_not_for_ever(
    office: Office,
) -> None:
    for _ in range(3):
        job_runs.begin(office.database, CRAWL.name, NOON.replace(hour=11, minute=15), NOON)
        office.rounds(CRAWL).begin()
    assert office.once(CRAWL) == []  # whatever kills it, three times are enough
    assert {(each.state, each.said) for each in office.entries()} == {(JobState.CUT_OFF, DIED)}
    office.now += DAY
    job_runs.begin(office.database, CRAWL.name, office.now.replace(hour=11, minute=15), office.now)
    assert [each.state for each in office.once(CRAWL)] == [JobState.DONE]
    assert office.entries()[-2].ended_at == office.now


def test_a_job_that_failed_waits_an_hour_where_that_may_help_and_else_for_its_next_time(
    office: Office,
) -> None:
    office.commands = {CRAWL.name: (*PYTHON, "raise SystemExit(1)")}
    assert [each.state for each in office.once(CRAWL)] == [JobState.FAILED]
    office.now += HOUR
    assert office.once(CRAWL) == []
    office.is_worth_it = lambda _: True
    assert len(office.once(CRAWL)) == 1
    assert office.once(CRAWL) == []
    office.now += HOUR
    assert len(office.once(CRAWL)) == 1
    office.now += HOUR
    assert office.once(CRAWL) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(3)", "exit code 3"),
        (
            "import sys; sys.exit('x\\nlexwatch: no room\\n  on the disk\\n2026-11-23 01:02 hush')",
            "no room on the disk",
        ),
        ("import sys; sys.exit('lexwatch: ana@example.com, tgram://hush/x')", "(address), (ch"),
        ("import sys; sys.exit('lexwatch: https://www.uscis.gov/x: 503')", "https://www.uscis"),
        ("import sys; sys.exit('lexwatch: ' + 'x' * 9999)", "xxx …"),
        ("raise ValueError('hush\\nhush: hush')", "exit code 1, ValueError"),
        ("import os; os.kill(os.getpid(), 9)", "ended by SIGKILL"),
    ],
)
def test_the_last_words_of_what_failed_are_kept_and_nothing_private(
    office: Office, code: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    office.commands = {CRAWL.name: (*PYTHON, code)}
    [failed] = office.once(CRAWL)
    assert re.fullmatch(r"crawl a: failed, exit code -?\d+", caplog.messages[-1])
    assert failed.state is JobState.FAILED and said in failed.said
    assert "hush" not in failed.said and "@" not in failed.said and len(failed.said) < 600


def test_who_runs_it_once_is_told_what_failed(office: Office) -> None:
    office.commands = {BACKUP.name: (*PYTHON, "raise SystemExit(1)")}
    assert office.rounds(CRAWL, BACKUP).once() == ("backup",)


def test_a_command_that_there_is_not_fails_and_the_others_run(office: Office) -> None:
    office.commands = {CRAWL.name: ("/nowhere/python",)}
    states = {each.job: each.state for each in office.once(CRAWL, DIGEST)}
    assert states == {"crawl a": JobState.FAILED, "digest": JobState.DONE}


STUBBORN = (
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
)
LAST_WORDS = (
    "import pathlib, signal, sys, time\n"
    "def end(*_): pathlib.Path(sys.argv[1] + '.ended').touch(); sys.exit(0)\n"
    "signal.signal(15, end); pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM")
@pytest.mark.parametrize(("code", "how"), [(STUBBORN, "killed"), (LAST_WORDS, "ended")])
def test_what_exceeds_its_limit_is_told_to_end_then_killed_with_all_it_started(
    office: Office, tmp_path: Path, code: str, how: str
) -> None:
    started = tmp_path / "pid"
    parent = (
        "import pathlib, subprocess, sys\n"
        f"inner = subprocess.Popen([sys.executable, '-I', '-S', '-c', {STUBBORN!r}], stdout=-1)\n"
        "inner.stdout.read(1)\n"
        f"pathlib.Path({str(started)!r}).write_text(str(inner.pid))\n{code}"
    )
    office.commands = {CRAWL.name: (*PYTHON, parent, str(tmp_path / "began"))}
    [over] = office.once(replace(CRAWL, limit=timedelta(seconds=1)))
    assert over.state is JobState.TIMED_OUT and f"its limit: {how}" in over.said
    with pytest.raises(ProcessLookupError):
        for _ in range(100):  # until who adopted it has buried it
            os.kill(int(started.read_text()), 0)
            time.sleep(0.02)
    assert (tmp_path / "began.ended").exists() is (how == "ended")


def in_background(step: Callable[[], None]) -> Thread:
    thread = Thread(target=step, daemon=True)
    thread.start()
    return thread


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def held(path: Path) -> tuple[str, ...]:
    """A command that lasts until a file is there."""
    wait = (
        "import os, time; end = time.monotonic() + 20\n"
        f"while time.monotonic() < end and not os.path.exists({str(path)!r}): time.sleep(0.02)"
    )
    return (*PYTHON, wait)


def test_when_told_to_stop_nothing_begins_and_what_runs_is_ended(office: Office) -> None:
    office.commands = {CRAWL.name: (*PYTHON, "import time; time.sleep(60)")}
    rounds = office.rounds(CRAWL, job("crawl b", "0 6 * * *"), DIGEST)
    office.once(job("crawl b", "0 6 * * *"))
    thread = in_background(lambda: rounds.go("one.gov"))
    until(lambda: office.last().state is JobState.RUNNING)
    rounds.stop()
    thread.join()
    rounds.go(HERE)
    [_, stopped] = office.entries()
    assert (stopped.job, stopped.state) == ("crawl a", JobState.CUT_OFF)
    assert "the schedule was stopped" in stopped.said and stopped.ended_at == NOON


def test_a_digest_waits_for_the_crawls_that_were_due_with_it_and_no_later_ones(
    office: Office, tmp_path: Path
) -> None:
    office.commands = {CRAWL.name: held(tmp_path / "go")}
    often = job("crawl b", "* * * * *", queue="two.gov")
    rounds = office.rounds(CRAWL, often, DIGEST)
    thread = in_background(lambda: rounds.go("one.gov"))
    until(office.entries)
    rounds.go(HERE)
    assert [each.job for each in office.entries()] == ["crawl a"]
    (tmp_path / "go").touch()
    thread.join()
    rounds.go("two.gov")
    office.now += MINUTE  # crawl b is due again, and was not when the digest began to wait
    rounds.go(HERE)
    assert [each.job for each in office.entries()] == ["crawl a", "crawl b", "digest"]


def test_a_crawl_of_hours_keeps_health_for_no_moment_and_a_digest_for_half_an_hour(
    office: Office, tmp_path: Path
) -> None:
    office.commands = {CRAWL.name: held(tmp_path / "go")}
    rounds = office.rounds(CRAWL, DIGEST, BACKUP, replace(HEALTH, queue=LOOKOUT))
    thread = in_background(lambda: rounds.go("one.gov"))
    until(office.entries)
    rounds.go(LOOKOUT)
    rounds.go(HERE)
    assert [each.job for each in office.entries()] == ["crawl a", "health"]
    office.now += 30 * MINUTE
    rounds.go(HERE)
    assert [each.job for each in office.entries()] == ["crawl a", "health", "digest"]
    (tmp_path / "go").touch()
    thread.join()


def test_apscheduler_looks_after_health_while_crawls_and_the_machine_are_at_work() -> None:
    looked, ended = list[str](), Event()

    def look(queue: str) -> None:
        looked.append(queue)
        if queue != LOOKOUT:
            ended.wait(20)

    with Timer(look, ["a.gov", "b.gov", "c.gov", "d.gov", HERE, LOOKOUT]):
        until(lambda: LOOKOUT in looked)
        ended.set()


def test_a_queue_runs_one_job_at_a_time(office: Office, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    alone = f"import os, time; os.mkdir({str(lock)!r}); time.sleep(0.05); os.rmdir({str(lock)!r})"
    names = [f"crawl {n}" for n in range(3)]
    office.commands = dict.fromkeys(names, (*PYTHON, alone))
    rounds = office.rounds(*(job(name, "0 6 * * *") for name in names))
    with Timer(rounds.go, rounds.queues):
        until(lambda: len(office.entries()) == 3 and office.last().ended_at)
    assert {each.state for each in office.entries()} == {JobState.DONE}


def test_an_end_that_cannot_be_written_now_is_written_by_the_next_round(office: Office) -> None:
    with office.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON job_run BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    rounds = office.rounds(CRAWL)
    with pytest.raises(StoreError):
        rounds.go("one.gov")  # the ledger is asked again, and can't be
    assert office.last().state is JobState.RUNNING
    with office.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    rounds.go("one.gov")
    assert [each.state for each in office.entries()] == [JobState.DONE]


def test_apscheduler_looks_at_every_queue_at_once_and_leaves_when_told() -> None:
    looked: list[str] = []
    with Timer(looked.append, ["a.gov", "b.gov", HERE]) as timer:
        until(lambda: len(looked) == 3)
        timer.watch()  # the next looks are a minute ahead: none is brought forward
    assert sorted(looked) == sorted(["a.gov", "b.gov", HERE])


def test_after_a_clock_was_set_back_it_looks_without_waiting_for_it_to_catch_up() -> None:
    looked: list[str] = []
    with Timer(looked.append, ["a.gov"]) as timer:
        until(lambda: looked)
        timer._scheduler.get_job("a.gov").modify(next_run_time=datetime.now(UTC) + 3 * HOUR)
        timer.watch()
        until(lambda: len(looked) == 2)


def test_one_schedule_at_a_time_by_a_lock_that_dies_with_its_holder(tmp_path: Path) -> None:
    assert not lock.is_running(tmp_path)
    code = (
        "import sys; from filelock import FileLock\n"
        f"lock = FileLock({str(tmp_path / lock.LOCK)!r}); lock.acquire(); print(flush=True)\n"
        "sys.stdin.read()"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=-1, stdout=-1) as holder:
        assert holder.stdout is not None
        holder.stdout.read(1)
        assert lock.is_running(tmp_path)
        with pytest.raises(StoreError, match="runs the schedule"), lock.alone(tmp_path):
            pass
        holder.kill()
    with lock.alone(tmp_path):
        assert lock.is_running(tmp_path)


@pytest.fixture
def tethered() -> Iterator[subprocess.Popen[bytes]]:
    code = (
        "import sys, time; from lexwatch.schedule.child import leave, tether\n"
        "tether(sys.stdin, leave); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1) as found:
        yield found
        found.kill()


def test_a_job_ends_when_the_schedule_that_began_it_is_gone(
    tethered: subprocess.Popen[bytes],
) -> None:
    assert tethered.stdin is not None
    tethered.stdin.close()  # as the system does when a process ends, however it ended
    assert tethered.wait(20) == child.LEFT


def test_what_runs_beside_the_pages_is_begun_anew_and_ends_with_them(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    code = f"import sys; open({str(begun)!r}, 'a').write('x'); sys.stdin.read(1); sys.exit(3)"
    command = (*PYTHON, code)
    beside = running.Beside(lambda: False, command, again=0.05)
    begun.touch()
    thread = in_background(beside.run)
    until(lambda: begun.read_text() == "x")
    assert beside.process is not None
    beside.process.kill()
    until(lambda: begun.read_text() == "xx")
    beside.end()
    thread.join(10)
    assert not thread.is_alive() and beside.process.returncode == 3


def test_the_ledger_outlives_the_schedule(office: Office) -> None:
    office.once(CRAWL)
    url = office.database.url
    office.database.close()
    again = Office(database=Database(url))
    assert again.once(CRAWL) == [] and again.last().took == timedelta()
    again.database.close()


def test_a_stop_that_came_before_leaves_all_for_later(office: Office) -> None:
    rounds = office.rounds(CRAWL)
    rounds.stop()
    rounds.once()
    assert office.entries() == []
    outcome = child.run((*PYTHON, "import time; time.sleep(9)"), MINUTE, _set(), patience=0.2)
    assert outcome.state is JobState.CUT_OFF


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM")
def test_what_was_done_in_the_moment_of_the_stop_is_done(tmp_path: Path) -> None:
    stop, begun = Event(), tmp_path / "begun"
    code = (
        "import signal, sys; signal.signal(15, lambda *_: sys.exit(0))\n"
        f"open({str(begun)!r}, 'x'); signal.pause()"
    )

    def stopped() -> None:
        until(begun.exists)
        stop.set()

    in_background(stopped)
    outcome = child.run((*PYTHON, code), MINUTE, stop)
    assert (outcome.state, outcome.said) == (JobState.DONE, "")


def _set() -> Event:
    stop = Event()
    stop.set()
    return stop
