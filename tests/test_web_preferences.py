"""Preferences behind the signed link of a mail: a GET changes nothing, and no secret is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from publisher import DAY
from starlette.testclient import TestClient
from test_sending import ANA, MONDAY, WEEK, Office

from alerts.tokens import Purpose, sign
from alerts.ways import ways
from index import mutes, record, subscriptions, suppressions
from lexwatch.alerting import sending, signed
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Watch, Web
from lexwatch.web.app import create
from pipeline.subscription import Frequency, Origin, Reason, Schedule, Subscription

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
BEN = "ben@example.com"
OWN = Subscription(
    reader="Ben Ito",
    address=BEN,
    topics=("asylum",),
    words="my client Zapata",
    matter="2026-7",
    note="Zapata's bond",
    schedule=Schedule(hour=7),
    origin=Origin.COMMAND,
)
WORLD = {"Host": "lexwatch.firm.example", "X-Forwarded-For": "203.0.113.9"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    settings = Settings(
        data=Data(folder=str(tmp_path / "data")),
        subscriptions=[Watch(reader="Ben Ito", address=BEN, topics=["tps"])],
    )
    made = App(settings, lambda: NOW)
    subscriptions.sync(made.database, made.subscriptions(), NOW)
    yield made
    made.database.close()


@pytest.fixture
def one(app: App) -> Subscription:
    return subscriptions.add(app.database, OWN, NOW)


def place(app: App, address: str = BEN, purpose: Purpose = Purpose.PREFERENCES) -> str:
    return f"/preferences/{sign(signed.key(app), purpose, address)}"


def client(app: App) -> TestClient:
    """As the world sees it, through a reverse proxy."""
    return TestClient(create(app), headers=WORLD, follow_redirects=False)


def post(app: App, form: dict[str, Any], **given: Any) -> Any:
    return client(app).post(place(app, **given), data=form)


def held(app: App, number: int) -> Subscription:
    [found] = [each for each in subscriptions.held(app.database) if each.id == number]
    return found


def test_how_often_each_comes_is_shown_and_what_is_its_readers_own_is_not(
    app: App, one: Subscription
) -> None:
    answer = client(app).get(place(app))
    assert answer.status_code == 200 and "set-cookie" not in answer.headers
    assert "Asylum, withholding and refugees" in answer.text
    assert f'name="frequency-{one.id}"' in answer.text and "A search" not in answer.text[:200]
    for secret in ("Zapata", "2026-7"):
        assert secret not in answer.text
    assert held(app, one.id) == one


def test_a_post_changes_how_often_it_comes_and_nothing_else(app: App, one: Subscription) -> None:
    answer = post(app, {f"frequency-{one.id}": "daily"})
    assert answer.status_code == 200 and "Changed. Nothing is lost" in answer.text
    changed = replace(one.schedule, frequency=Frequency.DAILY)
    assert held(app, one.id) == replace(one, schedule=changed)
    said = post(app, {f"frequency-{one.id}": "daily"}).text
    assert "Nothing had to be changed" in said


@pytest.mark.parametrize("form", [{}, {"frequency-{}": "hourly"}, {"frequency-99": "daily"}])
def test_what_is_no_choice_changes_nothing(
    app: App, one: Subscription, form: dict[str, str]
) -> None:
    given = {name.format(one.id): value for name, value in form.items()}
    assert "Nothing had to be changed" in post(app, given).text
    assert held(app, one.id) == one


def test_what_the_office_set_is_shown_and_not_changed(app: App) -> None:
    [theirs] = subscriptions.held(app.database)
    assert "Your office’s settings say how often" in client(app).get(place(app)).text
    assert post(app, {f"frequency-{theirs.id}": "daily"}).status_code == 200
    assert held(app, theirs.id) == theirs


def test_nobody_changes_what_is_somebody_elses(app: App, one: Subscription) -> None:
    post(app, {f"frequency-{one.id}": "daily"}, address="eve@example.com")
    assert held(app, one.id) == one


@pytest.mark.parametrize("purpose", [each for each in Purpose if each != Purpose.PREFERENCES])
def test_a_link_for_something_else_is_refused(
    app: App, one: Subscription, purpose: Purpose
) -> None:
    answer = post(app, {f"frequency-{one.id}": "daily"}, purpose=purpose)
    assert answer.status_code == 404 and "There is nothing here" in answer.text
    assert held(app, one.id) == one


def test_a_form_without_end_is_refused(app: App, one: Subscription) -> None:
    assert post(app, {"frequency-1": "x" * 70_000}).status_code == 413
    assert held(app, one.id) == one


def test_whoever_gets_nothing_is_told_why_and_the_others_how_to_stop_all(
    app: App, one: Subscription
) -> None:
    said = client(app).get(place(app)).text
    assert f"Stop all mail to {BEN}" in said and "/unsubscribe/" in said
    mutes.mute(app.database, one.id, NOW + DAY, NOW)
    assert "Muted until" in client(app).get(place(app)).text
    suppressions.suppress(app.database, BEN, Reason.UNSUBSCRIBED, NOW)
    said = client(app).get(place(app)).text
    assert f"Nothing is sent to {BEN}" in said and "/unsubscribe/" not in said


# The link in mail


def test_mail_links_to_them_where_the_world_reaches_us() -> None:
    def made(web: str, *, has_preferences: bool = True) -> str:
        return ways(
            BEN, office="o@x.example", web=web, key=b"k" * 32, has_preferences=has_preferences
        ).preferences

    assert made("https://l.example").startswith("https://l.example/preferences/")
    assert made("") == "" and made("https://l.example", has_preferences=False) == ""


def test_a_letter_of_before_there_were_preferences_is_made_again_to_the_byte(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path / "data")
    web = Web(address="https://lexwatch.firm.example")
    office.app = App(Settings(data=office.data, subscriptions=[ANA], web=web), lambda: office.now)
    office.publish(MONDAY, first="Baseline.")
    office.digest(MONDAY + WEEK)
    [sent] = office.app.ledger.deliveries()
    kept = office.app.ledger.record(sent.key)
    assert kept is not None
    now = record.unpack(office.app.database, kept)
    made = sending.letter(office.app, now, sent.channel)
    assert made == office.app.ledger.letter(sent.key) and b"/preferences/" in made.body
    before = {name: v for name, v in now.letterhead.items() if name != "has_preferences"}
    again = sending.letter(office.app, replace(now, letterhead=before), sent.channel)
    assert b"/preferences/" not in again.body and b"/unsubscribe/" in again.body
    assert {*asdict(signed.letterhead(office.app))} == {*now.letterhead, "key"}
    office.app.database.close()
