"""The week's mail: nobody misses a change, whatever did not run, and nothing is sent twice."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fakes import HashingEncoder
from publisher import DAY, Reader, page, rules_of, visit
from sqlalchemy import delete, insert, update

from index import archive, history, ingest, outgoing, subscriptions, suppressions
from lexwatch.alerting import owing, sending
from lexwatch.app import App
from lexwatch.commands.sent import rebuilt
from lexwatch.settings import Data, Settings, Watch
from pipeline.errors import NotHeld
from pipeline.model import Page, Version
from pipeline.subscription import Reason

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

    def run(self, at: datetime) -> list[tuple[str, str, str]]:
        """Match, queue and send: kind, address and subject of each letter that went out."""
        self.now = at
        sending.match_changes(self.app)
        assert sending.queue(self.app, at).failed == ()
        assert {one.outcome for one in sending.send(self.app)} <= {"sent"}
        return [
            (str(one.kind), one.address, one.subject)
            for one in self.app.ledger.deliveries()
            if one.finished_at == at
        ]

    def publish(self, at: datetime, **said: str) -> None:
        """Crawl a page of asylum notices, ingested at that moment."""
        self.now = at
        texts = {key: f"{text} An asylum application." for key, text in said.items()}
        visit(self.app.database, self.rules, at, page(texts, at))

    def digest(self, at: datetime) -> dict[str, list[str]]:
        """Deliver what is due: the titles that each address was sent; held ones are left out."""
        self.now = at
        built = tuple(sending.digests(self.app, at))
        sending.queue(self.app, at)
        sent = {one.address for one in sending.send(self.app) if one.outcome == "sent"}
        return {
            one.address: [alert.change.new.title for alert in one.alerts]
            for one in built
            if one.address in sent
        }


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
    assert sending.match_changes(office.app) == 1
    moved = Watch(reader="Ana", address="ana@new.example.com", topics=["asylum"])
    office.open(moved)
    assert sending.match_changes(office.app) == 1
    assert sending.match_changes(office.app) == 0
    assert office.digest(MONDAY + WEEK) == {"ana@new.example.com": ["Notice second"]}


def test_a_subscription_whose_frequency_changes_in_its_first_week_loses_no_day(
    office: Office,
) -> None:
    begun = MONDAY + 2 * DAY  # of the week in which the office began to watch
    office.now = begun
    office.open(ANA.model_copy(update={"frequency": "monthly"}))
    assert office.digest(begun) == {}
    office.publish(begun + DAY, second="News.")
    office.open(ANA.model_copy(update={"frequency": "daily"}))
    assert office.digest(begun + 4 * DAY) == {ANA.address: ["Notice second"]}
    assert office.digest(begun + 5 * DAY) == {ANA.address: []}


def test_without_subscriptions_nothing_is_used_up(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    office.open()
    assert sending.match_changes(office.app) == 0
    assert office.digest(MONDAY + WEEK) == {}
    office.open(ANA)
    assert office.digest(MONDAY + WEEK) == {"ana@example.com": ["Notice second"]}


def test_a_preview_writes_nothing_down(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    (shown,) = sending.digests(office.app, MONDAY + WEEK)
    assert [alert.change.new.title for alert in shown.alerts] == ["Notice second"]
    assert sending.match_changes(office.app) == 1


def test_what_is_not_immigration_goes_to_nobody_who_did_not_ask(office: Office) -> None:
    office.now = MONDAY + DAY
    texts = {"tariff": "Import restrictions on ceramics."}
    visit(office.app.database, office.rules, office.now, page(texts, office.now))
    assert office.digest(MONDAY + WEEK) == {"ana@example.com": []}


# Other frequencies, and what can't wait


class Special(Reader):
    """Its documents were filed specially."""

    def version(self, page: Page, key: str, text: str) -> Version:
        made = super().version(page, key, text)
        return replace(made, metadata={"filing_type": "special"})


def kinds(letters: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(kind, address) for kind, address, _ in letters]


def test_what_cant_wait_is_sent_when_it_is_found_once_and_the_digest_says_when(
    office: Office,
) -> None:
    ben = Watch(reader="Ben", address="ben@example.com", urgent_at_once=True)
    office.open(ANA, ben)
    assert office.run(MONDAY) == []  # the week ended before lexwatch first looked anywhere
    office.publish(MONDAY + DAY, usual="News.")
    assert office.run(MONDAY + DAY) == []
    office.rules = rules_of(Special())
    office.publish(MONDAY + 2 * DAY, pressing="News.")
    assert kinds(office.run(MONDAY + 2 * DAY)) == [("alert", ben.address)]
    assert office.run(MONDAY + 2 * DAY + timedelta(hours=1)) == []
    ana, own = sending.digests(office.app, MONDAY + WEEK)
    assert (ana.reader, ana.at_once, len(own.alerts)) == ("Ana", {}, 2)
    (when,) = own.at_once.values()
    assert when - (MONDAY + 2 * DAY) < timedelta(seconds=1)


def test_who_is_told_at_once_is_told_of_everything_found_and_never_of_nothing(
    office: Office,
) -> None:
    office.open(Watch(reader="Cy", address="cy@example.com", frequency="at once"))
    assert office.run(MONDAY) == []
    office.publish(MONDAY + DAY, usual="News.")
    assert kinds(office.run(MONDAY + DAY)) == [("digest", "cy@example.com")]
    assert office.run(MONDAY + 2 * DAY) == []
    assert office.run(MONDAY + 9 * DAY) == []


def test_a_frequency_that_is_changed_in_midweek_repeats_nothing_and_leaves_nothing_out(
    office: Office,
) -> None:
    office.digest(MONDAY + WEEK)
    office.publish(MONDAY + WEEK + DAY, second="News.")
    office.open(ANA.model_copy(update={"frequency": "daily", "hour": 8}))
    assert office.digest(MONDAY + WEEK + 3 * DAY) == {"ana@example.com": ["Notice second"]}
    office.open(ANA)
    office.publish(MONDAY + WEEK + 4 * DAY, third="News.")
    assert office.digest(MONDAY + 2 * WEEK) == {"ana@example.com": ["Notice third"]}


def test_what_waits_for_a_suppressed_reader_is_told_once_mail_can_go_there(office: Office) -> None:
    suppressions.suppress(office.app.database, ANA.address, Reason.BOUNCED, MONDAY)
    office.publish(MONDAY + DAY, second="News.")
    assert office.run(MONDAY + WEEK) == []
    suppressions.lift(office.app.database, ANA.address, Reason.BOUNCED)
    assert office.digest(MONDAY + 2 * WEEK)[ANA.address] == []
    assert office.app.ledger.deliveries()[-1].since < MONDAY + WEEK


def test_a_letter_in_the_queue_is_not_sent_to_who_unsubscribes_before_it_leaves(
    office: Office,
) -> None:
    office.now = MONDAY + WEEK
    assert sending.queue(office.app, office.now).letters == 1
    suppressions.suppress(office.app.database, ANA.address, Reason.UNSUBSCRIBED, office.now)
    (one,) = sending.send(office.app)
    assert (one.outcome, one.where) == ("suppressed", "unsubscribed on 2026-10-12")


def test_who_has_no_proper_address_keeps_nobody_else_from_mail(office: Office) -> None:
    odd = ANA.model_copy(update={"reader": "Odd", "address": "odd(at)@@example.com"})
    office.open(odd, ANA)
    queue = sending.queue(office.app, MONDAY + WEEK)
    assert (queue.letters, [one.reader for one in queue.failed]) == (1, ["Odd"])


class Broken:
    """Vectors of a model that can't be used, in a way that nobody foresaw."""

    def embed(self, _texts: object) -> object:
        raise RuntimeError("out of memory")


def test_whatever_ails_the_model_the_mail_goes_out_and_says_what_was_not_asked(
    office: Office,
) -> None:
    office.publish(MONDAY + DAY, second="News.")
    own = ANA.model_copy(update={"name": "Waivers", "meaning": "extreme hardship"})
    app = office.open(ANA, own)
    app.encoder = HashingEncoder()
    app.vectors = Broken()  # type: ignore[assignment]  # one that can't be used
    office.now = MONDAY + WEEK
    assert sending.match_changes(app) == 1
    (one,) = sending.digests(app, office.now)
    assert len(one.alerts) == 1
    assert [("Waivers" in words, "extreme" in words) for words in one.unasked] == [(True, False)]
    assert kinds(office.run(office.now)) == [("digest", ANA.address)]


# The record


def test_a_digest_can_be_made_again_to_the_byte_whatever_was_read_anew_since(
    office: Office,
) -> None:
    reader = Reader()
    office.rules = rules_of(reader)
    office.publish(MONDAY + DAY, second="News.")
    office.digest(MONDAY + WEEK)
    reader.parser = "sample 2"
    for number in archive.numbers(office.app.database):
        ingest.rebuild(office.app.database, number, office.rules)
    (read_anew,) = history.recorded(office.app.database)
    assert "better reader" in read_anew.new.text
    again = office.open(ANA.model_copy(update={"name": "Renamed", "topics": ["asylum"]}))
    (one,) = rebuilt(again, (MONDAY + DAY).date(), "ana")
    assert one.is_same and b"better reader" not in one.made.body
    with pytest.raises(NotHeld, match="no digest of 2026-12-24"):
        list(rebuilt(again, date(2026, 12, 24)))


def test_a_digest_that_cannot_be_made_again_is_told_apart(office: Office) -> None:
    office.digest(MONDAY + WEEK)
    table = outgoing.delivery
    with office.app.database.write() as connection:
        connection.execute(update(table).values(body=zlib.compress(b"something else")))
    (one,) = rebuilt(office.app, (MONDAY + DAY).date())
    assert not one.is_same


def test_a_digest_of_before_letters_were_kept_is_neither_sent_again_nor_left_out(
    office: Office,
) -> None:
    """As the first versions left them, without body: one begun and never finished, one sent."""
    wanted = subscriptions.foreseen(office.app.database, office.app.subscriptions())
    (week,) = owing.due(office.app, wanted, MONDAY + WEEK)
    table = outgoing.delivery
    old = {
        "reader": "Ana",
        "address": ANA.address,
        "since": week.since,
        "until": week.until,
        "message_id": "<x@y>",
        "begun_at": MONDAY,
        "unfinished": 1,
    }
    with office.app.database.write() as connection:
        connection.execute(insert(table).values(key=week.key, outcome="", **old))
    assert office.digest(MONDAY + WEEK) == {ANA.address: []}
    with office.app.database.write() as connection:
        connection.execute(update(table).values(body=None, outcome="sent"))
        connection.execute(delete(outgoing.told))
    assert office.digest(MONDAY + WEEK) == {}
