"""Visits: whole or to what was announced, gone on with where they were cut off, and sources off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEncoder
from installed import installed
from publisher import NOW, Reader, page, rules_of, visit
from rehearsed import quietly
from servers import Answer, Asked, Publisher
from sqlalchemy import select, update

from alerts.render import render
from index import history, runs, schema
from index.archive import Archive
from index.database import Database
from index.runs import Run, RunState
from index.verdict import judge
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.commands import ask
from lexwatch.fetch import fetch, is_whole_due, stop
from lexwatch.jobs import Read
from lexwatch.settings import Data, Settings, Source
from pipeline.health import Normal
from pipeline.model import ChangeKind, Digest, SourceReport

pytestmark = pytest.mark.usefixtures("warm")

NAME, SITE = "example_manual", "https://www.example.gov"
CONTENTS, UPDATES = "/manual", "/manual/updates"
FIRST = datetime(2026, 11, 18, 14, 5, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CHAPTERS = 30
MANUAL = '''"""A sample manual: contents that name its chapters, and a page of announcements."""

import json
from datetime import timedelta

from crawlers.source import Facts, Follow
from crawlers.spider import SourceSpider
from pipeline.model import Block, BlockKind, Document, Reading, Version

HOME = "https://www.example.gov/manual"


class ExampleManualSpider(SourceSpider):
    """Reads every chapter, or those that were announced."""

    name = "example_manual"
    options = ("volumes",)
    facts = Facts(
        name="example_manual",
        title="Example manual",
        publisher="Example Agency",
        home=HOME,
        hosts=("www.example.gov",),
        paths=("/manual",),
        delay=0.0,
        cadence=timedelta(days=1),
        full_every=timedelta(days=7),
        floor=20,
        ceiling=100,
        enumerates=True,
        one_per_page=True,
        scope="Every chapter",
    )

    @staticmethod
    def seeds(visit):
        """Ask the contents of a whole visit, and what was announced always."""
        pages = (HOME, f"{HOME}/updates") if visit.whole else (f"{HOME}/updates",)
        return [Follow(url=url) for url in pages]

    @staticmethod
    def follow(page):
        """Lead to the chapters that a page names."""
        named = json.loads(page.body).get("named", ())
        return [Follow(url=f"{HOME}/{number}") for number in named]

    @staticmethod
    def read(page):
        """Read a chapter; the contents list what there is."""
        said = json.loads(page.body)
        if "text" not in said:
            listed = said["named"] if page.url == HOME else ()
            return Reading(listed=tuple(map(str, listed)))
        number = page.url.rpartition("/")[2]
        version = Version(
            document=Document(source="example_manual", key=number, kind="policy-manual-chapter"),
            title=f"Chapter {number}",
            citation="",
            issuer="Example Agency",
            url=page.url,
            blocks=(Block(kind=BlockKind.PARAGRAPH, text=said["text"]),),
            seen_at=page.fetched_at,
            parser="example_manual/1",
        )
        return Reading(versions=(version,))
'''
UNVERIFIED = '''"""A feed whose real pages nobody recorded."""

from crawlers.feed import FeedSpider, feed_facts


class ExampleCourtSpider(FeedSpider):
    """Reads the one feed."""

    name = "example_court"
    kind = "news-item"
    issuer = "Example Court"
    facts = feed_facts(
        name="example_court",
        title="Example Court",
        publisher="Example Court",
        address="https://www.example.gov/court.xml",
        scope="What the feed names",
        unverified="the court's description of its feed",
    )
'''


class Office:
    """A publisher of a manual, and an office that watches it; `now` is the office's clock."""

    def __init__(self, folder: Path, publisher: Publisher) -> None:
        self.folder = folder
        self.publisher = publisher
        self.now = FIRST
        self.source = Source()
        self.publish(*range(CHAPTERS))
        self.announce()

    @property
    def app(self) -> App:
        given = Settings(
            data=Data(folder=str(self.folder)),
            origins={SITE: self.publisher.base},
            sources={NAME: self.source},
        )
        app = App(given, lambda: self.now)
        app.encoder = HashingEncoder()
        return app

    def publish(self, *named: int) -> None:
        """Put these chapters on the contents; a page of each is there in any case."""
        self.publisher.routes[CONTENTS] = _said(named=named)
        for number in range(CHAPTERS + 1):
            text = _said(text=f"An asylum officer reads chapter {number}.")
            self.publisher.routes.setdefault(f"{CONTENTS}/{number}", text)

    def announce(self, *named: int) -> None:
        self.publisher.routes[UPDATES] = _said(named=named)

    def crawl(self, after: timedelta = timedelta(0), **how: Any) -> tuple[Read, list[str]]:
        """Visit so long after the first visit; with what was asked of the publisher."""
        self.now = FIRST + after
        before = len(self.publisher.asked)
        read = jobs.crawl(self.app, (NAME,), quietly, at=self.now, **how)
        asked = self.publisher.paths()[before:]
        return read, [path for path in asked if path != "/robots.txt"]

    def cut_off(self, after: timedelta, pages: int) -> list[str]:
        """Begin a whole visit that is stopped once so many pages were asked for; which it kept."""
        self.now, app = FIRST + after, self.app
        before, answer = len(self.publisher.asked), self.publisher.answer

        def answered(asked: Asked) -> Answer:
            if len(self.publisher.asked) - before > pages + 1:  # after robots.txt
                stop()
            return answer(asked)

        self.publisher.answer = answered  # type: ignore[method-assign] # a slow site, stopped
        with pytest.raises(KeyboardInterrupt):
            fetch(app, NAME, at=self.now, seeds=None, tell=lambda _: None, whole=True)
        self.publisher.answer = answer  # type: ignore[method-assign] # as it was
        with app.database.read() as connection:
            kept = select(schema.page.c.url).where(schema.page.c.run_id == self.last_run().id)
            return [url.removeprefix(SITE) for url in connection.execute(kept).scalars()]

    def was_read(
        self, after: timedelta, *, is_whole: bool = True, failures: tuple[str, ...] = ()
    ) -> None:
        """Record a visit that nobody needs to see."""
        self.now, app = FIRST + after, self.app
        question = self.source.options
        run = runs.begin_run(app.database, NAME, self.now, question, is_whole=is_whole)
        runs.end_crawl(app.database, run.id, requests=1, size=0, blocked=False, failures=failures)
        judge(app.database, run.id, self.now, Normal(floor=0, ceiling=0))

    def looked_at_for_a_week(self) -> None:
        """Record a reading of the whole, and a look at what was announced on the six days after."""
        for day in range(7):
            self.was_read(day * DAY, is_whole=not day)

    def is_whole_due(self, after: timedelta) -> bool:
        self.now = FIRST + after
        return is_whole_due(self.app, NAME, self.source.options)

    def last_run(self) -> Run:
        return runs.runs(self.app.database, NAME, 1)[0]

    def report(self, since: datetime, until: datetime) -> SourceReport:
        (report,) = [one for one in self.app.coverage(since, until) if one.source == NAME]
        return report


def _said(**said: Any) -> Answer:
    return Answer(body=json.dumps(said).encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Office]]:
    files = {NAME: MANUAL, "example_court": UNVERIFIED}
    with installed(files, tmp_path, monkeypatch), Publisher() as one, Publisher() as other:
        publishers = iter((one, other))
        yield lambda name: Office(tmp_path / name, next(publishers))


@pytest.fixture
def office(offices: Callable[[str], Office]) -> Office:
    return offices("data")


BEGINNINGS = [CONTENTS, UPDATES]
EVERYTHING = [*BEGINNINGS, *(f"{CONTENTS}/{number}" for number in range(CHAPTERS))]


# Whole, or what was announced


def test_the_whole_is_read_once_in_a_while_and_what_was_announced_in_between(
    office: Office,
) -> None:
    asked = {day: len(office.crawl(day * DAY)[1]) for day in (0, 1, 7)}
    assert asked == {0: CHAPTERS + 2, 1: 1, 7: CHAPTERS + 2}
    held = runs.runs(office.app.database, NAME)
    assert [run.is_whole for run in reversed(held)] == [True, False, True]
    assert {run.state for run in held} == {RunState.COMPLETE}  # no floor for what was announced


def test_the_day_counts_and_not_the_minute(office: Office) -> None:
    office.was_read(5 * HOUR)
    due = {day: office.is_whole_due(day * DAY) for day in (1, 6, 7)}
    assert due == {1: False, 6: False, 7: True}


def test_the_settings_say_how_often_the_whole_is_due(office: Office) -> None:
    office.was_read(timedelta(0))
    office.source = Source(full_every_days=2)
    assert not office.is_whole_due(DAY)
    assert office.is_whole_due(2 * DAY)
    office.source = Source(full_every_days=0)
    assert office.is_whole_due(HOUR)


def test_only_a_reading_of_the_whole_puts_off_the_next(office: Office) -> None:
    assert office.is_whole_due(timedelta(0))
    office.was_read(timedelta(0), failures=("chapter 3: answered 403",))  # nothing was read
    office.was_read(HOUR, is_whole=False)
    assert office.is_whole_due(DAY)
    office.was_read(DAY)
    assert not office.is_whole_due(2 * DAY)


def test_a_page_that_fails_every_day_does_not_have_the_whole_read_every_day(office: Office) -> None:
    office.publisher.routes[f"{CONTENTS}/3"] = Answer(status=403)
    asked = {day: len(office.crawl(day * DAY)[1]) for day in (0, 1, 6, 7)}
    assert asked == {0: CHAPTERS + 2, 1: 1, 6: 1, 7: CHAPTERS + 2}
    assert office.last_run().state is RunState.FAILED


def test_a_second_look_that_failed_waits_for_the_next_whole_reading(office: Office) -> None:
    office.crawl()
    office.publish(*range(CHAPTERS - 1))
    office.crawl(7 * DAY)
    office.publisher.routes[f"{CONTENTS}/3"] = Answer(status=403)
    assert office.crawl(8 * DAY)[0].changes == ()  # what failed proves nothing
    assert not office.is_whole_due(9 * DAY)
    assert office.is_whole_due(15 * DAY)


@pytest.mark.parametrize(
    "values",
    [
        {"failures": ["https://www.example.gov/manual/3: answered 503 and asks us to wait 900 s"]},
        {"failures": ["example_manual: the crawl was stopped (shutdown); run it again to go on"]},
        {"requests": 0},
        {"established": False},
        {"state": RunState.INTERRUPTED},
    ],
)
def test_a_reading_that_did_not_reach_its_end_is_due_again(
    office: Office, values: dict[str, Any]
) -> None:
    office.publisher.routes[f"{CONTENTS}/3"] = Answer(status=403)
    office.crawl()
    assert not office.is_whole_due(DAY)
    with office.app.database.write() as connection:
        connection.execute(update(schema.run).values(**values))
    assert office.is_whole_due(DAY)


def test_another_question_asks_for_the_whole(office: Office) -> None:
    office.was_read(timedelta(0))
    office.source = Source(options={"volumes": [1]})
    assert office.is_whole_due(DAY)


def test_what_was_announced_is_read_and_told_at_once(office: Office) -> None:
    office.crawl()
    office.publisher.routes[f"{CONTENTS}/7"] = _said(text="An asylum officer must not read it.")
    office.announce(7)
    read, asked = office.crawl(DAY)
    assert asked == [UPDATES, f"{CONTENTS}/7"]
    (change,) = read.changes
    assert (change.document.key, change.difference.kind) == ("7", ChangeKind.TEXT)


def test_the_second_look_at_what_is_missing_waits_a_day_and_not_a_week(office: Office) -> None:
    office.crawl()
    office.publish(*range(CHAPTERS - 1))
    assert office.crawl(7 * DAY)[0].changes == ()
    assert not office.is_whole_due(7 * DAY + 23 * HOUR)
    assert office.is_whole_due(8 * DAY)
    (read, _) = office.crawl(8 * DAY)
    (change,) = read.changes
    assert (change.document.key, change.difference.kind) == ("29", ChangeKind.REMOVED)
    assert not office.is_whole_due(10 * DAY)  # nothing is left to be looked at again


def test_what_was_only_looked_at_is_not_said_to_be_read_whole(office: Office) -> None:
    office.looked_at_for_a_week()
    report = office.report(FIRST - HOUR, FIRST + 7 * DAY)
    assert (report.days_read, report.days_looked) == (1, 6)
    assert (report.first_complete, report.last_complete) == (FIRST, FIRST)
    assert report.last_look == FIRST + 6 * DAY
    later = office.report(FIRST + HOUR, FIRST + 7 * DAY)
    assert (later.days_read, later.days_looked, later.last_complete) == (0, 6, FIRST)


def test_a_digest_says_what_was_read_only_in_part(office: Office) -> None:
    office.looked_at_for_a_week()
    report = office.report(FIRST, FIRST + 7 * DAY)
    said = rendered(report)
    assert "read completely on 1 day, and only in part" in said
    assert "on 6 other days" in said
    assert "Read only in part after November 18, 2026: Example manual." in said
    said = rendered(replace(report, days_read=0))
    assert "0 of 1 source read; read only in part: Example manual" in said
    assert "NOT EVERYTHING COULD BE READ" in said
    assert "We looked" not in said


def rendered(report: SourceReport) -> str:
    """The text of a digest without changes."""
    one = Digest(
        reader="ana",
        address="ana@example.com",
        since=FIRST,
        until=FIRST + 7 * DAY,
        alerts=(),
        coverage=(report,),
    )
    return " ".join(render(one, {}).text.split())


# Cut off, and gone on with


def rest(kept: Sequence[str]) -> list[str]:
    """What is left to be asked; where a visit begins is asked again, since it names what is new."""
    return sorted({*EVERYTHING} - {*kept} | {*BEGINNINGS})


def state(office: Office) -> dict[str, Any]:
    """What a run leaves, without its numbers."""
    document, version, run = schema.document, schema.version, schema.run
    with office.app.database.read() as connection:
        texts = select(document.c.key, document.c.listed_at, version.c.text_digest)
        held = texts.join(version, version.c.id == document.c.current).order_by(document.c.key)
        last = select(run).order_by(run.c.id.desc()).limit(1)
        row = connection.execute(last).one()
        return {
            "documents": [tuple(each) for each in connection.execute(held)],
            "changes": [
                (change.document.key, change.difference.kind, change.baseline)
                for change in history.recorded(office.app.database, baseline=True)
            ],
            "run": (row.state, row.is_whole, row.documents, row.failures, row.established),
        }


def test_a_reading_that_was_cut_off_is_gone_on_with(offices: Callable[[str], Office]) -> None:
    office, undisturbed = offices("cut off"), offices("undisturbed")
    kept = office.cut_off(timedelta(0), 16)
    assert 10 < len(kept) < 20
    assert office.last_run().state is RunState.INTERRUPTED
    read, asked = office.crawl(DAY)
    assert sorted(asked) == rest(kept)
    assert [(run.state, run.documents) for run in read.runs] == [(RunState.COMPLETE, CHAPTERS)]
    undisturbed.crawl(DAY)
    assert state(office) == state(undisturbed)


def test_a_reading_may_be_cut_off_again_and_again(office: Office) -> None:
    first = office.cut_off(timedelta(0), 10)
    second = office.cut_off(DAY, 10)
    read, asked = office.crawl(2 * DAY)
    assert sorted(asked) == rest([*first, *second])
    assert [run.state for run in read.runs] == [RunState.COMPLETE]
    assert office.last_run().asked_since == FIRST


def test_what_came_three_days_ago_is_asked_for_anew(database: Database) -> None:
    first, second, third, fourth = (
        runs.begin_run(database, "sample", NOW + days * DAY).id for days in (0, 2, 3, 4)
    )
    assert runs.continued(database, second) == (first,)
    assert runs.continued(database, third) == ()
    assert runs.continued(database, fourth) == (third,)


def test_a_reading_that_ended_by_itself_is_begun_anew(office: Office) -> None:
    office.publisher.routes[f"{CONTENTS}/3"] = Answer(status=403)
    office.cut_off(timedelta(0), 10)
    assert office.crawl(DAY)[0].runs[0].state is RunState.FAILED
    assert sorted(office.crawl(DAY + HOUR, whole=True)[1]) == sorted(EVERYTHING)


def test_a_page_that_came_broken_is_asked_for_again(office: Office) -> None:
    office.publisher.routes[f"{CONTENTS}/0"] = Answer(body=b"half a pa")
    kept = office.cut_off(timedelta(0), 10)
    assert f"{CONTENTS}/0" in kept
    office.publisher.routes[f"{CONTENTS}/0"] = _said(text="Whole.")
    asked = office.crawl(DAY)[1]
    assert f"{CONTENTS}/0" in asked
    assert f"{CONTENTS}/1" not in asked


def test_only_a_whole_run_that_asked_the_same_is_gone_on_with(database: Database) -> None:
    def begin(after: timedelta, question: str = "all", *, is_whole: bool = True) -> int:
        asked = {"conditions": question}
        return runs.begin_run(database, "sample", NOW + after, asked, is_whole=is_whole).id

    first = begin(timedelta(0))
    light = begin(HOUR, is_whole=False)
    other = begin(2 * HOUR, "others")
    same = begin(3 * HOUR)
    assert runs.continued(database, light) == runs.continued(database, other) == ()
    assert runs.continued(database, same) == (first,)
    runs.end_crawl(database, same, requests=1, size=0, blocked=False, failures=("x: 500",))
    assert runs.continued(database, begin(4 * HOUR)) == ()


def test_pages_of_a_killed_program_stand_too(database: Database) -> None:
    """It could not mark its run: the next one does."""
    killed = runs.begin_run(database, "sample", NOW)
    one = page({"a": "One."}, NOW)
    Archive(database, killed.id).keep(one)
    after = runs.begin_run(database, "sample", NOW + DAY)
    assert runs.continued(database, after.id) == (killed.id,)
    archive = Archive(database, after.id, runs.continued(database, after.id))
    assert archive.is_fresh(one.url)
    assert not archive.is_fresh("https://example.gov/other")
    with database.write() as connection:
        connection.execute(update(schema.page).values(failure="it named 30 documents"))
    assert not archive.is_fresh(one.url)


def test_a_reading_gone_on_with_proves_an_absence_only_a_day_after_all_it_asked(
    database: Database,
) -> None:
    rules, normal = rules_of(Reader()), Normal(floor=0, ceiling=99, enumerates=True)
    both, one = {"a": "One.", "b": "Two."}, {"a": "One."}
    visit(database, rules, NOW, page(both, NOW), normal=normal)
    visit(database, rules, NOW + DAY, page(one, NOW + DAY), normal=normal)
    begun = NOW + DAY + 2 * HOUR
    killed = runs.begin_run(database, "sample", begun)
    Archive(database, killed.id).keep(page(one, begun))
    later = NOW + 2 * DAY + HOUR
    visit(database, rules, later, confirmed=(page(one, NOW).url,), normal=normal)
    assert history.recorded(database) == ()
    visit(database, rules, later + HOUR, page(one, later + HOUR), normal=normal)
    assert [each.document.key for each in history.recorded(database)] == ["b"]


# Off and on


FEED = (
    b'<rss version="2.0"><channel><title>Sample</title>'
    b"<item><guid>1</guid><title>Opinion</title></item></channel></rss>"
)


def test_a_source_nobody_could_verify_is_off_until_it_is_switched_on(office: Office) -> None:
    assert NAME in office.app.enabled()
    assert "example_court" not in office.app.enabled()
    assert office.app.enabled(("example_court",)) == ("example_court",)
    why = office.app.off("example_court")
    assert "written after the court's description of its feed" in why
    assert "enabled = true under [sources.example_court]" in why
    given = office.app.settings.model_copy(
        update={"sources": {"example_court": Source(enabled=True)}}
    )
    assert App(given).off("example_court") == ""
    given = office.app.settings.model_copy(update={"sources": {NAME: Source(enabled=False)}})
    assert "the settings switch it off" in App(given).off(NAME)


def test_a_source_that_is_off_is_in_no_digest_until_it_is_visited_by_name(office: Office) -> None:
    def covered() -> list[str]:
        return [each.source for each in office.app.coverage(FIRST, FIRST + DAY)]

    assert "example_court" not in covered()
    office.publisher.routes["/court.xml"] = Answer(body=FEED)
    jobs.crawl(office.app, ("example_court",), quietly, at=FIRST)
    assert "example_court" in covered()
    week_after = office.app.coverage(FIRST + 7 * DAY, FIRST + 14 * DAY)
    assert "example_court" not in [each.source for each in week_after]


def test_sources_that_are_off_are_listed_with_the_reason(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    class Context:
        obj = office.app

    ask.list_sources(Context(), as_json=True)  # type: ignore[arg-type] # all that it reads of one
    rows = {row["source"]: row for row in json.loads(capsys.readouterr().out)}
    assert "never recorded" in rows["example_court"]["off"]
    assert rows[NAME]["off"] == ""
    ask.list_sources(Context(), as_json=False)  # type: ignore[arg-type] # as above
    said = " ".join(capsys.readouterr().out.split())
    assert "Off: Example Court: its real pages were never recorded" in said
