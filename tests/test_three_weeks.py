"""Three weeks of the sample site, four readers of different interests, and all that goes wrong:
a source is down in the second week, a reader unsubscribes, and the sending of the third is killed.
"""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from icalendar import Calendar
from rehearsed import day, quietly
from sites import serving
from test_deliver import Inbox, Server
from test_killed_sending import counting, forked
from weeks import FIRST, RESCHEDULING, SECOND, THIRD, WEEKS, lengthened

from lexwatch import jobs
from lexwatch.alerting import feeds, sending
from lexwatch.app import App
from lexwatch.commands.sent import rebuilt
from lexwatch.settings import Data, Mail, Settings, Source, Topics, Watch, Web

SOURCES = ("bia_decisions", "federal_register", "uscis_policy_manual")
HOUR = time(14, tzinfo=UTC)
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
# As a numbered change stands in plain text: its title, and what follows further in.
ENTRY = re.compile(r"^\d+\. (\S.*\n(?:\S.*\n)*) {3}\S", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Office:
    """The firm's data, its mail server, and the sample site as it goes on for three weeks."""

    folder: Path
    site: Path
    inbox: Inbox
    port: int

    @property
    def settings(self) -> Settings:
        known = App(Settings()).sources
        return Settings(
            data=Data(folder=str(self.folder)),
            topics=Topics(meaning=False),
            web=Web(address="https://lexwatch.firm.example"),
            mail=Mail(transport="smtp", host="127.0.0.1", port=self.port, security="none"),
            sources={name: Source(enabled=False) for name in known if name not in SOURCES},
            subscriptions=list(READERS),
        )

    def app(self, monday: str) -> App:
        return App(self.settings, lambda: on(monday))

    def read(self, name: str) -> list[str]:
        """Read the site on a day, match, and send what is due then; returns what failed."""
        with day(self.settings, name, self.site) as app:
            read = jobs.crawl(app, (), quietly, at=app.clock())
            jobs.index(app, quietly)
        self.send(name)
        return [run.source for run in read.failed]

    def send(self, name: str) -> list[EmailMessage]:
        """Queue and send what is due on a day; returns what the mail server took then."""
        before = len(self.inbox.messages)
        app = self.app(name)
        sending.match_changes(app)
        assert sending.queue(app, app.clock()).failed == ()
        assert [one.error for one in sending.send(app) if one.error] == []
        app.database.close()
        return list(map(message, self.inbox.messages[before:]))


def on(name: str) -> datetime:
    return datetime.combine(date.fromisoformat(name), HOUR)


def message(body: bytes) -> EmailMessage:
    found = message_from_bytes(body, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def to(messages: Iterable[EmailMessage], reader: Watch) -> list[EmailMessage]:
    """The digests of a reader; there are reminders besides."""
    own = (each for each in messages if reader.address in each["To"])
    return [each for each in own if each["Subject"].startswith("Immigration law,")]


def text(one: EmailMessage) -> str:
    body = one.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def told(one: EmailMessage) -> set[str]:
    """The titles of the changes that a digest tells of, without the mark of a sample."""
    body = one.get_body(("plain",))
    assert body is not None
    titles = ENTRY.findall(body.get_content().replace("\r\n", "\n"))
    return {" ".join(title.split()).removesuffix(" (Sample)") for title in titles}


@dataclass(frozen=True, kw_only=True)
class Story:
    """What everybody was sent, by the day on which it was: Mondays, and Cleo's mornings."""

    office: Office
    sent: Mapping[str, Sequence[EmailMessage]]
    failed: Sequence[str]
    ended: int


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder, inbox = tmp_path_factory.mktemp("weeks"), Inbox()
    server = Server(inbox, hostname="127.0.0.1", port=0)
    server.start()
    office = Office(
        folder=folder / "data", site=lengthened(folder / "site"), inbox=inbox, port=server.port
    )
    sent = {}
    for name in (FIRST[0], FIRST[-1]):
        assert office.read(name) == []
    sent[WEEKS[0]] = office.send(WEEKS[0])
    failed = office.read(SECOND)
    ended = unsubscribed(office, to(sent[WEEKS[0]], DEE)[0])
    sent[WEEKS[1]] = office.send(WEEKS[1])
    assert office.read(THIRD) == []
    before = len(inbox.messages)
    killed(office)
    office.send(WEEKS[2])
    sent[WEEKS[2]] = list(map(message, inbox.messages[before:]))
    yield Story(office=office, sent=sent, failed=failed, ended=ended)
    server.stop()


def unsubscribed(office: Office, digest: EmailMessage) -> int:
    """Press the button of a mail program; the status that came back."""
    found = re.search(
        r"<https://lexwatch\.firm\.example(/unsubscribe/[^>]+)>", digest["List-Unsubscribe"]
    )
    assert found and digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with serving(office.app(SECOND)) as site:
        assert site.ask(found[1]).status == 200  # looked at, which ends nothing
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return site.ask(found[1], "POST", b"List-Unsubscribe=One-Click", form).status


def killed(office: Office) -> None:
    """Queue and send the third week's digests, and die when the first was taken and noted."""

    def work() -> None:
        seen: Counter[str] = Counter()

        def step(name: str) -> None:
            seen[name] += bool(seen["after connect"]) or name == "after connect"
            if seen["after commit"] == 2:  # that a letter was begun, and that it was taken
                os.kill(os.getpid(), signal.SIGKILL)

        counting(step)
        office.send(WEEKS[2])

    assert forked(work) == -signal.SIGKILL


def test_each_digest_holds_exactly_what_its_reader_asked_for(story: Story) -> None:
    def of(reader: Watch) -> list[set[str]]:
        return [told(one) for name in WEEKS for one in to(story.sent[name], reader)]

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
    assert all(one.outcome == "sent" for one in story.office.app(WEEKS[2]).ledger.deliveries())


def test_a_rhythm_and_plain_text_are_the_readers_own(story: Story) -> None:
    mine = to(map(message, story.office.inbox.messages), CLEO)
    assert all(one.get_content_type() == "text/plain" for one in mine)
    assert [told(one) for one in mine if told(one)] == [{CHAPTER}]


def test_a_matter_is_in_nobodys_mail(story: Story) -> None:
    assert BOB.matter and not any(BOB.matter.encode() in one for one in story.office.inbox.messages)


def test_what_was_sent_is_made_again_byte_for_byte(story: Story) -> None:
    app = story.office.app(WEEKS[2])
    made = list(rebuilt(app, date(2026, 10, 14)))
    assert len(made) >= 3 and all(one.is_same for one in made)


def test_a_calendar_moves_a_date_that_was_extended(story: Story) -> None:
    app = story.office.app(WEEKS[2])
    feeds.write(app, whole=True)
    found = Calendar.from_ical(feeds.calendar(app, ANA.address))
    told = {(str(each["SUMMARY"]), each.start) for each in found.events if each.sequence}
    assert {on for words, on in told if f"close: {RESCHEDULING} " in words} == {date(2026, 11, 20)}
