"""Calendars and feeds as files: up to date, whole, and nobody's secrets in them."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser  # type: ignore[import-untyped]  # it ships no types
import icalendar
import pytest
from builders import stated
from publisher import NOW
from test_relating import STORY, hold

from index import history, ledger, subscriptions, suppressions
from lexwatch.alerting import feeds, matching
from lexwatch.alerting.feeds import Written
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Watch, Web
from pipeline.errors import NotHeld, SettingsError
from pipeline.model import DateKind, Version
from pipeline.subscription import Reason

SECRETS = ("zebrafish", "secret sentence", "MATTER-77", "private note")
ANA = Watch(reader="Ana Reyes", address="ana@example.com", topics=["asylum"])
BEN = Watch(reader="Ben", address="ben@example.com", topics=["h1b"])
CLEO = Watch(
    reader="Cleo",
    address="cleo@example.com",
    words="zebrafish OR asylum",
    name="Bond cases",
    matter="MATTER-77",
    note="private note",
)


class Office:
    """One office with a sample rule, whose subscriptions a test can alter."""

    def __init__(self, folder: Path, *watches: Watch, web: str = "") -> None:
        self.now = datetime(2026, 11, 10, 17, tzinfo=UTC)
        self.folder = folder
        self.web = Web(address=web)
        self.app = self.open(*watches)
        hold(self.app.database, STORY)

    def open(self, *watches: Watch) -> App:
        given = Settings(
            data=Data(folder=str(self.folder)), subscriptions=list(watches), web=self.web
        )
        self.app = App(given, lambda: self.now)
        wanted = subscriptions.sync(self.app.database, self.app.subscriptions(), self.now)
        self.wanted = wanted
        return self.app

    def alert(self) -> None:
        """Give each subscription the alerts on what was recorded so far."""
        changes = history.recorded(self.app.database, after=1)
        ledger.give(self.app.database, matching.matched(self.app, self.wanted, changes))

    def write(self, *, whole: bool = False) -> Written:
        return feeds.write(self.app, whole=whole)

    def read(self, name: str) -> bytes:
        return (self.app.settings.feeds_folder / name).read_bytes()

    def names(self) -> set[str]:
        return {each.name for each in self.app.settings.feeds_folder.iterdir()}


def events(data: bytes) -> list[str]:
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return [str(each["summary"]) for each in found]


def test_every_reader_has_what_their_subscriptions_meet(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA, BEN, CLEO)
    office.write()
    (everybody,) = events(office.read("calendar-all.ics"))
    assert everybody.startswith("Effective date: Registration of Sample Petitioners")
    mine = {name for name in office.names() if name.startswith("calendar-ana-reyes-")}
    assert [events(office.read(name)) for name in mine] == [[everybody]]
    assert events(feeds.calendar(office.app, "ANA@example.com")) == [everybody]
    assert events(feeds.calendar(office.app, "ben@example.com")) == []
    assert events(feeds.calendar(office.app, "cleo@example.com")) == [everybody]
    assert feeds.calendar(office.app) == office.read("calendar-all.ics")


def test_there_is_a_feed_for_each_topic_source_and_saved_search(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA, CLEO)
    office.alert()
    office.write()
    cleo = next(each.id for each in office.wanted if each.words)
    assert {"topic-asylum.atom", "source-uscis_news.atom", f"search-{cleo}.atom"} <= office.names()
    assert len([name for name in office.names() if name.startswith("search-")]) == 1
    parsed = feedparser.parse(office.read("topic-asylum.atom"))
    assert (parsed.bozo, parsed.feed.title) == (False, "lexwatch: Asylum, withholding and refugees")
    found = feedparser.parse(office.read(f"search-{cleo}.atom"))
    assert "Bond cases" in found.feed.title
    assert found.entries and "Why it is here" in found.entries[0].content[0].value
    assert feeds.feed(office.app, f"search-{cleo}") == office.read(f"search-{cleo}.atom")


def test_what_is_a_readers_own_is_shown_only_where_they_say_so(tmp_path: Path) -> None:
    office = Office(tmp_path, CLEO)
    office.alert()
    office.write()
    every = b"".join(office.read(name) for name in office.names())
    assert not any(secret.encode() in every for secret in SECRETS)
    office.open(CLEO.model_copy(update={"shown_on": ["feed"]}))
    office.write()
    every = b"".join(office.read(name) for name in office.names())
    assert b"zebrafish" in every
    office.open(CLEO)
    office.write()
    every = b"".join(office.read(name) for name in office.names())
    assert not any(secret.encode() in every for secret in SECRETS)


def test_what_says_the_same_keeps_its_time(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    first = office.write()
    assert first.changed and not first.unchanged
    assert set(first.changed) == office.names()
    path = office.app.settings.feeds_folder / "calendar-all.ics"
    os.utime(path, (1, 1))
    for whole in (False, True):
        again = office.write(whole=whole)
        assert (again.changed, again.removed) == ((), ())
        assert set(again.unchanged) == office.names()
    assert path.stat().st_mtime == 1


def test_a_newer_change_renews_the_feeds_that_it_bears_on(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    office.write()
    on = (NOW + timedelta(days=9)).date()
    fresh = replace(
        STORY[0],
        document=replace(STORY[0].document, key=f"new@{on}"),
        title="A New Sample on Asylum",
        citation="91 FR 99990",
        dates=(stated(DateKind.PUBLISHED, on),),
        metadata={"document_number": "2026-99999"},
    )
    hold(office.app.database, [fresh], first=9)
    done = office.write()
    assert "topic-asylum.atom" in done.changed
    assert "topic-h1b.atom" not in done.changed
    assert b"A New Sample on Asylum" in office.read("topic-asylum.atom")
    assert office.write(whole=True).changed == ()


def test_what_nobody_may_read_any_more_is_removed(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA, BEN)
    office.write()
    mine = next(name for name in office.names() if name.startswith("calendar-ana"))
    strange = office.app.settings.feeds_folder / "notes.txt"
    strange.write_text("not ours")
    suppressions.suppress(office.app.database, ANA.address, Reason.UNSUBSCRIBED, office.now)
    assert office.write().removed == (mine,)
    assert strange.exists()
    with pytest.raises(NotHeld):
        feeds.calendar(office.app, ANA.address)


def test_mail_that_came_back_ends_no_calendar(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    suppressions.suppress(office.app.database, ANA.address, Reason.BOUNCED, office.now)
    assert feeds.calendar(office.app, ANA.address)


def test_a_feed_that_there_is_not_is_refused(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    for name in ("topic-none", "search-99", "../calendar", "source-", ""):
        with pytest.raises(NotHeld):
            feeds.feed(office.app, name)
    with pytest.raises(NotHeld):
        feeds.calendar(office.app, "nobody@example.com")


def test_it_names_its_public_address_where_there_is_one(tmp_path: Path) -> None:
    assert b'rel="self"' not in feeds.feed(Office(tmp_path / "a", ANA).app, "topic-asylum")
    public = Office(tmp_path / "b", ANA, web="https://lexwatch.firm.example")
    assert b'href="https://lexwatch.firm.example/feed/' in feeds.feed(public.app, "topic-asylum")


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    office.app.settings.feeds_folder.write_text("in the way")
    with pytest.raises(SettingsError, match="feeds"):
        office.write()


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    office.write()
    assert not [name for name in office.names() if name.endswith(".partial")]


def test_what_was_switched_off_is_shown_no_more_though_the_file_has_it_still(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, CLEO.model_copy(update={"shown_on": ["feed"]}))
    office.alert()
    office.write()
    (number,) = [each.id for each in office.wanted]
    assert b"zebrafish" in feeds.feed(office.app, f"search-{number}")
    office.open(CLEO)
    assert b"zebrafish" not in feeds.feed(office.app, f"search-{number}")


def test_what_was_written_last_is_given_out(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    office.write()
    for name in office.names():
        (office.app.settings.feeds_folder / name).write_bytes(b"as written")
    assert feeds.calendar(office.app) == b"as written"
    assert feeds.calendar(office.app, ANA.address) == b"as written"
    assert feeds.feed(office.app, "topic-asylum") == b"as written"


def test_an_alert_on_an_older_change_comes_into_its_feed(tmp_path: Path) -> None:
    office = Office(tmp_path, CLEO)
    office.write()
    (number,) = [each.id for each in office.wanted]
    office.alert()  # no change is new
    assert office.write().changed == (f"search-{number}.atom",)


def test_what_a_newer_change_does_to_an_older_one_comes_into_its_feed(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    hold(office.app.database, [_dated("new", "A Sample Registration", "An asylum text.")], first=9)
    office.write()
    hold(
        office.app.database, [_dated("later", "A Sample Registration; Delay", "A text.")], first=10
    )
    office.write()
    now = office.read("topic-asylum.atom")
    assert office.write(whole=True).changed == ()
    assert b"A text." not in now
    assert b"delayed by 91 FR later" in now


def _dated(key: str, title: str, text: str) -> Version:
    """An invented rule of a day after the watch began, or a delay of it."""
    is_delay = title.endswith("Delay")
    on = (NOW + timedelta(days=10 if is_delay else 9)).date()
    effect = on + timedelta(days=60 if is_delay else 30)
    final = STORY[3 if is_delay else 2]
    return replace(
        final,
        document=replace(final.document, key=f"{key}@{on}"),
        title=title + (" of Effective Date" if is_delay else ""),
        citation=f"91 FR {key}",
        blocks=tuple(replace(each, text=text) for each in final.blocks),
        dates=(stated(DateKind.PUBLISHED, on), stated(DateKind.EFFECTIVE, effect)),
        metadata={**final.metadata, "document_number": key},
    )
