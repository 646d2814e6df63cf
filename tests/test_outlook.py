"""What falls due is told in every digest, whenever the change that states it was told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from test_reminders import ANA, Office, noon

from index import deadlines
from index.record import unpack
from lexwatch.alerting import sending
from lexwatch.alerting.outlook import Outlook
from lexwatch.settings import Watch
from pipeline.calendar import eastern
from pipeline.subscription import Frequency

OTHER = Watch(reader="Ben", address="ben@example.com", topics=["h1b"])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path, ANA, OTHER)
    made.now = noon(date(2026, 11, 24))
    return made


def test_a_quiet_week_tells_the_dates_that_its_subscriptions_met_before(office: Office) -> None:
    deadlines.sync(office.app.database, office.now)
    (due,) = deadlines.held(office.app.database, eastern(office.now))
    ana, ben = sending.digests(office.app, office.now)
    assert ana.alerts == () and ana.deadlines == (due,) and ben.deadlines == ()
    said = sending.rendered(office.app, ana)
    assert said.subject.endswith("; next date December 1, 2026")
    assert due.citation in said.text[: said.text.index("WHAT YOU ASKED FOR")]


def test_the_same_bytes_are_made_of_the_record_when_the_date_has_moved_since(
    office: Office,
) -> None:
    sending.queue(office.app, office.now)
    (letter, *_) = office.app.ledger.due(office.now)
    packed = office.app.ledger.record(letter.key)
    assert packed
    kept = unpack(office.app.database, packed)
    assert kept.digest.deadlines
    again = sending.letter(office.app, kept, letter.channel)
    with office.app.database.write() as connection:
        connection.exec_driver_sql("update deadline set \"on\" = '2026-12-02'")
    assert sending.letter(office.app, kept, letter.channel) == again


def test_what_is_sent_when_it_is_found_tells_no_other_date(tmp_path: Path) -> None:
    at_once = ANA.model_copy(update={"frequency": Frequency.AT_ONCE, "topics": []})
    made = Office(tmp_path, at_once)
    made.now = noon(date(2026, 11, 24))
    assert all(each.deadlines is None for each in sending.digests(made.app, made.now))


def test_where_dates_cannot_be_looked_up_the_digest_says_so_and_claims_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Outlook, "of", broken)
    ana, _ = sending.digests(office.app, office.now)
    said = " ".join(sending.rendered(office.app, ana).text.split())
    assert "the dates that fall due could not be looked up: RuntimeError" in said
    assert "falls due within 30 days" not in said
