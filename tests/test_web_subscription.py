"""The form of a subscription: tried before it begins, mended beside the field, changed in place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_web_watch import ANA, BEN, FORM, Office, watched_since_october

from pipeline.subscription import Frequency


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return watched_since_october(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(watched: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(watched, tmp_path / "data")
    made = Office(tmp_path / "data")
    yield made
    made.app.database.close()


def test_it_is_tried_before_it_begins_and_nothing_is_saved(office: Office) -> None:
    answer = office.post("/watch/new", **{**FORM, "do": "try"})
    assert answer.status_code == 200 and office.held == ()
    assert "It would have told of 1 change since October 5, 2026" in answer.text
    assert "Notice notice-1" in answer.text and "Nothing is saved yet" in answer.text
    assert 'value="asylum" checked' in answer.text


def test_everything_that_the_command_takes_is_kept(office: Office) -> None:
    one = office.begin(
        sources=["bia_decisions", "federal_register"],
        classes=["substantive"],
        authorities="8 CFR 208.13\r\n\r\n INA 212(h) \r\n",
        words="bond /s flight",
        meaning="what must be shown for release",
        threshold="0.6",
        frequency="monthly",
        day="3",
        hour="8",
        zone="America/Chicago",
        on_holidays="false",
        urgent_at_once="true",
        plain_text="true",
        channels=["mail", "teams"],
        name="Bond cases",
        matter="2026-114",
        note="for Tuesday's\r\ncall",
        shown_on=["mail", "feed"],
    )
    assert one.authorities == ("8 CFR § 208.13", "INA § 212(h)")
    assert (one.words, one.meaning, one.threshold) == (
        "bond /s flight",
        "what must be shown for release",
        0.6,
    )
    schedule = one.schedule
    assert (schedule.frequency, schedule.day, schedule.hour) == (Frequency.MONTHLY, 3, 8)
    assert schedule.zone == "America/Chicago" and not schedule.on_holidays
    assert one.urgent_at_once and one.plain_text
    assert (one.channels, one.shown_on) == (("mail", "teams"), ("mail", "feed"))
    assert (one.name, one.matter, one.origin) == ("Bond cases", "2026-114", "command")
    again = office.get(f"/watch/{one.id}")
    for shown in ("bond /s flight", "INA § 212(h)", "2026-114", 'value="teams" checked'):
        assert shown in again
    assert "Tuesday&#39;s" in again


def test_it_is_begun_for_the_address_that_is_shown_from_then_on(office: Office) -> None:
    office.choose(BEN)
    office.begin()
    said = office.get("/watch")
    assert ANA in said and "Asylum, withholding and refugees" in said


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"hour": "25"}, "hour", "Allowed is 23 or less"),
        ({"zone": "Mars/Olympus"}, "zone", "a time zone such as"),
        ({"reader": ""}, "reader", "Allowed is"),
        ({"address": "nobody"}, "address", "e-mail address such as"),
        ({"words": "bond /s"}, "words", "bond /s"),
        ({"authorities": "Matter of Nobody-At-All"}, "authorities", "If you meant a citation"),
        ({"authorities": "uscis_nonsense:x"}, "authorities", "uscis_nonsense"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    office: Office, given: dict[str, str], field: str, words: str
) -> None:
    answer = office.post("/watch/new", **{**FORM, "note": "keep me", **given})
    assert answer.status_code == 400 and office.held == ()
    [said] = re.findall(f'id="{field}-problem">(.*?)</pre>', answer.text, re.DOTALL)
    assert words in said and f'aria-describedby="{field}-problem"' in answer.text
    assert "Nothing was saved" in answer.text and "keep me" in answer.text


def test_what_is_of_no_field_is_said_above(office: Office) -> None:
    answer = office.post("/watch/new", **{**FORM, "topics": "nonsense"})
    assert answer.status_code == 400 and "no topic &#39;nonsense&#39;" in answer.text.lower()


def test_a_second_frequency_is_warned_of(office: Office) -> None:
    office.begin()
    given = {**FORM, "words": "bond", "frequency": "daily", "do": "try"}
    said = office.post("/watch/new", **given).text
    assert "This comes in a letter of its own, daily" in said and "No. " in said
    assert "For one letter with all of it" in said
    said = office.post("/watch/new", **{**given, "frequency": "weekly"}).text
    assert "letter of its own" not in said


def test_a_form_begins_as_the_address_says_and_in_one_letter_with_the_rest(office: Office) -> None:
    office.begin(frequency="daily", hour="7")
    said = office.get(
        "/watch/new?words=%22a+b%22&meaning=m&topics=asylum&topics=tps&authorities=INA+212(h)"
    )
    for shown in ("&#34;a b&#34;", "INA 212(h)", 'value="tps" checked', "Ana Reyes"):
        assert shown in said
    assert '<option value="daily" selected>' in said and 'value="7"' in said


def test_who_does_not_let_it_be_sent_learns_nothing_of_a_threshold(office: Office) -> None:
    assert office.begin(threshold="7", meaning="").threshold == 0.5


def test_begun_twice_it_is_one(office: Office) -> None:
    assert office.begin().id == office.begin().id and len(office.held) == 1


# Changed


def test_a_change_of_what_it_asks_takes_its_place(office: Office) -> None:
    one = office.begin()
    daily = {**FORM, "topics": "tps", "frequency": "daily", "do": "try"}
    said = office.post(f"/watch/{one.id}", **daily).text
    assert "Save the change" in said and "letter of its own" not in said
    answer = office.post(f"/watch/{one.id}", **{**FORM, "topics": "tps"})
    [new] = office.held
    assert answer.headers["location"] == f"/watch#no-{new.id}" and new.topics == ("tps",)
    assert "has another number now" in office.get(f"/watch/{one.id}", 404)


def test_called_otherwise_it_keeps_its_number(office: Office) -> None:
    one = office.begin()
    office.post(f"/watch/{one.id}", **{**FORM, "name": "Renamed <i>", "hour": "9"})
    [same] = office.held
    assert (same.id, same.name, same.schedule.hour) == (one.id, "Renamed <i>", 9)
    assert "Renamed &lt;i&gt;" in office.get("/watch")
