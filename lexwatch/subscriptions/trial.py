"""What a subscription would have told so far, before anybody is asked whether to begin it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.padding import Padding
from rich.text import Text

from alerts.untrusted import plain
from alerts.wording import calendar, counted, happened
from lexwatch.alerting import matching
from lexwatch.app import App
from lexwatch.output import subscribed
from lexwatch.output.terminal import console
from pipeline.errors import ModelError
from pipeline.model import Alert
from pipeline.subscription import Subscription, Suppression

SHOWN = 20  # alerts, the newest


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The alerts it would have given in `days`, the newest first; changes are held since `since`
    (None: none yet). `failure` says why it could not be asked, "" where it was."""

    alerts: tuple[Alert, ...]
    days: int
    since: datetime | None
    failure: str = ""


def trial(app: App, wanted: Subscription, days: int = matching.DAYS) -> Trial:
    """Try a subscription on what is held. Nothing is written down."""
    alerts: Sequence[Alert] = ()
    failure = ""
    try:
        alerts = matching.back_test(app, wanted, days)
    except ModelError as error:
        failure = str(error)
    newest = sorted(alerts, key=lambda each: each.change.recorded_at, reverse=True)
    since = matching.held_since(app, wanted.sources)
    return Trial(alerts=tuple(newest), days=days, since=since, failure=failure)


def show(
    wanted: Subscription,
    told: Trial,
    titles: Mapping[str, str],
    now: datetime,
    stopped: Suppression | None,
) -> None:
    """The subscription as it was understood, and what it would have told."""
    subscribed.show([wanted], {wanted.address: stopped} if stopped else {}, titles, now)
    console.print()
    for line in said(told, now):
        console.print(Text(line), soft_wrap=True)
    zone = ZoneInfo(wanted.schedule.zone)
    for each in told.alerts[:SHOWN]:
        on = calendar(each.change.recorded_at.astimezone(zone))
        new = each.change.new
        cited = f", {new.citation}" if new.citation else ""
        title = Text.assemble((f"{on}  ", "dim"), (plain(new.title), "bold"), cited)
        console.print(Padding(title, (0, 3)))
        head = Text(plain(happened(each.change)))
        console.print(Padding(head, (0, 6)))
        for why in each.why:
            console.print(Padding(Text(plain(why), style="dim"), (0, 6)))
    console.print()


def row(
    one: Subscription, told: Trial, now: datetime, stopped: Suppression | None
) -> dict[str, Any]:
    """The same as JSON; a subscription that was saved has a number."""
    return {
        "subscription": subscribed.row(one, now, stopped),
        "saved": bool(one.id),
        "days": told.days,
        "held_since": told.since,
        "failure": told.failure,
        "alerts": [
            {
                "recorded_at": each.change.recorded_at,
                "document": each.change.document.name,
                "citation": each.change.new.citation,
                "title": each.change.new.title,
                "why": list(each.why),
            }
            for each in told.alerts
        ],
    }


def said(told: Trial, now: datetime) -> Iterator[str]:
    """What the trial came to."""
    if told.failure:
        yield f"It could not be tried: {told.failure}"
        return
    if told.since is None:
        yield "It could not be tried: nothing is held yet. `lexwatch run` begins to watch."
        return
    count, over = len(told.alerts), f"in the last {told.days} days"
    if told.since > now - timedelta(days=told.days):
        over = f"since {calendar(told.since)}, from when on changes are held"
    if not count:
        yield f"It would have told of nothing {over}."
        return
    these = f"; the newest {SHOWN}" if count > SHOWN else ""
    yield f"It would have told of {counted(count, 'change')} {over}{these}:"
