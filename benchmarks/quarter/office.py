"""An office over the days: four readers, and what a daily `lexwatch run` does for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.quarter import papers
from benchmarks.quarter.faulty import Publishers
from benchmarks.quarter.script import (
    AUTHORITY,
    BULLETIN,
    DECISIONS,
    FORM_NAMES,
    FORMS,
    MANUAL,
    REGISTER,
    SOURCES,
    WORD,
)
from index import archive
from index.proof import prove
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.keeping import backup, backups, restore
from lexwatch.settings import Crawl, Data, Settings, Source, Topics, Watch
from lexwatch.steps import Steps, mail

if TYPE_CHECKING:
    from index.encoder import Encoder

HOUR = time(14, tzinfo=UTC)  # of the daily run
ANA = Watch(reader="Ana", address="ana@firm.example", topics=["asylum"])
BOB = Watch(reader="Bob", address="bob@firm.example", sources=[MANUAL, BULLETIN, FORMS])
CLEO = Watch(reader="Cleo", address="cleo@firm.example", words=WORD)
DEE = Watch(reader="Dee", address="dee@firm.example", authorities=[AUTHORITY])
READERS = (ANA, BOB, CLEO, DEE)
OPTIONS: Mapping[str, dict[str, Any]] = {
    DECISIONS: {"pdfs_from_volume": 999},  # headnotes alone
    REGISTER: {"conditions": papers.CONDITIONS},
    FORMS: {"forms": [*FORM_NAMES]},
    BULLETIN: {"months": 2},
}
FLOORS = {DECISIONS: 5, MANUAL: 7, FORMS: 3}
RETRIES = 3
BEFORE = datetime(2026, 10, 1, tzinfo=UTC)  # the first day


@dataclass(kw_only=True)
class Office:
    """The office's data in `folder`; it asks `publishers`, and takes its vectors from `encoder`.

    `faults` are what its commands said had gone wrong beside failed sources, in order.
    """

    folder: Path
    publishers: Publishers
    encoder: Encoder
    now: datetime = BEFORE
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = App(self.settings, lambda: self.now)
        self.app.encoder = self.encoder

    @property
    def settings(self) -> Settings:
        known = App(Settings()).sources
        on = {name: self._source(name) for name in SOURCES}
        off = {name: Source(enabled=False) for name in known if name not in SOURCES}
        return Settings(
            data=Data(folder=str(self.folder)),
            crawl=Crawl(backoff=0.001, retries=RETRIES, patience=1, timeout=self._timeout),
            topics=Topics(meaning=False),
            origins=self.publishers.origins,
            sources={**on, **off},
            subscriptions=list(READERS),
        )

    @property
    def _timeout(self) -> float:
        """Seconds: half as long as the publishers are silent, or long enough for a busy machine."""
        return self.publishers.silence / 2 or 120.0

    def _source(self, name: str) -> Source:
        return Source(
            enabled=True, floor=FLOORS.get(name, 0), delay=0, options=OPTIONS.get(name, {})
        )

    def run(self, day: date) -> None:
        """What `lexwatch run` does, at the hour of the daily run."""
        self.now = datetime.combine(day, HOUR)
        steps = Steps()
        read = steps.take("crawled", lambda: jobs.crawl(self.app, (), _quietly, at=self.now))
        steps.take("indexed", lambda: jobs.index(self.app, _quietly))
        mail(self.app, steps)
        self.faults += [
            f"{day}: {each}" for each in (*(read.faults if read else ()), *steps.faults)
        ]

    def back_up(self) -> None:
        """What `lexwatch backup` does."""
        backup.make(self.app.settings, self.now)

    def unproven(self) -> Iterator[str]:
        """What is wrong with the chain of captures, and whether it is not as long as the archive;
        what is wrong with the newest backup."""
        proof = prove(self.app.database, _quietly)
        yield from map(str, proof.discrepancies)
        if proof.captures != (kept := len(archive.numbers(self.app.database))):
            yield f"{proof.captures} captures are chained of {kept}"
        settings = self.app.settings
        if newest := backups.newest(settings.backup_folder):
            held = restore.check(settings, newest.path, None)
            yield from () if held.counts["page"] == kept else [f"the backup holds {held.counts}"]

    def close(self) -> None:
        self.app.vectors.close()
        self.app.database.close()

    @property
    def letters(self) -> list[EmailMessage]:
        """Every letter that was sent, by name."""
        found = []
        for path in sorted(self.app.settings.mail_folder.glob("*.eml")):
            letter = message_from_bytes(path.read_bytes(), policy=default)
            assert isinstance(letter, EmailMessage)  # noqa: S101 - of this policy
            found.append(letter)
        return found


def _quietly(_what: str, _done: int, _of: int | None) -> None:
    """Show no progress."""
