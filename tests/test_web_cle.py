"""The pages of course materials: chosen, made in the background, looked at, downloaded."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from test_relating import STORY, hold

from lexwatch.app import App
from lexwatch.course import Course, Written
from lexwatch.output.progress import Tell
from lexwatch.settings import Data, Settings, Topics
from lexwatch.web import previewed
from lexwatch.web.app import create
from lexwatch.web.making import BROKEN, CUT_OFF, Job, Making
from pipeline.errors import LexwatchError

NOW = datetime(2026, 10, 20, 17, tzinfo=UTC)
CHOSEN = {"since": "2026-10-01", "until": "2026-10-19", "minutes": "60", "format": "md"}
ASKED = Course(
    since=date(2026, 10, 1), until=date(2026, 10, 2), topics=(), minutes=60, jurisdiction=""
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("cle")
    given = Settings(data=Data(folder=str(folder)), topics=Topics(meaning=False))
    made = App(given, lambda: NOW)
    hold(made.database, STORY)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def site(app: App) -> TestClient:
    return TestClient(create(app), base_url="http://127.0.0.1:8765", follow_redirects=False)


def sent(site: TestClient, **chosen: str) -> tuple[int, str, str]:
    """The status, the page and where it leads."""
    page = site.get("/cle").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    answer = site.post("/cle", data={"token": token, **CHOSEN, **chosen})
    return answer.status_code, answer.text, answer.headers.get("location", "")


def made(site: TestClient, place: str) -> str:
    for _ in range(600):
        answer = site.get(place)
        if "refresh" not in answer.headers:
            return answer.text
        assert answer.headers["refresh"] == "2" and 'role="status"' in answer.text
        time.sleep(0.1)
    raise AssertionError("the packet was not made in a minute")


def test_a_packet_is_made_in_the_background_looked_at_and_downloaded(
    app: App, site: TestClient
) -> None:
    status, _, place = sent(site)
    assert status == 303 and place.startswith("/cle/making/")
    page = made(site, place)
    assert "The packet is made" in page
    shown = re.findall(r'href="(/cle/(?:preview|files)/[^"]*)"', page)
    assert [Path(each).suffix for each in shown] == ["", ".md", ".html"]
    preview = site.get(shown[0])
    assert preview.status_code == 200 and "Contents" in preview.text
    policy = preview.headers["content-security-policy"]
    assert policy.endswith("; sandbox") and "unsafe" not in policy and "'sha256-" in policy
    file = site.get(shown[1])
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.content == (app.settings.cle_folder / Path(shown[1]).name).read_bytes()
    assert shown[1] in site.get("/cle").text  # nothing is lost where a reader leaves


def test_a_thick_packet_is_shown_in_light_parts_that_lose_nothing_and_lead_to_each_other() -> None:
    chapters = "".join(
        f'<h2 id="c{n}">{n}</h2><p>{"word " * 9_000}<a href="#source-{n}">{n}</a></p>'
        for n in range(1, 5)
    )
    items = "".join(f'<li id="source-{n}">{"title " * 50}</li>' for n in range(1, 400))
    page = (
        "<html><head><meta http-equiv='Content-Security-Policy' content='x'><style>a{}</style>"
        f'</head><body><main>{chapters}<ol class="sources">{items}</ol></main></body></html>'
    ).encode()
    parts = [previewed.part(page, 1)]
    count = int(re.findall(rb"Part 1 of (\d+)", parts[0])[0])
    parts += [previewed.part(page, n) for n in range(2, count + 1)]
    assert max(map(len, parts)) < 100_000 and previewed.part(page, 99) == parts[-1]
    said = [re.sub(r"(?s)<nav.*?</nav>", "", each.decode()) for each in parts]
    assert _words("".join(said)) == _words(page.decode())
    places = {name: n for n, each in enumerate(said, 1) for name in re.findall(r'id="(\S+)"', each)}
    for link, name in re.findall(r'href="(\S*)#(\S+?)"', "".join(said)):
        assert link == f"?part={places[name]}"
    assert "counter-reset: source 0" in said[places["source-1"] - 1]
    begun = int(re.findall(r'<li id="source-(\d+)', said[-1])[0])
    assert f"counter-reset: source {begun - 1};" in said[-1] and begun > 1


def _words(page: str) -> list[str]:
    return re.sub(r"(?s)<head.*?</head>|<[^>]*>", " ", page).split()


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"since": ""}, "from which day"),
        ({"since": "2026-10-20", "until": "2026-10-19"}, "lies before"),
        ({"since": "2026-12-01", "until": "2026-12-31"}, "lies ahead"),
        ({"since": "x"}, "is no day"),
        ({"topic": "none"}, "no topic"),
        ({"format": "exe"}, "no format"),
        ({"minutes": "5"}, "15 to 600 minutes"),
        ({"minutes": "601"}, "a whole number"),
        ({"jurisdiction": "Atlantis"}, "no jurisdiction"),
        ({"level": "easy"}, "no level"),
    ],
)
def test_what_cannot_be_made_is_told_with_what_was_chosen(
    site: TestClient, chosen: dict[str, str], words: str
) -> None:
    status, page, _ = sent(site, **{"title": "Mine & yours", **chosen})
    assert status == 400 and words in page.lower()
    assert 'value="Mine &amp; yours"' in page and "--" not in page.partition("role=")[2][:400]


@pytest.mark.parametrize(
    "name",
    ["none.pdf", "..%2flexwatch.db", "%2e%2e/lexwatch.db", "cle-x.exe", ".html", "cle-..docx"],
)
def test_a_name_that_leads_elsewhere_finds_nothing(site: TestClient, name: str) -> None:
    assert site.get(f"/cle/files/{name}").status_code == 404
    assert site.get(f"/cle/preview/{name}").status_code == 404


def test_what_else_lies_in_the_folder_of_packets_is_not_shown(app: App, site: TestClient) -> None:
    app.settings.cle_folder.mkdir(exist_ok=True)
    for name in ("notes.docx", "cle-a.docx.partial", "cle-A.docx"):
        (app.settings.cle_folder / name).write_bytes(b"the office's own")
        assert site.get(f"/cle/files/{name}").status_code == 404
        assert name not in site.get("/cle").text


def test_a_packet_that_is_not_known_any_more_says_where_it_is_listed(site: TestClient) -> None:
    answer = site.get("/cle/making/gone")
    assert answer.status_code == 404 and "listed under CLE" in answer.text


def ended(making: Making, job: Job) -> Job:
    for _ in range(200):
        if (now := making.known(job.name)) and now.is_over:
            return now
        time.sleep(0.01)
    raise AssertionError("it did not end")


def test_packets_are_made_one_at_a_time_and_none_twice_by_whatever_process(tmp_path: Path) -> None:
    going, most, at_once = threading.Event(), 0, 0

    def make(_asked: Course, tell: Tell) -> Written:
        nonlocal most, at_once
        at_once += 1
        most = max(most, at_once)
        tell("writing", 1, 2)
        going.wait(5)
        at_once -= 1
        return Written(paths=(), cautions=())

    making, another = Making(make, tmp_path), Making(make, tmp_path)
    first, same = making.begin(ASKED), another.begin(ASKED)
    other = another.begin(Course(**{**vars(ASKED), "minutes": 90}))
    assert first.name == same.name != other.name
    going.set()
    assert ended(another, first).written and ended(making, other).written and most == 1
    assert making.begin(ASKED).name != first.name  # what is over is made anew


def test_a_packet_whose_process_ended_is_told_of_as_cut_off(tmp_path: Path) -> None:
    making = Making(lambda _asked, _tell: Written(paths=(), cautions=()), tmp_path)
    job = ended(making, making.begin(ASKED))
    said = tmp_path / f"{job.name}.json"
    said.write_text(said.read_text().replace('"written":{', '"gone":{'))
    now = making.known(job.name)
    assert now and now.problem == CUT_OFF
    assert making.known("../making") is None


@pytest.mark.parametrize(
    ("error", "words"), [(LexwatchError("say why"), "say why"), (ValueError("secret"), BROKEN)]
)
def test_what_fails_says_why_and_the_next_is_made(
    error: Exception, words: str, tmp_path: Path
) -> None:
    left = [error]

    def make(_asked: Course, _tell: Tell) -> Written:
        if left:
            raise left.pop()
        return Written(paths=(), cautions=())

    making = Making(make, tmp_path)
    assert ended(making, making.begin(ASKED)).problem == words
    assert ended(making, making.begin(ASKED)).written
