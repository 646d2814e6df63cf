"""The examples in CONTRIBUTING.md are sources: they are read, crawled over HTTP, and told."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import HashingEncoder
from rehearsed import quietly
from servers import Answer, Publisher

from crawlers import sources
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.jobs import Read
from lexwatch.settings import Data, Settings
from pipeline.model import BlockKind, Change, ChangeKind, DateKind

pytestmark = pytest.mark.usefixtures("warm")

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")
SITE = "https://www.example.gov"
FIRST = datetime(2026, 11, 18, 14, 5, tzinfo=UTC)
NAMED = re.compile(
    r"`(?P<path>[\w/]+\.\w+)`[^`]*?(?:`\{[^`]*\}`[^`]*)?:\n\n```\w+\n(?P<said>.*?)```", re.S
)
EXAMPLES = {match["path"]: match["said"] for match in NAMED.finditer(TEXT)}
STORED = "tests/sources/example_bulletins"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
def visit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publisher: Publisher
) -> Iterator[Callable[..., Read]]:
    """The examples, installed as the document says, crawled `days` after the first visit."""
    folder = tmp_path / "sources"
    folder.mkdir()
    for path, said in EXAMPLES.items():
        if path.startswith("crawlers/sources/"):
            (folder / Path(path).name).write_text(said, "utf-8")
    found = f"from crawlers import sources\nsources.__path__.append({str(folder)!r})\n"
    (tmp_path / "sitecustomize.py").write_text(found, "utf-8")  # the child that crawls reads it
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(folder)])
    given = Settings(data=Data(folder=str(tmp_path / "data")), origins={SITE: publisher.base})

    def visited(names: str, pages: dict[str, str], days: int) -> Read:
        publisher.routes |= {path: Answer(body=said.encode()) for path, said in pages.items()}
        at = FIRST + timedelta(days=days)
        app = App(given, lambda: at)
        app.encoder = HashingEncoder()
        return jobs.crawl(app, tuple(names.split()), quietly, at=at)

    yield visited
    for name in [each for each in sys.modules if each.startswith("crawlers.sources.example_")]:
        sys.modules.pop(name)


def bulletins(*numbers: str) -> dict[str, str]:
    """The publisher's pages as the document has them, with these bulletins on the list."""
    rows = "".join(
        f'<li><a href="/bulletins/{number}">Bulletin {number}, 2026-11-03</a></li>'
        for number in numbers
    )
    page = re.sub(
        r"(?s)(?<=<ul class=\"bulletins\">).*(?=</ul>)", rows, EXAMPLES[f"{STORED}/list.html"]
    )
    text = EXAMPLES[f"{STORED}/bulletin.html"]
    return {"/bulletins": page} | {f"/bulletins/{number}": text for number in numbers}


def changed(read: Read) -> list[Change]:
    assert not any(run.failures for run in read.runs)
    return list(read.changes)


def test_the_feed_is_a_source(visit: Callable[..., Read]) -> None:
    item = "<item><guid>{0}</guid><title>Notice {0}</title></item>".format
    feed = '<rss version="2.0"><channel><title>Sample</title>{}</channel></rss>'.format
    path = "/news/feed.xml"
    assert changed(visit("example_news", {path: feed(item(1))}, 0)) == []
    (new,) = changed(visit("example_news", {path: feed(item(2) + item(1))}, 1))
    assert (new.document.source, new.document.kind) == ("example_news", "news-item")
    assert (new.new.title, new.new.issuer) == ("Notice 2", "Example Agency")


def test_the_list_and_its_pages_are_a_source(visit: Callable[..., Read]) -> None:
    as_written = {"/bulletins": EXAMPLES[f"{STORED}/list.html"]} | bulletins("26-02", "26-01")
    assert changed(visit("example_bulletins", as_written, 0)) == []
    (new,) = changed(visit("example_bulletins", bulletins("26-03", "26-02", "26-01"), 1))
    assert (new.document.key, new.new.citation) == ("26-03", "Bulletin 26-03")
    assert str(new.new.date(DateKind.PUBLISHED)) == "2026-11-03"
    said, title, note = new.new.blocks
    assert (said.text, said.marks[0].label) == ("Keepers must file by December 1.", "1")
    assert (note.kind, note.label, note.text) == (BlockKind.FOOTNOTE, "1", "See 8 CFR 316.5.")
    assert title.kind is BlockKind.HEADING


def test_an_amended_page_and_one_that_is_gone_are_told(visit: Callable[..., Read]) -> None:
    whole = bulletins("26-02", "26-01")
    visit("example_bulletins", whole, 0)
    amended = {path: said.replace("December 1", "December 15") for path, said in whole.items()}
    told = changed(visit("example_bulletins", amended, 1))
    assert {change.difference.kind for change in told} == {ChangeKind.TEXT}
    shorter = bulletins("26-02") | {"/bulletins/26-02": amended["/bulletins/26-02"]}
    assert changed(visit("example_bulletins", shorter, 2)) == []  # one reading proves nothing
    (gone,) = changed(visit("example_bulletins", shorter, 4))
    assert (gone.document.key, gone.difference.kind) == ("26-01", ChangeKind.REMOVED)


def test_a_list_that_lost_its_shape_is_a_failed_run(visit: Callable[..., Read]) -> None:
    visit("example_bulletins", bulletins("26-02"), 0)
    redesigned = {"/bulletins": "<html><body><p>We have moved.</p></body></html>"}
    (run,) = visit("example_bulletins", redesigned, 1).runs
    assert "“ul.bulletins” finds 0 elements" in " ".join(run.failures)


def test_two_sources_of_one_publisher_take_turns(
    visit: Callable[..., Read], publisher: Publisher
) -> None:
    feed = '<rss version="2.0"><channel><item><guid>1</guid></item></channel></rss>'
    pages = bulletins("26-02", "26-01") | {"/news/feed.xml": feed}
    changed(visit("example_bulletins example_news", pages, 0))
    paths = [asked.path for asked in publisher.asked]
    assert len(paths) == len({*paths}) + 1  # robots.txt is asked for by each
    assert paths.index("/news/feed.xml") == len(paths) - 1
