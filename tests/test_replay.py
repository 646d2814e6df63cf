"""The replay server: each day shows what the recording holds of it, and nothing else."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.replay import ReplayServer, days, main
from pipeline.errors import SettingsError

HTML = "text/html; charset=utf-8"
CHAPTER = "https://www.uscis.gov/policy-manual/volume-91"


def record(folder: Path, *rows: tuple[str, str, str], status: int = 200, note: str = "") -> Path:
    """Write rows of (capture, address, body) as a folder of recorded pages."""
    with (folder / "index.jsonl").open("a") as index:
        for number, (capture, url, body) in enumerate(rows):
            file = f"{capture}/{status}-{number}.html"
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(body)
            row = {"url": url, "capture": capture, "file": file, "status": status}
            index.write(json.dumps({**row, "content_type": HTML, "note": note}) + "\n")
    return folder


def ask(server: ReplayServer, url: str, method: str = "GET", **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port(server), timeout=5)
    connection.request(method, f"/{url.split('//')[1]}", headers=headers)
    return connection.getresponse()


def port(server: ReplayServer) -> int:
    return urlsplit(next(iter(server.origins.values()))).port or 0


def shown(folder: Path, day: str, url: str = CHAPTER) -> tuple[int, str]:
    with ReplayServer(folder, day) as server:
        answer = ask(server, url)
        return answer.status, answer.read().decode()


def test_the_newest_capture_not_later_than_the_day_is_shown(tmp_path: Path) -> None:
    record(tmp_path, ("2025-10", CHAPTER, "old"), ("2026-04-20a", CHAPTER, "new"))
    assert shown(tmp_path, "2026-04-19") == (200, "old")
    assert shown(tmp_path, "2026-04-20") == (200, "new")
    assert shown(tmp_path, "2026-11-21") == (200, "new")


def test_the_order_of_the_index_does_not_matter(tmp_path: Path) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "new"), ("2025-10", CHAPTER, "old"))
    assert shown(tmp_path, "2026-05-01") == (200, "new")


def test_marked_captures_of_one_day_follow_each_other(tmp_path: Path) -> None:
    record(tmp_path, ("2026-04-20a", CHAPTER, "first"), ("2026-04-20b", CHAPTER, "second"))
    assert shown(tmp_path, "2026-04-20a") == (200, "first")
    assert shown(tmp_path, "2026-04-20b") == (200, "second")
    assert shown(tmp_path, "2026-04-20") == (200, "second")


def test_a_month_stands_for_its_first_day_and_a_year_for_the_first_of_january(
    tmp_path: Path,
) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "april"))
    assert shown(tmp_path, "2026-03-31") == (503, "not recorded")
    assert shown(tmp_path, "2026-04-01") == (200, "april")
    assert shown(tmp_path, "2026-04") == (200, "april")
    assert shown(tmp_path, "2027") == (200, "april")


def test_days_are_in_order_of_time_not_of_spelling(tmp_path: Path) -> None:
    names = ["2004-2016", "2013", "2016-02-29", "2025-07", "2025-07-06", "2025-07-06T1347"]
    record(tmp_path, *((name, CHAPTER, name) for name in reversed(names)))
    assert days(tmp_path) == ("2013", "2004-2016", *names[2:])


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2026-10-07", datetime(2026, 10, 7, 18, tzinfo=UTC)),
        ("2026-04-20b", datetime(2026, 4, 20, 18, tzinfo=UTC)),
        ("2025-07-06T1347", datetime(2025, 7, 6, 13, 47, tzinfo=UTC)),
        ("2025-10", datetime(2025, 10, 1, 18, tzinfo=UTC)),
        ("2004-2016", datetime(2016, 1, 1, 18, tzinfo=UTC)),
    ],
)
def test_the_day_sets_the_clock(tmp_path: Path, day: str, clock: datetime) -> None:
    record(tmp_path, (day, CHAPTER, "text"))
    with ReplayServer(tmp_path, day) as server:
        assert server.clock == clock


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-04-20T2561", ""])
def test_a_day_that_is_none_is_refused_by_name(tmp_path: Path, day: str) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "text"))
    with pytest.raises(SettingsError, match=f"'{day}' names no day"):
        ReplayServer(tmp_path, day)


def test_a_folder_without_an_index_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"holds no index\.jsonl"):
        days(tmp_path)


def test_what_was_not_recorded_is_unavailable_and_never_missing(tmp_path: Path) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "text"))
    assert shown(tmp_path, "2026-05-01", f"{CHAPTER}-part-a") == (503, "not recorded")
    assert shown(tmp_path, "2025-01-01") == (503, "not recorded")


def test_recorded_status_and_content_type_are_repeated(tmp_path: Path) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "I am not a robot"), status=401, note="a bot wall")
    with ReplayServer(tmp_path, "2026-05-01") as server:
        answer = ask(server, CHAPTER)
        assert (answer.status, answer.getheader("Content-Type")) == (401, HTML)
        assert answer.getheader("ETag") is None


def test_an_unchanged_page_is_not_sent_twice(tmp_path: Path) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "old"), ("2026-05", CHAPTER, "new"))
    with ReplayServer(tmp_path, "2026-04-30") as server:
        etag = ask(server, CHAPTER).getheader("ETag", "")
        again = ask(server, CHAPTER, **{"If-None-Match": f'"other", {etag}'})
        assert (again.status, again.read(), again.getheader("ETag")) == (304, b"", etag)
    with ReplayServer(tmp_path, "2026-05-30") as server:
        assert ask(server, CHAPTER, **{"If-None-Match": etag}).read() == b"new"


def test_a_head_request_is_answered_without_a_body(tmp_path: Path) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "text"))
    with ReplayServer(tmp_path, "2026-05-01") as server:
        answer = ask(server, CHAPTER, method="HEAD")
        assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (200, "4", b"")


def test_a_query_may_be_escaped_and_ordered_otherwise(tmp_path: Path) -> None:
    api = "https://www.federalregister.gov/api/v1/documents.json"
    record(tmp_path, ("2020-08", f"{api}?conditions[type][]=RULE&per_page=1000", "list"))
    asked = f"{api}?per_page=1000&conditions%5Btype%5D%5B%5D=RULE"
    assert shown(tmp_path, "2021-01-01", asked) == (200, "list")
    assert shown(tmp_path, "2021-01-01", f"{asked}&page=2") == (503, "not recorded")


def test_a_host_without_a_recorded_robots_txt_permits_and_says_whose_file_it_is(
    tmp_path: Path,
) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "text"))
    status, robots = shown(tmp_path, "2026-05-01", "https://www.uscis.gov/robots.txt")
    assert status == 200
    assert "Not the publisher's file" in robots
    assert robots.endswith("Disallow:\n")


def test_a_recorded_robots_txt_comes_first(tmp_path: Path) -> None:
    url = "https://www.uscis.gov/robots.txt"
    record(tmp_path, ("2026-04", url, "Crawl-delay: 10"))
    assert shown(tmp_path, "2026-05-01", url) == (200, "Crawl-delay: 10")


def test_seeds_are_what_was_captured_by_the_day(tmp_path: Path) -> None:
    record(
        tmp_path,
        ("2026-04", CHAPTER, "a"),
        ("2026-05", CHAPTER, "b"),
        ("2026-05", "https://x.gov/", ""),
    )
    with ReplayServer(tmp_path, "2026-04-30") as server:
        assert server.seeds == (CHAPTER,)
        assert set(server.origins) == {"https://www.uscis.gov", "https://x.gov"}
    with ReplayServer(tmp_path, "2026-05-30") as server:
        assert set(server.seeds) == {CHAPTER, "https://x.gov/"}


def test_leaving_the_server_closes_its_port(tmp_path: Path) -> None:
    record(tmp_path, ("2026-04", CHAPTER, "text"))
    with ReplayServer(tmp_path, "2026-05-01") as server:
        left = port(server)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", left), timeout=5)


def test_the_command_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--day", "2026-10-07"])
    assert "holds no index.jsonl" in capsys.readouterr().err


def test_every_real_capture_can_be_replayed(shared: Path) -> None:
    recorded = shared / "recorded"
    held = []
    for day in days(recorded):
        with ReplayServer(recorded, day) as server:
            held.append(len(server.seeds))
    assert held == sorted(held)
    with ReplayServer(recorded, "2026-11-21") as server:
        answers = [server.answer(f"/{url.split('//')[1]}") for url in server.seeds]
    assert {answer.status for answer in answers} == {200, 400}
