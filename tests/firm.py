"""A law firm over weeks: what it reads on a day, what it sends, and what its readers are told.

The publishers' sites are served on loopback as they were on that day, and so is the mail server.
"""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from rehearsed import day, quietly
from sites import serving
from test_deliver import Inbox, Server
from test_killed_sending import counting, forked

from lexwatch import jobs
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.settings import Crawl, Data, Mail, Settings, Source, Topics, Watch, Web

HOUR = time(14, tzinfo=UTC)
# As a numbered change stands in plain text: its title, and further in how it is cited, where it is.
ENTRY = re.compile(
    r"^\d+\. (?P<title>\S.*\n(?:\S.*\n)*) {3}(?P<cited>\S(?:.|\n(?!\n))*?) · ", re.MULTILINE
)


@dataclass(frozen=True, kw_only=True)
class Firm:
    """The firm's data, its readers, its mail server, and the folder that the sites are served
    from; of the sources only these are on."""

    folder: Path
    site: Path
    sources: Sequence[str]
    readers: Sequence[Watch]
    inbox: Inbox
    port: int

    @property
    def settings(self) -> Settings:
        known = App(Settings()).sources
        return Settings(
            data=Data(folder=str(self.folder)),
            crawl=Crawl(backoff=0.01),
            topics=Topics(meaning=False),
            web=Web(address="https://lexwatch.firm.example"),
            mail=Mail(transport="smtp", host="127.0.0.1", port=self.port, security="none"),
            sources={name: Source(enabled=False) for name in known if name not in self.sources},
            subscriptions=list(self.readers),
        )

    def app(self, name: str) -> App:
        return App(self.settings, lambda: on(name))

    def read(self, name: str, seeds: Mapping[str, list[str]] | None = None) -> list[str]:
        """Read the sites on a day, match, and send what is due then; returns what failed.

        With `seeds` those addresses of each source are asked.
        """
        with day(self.settings, name, self.site) as app:
            read = jobs.crawl(app, (), quietly, at=app.clock(), seeds=seeds)
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

    def send_killed_once(self, name: str) -> list[EmailMessage]:
        """Queue and send, die by SIGKILL when the first letter was taken and noted, and go on;
        returns what the mail server took of both."""
        before = len(self.inbox.messages)

        def work() -> None:
            seen: Counter[str] = Counter()

            def step(what: str) -> None:
                seen[what] += bool(seen["after connect"]) or what == "after connect"
                if seen["after commit"] == 2:  # that a letter was begun, and that it was taken
                    os.kill(os.getpid(), signal.SIGKILL)

            counting(step)
            self.send(name)

        assert forked(work) == -signal.SIGKILL
        assert len(self.inbox.messages) == before + 1
        self.send(name)
        return list(map(message, self.inbox.messages[before:]))

    def unsubscribe(self, name: str, digest: EmailMessage) -> int:
        """Press the button of a mail program; returns the status that came back."""
        found = re.search(
            r"<https://lexwatch\.firm\.example(/unsubscribe/[^>]+)>", digest["List-Unsubscribe"]
        )
        assert found and digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        with serving(self.app(name)) as site:
            assert site.ask(found[1]).status == 200  # looked at, which ends nothing
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return site.ask(found[1], "POST", b"List-Unsubscribe=One-Click", form).status


@contextmanager
def post() -> Iterator[tuple[Inbox, int]]:
    """A mail server on loopback while the context lasts, and its port."""
    inbox = Inbox()
    server = Server(inbox, hostname="127.0.0.1", port=0)
    server.start()
    try:
        yield inbox, server.port
    finally:
        server.stop()


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
    return _line(body.get_content())


def told(one: EmailMessage) -> dict[str, str]:
    """The titles of the changes that a digest tells of, in its order, with what stands first below:
    the citation, or the kind where there is none."""
    body = one.get_body(("plain",))
    assert body is not None
    entries = ENTRY.finditer(body.get_content().replace("\r\n", "\n"))
    return {_line(each["title"]): _line(each["cited"]) for each in entries}


def _line(text: str) -> str:
    return " ".join(text.split())
