"""Reminders: each date is told once for each lead, late rather than never, and anew if it moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import SEEN
from falling import KNOWN, deadline
from hypothesis import given, settings
from hypothesis import strategies as st
from publisher import NOW
from test_relating import STORY, hold

from alerts.mail import Envelope, Letterhead, sealed
from alerts.reminders import Reminder, brief, moment, ordered, render, subject
from index import subscriptions
from index.queued import Queued
from lexwatch.alerting import reminding
from lexwatch.app import App
from lexwatch.settings import Data, Reminders, Settings, Watch
from pipeline.letter import LetterKind, Outcome
from pipeline.model import DateKind, Deadline

DAYS = (14, 3)
DUE = date(2026, 12, 15)
TODAY = date(2026, 12, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def reminder(*deadlines: Deadline, today: date = TODAY) -> Reminder:
    return Reminder(reader="Ana", deadlines=deadlines, today=today, days=DAYS)


def test_a_date_is_told_from_midnight_in_the_east_so_many_days_before() -> None:
    one = deadline()
    midnight = datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert moment(one, DAYS, midnight - timedelta(seconds=1)) is None
    assert moment(one, DAYS, midnight) == midnight
    assert moment(one, DAYS, noon(date(2026, 12, 13))) == datetime(2026, 12, 12, 5, tzinfo=UTC)
    assert moment(one, DAYS, noon(DUE)) is not None


def test_what_has_passed_or_ended_is_told_no_more() -> None:
    assert moment(deadline(), DAYS, noon(date(2026, 12, 16))) is None
    assert moment(deadline(is_cancelled=True), DAYS, noon(TODAY)) is None


def test_a_date_that_is_known_late_is_told_from_then_on() -> None:
    late = noon(date(2026, 12, 5))
    assert moment(deadline(moved_at=late), DAYS, late) == late


@settings(deadline=None)
@given(
    st.sets(st.integers(0, 24 * 30), min_size=1, max_size=30),
    st.sets(st.integers(0, 20), min_size=1, max_size=4),
    st.integers(0, 24 * 10),
)
def test_whenever_it_runs_each_lead_is_told_at_most_once_and_none_is_missed(
    hours: set[int], days: set[int], known: int
) -> None:
    begin = noon(date(2026, 11, 20))
    one = deadline(moved_at=begin + timedelta(hours=known))
    told: datetime | None = None
    letters = []
    runs = [begin + timedelta(hours=each) for each in sorted(hours)]
    for now in runs:
        if now < one.moved_at:  # not known yet
            continue
        at = moment(one, tuple(days), now)
        if at is not None and (told is None or told < at):
            letters.append(now)
            told = now
    assert len(letters) <= len(days)
    for number in days:
        begun = datetime(2026, 12, 15, 5, tzinfo=UTC) - timedelta(days=number)
        since, end = max(begun, one.moved_at), datetime(2026, 12, 16, 5, tzinfo=UTC)
        if any(since <= now < end for now in runs):
            assert any(since <= now < end for now in letters)


def test_one_date_is_told_in_the_subject() -> None:
    assert subject(reminder(deadline())) == (
        "Due in 14 days, December 15, 2026: Comments close: Fee Schedule, 91 FR 60001"
    )
    late = reminder(deadline(), today=date(2026, 12, 14))
    assert subject(late).startswith("Due tomorrow, ")


def test_several_are_counted_and_the_first_is_named() -> None:
    both = reminder(deadline(), deadline(uid="b", on=date(2026, 12, 18)))
    assert subject(both).startswith("2 dates fall due, the first in 14 days, December 15, 2026: ")


def test_the_letter_says_words_place_and_source_in_both_forms() -> None:
    moved = deadline(was=date(2026, 12, 1), by="91 FR 70001")
    letter = render(reminder(moved))
    text = " ".join(letter.text.split())
    for said in (
        "December 15, 2026 (Eastern), in 14 days",
        "Comments must be received on or before December 15, 2026.",
        "the document’s DATES section",
        "Moved from December 1, 2026 to December 15, 2026 by 91 FR 70001.",
        "You are reminded 14 and 3 days before",
        moved.url,
    ):
        assert said in text, said
    for said in ("December 15, 2026", "in 14 days", "Moved from December 1, 2026", moved.url):
        assert said in letter.html, said
    assert max(map(len, letter.text.splitlines())) <= 90


def test_comments_on_paperwork_stand_apart() -> None:
    paper = deadline(uid="b", kind=DateKind.PRA_COMMENTS_CLOSE)
    letter = render(reminder(*ordered((paper, deadline()))))
    rules, _, apart = letter.text.partition("PAPERWORK REDUCTION ACT COMMENTS")
    assert "Comments close: Fee Schedule" in rules
    assert "Paperwork Reduction Act comments close" in apart


def test_the_same_reminder_gives_the_same_bytes() -> None:
    assert render(reminder(deadline())) == render(reminder(deadline()))


def test_what_was_crawled_is_text() -> None:
    bad = deadline(
        title='<script>alert(1)</script>"><img src=x>',
        words="\u202eevil\x00 </td><b>x",
        url="javascript:x",
        source="javascript:x",
    )
    html = render(reminder(bad)).html
    assert "<script" not in html and "<img" not in html and "javascript:" not in html
    assert "\u202e" not in html and "\x00" not in html


def test_a_hostile_title_adds_no_header() -> None:
    bad = deadline(title="x\r\nBcc: all@example.com", citation="\r\n\r\nbody")
    envelope = Envelope(
        key="k",
        kind=LetterKind.REMINDER,
        reader="Ana",
        address="ana@firm.example",
        since=KNOWN,
        until=SEEN,
    )
    head = Letterhead(
        sender="lexwatch@firm.example",
        sender_name="lexwatch",
        list_id="digest.firm.example",
        unsubscribe="lexwatch@firm.example",
    )
    body = sealed(envelope, render(reminder(bad)), head).body
    assert b"\nBcc:" not in body


def test_a_channel_gets_a_line_for_each_date() -> None:
    lines = brief(reminder(deadline())).splitlines()
    assert lines[0] == "1 date falls due, in 14 days, December 15, 2026."
    assert lines[1] == (
        "December 15, 2026 (in 14 days): Comments close: Fee Schedule, 91 FR 60001. "
        f"{deadline().url}"
    )
    many = brief(reminder(*(deadline(uid=str(n)) for n in range(25))))
    assert "And 5 more dates" in many


class Office:
    """One office whose clock a test can move, and that holds a sample rule delayed in time."""

    def __init__(self, folder: Path, *watches: Watch, days: tuple[int, ...] = DAYS) -> None:
        self.now = noon(date(2026, 11, 10))
        given = Settings(
            data=Data(folder=str(folder)),
            subscriptions=list(watches),
            reminders=Reminders(days=days),
        )
        self.app = App(given, lambda: self.now)
        hold(self.app.database, STORY)

    def run(self, day: date) -> list[Queued]:
        self.now = noon(day)
        wanted = subscriptions.sync(self.app.database, self.app.subscriptions(), self.now)
        made = [*reminding.reminders(self.app, wanted, self.now)]
        assert [each.error for each in made if each.error] == []
        queued = [each.queued for each in made if each.queued]
        self.app.ledger.queue(queued, self.now)
        return queued


ANA = Watch(reader="Ana", address="ana@example.com", topics=["asylum"])
BEN = Watch(reader="Ben", address="ben@example.com", topics=["h1b"])


def test_whose_subscriptions_meet_it_is_reminded_once_for_each_lead(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA, BEN)  # the sample rule takes effect on December 1
    assert office.run(date(2026, 11, 16)) == []
    (first,) = office.run(date(2026, 11, 17))
    assert (first.letter.reader, first.letter.kind) == ("Ana", LetterKind.REMINDER)
    assert "in 14 days" in first.letter.subject
    for day in (17, 18, 27):
        assert office.run(date(2026, 11, day)) == []
    (second,) = office.run(date(2026, 11, 28))
    assert "in 3 days" in second.letter.subject
    assert office.run(date(2026, 11, 30)) == office.run(date(2026, 12, 2)) == []


def test_where_nothing_ran_on_the_day_it_is_told_late_with_the_days_left(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    (late,) = office.run(date(2026, 11, 21))
    assert "in 10 days" in late.letter.subject
    (later,) = office.run(date(2026, 11, 30))
    assert "tomorrow" in later.letter.subject


def test_two_subscriptions_of_one_reader_give_one_letter(tmp_path: Path) -> None:
    every = Watch(reader="Ana", address="ana@example.com", sources=["federal_register"])
    office = Office(tmp_path, ANA, every, ANA.model_copy(update={"classes": ["substantive"]}))
    (only,) = office.run(date(2026, 11, 17))
    assert len(only.dates) == 1
    assert only.letter.body.count(b"December 1, 2026 (Eastern)") == 2  # in each form


def test_a_subscription_made_later_brings_no_second_letter(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    office.run(date(2026, 11, 17))
    office.app.settings.subscriptions.append(ANA.model_copy(update={"name": "again"}))
    office.app.settings.subscriptions.append(ANA.model_copy(update={"topics": []}))
    assert office.run(date(2026, 11, 18)) == []


@pytest.mark.parametrize(
    "edited", [{"classes": ["substantive"]}, {"reader": "Ana R."}, {"address": "ANA@example.com"}]
)
def test_what_is_edited_is_not_reminded_anew(tmp_path: Path, edited: dict[str, object]) -> None:
    office = Office(tmp_path, ANA)
    office.run(date(2026, 11, 17))
    office.app.settings.subscriptions[:] = [ANA.model_copy(update=edited)]
    assert office.run(date(2026, 11, 18)) == []
    assert len(office.run(date(2026, 11, 28))) == 1


def test_a_reminder_that_nobody_received_comes_once_more(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA)
    office.run(date(2026, 11, 17))
    (row,) = office.app.ledger.deliveries()
    office.app.ledger.finish(row, Outcome.GIVEN_UP, office.now)
    (late,) = office.run(date(2026, 11, 22))
    assert "in 9 days" in late.letter.subject


def test_an_address_that_is_suppressed_gets_none(tmp_path: Path) -> None:
    from index import suppressions  # noqa: PLC0415 - beside what it is needed for
    from pipeline.subscription import Reason  # noqa: PLC0415 - as above

    office = Office(tmp_path, ANA)
    suppressions.suppress(office.app.database, "ANA@example.com", Reason.BOUNCED, NOW)
    assert office.run(date(2026, 11, 17)) == []


def test_no_days_are_no_reminders(tmp_path: Path) -> None:
    office = Office(tmp_path, ANA, days=())
    assert office.run(date(2026, 11, 17)) == []


@pytest.mark.parametrize("is_plain", [True, False])
def test_plain_text_is_kept_to(tmp_path: Path, *, is_plain: bool) -> None:
    office = Office(tmp_path, ANA.model_copy(update={"plain_text": is_plain}))
    (letter,) = office.run(date(2026, 11, 17))
    assert (b"text/html" in letter.letter.body) is not is_plain


def test_deadlines_are_never_reordered_by_their_uids() -> None:
    first, second = deadline(uid="z"), replace(deadline(uid="a"), on=date(2026, 12, 20))
    assert ordered((second, first)) == (first, second)
