"""The week's mail: nobody misses a change, whatever did not run, and nothing is sent twice."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from publisher import DAY, Reader, page, rules_of, visit

from index import derived, passages, treatments
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Watch
from pipeline.errors import StoreError

MONDAY = datetime(2026, 10, 5, 14, tzinfo=UTC)
WEEK = timedelta(days=7)
ANA = Watch(reader="Ana", address="ana@example.com")


class Office:
    """One office whose clock and subscriptions a test can move."""

    def __init__(self, folder: Path) -> None:
        self.now = MONDAY
        self.data = Data(folder=str(folder))
        self.app = self.open(ANA)
        self.rules = rules_of(Reader())

    def open(self, *subscriptions: Watch) -> App:
        self.app = App(
            Settings(data=self.data, subscriptions=list(subscriptions)), lambda: self.now
        )
        return self.app

    def publish(self, at: datetime, **said: str) -> None:
        """Crawl a page of asylum notices, ingested at that moment."""
        self.now = at
        texts = {key: f"{text} An asylum application." for key, text in said.items()}
        visit(self.app.database, self.rules, at, page(texts, at))

    def digest(self, at: datetime) -> dict[str, list[str]]:
        """Deliver what is due: the titles that each address was sent; held ones are left out."""
        self.now = at
        built = jobs.digests(self.app, at)
        sent = {one.address for one in jobs.deliver(self.app, built) if one.outcome == "sent"}
        return {
            one.address: [alert.change.new.title for alert in one.alerts]
            for one in built
            if one.address in sent
        }


def test_a_rebuild_that_failed_of_a_page_leaves_texts_unread(tmp_path: Path) -> None:
    office = Office(tmp_path / "data")
    office.publish(MONDAY, first="Baseline.")
    with office.app.database.write() as connection:
        derived.set_fact(connection, treatments.FACT, treatments.UNREAD)
        derived.set_fact(connection, passages.FACT, passages.UNPLACED)
    assert jobs.rebuild(office.app, lambda *_: None).failures
    with office.app.database.read() as connection:
        assert treatments.are_unread(connection)
        assert passages.are_unplaced(connection)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data")
    made.publish(MONDAY, first="Baseline.")
    yield made
    made.app.database.close()


def test_a_digest_holds_the_week_and_is_sent_once(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    assert office.digest(MONDAY + WEEK) == {"ana@example.com": ["Notice second"]}
    assert office.digest(MONDAY + WEEK + DAY) == {}


def test_a_quiet_week_is_sent_too(office: Office) -> None:
    assert office.digest(MONDAY + WEEK) == {"ana@example.com": []}


def test_a_week_in_which_nothing_ran_is_made_up_for(office: Office) -> None:
    office.digest(MONDAY + WEEK)
    office.publish(MONDAY + WEEK + DAY, second="News.")
    assert office.digest(MONDAY + 4 * WEEK) == {"ana@example.com": ["Notice second"]}


def test_what_was_fetched_in_one_week_and_read_in_the_next_is_in_the_next_digest(
    office: Office,
) -> None:
    fetched = MONDAY + WEEK - timedelta(hours=10, minutes=5)  # Sunday night in New York
    assert office.digest(MONDAY + WEEK) == {"ana@example.com": []}
    office.now = MONDAY + WEEK + timedelta(minutes=1)
    texts = {"late": "News. An asylum application."}
    visit(office.app.database, office.rules, office.now, page(texts, fetched))
    assert office.digest(MONDAY + 2 * WEEK) == {"ana@example.com": ["Notice late"]}


def test_a_subscription_made_in_midweek_meets_the_whole_week(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    assert jobs.match_changes(office.app) == 1
    moved = Watch(reader="Ana", address="ana@new.example.com", topics=["asylum"])
    office.open(moved)
    assert jobs.match_changes(office.app) == 1
    assert jobs.match_changes(office.app) == 0
    assert office.digest(MONDAY + WEEK) == {"ana@new.example.com": ["Notice second"]}


def test_without_subscriptions_nothing_is_used_up(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    office.open()
    assert jobs.match_changes(office.app) == 0
    assert office.digest(MONDAY + WEEK) == {}
    office.open(ANA)
    assert office.digest(MONDAY + WEEK) == {"ana@example.com": ["Notice second"]}


def test_a_preview_writes_nothing_down(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    (shown,) = jobs.digests(office.app, MONDAY + WEEK, keep=False)
    assert [alert.change.new.title for alert in shown.alerts] == ["Notice second"]
    assert jobs.match_changes(office.app) == 1


def test_what_is_not_immigration_goes_to_nobody_who_did_not_ask(office: Office) -> None:
    office.now = MONDAY + DAY
    texts = {"tariff": "Import restrictions on ceramics."}
    visit(office.app.database, office.rules, office.now, page(texts, office.now))
    assert office.digest(MONDAY + WEEK) == {"ana@example.com": []}


def test_the_data_folder_is_its_owners_alone(office: Office) -> None:
    assert stat.S_IMODE(Path(office.data.folder).stat().st_mode) == 0o700


def test_two_jobs_at_once_are_refused(office: Office) -> None:
    with (
        office.app.at_work(),
        pytest.raises(StoreError, match="another lexwatch is at work"),
        office.open(ANA).at_work(),
    ):
        pass
