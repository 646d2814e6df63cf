"""One amended chapter, from the publisher's server to the right reader's mail and no one else's."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default

import pytest
from rehearsed import day, quietly, read

from index import archive, history
from index.lookup import look_up
from index.search import search
from lexwatch import jobs
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.commands.sent import rebuilt
from lexwatch.jobs import Read
from lexwatch.settings import Data, Settings, Watch
from pipeline.model import BlockKind, ChangeClass, ChangeKind

pytestmark = pytest.mark.usefixtures("warm")

CHAPTER = "uscis_policy_manual:volume-99-part-d-chapter-3"
RETYPED = "uscis_policy_manual:volume-91-part-b-chapter-3"
NEW_WORDS = "by a preponderance of the evidence"
MONDAY = datetime(2026, 10, 12, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data=Data(folder=str(tmp_path_factory.mktemp("an office's data"))),
        subscriptions=[
            Watch(reader="Nat", address="nat@example.com", topics=["naturalization-citizenship"]),
            Watch(reader="Asa", address="asa@example.com", topics=["asylum"]),
            Watch(reader="Bea", address="bea@example.com", sources=["bia_decisions"]),
        ],
    )


@pytest.fixture(scope="module")
def days(given: Settings) -> list[Read]:
    return read(given)


@pytest.fixture(scope="module")
def office(given: Settings, days: list[Read]) -> App:
    return App(given, lambda: MONDAY)


@pytest.fixture(scope="module")
def mail(office: App) -> dict[str, EmailMessage]:
    sending.queue(office, MONDAY)
    assert [one.error for one in sending.send(office)] == ["", "", ""]
    messages = (
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in office.settings.mail_folder.iterdir()
    )
    return {message["To"].addresses[0].addr_spec: message for message in messages}


def test_the_first_crawl_fills_the_index_and_alerts_nobody(days: list[Read]) -> None:
    assert {run.baseline for run in days[0].runs} == {True}
    assert days[0].changes == ()


def test_a_day_of_noise_only_changes_nothing(days: list[Read]) -> None:
    assert days[1].failed == ()
    assert days[1].changes == ()


def test_every_run_is_complete(days: list[Read]) -> None:
    assert [run.failures for one in days for run in one.runs] == [()] * 15


def test_the_page_is_kept_as_served_on_both_days(office: App, days: list[Read]) -> None:
    versions = look_up(office.database, CHAPTER).versions
    assert len(versions) == 2
    with office.database.read() as connection:
        pages = [archive.page(connection, held.page) for held in versions]
    assert [NEW_WORDS.encode() in page.body for page in pages] == [False, True]
    assert {page.url.split("/")[2] for page in pages} == {"www.uscis.gov"}
    assert all("127.0.0.1" in page.asked for page in pages)


def test_the_chapter_changed_in_text_and_footnote(office: App, days: list[Read]) -> None:
    change = next(one for one in days[2].changes if one.document.name == CHAPTER)
    assert change.difference.kind is ChangeKind.TEXT
    assert change.difference.change_class is ChangeClass.SUBSTANTIVE
    assert NEW_WORDS in change.new.text
    assert any(
        edit.new is not None and edit.new.kind is BlockKind.FOOTNOTE and edit.old is not None
        for edit in change.difference.edits
    )
    assert change.tags[0].topic == "naturalization-citizenship"
    assert change.tags[0].evidence


def test_a_chapter_that_was_only_retyped_is_kept_as_noise_with_its_rule(office: App) -> None:
    with_noise = history.recorded(office.database, noise=True)
    change = next(one for one in with_noise if one.document.name == RETYPED)
    assert change.difference.change_class is ChangeClass.NOISE
    assert all(edit.rule for edit in change.difference.edits)


def test_the_alert_reaches_the_right_reader_and_says_why(office: App, days: list[Read]) -> None:
    alerts = (alert for one in sending.digests(office, MONDAY) for alert in one.alerts)
    met = [alert for alert in alerts if alert.change.document.name == CHAPTER]
    assert [alert.subscription.reader for alert in met] == ["Nat"]
    assert any("Naturalization" in reason for reason in met[0].why)


def test_the_digest_of_the_right_reader_shows_the_redline_and_no_other_does(
    mail: dict[str, EmailMessage],
) -> None:
    assert mail.keys() == {"nat@example.com", "asa@example.com", "bea@example.com"}
    bodies = {
        reader: message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for reader, message in mail.items()
    }
    flat = {reader: " ".join(body.split()) for reader, body in bodies.items()}
    assert "Continuous Residence (Sample)" in flat["nat@example.com"]
    assert NEW_WORDS in flat["nat@example.com"]
    for other in ("asa@example.com", "bea@example.com"):
        assert "Continuous Residence" not in flat[other]


def test_every_digest_says_what_was_looked_at(mail: dict[str, EmailMessage]) -> None:
    for message in mail.values():
        text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for title in ("USCIS Policy Manual", "Federal Register", "EOIR precedent decisions"):
            assert title in text
        assert "typography" in text


def test_a_digest_is_sent_once(office: App, mail: dict[str, EmailMessage]) -> None:
    assert sending.queue(office, MONDAY).letters == 0
    assert tuple(sending.send(office)) == ()


def test_a_digest_made_again_from_the_record_is_the_same_to_the_byte(
    office: App, mail: dict[str, EmailMessage]
) -> None:
    assert len(mail) == 3
    again = tuple(rebuilt(office, MONDAY.date() - timedelta(days=3)))
    assert [one.is_same for one in again] == [True, True, True]
    assert {one.sent.reader for one in again} == {"Nat", "Asa", "Bea"}


def test_search_finds_the_new_words_and_no_longer_the_old(
    office: App, given: Settings, days: list[Read]
) -> None:
    found = search(office.database, office.understanding_words, f'"{NEW_WORDS}"').hits
    assert CHAPTER in [hit.document.name for hit in found]
    old = '"A grant of a reentry permit does not change this"'
    results = search(office.database, office.understanding_words, old)
    assert results.notes[0].startswith("0 documents meet every term")
    assert CHAPTER not in [hit.document.name for hit in results.hits[: results.documents]]


def test_a_citation_finds_the_document_before_those_that_cite_it(
    office: App, days: list[Read]
) -> None:
    named = look_up(office.database, "9902").held.version
    first = search(office.database, office.understanding, named.citation).hits[0]
    assert first.document == named.document


def test_a_document_names_those_held_that_cite_it_with_their_words(
    office: App, days: list[Read]
) -> None:
    overruled = look_up(office.database, "9902")
    assert ("9905", True) in [
        (citing.document.key, "overruled in part" in citing.words) for citing in overruled.cited_by
    ]
    delayed = look_up(office.database, "2026-99102@2026-08-24")
    assert "2026-99113@2026-10-07" in [citing.document.key for citing in delayed.cited_by]


def test_a_document_is_found_by_its_name_and_by_a_pin_into_it(
    office: App, days: list[Read]
) -> None:
    named = look_up(office.database, "matter of sample-b-")
    assert named.held.version.document.key == "9902"
    pinned = look_up(office.database, "99 USCIS-PM D.3(B)(1)")
    assert pinned.held.version.document.name == CHAPTER


def test_a_second_reading_of_the_same_day_changes_nothing(
    given: Settings, days: list[Read]
) -> None:
    with day(given, "2026-10-07") as app:
        again = jobs.crawl(app, (), quietly, at=app.clock())
        assert again.changes == ()
        assert sending.match_changes(app) == 0
        assert jobs.index(app, quietly).embedded == 0


def test_rebuild_reaches_the_same_state_and_makes_no_change(
    given: Settings, office: App, days: list[Read]
) -> None:
    with day(given, "2026-10-07") as app:
        before = history.last(app.database)
        before_it = look_up(app.database, CHAPTER)
        assert jobs.rebuild(app, quietly).failures == ()
        assert history.last(app.database) == before
        assert look_up(app.database, CHAPTER) == before_it
        assert jobs.index(app, quietly).embedded == 0
