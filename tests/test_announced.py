"""When a change to the Policy Manual is announced, not yet, or unannounced: never too early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from builders import stated, version
from fakes import HashingEncoder
from goldens import page

from alerts import digest
from alerts.render import render
from crawlers.sources.uscis_policy_manual import UscisPolicyManualSpider
from index import history, ingest, runs
from index.announcements import announcement
from index.archive import Archive
from index.database import Database
from index.ingest import Readings
from index.intake import Rules
from index.verdict import judge as verdict
from pipeline import topics
from pipeline.announced import SOURCE, UPDATES, Sight, judge, place
from pipeline.health import Normal
from pipeline.model import (
    Alert,
    Announcement,
    ChangeClass,
    ChangeKind,
    DateKind,
    Document,
    Page,
    Version,
)
from pipeline.model import AnnouncementState as State
from pipeline.subscription import Subscription

CHAPTER = Document(source=SOURCE, key="volume-12-part-d-chapter-14", kind="policy-manual-chapter")
OLD = datetime(2026, 3, 1, 15, tzinfo=UTC)
NEW = datetime(2026, 3, 8, 15, tzinfo=UTC)
LATE = NEW + timedelta(days=8)
SIGHT = Sight(
    document=CHAPTER,
    citation="12 USCIS-PM D.14",
    appeared=OLD - timedelta(days=60),
    old=OLD,
    new=NEW,
)


def entry(
    on: date, *sections: str, kind: str = "policy-alert", effective: date | None = None
) -> Version:
    dates = [stated(DateKind.ANNOUNCED, on)]
    if effective:
        dates.append(stated(DateKind.EFFECTIVE, effective))
    return version(
        "A sample.",
        key=f"update/{on}/lamps",
        kind=kind,
        title="Lamps",
        citation="",
        dates=tuple(dates),
        metadata={"affected_sections": list(sections)},
    )


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("12 USCIS-PM D.14", ("12", "d", "14")),
        ("12 USCIS-PM D.14(A)(1)", ("12", "d", "14")),
        ("12 USCIS-PM", ("12",)),
        ("volume-12-part-d", ("12", "d")),
        ("volume-12/appendix/lamps", ("12",)),
        ("Glossary", ()),
    ],
)
def test_a_place_is_read_from_a_citation_and_from_a_key(
    named: str, expected: tuple[str, ...]
) -> None:
    assert place(named) == expected


@pytest.mark.parametrize(
    ("section", "is_named"),
    [
        ("12 USCIS-PM D.14", True),
        ("12 USCIS-PM D", True),
        ("12 USCIS-PM", True),
        ("12 USCIS-PM D.1", False),
        ("1 USCIS-PM", False),
    ],
)
def test_an_entry_names_a_chapter_its_part_or_its_volume(section: str, is_named: bool) -> None:
    said = judge(SIGHT, [entry(date(2026, 3, 5), section)], LATE)
    assert said.state is (State.ANNOUNCED if is_named else State.UNANNOUNCED)


@pytest.mark.parametrize(
    ("on", "is_in_time"),
    [("2026-02-21", False), ("2026-02-22", True), ("2026-03-15", True), ("2026-03-16", False)],
)
def test_an_entry_announces_what_changed_about_its_day(on: str, is_in_time: bool) -> None:
    said = judge(SIGHT, [entry(date.fromisoformat(on), "12 USCIS-PM")], LATE)
    assert said.state is (State.ANNOUNCED if is_in_time else State.UNANNOUNCED)


def test_guidance_announced_long_before_it_takes_effect_is_announced() -> None:
    early = entry(date(2025, 12, 1), "12 USCIS-PM D.14", effective=date(2026, 3, 6))
    said = judge(SIGHT, [early], LATE)
    assert said.state is State.ANNOUNCED
    assert "policy alert of December 1, 2025" in said.words
    assert "takes effect on March 6, 2026" in said.words


@pytest.mark.parametrize("read_at", [None, NEW, NEW + timedelta(days=6, hours=23)])
def test_nothing_is_unannounced_before_a_reading_after_the_lag(read_at: datetime | None) -> None:
    said = judge(SIGHT, [], read_at)
    assert said.state is State.NOT_YET_SEEN
    assert "later than March 15, 2026" in said.words


def test_unannounced_says_when_the_updates_were_read() -> None:
    said = judge(SIGHT, [], LATE)
    assert said.state is State.UNANNOUNCED
    assert "read on March 16, 2026" in said.words
    assert "12 USCIS-PM D.14" in said.words


def test_the_entry_that_names_a_chapter_most_closely_is_the_one() -> None:
    broad = entry(date(2026, 3, 8), "12 USCIS-PM", kind="technical-update")
    close = entry(date(2026, 3, 2), "12 USCIS-PM D.14")
    said = judge(SIGHT, [broad, close], LATE)
    assert said.entry == close.document
    assert "1 more entry" in said.words


def test_a_technical_label_weighs_nothing() -> None:
    said = judge(SIGHT, [entry(date(2026, 3, 5), "12 USCIS-PM", kind="technical-update")], LATE)
    assert "weighed here by the two texts alone" in said.words


APPENDIX = Document(source=SOURCE, key="volume-12/appendix/oil", kind="policy-manual-appendix")


def test_an_appendix_is_announced_with_its_whole_volume() -> None:
    sight = replace(SIGHT, document=APPENDIX, citation="")
    said = judge(sight, [entry(date(2026, 3, 5), "12 USCIS-PM")], LATE)
    assert said.state is State.ANNOUNCED
    assert "in the volume of this appendix" in said.words


def test_an_entry_for_a_chapter_may_announce_an_appendix_of_its_volume_and_no_more() -> None:
    sight = replace(SIGHT, document=APPENDIX, citation="")
    said = judge(sight, [entry(date(2026, 3, 5), "12 USCIS-PM B.2")], LATE)
    assert (said.state, said.entry) == (State.NOT_YET_SEEN, None)
    assert "may be announced by the policy alert of March 5, 2026" in said.words
    said = judge(sight, [entry(date(2026, 3, 5), "11 USCIS-PM B.2")], LATE)
    assert said.state is State.UNANNOUNCED


@pytest.mark.parametrize("sections", [("Glossary",), ("1 USCIS-PM", "Glossary"), ()])
def test_an_entry_whose_section_has_no_known_place_leaves_it_unknown(
    sections: tuple[str, ...],
) -> None:
    said = judge(SIGHT, [entry(date(2026, 3, 5), *sections)], LATE)
    assert said.state is State.NOT_YET_SEEN
    assert "Not known whether announced" in said.words
    named = entry(date(2026, 3, 6), "12 USCIS-PM D.14")
    assert judge(SIGHT, [entry(date(2026, 3, 5), *sections), named], LATE).entry == named.document


@pytest.mark.parametrize("on", [date(2026, 2, 27), date(2026, 2, 26)])
def test_an_entry_announces_no_second_change_after_the_one_it_announced(on: date) -> None:
    """The text that changed appeared on the entry's day, or after it."""
    again = replace(SIGHT, appeared=datetime(2026, 2, 27, 15, tzinfo=UTC))
    spent = entry(on, "12 USCIS-PM D.14")
    assert judge(SIGHT, [spent], LATE).state is State.ANNOUNCED
    said = judge(again, [spent], LATE)
    assert said.state is State.UNANNOUNCED
    assert f"An earlier one, the policy alert of February {on.day}, 2026" in said.words
    soon = judge(again, [spent], NEW)
    assert soon.state is State.NOT_YET_SEEN
    assert "An earlier one" in soon.words
    own = entry(date(2026, 3, 8), "12 USCIS-PM D.14")
    assert judge(again, [spent, own], LATE).entry == own.document


def test_an_entry_that_may_have_followed_the_text_before_is_not_said_to_announce_this_one() -> None:
    said = judge(
        replace(SIGHT, appeared=datetime(2026, 2, 26, 15, tzinfo=UTC)),
        [entry(date(2026, 2, 27), "12 USCIS-PM D.14")],
        LATE,
    )
    assert said.state is State.NOT_YET_SEEN
    assert "may announce the text that we first saw on February 26, 2026" in said.words


def test_a_silent_edit_after_an_announced_one_is_unannounced(database: Database) -> None:
    """The entry of 11 March explains the change of that day, and not the one of the 16th."""
    crawl(database, OLD, chapter(OLD, "200 nights."), updates(OLD))
    for day, nights in ((11, "300"), (15, "300"), (16, "400"), (25, "400")):
        at = datetime(2026, 3, day, 15, tzinfo=UTC)
        crawl(database, at, chapter(at, f"{nights} nights."), updates(at, "12 USCIS-PM D.14"))
    told = states(database, at + timedelta(hours=1))
    assert told == [State.ANNOUNCED, State.UNANNOUNCED]


def test_what_a_run_confirms_that_goes_on_was_seen_when_the_first_of_them_asked(
    database: Database,
) -> None:
    crawl(database, OLD - timedelta(days=60), chapter(OLD - timedelta(days=60), "200 nights."))
    asked, goes_on = NEW - timedelta(days=4), NEW - timedelta(days=2)
    killed = runs.begin_run(database, SOURCE, asked)
    runs.cut_off(database, killed.id, asked)
    crawl(database, goes_on, confirmed=(CHAPTER_URL,))
    crawl(database, NEW, chapter(NEW, "300 nights."), updates(NEW))
    crawl(database, LATE, updates(LATE))
    (told,) = told_of(database, LATE + timedelta(hours=1))
    assert "of February 25, 2026 to" in told.words


def test_what_was_not_there_was_not_there_when_the_first_of_the_runs_asked(
    database: Database,
) -> None:
    crawl(database, OLD - timedelta(days=9), updates(OLD - timedelta(days=9)))
    asked, goes_on = NEW - timedelta(days=4), NEW - timedelta(days=2)
    killed = runs.begin_run(database, SOURCE, asked)
    runs.cut_off(database, killed.id, asked)
    crawl(database, goes_on, updates(goes_on))
    crawl(database, NEW, chapter(NEW, "300 nights."), updates(NEW))
    crawl(database, LATE, updates(LATE))
    (told,) = told_of(database, LATE + timedelta(hours=1))
    assert "of February 25, 2026 to" in told.words


@pytest.mark.parametrize(
    ("field", "is_judged"), [("resources", False), ("title", True), ("status", True)]
)
def test_of_what_a_page_states_only_its_title_and_its_status_are_guidance(
    database: Database, field: str, *, is_judged: bool
) -> None:
    crawl(database, OLD, chapter(OLD, "200 nights."), updates(OLD))
    crawl(database, NEW, chapter(NEW, "300 nights."), updates(NEW))
    (change,) = (each for each in history.recorded(database) if each.document == CHAPTER)
    fields = ((field, "before", "after"),)
    stated_only = replace(change.difference, kind=ChangeKind.METADATA, edits=(), metadata=fields)
    with database.read() as connection:
        said = announcement(connection, replace(change, difference=stated_only))
    assert (said is not None) == is_judged


def test_how_an_earlier_change_was_announced_is_told_once_and_in_the_same_words(
    database: Database,
) -> None:
    crawl(database, OLD, chapter(OLD, "200 nights."), updates(OLD))
    crawl(database, NEW, chapter(NEW, "300 nights."), updates(NEW))
    crawl(database, LATE, updates(LATE))
    weeks = [NEW + timedelta(days=day) for day in (-6, 1, 8, 15, 22)]
    told = [history.settled(database, since, until) for since, until in pairwise(weeks)]
    assert [len(each) for each in told] == [0, 0, 1, 0]
    (change,) = told[2]
    assert change.announcement is not None
    assert change.announcement.state is State.UNANNOUNCED
    assert history.settled(database, weeks[2], weeks[3]) == told[2]
    subscription = Subscription(
        id=1, reader="ana", address="ana@example.com", topics=(), sources=(), classes=()
    )
    alerts = [Alert(subscription=subscription, change=change, why=())]
    one = digest.build([subscription], [], [], weeks[2], weeks[3], settled=alerts)
    assert one.settled == told[2]
    shown = render(one, {})
    assert "SETTLED SINCE: HOW EARLIER CHANGES WERE ANNOUNCED" in shown.text
    assert "Unannounced: no entry" in shown.text
    assert "Unannounced: no entry" in shown.html


def test_what_was_told_once_is_told_again_in_the_same_words(database: Database) -> None:
    """A chapter changes on Sunday; its entry comes on Wednesday, and another one never."""
    first, changed = NEW - timedelta(days=7), NEW
    crawl(database, first, chapter(first, "200 nights."), updates(first))
    crawl(database, changed, chapter(changed, "300 nights."), updates(changed))
    before_entry = changed + timedelta(days=1)
    posted = changed + timedelta(days=3)
    crawl(database, posted, updates(posted, "12 USCIS-PM D.14"))
    after = posted + timedelta(hours=1)
    assert states(database, before_entry, after) == [State.NOT_YET_SEEN, State.ANNOUNCED]
    assert states(database, before_entry, before_entry) == [State.NOT_YET_SEEN] * 2


def test_a_change_without_an_entry_is_unannounced_only_after_a_later_reading(
    database: Database,
) -> None:
    crawl(database, OLD, chapter(OLD, "200 nights."), updates(OLD))
    crawl(database, NEW, chapter(NEW, "300 nights."), updates(NEW))
    soon, late = NEW + timedelta(days=5), NEW + timedelta(days=9)
    crawl(database, soon, updates(soon))
    crawl(database, late, updates(late))
    told = states(database, NEW + timedelta(days=8), late + timedelta(hours=1))
    assert told == [State.NOT_YET_SEEN, State.UNANNOUNCED]


def test_a_page_that_still_stood_was_seen_with_its_old_text(database: Database) -> None:
    stood = NEW - timedelta(days=2)
    crawl(database, OLD - timedelta(days=60), chapter(OLD - timedelta(days=60), "200 nights."))
    crawl(database, stood, confirmed=(CHAPTER_URL,))
    crawl(database, NEW, chapter(NEW, "300 nights."), updates(NEW, "9 USCIS-PM"))
    (told,) = told_of(database, LATE)
    assert told.state is State.NOT_YET_SEEN
    crawl(database, LATE, updates(LATE, "9 USCIS-PM"))
    (told,) = told_of(database, LATE + timedelta(hours=1))
    assert told.state is State.UNANNOUNCED
    assert "of February 27, 2026 to" in told.words


def test_what_is_no_guidance_or_was_there_from_the_first_has_no_announcement(
    database: Database,
) -> None:
    crawl(database, OLD, chapter(OLD, "200 nights."), updates(OLD))
    changes = history.recorded(database, baseline=True)
    assert len(changes) > 1
    with database.read() as connection:
        assert {announcement(connection, change) for change in changes} == {None}


CHAPTER_URL = f"https://www.uscis.gov/policy-manual/{CHAPTER.key}"


def chapter(at: datetime, words: str) -> Page:
    body = f"""<html><ul class="leftnav-menu"><li><a href="/policy-manual/{CHAPTER.key}">14</a>
    </li></ul><ol class="nav--crumbs"><li>Volume 12 - Lights</li><li>Part D - Keepers</li>
    <li>Chapter 14 - Nights</li></ol><h1 class="page-title">Chapter 14 - Nights</h1>
    <div id="guidance"><div class="field--name-body"><p>A keeper of lights must show {words}</p>
    </div></div></html>"""
    return replace(page(SOURCE, CHAPTER_URL, body.encode()), fetched_at=at)


def updates(at: datetime, *sections: str) -> Page:
    """The updates page; an entry for `sections` stands above the one of the year before."""
    news = [("2026-03-11", "Lamps", sections)] if sections else []
    told = "".join(_posted(*each) for each in [*news, ("2025-01-06", "Oil", ("3 USCIS-PM",))])
    return replace(page(SOURCE, UPDATES, f"<html>{told}</html>".encode()), fetched_at=at)


def _posted(on: str, title: str, sections: Sequence[str]) -> str:
    named = "".join(
        f'<p class="affected-sections"><span class="citation">{section}</span></p>'
        for section in sections
    )
    return f"""<div class="pm-updates"><div class="pm-resource__update_header">Technical Update -
    {title}</div><time datetime="{on}T12:00:00Z">{on}</time><div class="pm-resource__content">
    <div class="field--name-body"><p>A sample.</p></div></div>{named}</div>"""


def crawl(database: Database, at: datetime, *pages: Page, confirmed: tuple[str, ...] = ()) -> None:
    """One visit to the manual, examined, judged and taken in."""
    rules = Rules(
        readers={SOURCE: UscisPolicyManualSpider.read},
        taxonomy=topics.load(),
        count=HashingEncoder().count,
    )
    run = runs.begin_run(database, SOURCE, at)
    kept = Archive(database, run.id)
    for one in pages:
        kept.keep(one)
    for url in confirmed:
        kept.confirm(url)
    runs.end_crawl(database, run.id, requests=20, size=0, blocked=False, failures=())
    readings = Readings(rules)
    for number in runs.unexamined(database, [SOURCE]):
        ingest.examine(database, number, readings, at)
    for unjudged in runs.unjudged(database, [SOURCE]):
        verdict(database, unjudged.id, at, Normal(floor=0, ceiling=100))
    for number in runs.waiting(database, [SOURCE]):
        assert ingest.ingest(database, number, readings, at) == ""


def states(database: Database, *moments: datetime) -> list[State]:
    """What is said of the chapter's one change, as it was known before each of the moments."""
    return [told.state for moment in moments for told in told_of(database, moment)]


def told_of(database: Database, before: datetime) -> list[Announcement]:
    changes = [
        change
        for change in history.recorded(database)
        if change.document == CHAPTER and change.difference.change_class is not ChangeClass.NOISE
    ]
    with database.read() as connection:
        told = [announcement(connection, change, before) for change in changes]
    return [each for each in told if each is not None]
