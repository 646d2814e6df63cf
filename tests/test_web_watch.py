"""My watch: a reader's subscriptions as pages show them; muted, ended, stopped and resumed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from browsers import at_work, opened
from fakes import HashingEncoder
from publisher import Reader, page, rules_of, visit
from sites import serving
from sqlalchemy import update
from starlette.testclient import TestClient

from index import mutes, outgoing, subscriptions, suppressions
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.settings import Channel, Data, Settings, Topics, Watch
from lexwatch.web.app import create
from lexwatch.web.routes.watch import READER
from pipeline.subscription import Reason, Subscription

BEGUN = datetime(2026, 10, 5, 14, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
ANA, BEN = "ana@example.com", "ben@example.com"
FIRST = Watch(reader="Ben Ito", address=BEN, topics=["fees-forms"], matter="2026-7 <b>")
# A form as a browser sends it: what is not chosen is not among it.
FORM: dict[str, Any] = {
    "reader": "Ana Reyes",
    "address": ANA,
    "topics": "asylum",
    "threshold": "0.5",
    "frequency": "weekly",
    "weekday": "monday",
    "day": "1",
    "hour": "0",
    "zone": "America/New_York",
    "on_holidays": "true",
    "channels": "mail",
    "do": "save",
}


class Office:
    """An office that has watched one publisher since October, and a browser on its pages."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(
            data=Data(folder=str(folder)),
            topics=Topics(meaning=False),
            subscriptions=[FIRST],
            channels={"teams": Channel(env="LEXWATCH_TEAMS")},
        )
        self.app = App(settings, lambda: NOW)
        self.app.encoder = HashingEncoder()
        self.client = TestClient(
            create(self.app), base_url="http://127.0.0.1:8765", follow_redirects=False
        )

    def choose(self, address: str) -> None:
        assert self.post("/watch/reader", address=address).status_code == 303

    def get(self, place: str, status: int = 200) -> str:
        answer = self.client.get(place)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, place: str, **given: Any) -> Any:
        said = self.get("/watch/new")
        token = re.findall(r'name="token" value="([0-9a-f]+)"', said)[0]
        return self.client.post(place, data={**given, "token": token})

    def begin(self, **changed: Any) -> Subscription:
        answer = self.post("/watch/new", **{**FORM, **changed})
        assert answer.status_code == 303, answer.text
        number = int(answer.headers["location"].removeprefix("/watch#no-"))
        [one] = [each for each in self.held if each.id == number]
        return one

    @property
    def held(self) -> tuple[Subscription, ...]:
        return subscriptions.held(self.app.database)


def watched_since_october(folder: Path) -> Path:
    """The data of an office to which nobody has subscribed; to be copied, not to be written to."""
    office, rules = Office(folder), rules_of(Reader())
    for days, said in enumerate(["Baseline.", "An asylum bond; see 8 CFR 208.13.", "A visa."]):
        at = BEGUN + timedelta(days=days)
        visit(office.app.database, rules, at, page({f"notice-{days}": said}, at))
    office.app.database.close()
    return office.app.settings.folder


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return watched_since_october(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(watched: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(watched, tmp_path / "data")
    made = Office(tmp_path / "data")
    yield made
    made.app.database.close()


# Whose watch it is


def test_whose_watch_it_is_is_asked_once_and_kept(office: Office) -> None:
    assert "Whose watch?" in office.get("/watch")
    answer = office.post("/watch/reader", address=BEN.upper())
    assert (answer.status_code, answer.headers["location"]) == (303, "/watch")
    assert "HttpOnly" in answer.headers["set-cookie"]
    said = office.get("/watch")
    assert "Ben Ito" in said and "Fees and forms" in said and BEN.upper() in said


def test_what_is_no_address_is_said_beside_the_field(office: Office) -> None:
    answer = office.post("/watch/reader", address="Ben <x>")
    assert answer.status_code == 400 and "aria-describedby" in answer.text
    assert "e-mail address such as ana@example.com" in answer.text
    assert READER not in answer.headers.get("set-cookie", "")


def test_a_cookie_of_nonsense_is_nobody(office: Office) -> None:
    office.client.cookies.set(READER, "%0d%0aSet-Cookie")
    assert "Whose watch?" in office.get("/watch")


def test_who_has_nothing_is_shown_how_to_begin(office: Office) -> None:
    office.choose("zoë@example.com")
    assert "Nothing is watched for zoë@example.com yet" in office.get("/watch")


def test_one_of_the_settings_file_is_shown_as_such_and_not_changed(office: Office) -> None:
    office.choose(BEN)
    said = office.get("/watch")
    assert "kept in the settings file" in said and "<h2" in said and "New" in said
    for deed in ("mute", "unmute", "end"):  # no run has read that file yet
        assert office.post(f"/watch/0/{deed}").status_code == 404
    office.get("/watch/0/met", 404)
    sending.match_changes(office.app)
    [one] = office.held
    said = office.get("/watch")
    assert f'href="/watch/{one.id}"' not in said and f"/watch/{one.id}/end" not in said
    assert "changed there" in office.get(f"/watch/{one.id}", 400)
    assert office.post(f"/watch/{one.id}", **FORM).status_code == 400
    assert office.post(f"/watch/{one.id}/end").status_code == 400
    assert office.held == (one,)


# Muted, ended, stopped


def test_muted_it_says_so_and_is_sent_again(office: Office) -> None:
    one = office.begin()
    office.post(f"/watch/{one.id}/mute", until="2026-12-01")
    until = datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert mutes.muted(office.app.database, NOW) == {one.id: until}
    said = office.get("/watch")
    assert "Muted until December 1, 2026, 00:00 EST" in said and "Next:" not in said
    office.post(f"/watch/{one.id}/unmute")
    assert mutes.muted(office.app.database, NOW) == {} and "Next:" in office.get("/watch")


def test_muted_without_a_day_it_is_for_a_week(office: Office) -> None:
    one = office.begin()
    office.post(f"/watch/{one.id}/mute", until="")
    assert mutes.muted(office.app.database, NOW) == {one.id: NOW + timedelta(days=7)}


@pytest.mark.parametrize("until", ["2026-11-22", "2027-06-01", "soon"])
def test_a_day_that_has_passed_or_is_far_off_mutes_nothing(office: Office, until: str) -> None:
    one = office.begin()
    assert office.post(f"/watch/{one.id}/mute", until=until).status_code == 400
    assert mutes.muted(office.app.database, NOW) == {}


def test_ended_it_is_gone(office: Office) -> None:
    one = office.begin()
    office.post(f"/watch/{one.id}/end")
    assert office.held == () and "Nothing is watched" in office.get("/watch")


def test_mail_is_stopped_and_begun_again(office: Office) -> None:
    office.begin()
    office.post("/watch/stop")
    said = office.get("/watch")
    assert f"Nothing is sent to {ANA}: unsubscribed on November 22, 2026" in said
    assert "lexwatch unsubscribe" not in said and "Next:" not in said
    office.post("/watch/resume")
    assert "Nothing is sent" not in office.get("/watch")


def test_mail_that_came_back_is_sent_again_once_somebody_looked(office: Office) -> None:
    office.begin()
    suppressions.suppress(office.app.database, ANA, Reason.BOUNCED, NOW, "550 <b>no</b>")
    said = office.get("/watch")
    assert "mail came back" in said and "Correct the address" in said and "<b>no" not in said
    office.post("/watch/resume")
    assert suppressions.every(office.app.database) == ()


@pytest.mark.parametrize("deed", ["mute", "unmute", "end", ""])
def test_nobody_changes_what_is_somebody_elses(office: Office, deed: str) -> None:
    one = office.begin()
    office.choose("eve@example.com")
    place = f"/watch/{one.id}/{deed}".rstrip("/")
    assert office.post(place, **{**FORM, "topics": "tps"}).status_code == 404
    assert office.held == (one,) and mutes.muted(office.app.database, NOW) == {}


@pytest.mark.parametrize(
    "place", ["new", "reader", "stop", "resume", "1", "1/mute", "1/unmute", "1/end"]
)
def test_a_form_without_its_token_does_nothing(office: Office, place: str) -> None:
    office.begin()
    office.choose(ANA)
    answer = office.client.post(f"/watch/{place}", data={**FORM, "words": "x"})
    assert answer.status_code == 403 and len(office.held) == 1
    assert suppressions.every(office.app.database) == ()


def test_what_it_met_is_shown_with_why(office: Office) -> None:
    one = office.begin()
    assert "No run has found anything" in office.get(f"/watch/{one.id}/met")
    with office.app.database.write() as connection:
        connection.execute(update(outgoing.subscription).values(begun_at=BEGUN))
    sending.match_changes(office.app)
    said = office.get(f"/watch/{one.id}/met")
    assert "Notice notice-1" in said and "asylum" in said


def test_the_settings_files_own_words_stay_words(office: Office) -> None:
    office.choose(BEN)
    said = office.get("/watch")
    assert "2026-7 &lt;b&gt;" in said and "2026-7 <b>" not in said


def test_a_reader_begins_mutes_and_ends_one_in_a_browser(
    browser: Any, stocked: App, tmp_path: Path
) -> None:
    shutil.copytree(stocked.settings.folder, tmp_path / "data")
    with serving(at_work(tmp_path / "data")) as site, opened(browser, site) as context:
        tab = context.new_page()
        tab.goto("/watch")
        tab.get_by_label("Mail address").fill("cy@example.com")
        tab.get_by_role("button", name="Show").click()
        tab.get_by_role("link", name="New subscription").click()
        tab.get_by_label("Name of who reads").fill("Cy")
        tab.get_by_text("Topics").first.click()
        tab.get_by_label("Asylum, withholding and refugees").check()
        tab.get_by_role("button", name="See what it would have told").click()
        assert "It would have told of" in tab.inner_text(".trial")
        tab.locator(".trial").get_by_role("button", name="Begin it").click()
        assert "Asylum, withholding" in tab.inner_text(".watch")
        tab.locator(".watch summary", has_text="Mute").click()
        tab.get_by_role("button", name="Mute it").click()
        assert "Muted until" in tab.inner_text(".watch")
        tab.locator(".watch summary", has_text="End").click()
        tab.locator(".watch").get_by_role("button", name="End No.").click()
        assert "Nothing is watched for cy@example.com yet" in tab.inner_text("main")
