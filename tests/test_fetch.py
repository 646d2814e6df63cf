"""The child that crawls: what it is told, how it ends early, and that it outlives nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from filelock import FileLock, Timeout
from servers import Answer, Asked, Publisher

from index import runs
from index.runs import RunState
from lexwatch.app import App
from lexwatch.fetch import alone, fetch, stop
from lexwatch.settings import Crawl, Data, Settings, Source
from pipeline.errors import LexwatchError, SettingsError

NOW = datetime(2026, 11, 18, 14, 5, tzinfo=UTC)
NAME = "bia_decisions"
SITE = "https://www.justice.gov"
LIST = "/eoir/ag-bia-decisions"
PAGES = {
    LIST: Answer(body=b'<a href="/eoir/volume-99">Volume 99</a>'),
    "/eoir/volume-99": Answer(body=b"<p>Sample: no decision is listed yet</p>"),
}
PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from lexwatch.app import App
from lexwatch.fetch import fetch
from lexwatch.settings import Settings

app = App(Settings.model_validate_json(sys.argv[1]))
with ThreadPoolExecutor(3) as pool:
    try:
        pool.submit(fetch, app, "bia_decisions", at=None, seeds=None, tell=print).result()
    except KeyboardInterrupt:
        sys.exit(130)
"""


def settings(folder: Path, publisher: Publisher, **given: Any) -> Settings:
    data = Data(folder=str(folder / "data"))
    return Settings(data=data, origins={SITE: publisher.base}, **given)


def crawl(given: Settings, source: str = NAME, seeds: list[str] | None = None) -> list[Any]:
    told: list[Mapping[str, Any]] = []
    fetch(App(given, lambda: NOW), source, at=NOW, seeds=seeds, tell=told.append)
    return told


def last_run(given: Settings) -> runs.Run:
    return runs.runs(App(given).database)[0]


def test_child_tells_every_event_and_records_its_run(tmp_path: Path) -> None:
    with Publisher(PAGES) as publisher:
        given = settings(tmp_path, publisher)
        told = crawl(given)
    assert [each["event"] for each in told if each["event"] != "asked"] == [
        "kept",
        "kept",
        "finished",
    ]
    run = last_run(given)
    assert (run.state, run.failures, run.requests) == (RunState.CRAWLED, (), 3)


def test_modules_in_the_current_folder_are_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("index", "lexwatch", "json"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    with Publisher(PAGES) as publisher:
        given = settings(tmp_path, publisher)
        crawl(given)
    assert last_run(given).failures == ()
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"crawl": Crawl(contact="Mozilla/5.0 ana@example.com")},
        {"origins": {SITE: "http://127.0.0.1:1", "https://www.uscis.gov": "http://127.0.0.1:1"}},
        {"origins": {SITE: "http://127.0.0.1:1/?page=2"}},
        {"origins": {}},
    ],
)
def test_setting_that_no_crawl_can_use_is_refused_before_a_run_is_begun(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    data = Data(folder=str(tmp_path))
    given = Settings.model_validate({"data": data, "origins": {SITE: "http://127.0.0.1:1"}} | wrong)
    with pytest.raises(SettingsError):
        crawl(given)
    assert runs.runs(App(given).database) == ()


def register(folder: Path, source: str, options: dict[str, Any]) -> Settings:
    """Settings for a source of the Federal Register's site, at which nobody answers."""
    return Settings(
        data=Data(folder=str(folder)),
        origins={"https://www.federalregister.gov": "http://127.0.0.1:1"},
        sources={source: Source(options=options)},
    )


@pytest.mark.parametrize("options", [{"since": "soon"}, {"conditions": [{"agencys": ["dhs"]}]}])
def test_question_that_cannot_be_asked_is_refused_before_a_run_is_begun(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    given = register(tmp_path, "federal_register", options)
    with pytest.raises(SettingsError, match=r"federal_register|condition"):
        crawl(given, "federal_register")
    assert runs.runs(App(given).database) == ()


def test_child_that_fails_says_why_in_the_run_and_not_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A source that refuses its options only when the child asks where to begin.
    (tmp_path / "sitecustomize.py").write_text(
        "from crawlers.sources.public_inspection import PublicInspectionSpider\n"
        "from pipeline.errors import SettingsError\n"
        "def seeds(visit):\n"
        "    raise SettingsError('options of public_inspection lead nowhere')\n"
        "PublicInspectionSpider.seeds = staticmethod(seeds)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    given = register(tmp_path, "public_inspection", {})
    crawl(given, "public_inspection")
    (failure,) = last_run(given).failures
    assert failure.startswith("the crawl of public_inspection ended early: ")
    assert "options" in failure
    assert capfd.readouterr() == ("", "")


def test_child_that_dies_before_it_reads_its_job_is_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\nprint('no room', file=sys.stderr, flush=True)\nos._exit(3)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Publisher() as publisher:
        given = settings(tmp_path, publisher)
        # More than a pipe holds, so that the parent is still writing when the child dies.
        crawl(given, seeds=[f"{SITE}/eoir/volume-{number}" for number in range(10_000)])
    run = last_run(given)
    assert run.state is RunState.CRAWLED
    assert run.failures == (f"the crawl of {NAME} ended early: no room; run it again",)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that kills")
def test_child_that_is_killed_is_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killing = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    (tmp_path / "sitecustomize.py").write_text(killing)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Publisher() as publisher:
        given = settings(tmp_path, publisher)
        crawl(given)
    (failure,) = last_run(given).failures
    assert failure == f"the crawl of {NAME} ended early: ended by SIGKILL; run it again"


def test_second_crawl_of_a_source_waits_and_then_says_why(tmp_path: Path) -> None:
    with alone(tmp_path, NAME):
        refused: list[str] = []

        def second() -> None:
            with pytest.raises(LexwatchError) as caught, alone(tmp_path, NAME, wait=0):
                pass
            refused.append(str(caught.value))

        thread = Thread(target=second)
        thread.start()
        thread.join()
        assert refused == [
            f"another crawl of {NAME} is under way in {tmp_path}; run again when it has ended"
        ]
        with alone(tmp_path, "federal_register", wait=0):
            pass
    with alone(tmp_path, NAME, wait=0):
        pass


class Silent(Publisher):
    """A publisher that takes a question and gives no answer until the test is over."""

    def __init__(self) -> None:
        super().__init__({LIST: self._wait})
        self.is_asked = Event()
        self.released = Event()

    def _wait(self, _asked: Asked) -> Answer:
        self.is_asked.set()
        self.released.wait(60)
        return Answer(status=503)


@pytest.fixture
def silent() -> Iterator[Silent]:
    with Silent() as publisher:
        yield publisher
        publisher.released.set()


def is_crawled(given: Settings, wait: float = 0.0) -> bool:
    """Whether a child still holds its lock after so many seconds."""
    try:
        with FileLock(given.folder / f"crawl-{NAME}.lock").acquire(timeout=wait):
            return False
    except Timeout:
        return True


def start(given: Settings) -> subprocess.Popen[str]:
    """Crawl as a command does, in a worker thread, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", PROGRAM, given.model_dump_json()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that kills")
def test_child_ends_when_its_parent_is_killed(tmp_path: Path, silent: Silent) -> None:
    given = settings(tmp_path, silent)
    with start(given) as parent:
        assert silent.is_asked.wait(60)
        assert is_crawled(given)
        parent.kill()
    assert not is_crawled(given, wait=10)
    assert last_run(given).state is RunState.CRAWLING
    runs.begin_run(App(given).database, NAME, NOW)
    assert runs.runs(App(given).database)[1].state is RunState.INTERRUPTED


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
def test_ctrl_c_stops_both_without_a_traceback(tmp_path: Path, silent: Silent) -> None:
    given = settings(tmp_path, silent)
    with start(given) as parent:
        assert silent.is_asked.wait(60)
        os.killpg(parent.pid, signal.SIGINT)
        _, errors = parent.communicate(timeout=30)
    assert (parent.returncode, errors) == (130, "")
    assert not is_crawled(given, wait=10)
    assert last_run(given).state is RunState.INTERRUPTED


def test_crawl_can_be_stopped_from_another_thread(tmp_path: Path, silent: Silent) -> None:
    given = settings(tmp_path, silent)

    def interrupt() -> None:
        silent.is_asked.wait(60)
        stop()

    Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        crawl(given)
    assert not is_crawled(given)
    assert last_run(given).state is RunState.INTERRUPTED
