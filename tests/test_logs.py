"""What is logged: every step as a line of JSON, and nothing of a reader's own, no secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lexwatch import cli, logs
from lexwatch.logs import _File
from lexwatch.settings import Channel, Data, Log, Settings
from pipeline.errors import NotHeld, StoreError

HOOK = "https://hooks.example/T0/hush-hush"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings whose log is being written."""
    monkeypatch.setenv("LEXWATCH_SMTP_PASSWORD", "sesame-open")
    given = Settings(
        data=Data(folder=str(tmp_path / "data")),
        log=Log(level="debug"),
        channels={"teams": Channel(url=HOOK)},
    )
    logs.begin(given, "run")
    yield given
    logs.end()


def lines(settings: Settings) -> list[dict[str, Any]]:
    text = (settings.folder / "logs" / "lexwatch.log").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_step_is_logged_with_what_it_came_to(settings: Settings) -> None:
    with logs.step("crawl", source="visa_bulletin") as came:
        came["run"] = 7
    begun, ended = lines(settings)
    assert (begun["event"], begun["source"]) == ("crawl begun", "visa_bulletin")
    assert (ended["event"], ended["run"], ended["command"]) == ("crawl ended", 7, "run")
    assert ended["seconds"] >= 0 and ended["at"].endswith("+00:00") and ended["process"]


def test_words_are_kept_under_listed_names_alone_and_secrets_and_addresses_nowhere(
    settings: Settings,
) -> None:
    logs.say("sent", query="okapi", reader="Ana Reyes", state="ana@example.com", letters=3, x=["a"])
    said = (
        f"posted to {HOOK} with sesame-open as json://bot:pw@chat.example/x, "
        "see https://l.example/preferences/ImFuYSI.sig and https://u:pw@proxy.example/a"
    )
    logging.getLogger("lexwatch.web").warning("a step of %s", said)
    first, second = lines(settings)
    assert first["query"] == first["reader"] == first["x"] == "(left out)" and first["letters"] == 3
    assert first["state"] == "(address)"
    for secret in ("hush-hush", "sesame", "bot", "ImFuYSI", "u:pw"):
        assert secret not in second["event"]
    assert "https://l.example/preferences/(token)" in second["event"]


def test_of_a_library_the_pattern_is_kept_and_not_what_it_was_filled_with(
    settings: Settings,
) -> None:
    logs.begin(settings.model_copy(update={"log": Log(level="info")}), "run")
    logging.getLogger("urllib3.connection").warning("Retrying %r after %s", "okapi", "x@y.example")
    logging.getLogger("urllib3.connection").info("okapi")
    (line,) = lines(settings)
    assert line["event"] == "Retrying %r after %s" and line["logger"] == "urllib3.connection"


def test_libraries_are_heard_only_where_they_warn_unless_a_fault_is_looked_for(
    settings: Settings,
) -> None:
    logs.begin(settings.model_copy(update={"log": Log(level="info")}), "crawl")
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.NOTSET)  # as Scrapy does
    try:
        for name in ("scrapy.core", "lexwatch.x"):
            for level in (logging.DEBUG, logging.INFO, logging.WARNING):
                logging.getLogger(name).log(level, "said")
    finally:
        root.setLevel(before)
    heard = [(line["logger"], line["level"]) for line in lines(settings)]
    own = [("lexwatch.x", "info"), ("lexwatch.x", "warning")]
    assert heard == [("scrapy.core", "warning"), *own]


def test_an_error_is_kept_by_its_kind_and_places_and_by_its_words_where_they_are_the_machines(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for error in (
        ValueError("okapi"),
        StoreError("disk I/O error"),
        OSError(28, "No space", "oka"),
    ):
        with pytest.raises(type(error)), logs.step("embed"):
            raise error from NotHeld("nothing goes by the name okapi")
    failed = [line["error"] for line in lines(settings) if "error" in line]
    assert [chain[0]["said"] for chain in failed] == ["", "disk I/O error", "No space"]
    assert [chain[1]["kind"] for chain in failed] == ["pipeline.errors.NotHeld"] * 3
    assert "test_logs.py" in failed[0][0]["through"][-1]
    assert "okapi" not in json.dumps(failed) and capsys.readouterr().err == ""


def test_what_nobody_foresaw_is_told_without_a_traceback_and_logged_with_its_place(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("okapi")

    monkeypatch.setattr(cli, "cli", broken)
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr().err
    assert left.value.code == 1 and "ZeroDivisionError" in said and "lexwatch.log" in said
    assert "Traceback" not in said and "okapi" not in said
    assert "broken" in lines(settings)[0]["error"][0]["through"][-1]


def test_a_full_file_is_set_aside_and_no_line_of_several_writers_is_lost(tmp_path: Path) -> None:
    path, count = tmp_path / "lexwatch.log", 400

    def write(writer: int) -> None:  # each with a file of its own, as processes have
        handler = _File(path, megabytes=0.004, files=1000)
        for number in range(count):
            record = logging.LogRecord("x", 20, "", 0, f"{writer}-{number} {'.' * 40}", (), None)
            handler.emit(record)
        handler.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    files = list(tmp_path.glob("lexwatch.log*"))
    said = [line for file in files if file.suffix != ".lock" for line in file.open()]
    assert len(files) > 10 and len({line.split()[0] for line in said}) == len(said) == 4 * count
    sizes = {file.name: file.stat().st_size for file in files if file.suffix != ".lock"}
    newest = sizes.pop("lexwatch.log")
    assert newest < 5_000 and all(4_000 <= size < 5_000 for size in sizes.values())


def test_only_so_many_files_are_kept_and_they_are_the_owners(tmp_path: Path) -> None:
    handler = _File(tmp_path / "logs" / "lexwatch.log", megabytes=0.001, files=3)
    for _ in range(100):
        handler.emit(logging.LogRecord("x", 20, "", 0, "." * 200, (), None))
    handler.close()
    files = {path.name: path for path in (tmp_path / "logs").iterdir() if path.suffix != ".lock"}
    assert set(files) == {"lexwatch.log", "lexwatch.log.1", "lexwatch.log.2"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in files.values())


def test_what_cannot_be_set_aside_grows_on_and_costs_no_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows has it while another process has the file open."""
    path, older = tmp_path / "lexwatch.log", tmp_path / "lexwatch.log.1"
    older.touch()
    handler = _File(path, megabytes=0.001, files=3)

    def refused(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refused)
    for _ in range(10):
        handler.emit(logging.LogRecord("x", 20, "", 0, "." * 200, (), None))
    handler.close()
    assert len(path.read_text().splitlines()) == 10 and older.exists()


def test_a_log_that_cannot_be_written_is_said_once_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("no folder")
    logs.begin(Settings(data=Data(folder=str(tmp_path))), "run")
    logs.say("read")
    logs.say("read")
    logs.end()
    assert capsys.readouterr().err.count("can't be written") == 1


def test_a_question_leaves_no_log(tmp_path: Path) -> None:
    logs.begin(Settings(data=Data(folder=str(tmp_path))), "search")
    logs.end()
    assert list(tmp_path.iterdir()) == []
