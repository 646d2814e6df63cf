"""The jobs a command is made of: crawl, ingest, index, match, deliver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from alerts import digest, match
from alerts.deliver import Sent
from alerts.deliver import deliver as hand_over
from alerts.mail import Letterhead, compose
from alerts.render import Rendered, render
from index import archive, ingest, keyword, ledger, store
from index.archive import Run
from index.vectors import Synced
from lexwatch.app import App
from lexwatch.fetch import fetch
from lexwatch.progress import Tell
from pipeline.model import Change, ChangeClass, Digest

AT_ONCE = 3  # publishers asked at the same time; each is a server of its own


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a crawl and the reading of its pages came to; `noise` is what rules left out."""

    runs: tuple[Run, ...]
    changes: tuple[Change, ...]
    noise: tuple[Change, ...]

    @property
    def failed(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.failures)


def crawl(
    app: App,
    sources: tuple[str, ...],
    tell: Tell,
    *,
    at: datetime | None = None,
    seeds: Mapping[str, list[str]] | None = None,
) -> Read:
    """Ask the publishers, read what they served, and pass the verdict on each run."""
    names = app.enabled(sources)
    app.database  # noqa: B018 - migrated here, once, before the children open it

    def one(name: str) -> None:
        done = 0

        def hear(told: Mapping[str, Any]) -> None:
            nonlocal done
            done += told["event"] in {"kept", "unchanged"}
            tell(f"crawl {name}", done, told.get("known"))

        fetch(app, name, at=at, seeds=(seeds or {}).get(name), tell=hear)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, names))
    before = store.last_change(app.database)
    read_pages(app, tell)
    runs = tuple(
        archive.judge(app.database, run.id, app.clock(), app.bounds(run.source))
        for run in archive.unjudged(app.database)
    )
    found = store.changes(app.database, after=before, noise=True)
    noise = tuple(one for one in found if one.difference.change_class is ChangeClass.NOISE)
    return Read(runs=runs, changes=tuple(one for one in found if one not in noise), noise=noise)


def read_pages(app: App, tell: Tell) -> None:
    """Ingest every page that was fetched and not read yet."""
    waiting = archive.queue(app.database)
    for done, number in enumerate(waiting):
        tell("read pages", done, len(waiting))
        ingest.ingest(app.database, number, app.rules, app.clock())
    if waiting:
        tell("read pages", len(waiting), len(waiting))


def index(app: App, tell: Tell) -> Synced:
    """Embed the passages that have no vector yet and bring Chroma in line."""
    return app.vectors.sync(lambda done, of: tell("embed passages", done, of))


def match_changes(app: App) -> int:
    """Turn the changes nobody has been told of into alerts; returns how many alerts there were."""
    subscriptions = ledger.subscribe(app.database, app.subscriptions(), app.clock())
    changes = store.changes(app.database, unmatched=True)
    alerts = match.match(subscriptions, changes, app.names)
    ledger.give(app.database, alerts, (change.id for change in changes), app.clock())
    return len(alerts)


def digests(app: App, moment: datetime) -> tuple[Digest, ...]:
    """The digests of the last week that had ended at `moment`, one a reader."""
    given = app.settings.digest
    since, until = digest.week(moment, ZoneInfo(given.zone), given.weekday_number)
    subscriptions = ledger.subscribe(app.database, app.subscriptions(), app.clock())
    return digest.build(
        subscriptions,
        ledger.alerts(app.database, since, until),
        ledger.coverage(app.database, app.titles, since, until),
        since,
        until,
    )


def rendered(app: App, one: Digest) -> Rendered:
    """A digest as its reader will see it."""
    return render(one, app.names)


def deliver(app: App, built: Iterable[Digest]) -> tuple[Sent, ...]:
    """Hand digests over; what the ledger holds as sent is not sent again."""
    mail = app.settings.mail
    letterhead = Letterhead(
        sender=mail.sender,
        sender_name=mail.sender_name,
        list_id=mail.list_id,
        unsubscribe=mail.unsubscribe or mail.sender,
    )

    def composed(one: Digest) -> EmailMessage:
        shown = rendered(app, one)
        return compose(
            one, subject=shown.subject, html=shown.html, text=shown.text, letterhead=letterhead
        )

    return hand_over(built, composed, app.transport, app.ledger, app.clock)


def rebuild(app: App, tell: Tell) -> int:
    """Read every archived page again with today's readers; returns how many pages there are."""
    numbers = archive.queue(app.database, everything=True)
    for done, number in enumerate(numbers, 1):
        ingest.rebuild(app.database, number, app.rules)
        tell("read pages again", done, len(numbers))
    with app.database.write() as connection:
        keyword.rebuild(connection)
    return len(numbers)
