"""Three weeks of the sample site, four readers of different interests, and all that goes wrong:
a source is down in the second week, a reader unsubscribes, and the sending of the third is killed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

import pytest
from firm import Firm, message, post, text, to, told
from icalendar import Calendar
from weeks import FIRST, RESCHEDULING, SECOND, THIRD, WEEKS, lengthened

from lexwatch.alerting import feeds
from lexwatch.commands.sent import rebuilt
from lexwatch.settings import Watch

SOURCES = ("bia_decisions", "federal_register", "uscis_policy_manual")
ANA = Watch(reader="Ana", address="ana@firm.example", topics=["asylum"])
BOB = Watch(
    reader="Bob",
    address="bob@firm.example",
    name="Arrest reports",
    authorities=["Matter of SAMPLE-E-, 99 I&N Dec. 140"],
    matter="2026-114",
)
CLEO = Watch(
    reader="Cleo",
    address="cleo@firm.example",
    words="degree /p specialty",
    frequency="daily",
    plain_text=True,
)
DEE = Watch(reader="Dee", address="dee@firm.example", topics=["h1b"])


READERS = (ANA, BOB, CLEO, DEE)
REGISTRATIONS = "Correcting Registrations Before H-1B Cap Selection"
CHAPTER = "Chapter 2 - Specialty Occupations, H-1B"
UPDATE = "Conforming H-1B Guidance to the Registration Rule"


@dataclass(frozen=True, kw_only=True)
class Story:
    """What everybody was sent, by the day on which it was: Mondays, and Cleo's mornings."""

    firm: Firm
    sent: Mapping[str, Sequence[EmailMessage]]
    failed: Sequence[str]
    ended: int


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("weeks")
    site = lengthened(folder / "site")
    with post() as (inbox, port):
        firm = Firm(
            folder=folder / "data",
            site=site,
            sources=SOURCES,
            readers=READERS,
            inbox=inbox,
            port=port,
        )
        sent = {}
        for name in (FIRST[0], FIRST[-1]):
            assert firm.read(name) == []
        sent[WEEKS[0]] = firm.send(WEEKS[0])
        failed = firm.read(SECOND)
        ended = firm.unsubscribe(SECOND, to(sent[WEEKS[0]], DEE)[0])
        sent[WEEKS[1]] = firm.send(WEEKS[1])
        assert firm.read(THIRD) == []
        sent[WEEKS[2]] = firm.send_killed_once(WEEKS[2])
        yield Story(firm=firm, sent=sent, failed=failed, ended=ended)


def titles(one: EmailMessage) -> set[str]:
    """The titles of the changes that a digest tells of, without the mark of a sample."""
    return {title.removesuffix(" (Sample)") for title in told(one)}


def test_each_digest_holds_exactly_what_its_reader_asked_for(story: Story) -> None:
    def of(reader: Watch) -> list[set[str]]:
        return [titles(one) for name in WEEKS for one in to(story.sent[name], reader)]

    assert of(ANA) == [
        {RESCHEDULING},
        {f"{RESCHEDULING}; Extension of Comment Period"},
        {"Interviews by Video for Asylum Applicants"},
    ]
    assert "91 FR 990451: Paperwork Reduction Act" in text(to(story.sent[WEEKS[0]], ANA)[0])
    assert of(BOB) == [{"Matter of SAMPLE-E-"}, set(), {"Matter of SAMPLE-H-"}]
    assert of(DEE) == [{REGISTRATIONS, CHAPTER, UPDATE}]


def test_an_alert_says_why(story: Story) -> None:
    last = text(to(story.sent[WEEKS[2]], BOB)[0])
    assert "overrules" in last.casefold() and "99 I&N Dec. 140" in last
    assert "authority" in last.casefold()


def test_a_source_that_failed_is_named_and_a_quiet_week_is_told(story: Story) -> None:
    assert story.failed == ["bia_decisions"]
    first, second = (text(to(story.sent[name], BOB)[0]) for name in WEEKS[:2])
    assert "NOT EVERYTHING COULD BE READ" in second and "EOIR" in second
    assert "answered 503" in second
    assert "NOT EVERYTHING COULD BE READ" not in first


def test_an_unsubscribe_takes_effect_at_once(story: Story) -> None:
    assert story.ended == 200
    assert [len(to(story.sent[name], DEE)) for name in WEEKS] == [1, 0, 0]


def test_killed_in_the_third_week_everybody_has_their_one_digest(story: Story) -> None:
    last = story.sent[WEEKS[2]]
    assert [len(to(last, reader)) for reader in READERS] == [1, 1, 1, 0]
    assert len({each["Message-ID"] for each in last}) == len(last)
    assert all(one.outcome == "sent" for one in story.firm.app(WEEKS[2]).ledger.deliveries())


def test_a_frequency_and_plain_text_are_the_readers_own(story: Story) -> None:
    mine = to(map(message, story.firm.inbox.messages), CLEO)
    assert all(one.get_content_type() == "text/plain" for one in mine)
    assert [titles(one) for one in mine if told(one)] == [{CHAPTER}]


def test_a_matter_is_in_nobodys_mail(story: Story) -> None:
    assert BOB.matter and not any(BOB.matter.encode() in one for one in story.firm.inbox.messages)


def test_what_was_sent_is_made_again_byte_for_byte(story: Story) -> None:
    app = story.firm.app(WEEKS[2])
    made = list(rebuilt(app, date(2026, 10, 14)))
    assert len(made) >= 3 and all(one.is_same for one in made)


def test_a_calendar_moves_a_date_that_was_extended(story: Story) -> None:
    app = story.firm.app(WEEKS[2])
    feeds.write(app, whole=True)
    found = Calendar.from_ical(feeds.calendar(app, ANA.address))
    moved = {(str(each["SUMMARY"]), each.start) for each in found.events if each.sequence}
    assert {on for words, on in moved if f"close: {RESCHEDULING} " in words} == {date(2026, 11, 20)}
